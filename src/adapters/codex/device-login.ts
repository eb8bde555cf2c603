import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { DeviceLogin } from "../../ports/codex.ts";
import type { Log } from "../../ports/runner.ts";
import { endCodex, FILE_STORE, startCodex } from "./process.ts";

/** The one-time code is valid for so long. */
const LIFETIME_MS = 15 * 60_000;
const POLL_MS = 250;

/**
 * `codex login --device-auth`, which prints a link and a one-time code and waits for the person (docs/facts.md §1).
 * The home must be a fresh one: in any other it would first revoke the login that is there.
 *
 * @param command Codex's executable
 */
export function codexDeviceLogin(command: string, log: Pick<Log, "debug">): DeviceLogin {
  return {
    run: async ({ home, environment, output, cancellation }) => {
      const args = [...FILE_STORE, "login", "--device-auth"];
      const asked = "login --device-auth";
      const codex = startCodex(command, { asked, args, home, environment, group: "own", log });
      const { child, closed } = codex;
      for (const input of [child.stdout, child.stderr])
        if (input) createInterface({ input }).on("line", (line) => output(stripVTControlCharacters(line)));
      await codex.spawned;
      let over = false;
      void closed.then(() => {
        over = true;
      });
      const deadlineMs = performance.now() + LIFETIME_MS;
      while (!over && !cancellation.requested() && performance.now() < deadlineMs)
        await Promise.race([closed, sleep(POLL_MS)]);
      await endCodex(codex);
      await closed;
      return { exitCode: child.exitCode };
    },
  };
}
