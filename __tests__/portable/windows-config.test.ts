import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { parse } from "smol-toml";
import { pretend } from "./other-system.ts";

type Config = typeof import("../../src/core/codex/config.ts");

let putBack: () => void;
let config: Config;
beforeAll(async () => {
  putBack = pretend("win32");
  config = await import("../../src/core/codex/config.ts");
});
afterAll(() => putBack());

const RULES = {
  sandbox: "workspace-write",
  protectAuth: "profile",
  codexApps: false,
  codexEnvironment: {},
} as const;

test("the profile for Codex names a Windows directory as it is, in the file and in the flags", () => {
  const loginDirectory = 'D:\\a\\_temp\\codex-auth\\new "login"';
  const guarded = { loginDirectory, anchors: ["D:\\a\\_temp"] };

  const file = parse(config.renderConfig(RULES, guarded));
  const flags = config.protectionFlags(RULES, guarded).filter((word) => word.startsWith("permissions."));

  for (const told of [file, parse(flags[0] ?? "")]) {
    const { permissions } = told as { permissions: Record<string, { filesystem: object }> };
    expect(permissions[config.PROFILE]?.filesystem).toEqual({
      "D:\\a\\_temp": "read",
      [loginDirectory]: "deny",
    });
  }
});

test("what holds a directory in place is the first one below a writable root, on the same drive", () => {
  const anchors = config.anchorsOf(
    ["D:\\a\\_temp\\codex-auth\\login"],
    ["d:\\A", "C:\\", "D:\\a\\_temp\\codex", "D:\\"],
  );

  expect(anchors).toEqual(["D:\\a", "d:\\A\\_temp"]);
});
