import { chmodSync, chownSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type ParseEntry, parse } from "shell-quote";
import { onBehalfOf, onHome, seedOf } from "../../src/cli/pasted.ts";
import { placeOptions } from "../../src/core/login/reseed-command.ts";
import { Desk, type Ended } from "./command-line.ts";

const onlyAsRoot = process.getuid?.() === 0 ? test : test.skip;
const NOBODY = 65_534;

const as = (uid: number) => ({ self: () => ({ uid, gid: uid }), nameOf: async () => "svc" });
const owner = { uid: 7, gid: 7 };

describe("a command for a home", () => {
  test.each([
    ["its owner", as(7), undefined, "npx codex-auth-roundtrip host refresh --home /h"],
    ["root", as(0), undefined, "npx codex-auth-roundtrip host refresh --home /h --user svc"],
    ["somebody else", as(8), undefined, "sudo npx codex-auth-roundtrip host refresh --home /h --user svc"],
    [
      "root, who is that user by now",
      as(7),
      "svc",
      "npx codex-auth-roundtrip host refresh --home /h --user svc",
    ],
  ])("works for %s", async (_, disk, named, expected) => {
    expect(onHome("refresh", "/h", await onBehalfOf(disk, owner, named))).toBe(expected);
  });

  test("is for a shell", async () => {
    const command = onHome("seed", "/srv/o'neil $x", { before: "", user: null });

    expect(command).toContain(`--home '/srv/o'\\''neil $x'`);
  });
});

test("a command for a secret names its environment and its name where they are not the usual ones", () => {
  expect(seedOf("octo/app", { environment: "a b", secretName: "LOGIN" })).toBe(
    "npx codex-auth-roundtrip seed --repo octo/app --environment 'a b' --secret-name LOGIN",
  );
  expect(placeOptions("octo/app", { environment: null, secretName: "CODEX_AUTH_JSON" })).toBe(
    "--repo octo/app",
  );
});

describe("what is printed works as it is pasted:", () => {
  let desk: Desk;
  let home: string;
  beforeEach(async () => {
    desk = await Desk.set();
    home = desk.path("srv/a b/.codex");
    chmodSync(desk.root, 0o755);
  });
  afterEach(() => desk.clear({ except: ["srv", "seeds"] }));

  const seedFile = (): Promise<string> =>
    desk.file(`seeds/${Math.random()}.json`, desk.world.openai.login({ account: "svc" }).document);

  /** Pastes what begins like this, on the way out to the end of its line. */
  function paste({ stdout, stderr }: Ended, beginning: string, ...more: string[]): Promise<Ended> {
    const command = (stdout + stderr).split("\n").find((line) => line.includes(beginning)) ?? "";
    const words = parse(command.slice(command.indexOf("npx codex-auth-roundtrip")));
    const isWord = (word: ParseEntry): word is string => typeof word === "string";
    return desk.run([...words.filter(isWord).slice(2), ...more]);
  }

  onlyAsRoot("`host status` by root, of another user's home", async () => {
    await desk.run(["host", "seed", "--home", home, "--user", "nobody", "--from", await seedFile()]);

    const status = await desk.run(["host", "status", "--home", home]);
    const refreshed = await paste(status, "host refresh");

    expect(status.stdout).toContain("--user nobody");
    expect([refreshed.exitCode, refreshed.stderr]).toEqual([0, expect.not.stringContaining("[")]);
    expect(desk.world.openai.refreshes).toHaveLength(1);
  });

  onlyAsRoot("`host status` where nobody is logged in, and `host refresh` there", async () => {
    mkdirSync(home, { recursive: true });
    for (const path of [desk.path("srv/a b"), home]) chownSync(path, NOBODY, NOBODY);

    for (const args of [["status"], ["refresh", "--user", "nobody"]]) {
      const seen = await desk.run(["host", ...args, "--home", home]);
      const seeded = await paste(seen, "host seed", "--from", await seedFile());

      expect(`${seen.stdout}${seen.stderr}`).toContain("--user nobody");
      expect(seeded.stdout).toContain("Seeded.");
      const proven = await paste(seeded, "host refresh");
      expect(proven.exitCode).toBe(0);
      rmSync(join(home, "auth.json"));
    }
  });

  test("`host seed` by the owner names who the timer is for", async () => {
    const seeded = await desk.run(["host", "seed", "--home", home, "--from", await seedFile()]);

    expect(seeded.stdout).toMatch(/host install-timer --home '[^']+' --user \S+\n/);
    expect((await paste(seeded, "host refresh")).exitCode).toBe(0);
  });

  test("`seed` says of a file that is no login what helps there, and not in a job", async () => {
    const path = await desk.file("seeds/path.json", "./auth.json");

    const ended = await desk.run(["seed", "--repo", "octo/app", "--from", path]);

    expect(ended.stderr).toMatch(/--from.*\[login-is-a-path\]/s);
    expect(ended.stderr).not.toMatch(/gh secret set/);
  });
});
