import { expect, test } from "@jest/globals";
import { withoutCode } from "../../../src/core/environment/code-variables.ts";

const isOutside = (path: string): boolean => !path.startsWith("/work/");

const HARMLESS: Readonly<Record<string, string>> = {
  PATH: "/work/bin:/usr/bin",
  HOME: "/work/home",
  BASH_ENV: "/etc/env.sh",
  GIT_AUTHOR_NAME: "A. U. Thor",
  GIT_PAGER: "",
  LD_LIBRARY_PATH: "/opt/lib:/usr/lib",
  NODE_OPTIONS: "--max-old-space-size=4096 --require=/opt/x.js",
  ENV: "",
  MY_BASH_ENV: "./env.sh",
  BASH_ENVIRONMENT: "./env.sh",
  GIT_BASH_ENV: "word",
  RUBYOPT: "-rlib/x",
  PYTHONUNBUFFERED: "1",
  PYTHONHASHSEED: "random",
};

test("what names no code where a model writes stays", () => {
  expect(withoutCode(HARMLESS, isOutside)).toEqual(HARMLESS);
});

test.each([
  { BASH_ENV: "/work/env.sh" },
  { BASH_ENV: "env.sh" },
  { ENV: "./env.sh" },
  { ZDOTDIR: "/work/" },
  { GIT_EXEC_PATH: "/work/git" },
  { GIT_SSH_COMMAND: "tools/ssh -v" },
  { LD_LIBRARY_PATH: "/usr/lib:/work/lib" },
  { LD_PRELOAD: "/usr/a.so /work/b.so" },
  { NODE_OPTIONS: "--require /work/x.js" },
  { NODE_OPTIONS: "--import=./x.js" },
  { PERL5LIB: "lib/perl" },
  { PYTHONPATH: ".:/usr/lib/python" },
] as readonly Readonly<Record<string, string>>[])("what names code there goes: %j", (variable) => {
  expect(withoutCode({ CI: "true", ...variable }, isOutside)).toEqual({ CI: "true" });
});
