import { liveAnyYears } from "./any-year.ts";
import { BROKEN_PROMISES, breakPromise } from "./promises.ts";
import { isOnTheList } from "./report.ts";
import { sweep } from "./sweep.ts";

const ANY_YEARS = 25;
const YEARS_PER_PROMISE = 2;
const SEED = 20261122;

/** Where a stroke may cost the login: no process is left to save what the issuer has just said. */
const DEADLY = new Map([
  ["lose-machine", "machine died before the first save"],
  ["force-cancel", "machine died before the first save"],
]);

/** What must hold, and how it held. Sets the process's exit code. */
export async function check(): Promise<void> {
  await demand(`${ANY_YEARS} years of any weather cost no login but to what the design names`, async () => {
    await liveAnyYears(ANY_YEARS, SEED);
  });
  for (const promise of BROKEN_PROMISES)
    await demand(`the promise that ${promise.promise} is kept, and is what keeps logins alive`, async () => {
      const { kept, broken } = await breakPromise(promise, YEARS_PER_PROMISE);
      const [lost] = kept.filter(({ grave }) => !isOnTheList(grave));
      if (lost) throw new Error(`A login was lost:\n${lost.story.join("\n")}`);
      if (broken.length <= kept.length)
        throw new Error(`Without it ${broken.length} logins died, with it ${kept.length}.`);
    });
  await demand("a job struck at each of its awaits loses its login only before the first save", async () => {
    for (const { stroke, under, points, deaths } of await sweep(undefined, [
      "no other fault, environment secret",
    ])) {
      if (points <= 5) throw new Error(`${stroke} struck only ${points} awaits.`);
      const other = deaths.find(({ grave }) => grave !== DEADLY.get(stroke));
      if (other) throw new Error(`${stroke}, ${under}, await ${other.point}: ${other.grave}`);
      if (DEADLY.has(stroke) && deaths.length === 0) throw new Error(`${stroke} cost no login.`);
    }
  });
}

async function demand(what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    console.log(`ok: ${what}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`NOT OK: ${what}\n${error instanceof Error ? error.message : String(error)}`);
  }
}
