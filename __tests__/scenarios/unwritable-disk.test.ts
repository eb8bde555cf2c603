import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { DispatchOptions } from "../../lab/runner/runner.ts";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, Stage } from "./stage.ts";

let stage: Stage;
const mounted: string[] = [];

afterEach(async () => {
  unmountAll();
  await stage.strike();
});

function unmountAll(): void {
  for (const directory of mounted.splice(0)) execFileSync("umount", [directory]);
}

/** A disk of its own for our private files, where this machine lets us mount one. */
function mount(directory: string, size: string): boolean {
  try {
    mkdirSync(directory, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), "mount-"));
  const can = mount(directory, "64k");
  if (can) execFileSync("umount", [directory]);
  rmSync(directory, { recursive: true });
  return can;
}

/** RUNNER_TEMP's part that is ours is this disk, which turns read-only, or not, before main. */
function onDisk({ size, readOnly }: { size: string; readOnly: boolean }): Partial<DispatchOptions> {
  return {
    beforePhase: ({ phase, temp }) => {
      const directory = join(temp, "codex-auth-CODEX_AUTH_JSON");
      if (phase === "pre") {
        if (!mount(directory, size)) throw new Error("this machine does not mount any more");
        mounted.push(directory);
      }
      if (phase === "main" && readOnly) execFileSync("mount", ["-o", "remount,ro", directory]);
    },
    beforeCleanup: () => unmountAll(),
  };
}

const whereWeCanMount = canMount() ? describe : describe.skip;

whereWeCanMount("a disk on which a refreshed login could not be written", () => {
  test.each([
    ["because there is no room for a document", { size: "128k", readOnly: false }],
    ["because what Codex writes first would fill it", { size: "1m", readOnly: false }],
    ["because it is read-only", { size: "64m", readOnly: true }],
  ])("%s: nothing is spent, and the job says so", async (_, disk) => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await stage.run(stage.refreshJob({ with: { refresh: "force", run: JOB } }), onDisk(disk));

    expect(failureCodes(result)).toEqual(["home-unwritable"]);
    expect(result.log).not.toContain(JOB_RAN);
    stage.expectNothingSpent();
  });

  test("with room enough, the same job refreshes", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await stage.run(
      stage.refreshJob({ with: { refresh: "force", run: JOB } }),
      onDisk({ size: "64m", readOnly: false }),
    );

    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});
