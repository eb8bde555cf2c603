import { describe, expect, test } from "@jest/globals";
import {
  execArguments,
  refuseArguments,
  switchesProfileOff,
  wantsEvents,
  writableRootsIn,
} from "../../../src/core/codex/arguments.ts";
import { WHOLE_SENTENCES } from "../sentences.ts";

const NONE = { model: null, effort: null, outputSchemaPath: null, finalMessagePath: "/f", protection: [] };

const FILE_STORE = ["-c", 'cli_auth_credentials_store="file"'];

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
      ...["exec", "--skip-git-repo-check", ...FILE_STORE, "--json"],
      ...["--model", "m", "-c", 'model_reasoning_effort="hi\\"gh"'],
      ...["--output-schema", "/b/schema.json", "--output-last-message", "/b/final.txt"],
      ...["-c", "p=1", "--oss", "-"],
    ]);
  });

  test("leave out what was not asked for", () => {
    expect(execArguments({ ...NONE, extra: [] })).toEqual([
      ...["exec", "--skip-git-repo-check", ...FILE_STORE, "--json", "--output-last-message", "/f", "-"],
    ]);
  });

  // Codex: "cannot be used multiple times".
  test.each(["--json", "--experimental-json"])(
    "ask for events once, where the user does so by %s",
    (word) => {
      expect(wantsEvents([word])).toBe(true);
      expect(wantsEvents(["--oss", `a${word}`, `${word}=x`])).toBe(false);
      expect(execArguments({ ...NONE, extra: [word] })).toEqual([
        ...["exec", "--skip-git-repo-check", ...FILE_STORE, "--output-last-message", "/f", word, "-"],
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
    [["-c", '"sandbox_mode".x=1']],
    [["-c", 'profile="mine"']],
    [["-c", 'profiles.mine.sandbox_mode="x"']],
    [["-c", 'projects."/".trust_level="trusted"']],
  ])("%j are refused", (extra) => {
    expect(() => refuseArguments(extra, "protected")).toThrow(
      expect.objectContaining({ code: "input-invalid" }),
    );
  });

  test.each([
    [[]],
    [["--json", "--ephemeral"]],
    [["-c", "model_verbosity=low"]],
    [["--config", 'model_reasoning_summary="detailed"']],
    [["--image", "sandbox_mode=x.png"]],
    [["--add-dir", "/data"]],
    [["-C", "packages/one"]],
    [["-cmodel_verbosity=low"]],
    [["-c=model_verbosity=low"]],
    [["-c", "model_verbosity = low"]],
    [["-mmy-auth-model"]],
    [["-mmy-trusted-model"]],
  ])("%j are not among them", (extra) => {
    expect(() => refuseArguments(extra, "protected")).not.toThrow();
  });
});

