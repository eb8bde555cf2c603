import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { DispatchOptions, RunResult } from "../../lab/runner/runner.ts";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, Stage } from "./stage.ts";

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

describe("a persistent host's login that Codex could not save after a refresh", () => {
  interface Host {
    readonly home: string;
    run(): Promise<RunResult>;
  }

  async function seeded(disk?: string): Promise<Host> {
    stage = await Stage.set();
    const machine = await stage.world.runner.persistentMachine();
    const home = join(machine.home, "codex");
    if (disk && !mount(home, disk)) throw new Error("this machine does not mount any more");
    if (disk) mounted.push(home);
    const inputs = {
      "home-lifetime": "persistent",
      "codex-home": home,
      "secret-write-token": "",
      prompt: "Hello",
      "protect-auth": "off",
    };
    const run = (): Promise<RunResult> => stage.run(stage.refreshJob({ with: inputs }), { machine });
    expect((await run()).conclusion).toBe("success");
    // The next Codex would refresh it.
    const auth = join(home, "auth.json");
    const login = readFileSync(auth, "utf8");
    writeFileSync(auth, stage.world.openai.withAccessTokenExpiringIn(login, 200));
    return { home, run };
  }

  async function expectRefused({ home, run }: Host, says: RegExp): Promise<void> {
    const before = readFileSync(join(home, "auth.json"), "utf8");
    const answers = stage.world.openai.responses;

    const result = await run();

    expect(failureCodes(result)).toEqual(["home-unwritable"]);
    expect(onlyJob(result).annotations.map(({ message }) => message)).toEqual([expect.stringMatching(says)]);
    expect(readFileSync(join(home, "auth.json"), "utf8")).toBe(before);
    expect(stage.world.openai.responses).toBe(answers);
    stage.expectNothingSpent();
  }

  const SAYS = /could not save a refreshed login.*Nothing was refreshed.*0600/;

  test.each(["0400", "0440", "0444"])(
    "because its mode is %s is refused before anything is spent, also where root could write it",
    async (mode) => {
      const host = await seeded();
      chmodSync(join(host.home, "auth.json"), Number.parseInt(mode, 8));

      await expectRefused(host, SAYS);
    },
  );

  // As one of another user's is, which `sudo codex` has left.
  test.each(["auth.lock", join("login", "auth.json.lock")])(
    "because %s cannot be opened is refused before anything is spent",
    async (lock) => {
      const host = await seeded();
      rmSync(join(host.home, lock), { force: true });
      mkdirSync(join(host.home, lock));

      await expectRefused(host, SAYS);
    },
  );

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot("because it is another user's is refused before anything is spent", async () => {
    const host = await seeded();
    chownSync(join(host.home, "auth.json"), 65_533, 65_533);

    await expectRefused(host, SAYS);
  });

  const whereMounted = canMount() ? test : test.skip;
  whereMounted("because the disk is full is refused before anything is spent", async () => {
    const host = await seeded("32m");
    fill(join(host.home, "filler"));

    await expectRefused(host, /home-unwritable/);
  });

  whereMounted("because the disk is read-only is refused before anything is spent", async () => {
    const host = await seeded("32m");
    execFileSync("mount", ["-o", "remount,ro", host.home]);

    await expectRefused(host, /home-unwritable/);
  });

  function fill(path: string): void {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(65_536));
    } catch {
      // It is full.
    }
  }
});
