import type { CodexRefresher } from "../../src/ports/codex.ts";
import { ALMOST_OVER_MS, type Refresh, runAppServer } from "../models/app-server.ts";
import { accessTokenExpiresAtMs, refreshTokenOf } from "./issuer.ts";
import type { Machine, Process } from "./machine.ts";
import { SECOND_MS } from "./units.ts";
import { describe, type World } from "./world.ts";

const APP_SERVER_PATIENCE_MS = 45 * SECOND_MS;
const EXEC_PATIENCE_MS = 20 * SECOND_MS;

/** As in the adapter for `codex app-server`. */
const ANSWER_TIMEOUT_MS = 95 * SECOND_MS;
const CLOSE_TIMEOUT_MS = 5 * SECOND_MS;

/**
 * One refresh by Codex on a machine: reads the file, spends the token, writes the file.
 *
 * @param isKilled what ends it between the answer and the save
 */
async function refreshOnce(
  world: World,
  machine: Machine,
  { path, patienceMs, isKilled }: { path: string; patienceMs: number; isKilled: () => boolean },
): Promise<Refresh> {
  const { scheduler, random, climate, issuer, autopsy, story, github } = world;
  const before = machine.text(path);
  if (before === null) return { refused: "" };
  const { weather, isDown } = { weather: climate.issuer, isDown: world.issuerIsDown };
  const latencyMs = random.between(...weather.latencyMs);
  const fate = random.next();
  if (isDown || fate < weather.errors) {
    await scheduler.sleep(latencyMs);
    return "unavailable";
  }
  await scheduler.sleep(latencyMs / 2);
  if (isKilled() || machine.isLost) return "no-answer";
  const answer = issuer.refresh(refreshTokenOf(before));
  if (answer.kind === "rotated") {
    story.tell(`Codex has login ${describe(before)} rotated to ${describe(answer.document)}`);
    autopsy.rotated(answer.document, machine);
    github.rotated();
  } else story.tell(`Codex presents ${describe(before)}: ${answer.words}`);
  if (fate < weather.errors + weather.lostAnswers || latencyMs > patienceMs) {
    if (answer.kind === "rotated") autopsy.answerLost();
    story.tell("the issuer's answer is lost");
    await scheduler.sleep(patienceMs);
    return "no-answer";
  }
  await scheduler.sleep(latencyMs / 2);
  if (isKilled() || machine.isLost) return "no-answer";
  if (answer.kind === "refused") return { refused: answer.words };
  machine.write(path, answer.document);
  return "saved";
}

/** `codex app-server` in its own process group: it outlives who started it, and is never sent a signal. */
export function appServer(world: World, process: Process): CodexRefresher {
  const { machine } = process;
  return {
    refresh: async ({ home, started, refreshes }) => {
      const pid = 1000 + machine.children.length;
      const path = `${home}/auth.json`;
      const { scheduler } = machine;
      let isKilled = false;
      await process.point();
      await started({ pid, startedAt: String(pid) });
      await process.point();
      const before = machine.text(path);
      const endsAtMs = before === null ? Number.POSITIVE_INFINITY : accessTokenExpiresAtMs(before);
      const done = runAppServer(
        { refreshes, accessTokenEndsInMs: endsAtMs - machineNow(machine) },
        async () =>
          isKilled
            ? "no-answer"
            : refreshOnce(world, machine, {
                path,
                patienceMs: APP_SERVER_PATIENCE_MS,
                isKilled: () => isKilled,
              }),
      );
      const child = { pid, home, done };
      machine.children.push(child);
      void done.finally(() => machine.children.splice(machine.children.indexOf(child), 1));
      // The adapter's patience: an answer, a closed stdin, SIGTERM, SIGKILL, which only main can send.
      const patience = scheduler.sleep(ANSWER_TIMEOUT_MS + 2 * CLOSE_TIMEOUT_MS).then(() => {
        if (process.isAlive && machine.children.includes(child)) isKilled = true;
        return { account: "no-answer", stderr: "" } as const;
      });
      const symptoms = await Promise.race([done, patience]);
      await process.point();
      return symptoms;
    },
  };
}

/**
 * `codex exec` for so long: works on the access token, and refreshes it when it ends and the file lets it.
 *
 * @returns the exit code, and what it printed; `null` when it was interrupted
 */
export async function codexExec(
  world: World,
  process: Process,
  job: {
    path: string;
    durationMs: number;
    isInterrupted: () => boolean;
    interrupted: Promise<void>;
    accessTokenIsDead: boolean;
  },
): Promise<{ exitCode: number; output: string } | null> {
  const { machine } = process;
  const { issuer } = world;
  const { path, durationMs, isInterrupted, interrupted } = job;
  let isDead = job.accessTokenIsDead;
  for (let turn = 0; turn < 3; turn++) {
    const present = machine.text(path);
    if (present === null) return { exitCode: 1, output: "401" };
    const looksOver = accessTokenExpiresAtMs(present) <= machineNow(machine) + ALMOST_OVER_MS;
    if (looksOver || isDead || !issuer.accepts(present)) {
      const canRefresh = refreshTokenOf(present) !== "";
      if (!canRefresh && (isDead || !issuer.accepts(present)))
        return { exitCode: 1, output: "Your access token could not be refreshed." };
      if (canRefresh) {
        const refresh = await refreshOnce(world, machine, {
          path,
          patienceMs: EXEC_PATIENCE_MS,
          isKilled: () => isInterrupted() || !process.isAlive,
        });
        await process.point();
        if (isInterrupted()) return null;
        const after = machine.text(path);
        if (refresh !== "saved" && (after === null || isDead || !issuer.accepts(after)))
          return { exitCode: 1, output: "Your access token could not be refreshed." };
        isDead = false;
      }
    }
    await Promise.race([process.sleep(durationMs / 3), interrupted]);
    if (isInterrupted()) return null;
  }
  return { exitCode: 0, output: "OK" };
}

function machineNow(machine: Machine): number {
  return machine.scheduler.nowMs + machine.skewMs;
}
