import { describe, expect, test } from "@jest/globals";
import {
  execArguments,
  refuseUnprotectingArguments,
  switchesProfileOff,
  wantsEvents,
  writableRootsIn,
} from "../../src/core/codex-arguments.ts";

const NONE = { model: null, effort: null, outputSchemaPath: null, finalMessagePath: "/f", protection: [] };

describe("the arguments of codex exec", () => {
  test("are complete, in an order in which the user's own win, and end in standard input", () => {
    const args = execArguments({
      model: "m",
      effort: 'hi"gh',
      outputSchemaPath: "/b/schema.json",
      finalMessagePath: "/b/final.txt",
      protection: ["-c", "p=1"],
      extra: ["--oss"],
    });

    expect(args).toEqual([
      ...["exec", "--skip-git-repo-check", "--json"],
      ...["--model", "m", "-c", 'model_reasoning_effort="hi\\"gh"'],
      ...["--output-schema", "/b/schema.json", "--output-last-message", "/b/final.txt"],
      ...["-c", "p=1", "--oss", "-"],
    ]);
  });

  test("leave out what was not asked for", () => {
    expect(execArguments({ ...NONE, extra: [] })).toEqual([
      ...["exec", "--skip-git-repo-check", "--json", "--output-last-message", "/f", "-"],
    ]);
  });

  // Codex: "cannot be used multiple times".
  test.each(["--json", "--experimental-json"])(
    "ask for events once, where the user does so by %s",
    (word) => {
      expect(wantsEvents([word])).toBe(true);
      expect(wantsEvents(["--oss", `a${word}`, `${word}=x`])).toBe(false);
      expect(execArguments({ ...NONE, extra: [word] })).toEqual([
        ...["exec", "--skip-git-repo-check", "--output-last-message", "/f", word, "-"],
      ]);
    },
  );
});

describe("codex-args that would let the model read the login", () => {
  test.each([
    [["--sandbox", "read-only"]],
    [["--sandbox=workspace-write"]],
    [["-s", "read-only"]],
    [["-s=read-only"]],
    [["-sread-only"]],
    [["--json", "-sdanger-full-access"]],
    [["--full-auto"]],
    [["--yolo"]],
    [["--dangerously-bypass-approvals-and-sandbox"]],
    [["--profile", "mine"]],
    [["--profile=mine"]],
    [["-p", "mine"]],
    [["-pmine"]],
    [["-c", 'sandbox_mode="danger-full-access"']],
    [["-c", " sandbox_mode = 'x'"]],
    [["-csandbox_mode=x"]],
    [["-c=sandbox_mode=x"]],
    [["--config", "sandbox_mode=x"]],
    [["--config=sandbox_mode=x"]],
    [["-c", 'default_permissions=":danger-full-access"']],
    [["-c", "permissions.codex-auth-roundtrip.filesystem={}"]],
    [["-c", "permissions={}"]],
    [["-c", 'shell_environment_policy.inherit="all"']],
    [["-c", "sandbox_workspace_write.writable_roots=[]"]],
    [["-c", '"sandbox_mode"="danger-full-access"']],
    [["-c", "'default_permissions'=':danger-full-access'"]],
    [["-c", 'profile="mine"']],
    [["-c", 'profiles.mine.sandbox_mode="x"']],
    [["-c", 'projects."/".trust_level="trusted"']],
  ])("%j are refused", (extra) => {
    expect(() => refuseUnprotectingArguments(extra)).toThrow(
      expect.objectContaining({ code: "input-invalid" }),
    );
  });

  test.each([
    [[]],
    [["--json", "--ephemeral"]],
    [["-c", "model_verbosity=low"]],
    [["-c", "sandbox_modes_of_mine=1"]],
    [["--config", 'model_reasoning_summary="detailed"']],
    [["--image", "sandbox_mode=x.png"]],
    [["--add-dir", "/data"]],
    [["-C", "packages/one"]],
  ])("%j are not among them", (extra) => {
    expect(() => refuseUnprotectingArguments(extra)).not.toThrow();
  });
});

test("the directories below which the arguments let the sandbox write", () => {
  const extra = ["--add-dir", "/a", "--add-dir=/b", "-C", "/c", "-C/d", "--cd", "e", "--cd=f", "--json"];

  expect(writableRootsIn(extra)).toEqual(["/a", "/b", "/c", "/d", "e", "f"]);
});

describe("a script that switches the profile off", () => {
  test.each([
    "codex exec --sandbox read-only hi",
    "codex exec --sandbox=read-only hi",
    "set -e\ncodex -s read-only exec hi",
    "echo x | codex exec \\\n  --json \\\n  --full-auto -",
    "npx codex exec --dangerously-bypass-approvals-and-sandbox hi",
  ])("is %j", (script) => {
    expect(switchesProfileOff(script)).toBe(true);
  });

  test.each([
    "codex exec hi",
    "bwrap --sandbox x\ncodex exec hi",
    "codex exec --json --skip-git-repo-check -",
  ])("is not %j", (script) => {
    expect(switchesProfileOff(script)).toBe(false);
  });
});

describe("words that only look like flags", () => {
  test.each([
    [["x-c", "sandbox_mode=x"]],
    [["-cx", "sandbox_mode=x"]],
    [["--configuration", "sandbox_mode=x"]],
    [["my--sandbox"]],
    [["a -s"]],
    [["sandbox_mode=x"]],
    [["sandbox_mode=x", "-c"]],
    [["-c", "my.sandbox_mode=x"]],
    [["--approve-for-me-not"]],
  ])("%j are let through", (extra) => {
    expect(() => refuseUnprotectingArguments(extra)).not.toThrow();
  });

  test.each([[["x--add-dir", "/a"]], [["--add-dirs", "/a"]], [["my--add-dir=/a"]], [["/a", "--add-dir"]]])(
    "%j open no directory",
    (extra) => {
      expect(writableRootsIn(extra)).toEqual([]);
    },
  );

  test("a joined directory is taken whole, even over lines", () => {
    expect(writableRootsIn(["--add-dir=/a\nb"])).toEqual(["/a\nb"]);
  });
});

test("a refused flag is not quoted; the input to use instead is named", () => {
  expect(() => refuseUnprotectingArguments(["-c", "sandbox_mode=CANARY"])).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^(?!.*CANARY).*`codex-args`/),
      hint: expect.stringContaining("input `sandbox`"),
    }),
  );
});

test("a flag on the next line of a continued command counts, one of another program's line does not", () => {
  expect(switchesProfileOff("codex exec \\\r\n  -s read-only")).toBe(true);
  expect(switchesProfileOff("codex exec hi\nother -s")).toBe(false);
  expect(switchesProfileOff("codex exec --sandboxed hi")).toBe(false);
});
