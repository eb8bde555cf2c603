import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { pretend } from "./other-system.ts";

type Config = typeof import("../../src/core/codex/config.ts");
type TrustedPath = typeof import("../../src/entry/trusted-path.ts");
type Channel = typeof import("../../src/adapters/runner/step-channel.ts");

let putBack: () => void;
let isBelow: Config["isBelow"];
let trusted: TrustedPath;
let channel: Channel["stepChannel"];
const before = { ...process.env };

beforeAll(async () => {
  putBack = pretend("win32");
  ({ isBelow } = await import("../../src/core/codex/config.ts"));
  trusted = await import("../../src/entry/trusted-path.ts");
  ({ stepChannel: channel } = await import("../../src/adapters/runner/step-channel.ts"));
});
afterAll(() => putBack());
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

describe("on Windows, a path is below a directory", () => {
  test.each([
    ["D:\\a\\app", "D:\\a\\app"],
    ["D:\\a\\app", "D:\\a\\app\\bin"],
    ["D:\\a\\app", "d:\\A\\App\\BIN"],
    ["D:\\a\\app", "D:/a/app/bin"],
    ["D:\\a\\app", "D:\\a\\app\\..\\app\\x"],
    ["D:\\a\\app", "D:\\a\\app\\..hidden"],
    ["\\\\server\\share\\app", "\\\\SERVER\\share\\app\\bin"],
  ])("%s: %s", (root, path) => {
    expect(isBelow(root, path)).toBe(true);
  });

  test.each([
    ["D:\\a\\app", "D:\\a\\application"],
    ["D:\\a\\app", "D:\\a"],
    ["D:\\a\\app", "C:\\a\\app"],
    ["D:\\a\\app", "D:\\a\\app\\..\\other"],
    ["\\\\server\\share\\app", "\\\\other\\share\\app"],
  ])("but not %s: %s", (root, path) => {
    expect(isBelow(root, path)).toBe(false);
  });
});

test("on Windows, what lies in the workspace is left out of a PATH with semicolons, in whatever case", () => {
  process.env.GITHUB_WORKSPACE = "D:\\a\\app\\app";
  process.env.PATH = "C:\\Windows";
  trusted.leaveWorkspaceOut({ workingDirectory: "tools" });

  const outside = ["C:\\Windows\\System32", "C:\\Program Files\\nodejs", "D:\\a\\app\\apple"];
  const inside = [
    "D:\\a\\app\\app\\bin",
    "d:\\A\\APP\\App\\.venv\\Scripts",
    "D:/a/app/app/tools",
    "bin",
    ".",
  ];

  expect(trusted.outsideWorkspace([...outside, ...inside].join(";"))).toBe(outside.join(";"));
});

test("on Windows, a directory is put in front of PATH with a semicolon", () => {
  process.env.PATH = "C:\\Windows;C:\\Windows\\System32";
  process.env.GITHUB_PATH = "";

  channel.addPath("D:\\tools");

  expect(process.env.PATH).toBe("D:\\tools;C:\\Windows;C:\\Windows\\System32");
});
