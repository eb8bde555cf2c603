import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "@jest/globals";

const NAME = "codex-auth-roundtrip";
const directory = await mkdtemp(join(tmpdir(), "npm-package-"));
afterAll(() => rm(directory, { recursive: true }));

test("`npx` runs the command line from the package that a release publishes, without a network", async () => {
  execFileSync(process.execPath, [resolve("scripts/pack.mjs"), directory]);
  const [tarball = ""] = (await readdir(directory)).filter((name) => name.endsWith(".tgz"));
  const npx = (...args: string[]): string =>
    execFileSync(
      "npx",
      ["--yes", "--offline", "--package", `file:${join(directory, tarball)}`, NAME, ...args],
      {
        cwd: directory,
        env: {
          ...process.env,
          npm_config_cache: join(directory, "cache"),
          HOME: directory,
          npm_config_update_notifier: "false",
        },
        encoding: "utf8",
      },
    );

  const help = npx("--help");

  for (const command of ["seed", "status", "doctor", "host"])
    expect(help).toMatch(new RegExp(`^ +${command}\\b`, "m"));
}, 60_000);