describe("codex-args that are refused whatever the protection", () => {
  test.each([
    ...[
      "model_provider=x",
      'model_providers.x={base_url="https://e.example"}',
      "oss_provider=x",
      "profile=x",
    ],
    ...[
      "chatgpt_base_url=x",
      "openai_base_url=x",
      "experimental_realtime_ws_base_url=x",
      "features.apps=true",
    ],
    ...["features={apps=true}", "cli_auth_credentials_store=x", "forced_login_method=api", "plugins.x=1"],
    ...[
      "forced_chatgpt_workspace_id=x",
      "mcp_oauth_callback_url=x",
      "apps.x=1",
      "marketplaces.x=1",
      "apps_x=1",
    ],
    ...["experimental_thread_store_endpoint=x", "otel.exporter=x", "profiles.x.model=y", "cloud.x=1"],
    ...['"model_provider"=x', "'model_provider'=x", '"model\\u005fprovider"=x', " model_provider = x"],
    ...["Model_Provider=x", "no-equals-sign", "=x"],
  ])("-c %s", (setting) => {
    for (const extra of [
      ["-c", setting],
      [`-c${setting}`],
      [`-c=${setting}`],
      ["--config", setting],
      [`--config=${setting}`],
      ["--json", "-c", "model_verbosity=low", "-c", setting],
    ])
      expect(() => refuseArguments(extra, "unprotected")).toThrow(
        expect.objectContaining({ code: "input-invalid" }),
      );
  });

  test.each([
    [["--enable", "apps"]],
    [["--enable=apps"]],
    [["--disable", "shell_tool"]],
    [["--oss"]],
    [["--local-provider", "ollama"]],
    [["--profile", "x"]],
    [["-p", "x"]],
    [["-px"]],
    [["--ignore-user-config"]],
    [["--remote-auth-token-env", "X"]],
  ])("%j", (extra) => {
    expect(() => refuseArguments(extra, "unprotected")).toThrow(
      expect.objectContaining({
        code: "input-invalid",
        message: expect.stringMatching(WHOLE_SENTENCES),
        hint: expect.stringContaining("`codex-apps`"),
      }),
    );
  });

  test.each([
    ...[["--yolo"], ["--sandbox", "read-only"], ["--trust"], ["--dangerously-bypass-hook-trust"]],
    ...[
      ["-c", "approvals_reviewer=x"],
      ["-c", 'mcp_servers.x.command="y"'],
      ["-c", "notify=[]"],
    ],
  ])("are not %j %s", (...extra) => {
    expect(() => refuseArguments(extra, "unprotected")).not.toThrow();
    expect(() => refuseArguments(extra, "protected")).toThrow(
      expect.objectContaining({
        code: "input-invalid",
        hint: expect.stringContaining("`protect-auth: off`"),
      }),
    );
  });
});

describe("codex-args that touch what the model is allowed", () => {
  test.each([
    ...[
      "approvals_reviewer=x",
      "approval_policy=never",
      "hooks.x=1",
      "notify=[]",
      "projects={}",
      "auto_review=1",
    ],
    ...["shell_environment_policy.inherit=all", "shell_x=1", "agents.x=1", "skills.x=1", "network.x=1"],
    ...["guardian_x=1", "windows.sandbox=x", "allow_symlinked_sandbox=1", "mcp_servers={}", "zsh_path=x"],
  ])("by -c %s are refused", (setting) => {
    expect(() => refuseArguments(["-c", setting], "protected")).toThrow(
      expect.objectContaining({ code: "input-invalid" }),
    );
  });

  test.each([
    "--trust",
    "--ask-for-approval=never",
    "-anever",
    "--ignore-rules",
    "--no-sandbox",
    "--permissions=x",
  ])("by %s are refused", (flag) => {
    expect(() => refuseArguments([flag], "protected")).toThrow(
      expect.objectContaining({ code: "input-invalid" }),
    );
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
    "codex exec --yolo",
    "codex exec \\\n--yolo hi",
    "codex exec -c sandbox_mode=read-only hi",
    "codex exec --config='sandbox_mode=\"read-only\"' hi",
    "npx codex exec --dangerously-bypass-approvals-and-sandbox hi",
  ])("is %j", (script) => {
    expect(switchesProfileOff(script)).toBe(true);
  });

  test.each([
    "codex exec hi",
    "bwrap --sandbox x\ncodex exec hi",
    "codex exec --json --skip-git-repo-check -",
    // A shell joins the two lines into one word.
    "codex exec hi\\\n--yolo",
  ])("is not %j", (script) => {
    expect(switchesProfileOff(script)).toBe(false);
  });
});

describe("words that only look like flags", () => {
  test.each([
    [["x-c", "sandbox_mode=x"]],
    [["--configuration", "sandbox_mode=x"]],
    [["-c", 'web_search="disabled"']],
    [["-c", "project_doc_max_bytes=1"]],
    [["my--sandbox"]],
    [["--worktree"]],
    [["--color", "never"]],
    [["--a-flag-of-tomorrow", "x"]],
    [["resume", "--last"]],
    [["--", "x"]],
    [["a -s"]],
    [["sandbox_mode=x"]],
    [["sandbox_mode=x", "-c"]],
    [["-c", "my.sandbox_mode=x"]],
    [["-c", "review_model=x"]],
  ])("%j are let through", (extra) => {
    expect(() => refuseArguments(extra, "protected")).not.toThrow();
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
  expect(() => refuseArguments(["-c", "sandbox_mode=CANARY"], "protected")).toThrow(
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
