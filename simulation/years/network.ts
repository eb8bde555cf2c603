import type { Weather } from "./faults.ts";
import type { Process } from "./machine.ts";
import type { Random } from "./random.ts";
import { SECOND_MS } from "./units.ts";

export type Answer<Value> =
  | { readonly kind: "answered"; readonly value: Value }
  | { readonly kind: "broke-down" }
  | { readonly kind: "silence" };

/** A wire to a server: what is sent arrives or not, and what is answered comes back or not. */
export interface Wire {
  readonly weather: Weather;
  readonly random: Random;
  readonly isDown: () => boolean;
  readonly patienceMs: number;
}

/** What a request that its sender gave up on may still take to be done. */
const LATEST_AFTER_MS = 3 * SECOND_MS;

/** One request. It is served even if the sender dies meanwhile; each end is a point at which the sender may die. */
export async function exchange<Value>(
  process: Process,
  { weather, random, isDown, patienceMs }: Wire,
  serve: () => Value,
): Promise<Answer<Value>> {
  await process.point();
  const { scheduler } = process.machine;
  const latencyMs = random.between(...weather.latencyMs);
  const fate = random.next();
  const silent = random.chance(0.5);
  if (isDown() || fate < weather.errors) {
    await scheduler.sleep(silent ? patienceMs : latencyMs);
    await process.point();
    return { kind: silent ? "silence" : "broke-down" };
  }
  const isLate = random.chance(weather.late ?? 0);
  const arrivalMs = isLate
    ? patienceMs + LATEST_AFTER_MS * random.next()
    : Math.min(latencyMs * random.next(), patienceMs + LATEST_AFTER_MS);
  let value: { readonly is: Value } | null = null;
  const served = new Promise<void>((resolve) =>
    scheduler.at(scheduler.nowMs + arrivalMs, () => {
      value = { is: serve() };
      resolve();
    }),
  );
  const isLost = fate < weather.errors + weather.lostAnswers;
  if (isLate || latencyMs >= patienceMs || (isLost && silent)) {
    await scheduler.sleep(patienceMs);
    await process.point();
    return { kind: "silence" };
  }
  await served;
  await scheduler.sleep(latencyMs - arrivalMs);
  await process.point();
  const { is } = value ?? failed();
  return isLost ? { kind: "broke-down" } : { kind: "answered", value: is };
}

function failed(): never {
  throw new Error("A request was answered before it was served.");
}
