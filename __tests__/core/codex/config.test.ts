import { describe, expect, test } from "@jest/globals";
import { variablesOfCommands } from "../../../src/core/codex/command-environment.ts";
import {
  anchorsOf,
  type CodexRules,
  isBelow,
  pathFlags,
  protectionFlags,
  renderConfig,
  renderRequirements,
} from "../../../src/core/codex/config.ts";

const GUARDED = { loginDirectory: '/t/a "quoted" \\ place/login', anchors: ["/t"] };

const RULES: CodexRules = {
  sandbox: "workspace-write",
  protectAuth: "profile",
  codexApps: false,
  codexEnvironment: { FLAVOUR: "vanilla" },
};
const VARIABLES = JSON.stringify(variablesOfCommands(["FLAVOUR"]));

describe("what keeps the model out of the login", () => {
  test("is a config.toml", () => {
    expect(renderConfig(RULES, GUARDED)).toBe(
      [
        "# Written by codex-auth-roundtrip: what the model's commands may read and see, and what Codex may use.",
        'cli_auth_credentials_store = "file"',
        'default_permissions = "codex-auth-roundtrip"',
        "",
        "[permissions.codex-auth-roundtrip]",
        'extends = ":workspace"',
        "",
        "[permissions.codex-auth-roundtrip.filesystem]",
        '"/t" = "read"',
        '"/t/a \\"quoted\\" \\\\ place/login" = "deny"',
        "",
        "[shell_environment_policy]",
        "ignore_default_excludes = false",
        `include_only = ${VARIABLES}`,
        "",
        "[features]",
        "apps = false",
        "plugins = false",
        "remote_plugin = false",
        "",
      ].join("\n"),
    );
  });

  test("is the same as flags, and never --sandbox beside them", () => {
    const flags = protectionFlags(
      { ...RULES, sandbox: "read-only" },
      { loginDirectory: "/t/login", anchors: ["/t"] },
    );

    expect(flags).toEqual([
      ...["-c", 'default_permissions="codex-auth-roundtrip"'],
      ...["-c", 'permissions.codex-auth-roundtrip={extends=":read-only",filesystem={"/t/login"="deny"}}'],
      ...["-c", "shell_environment_policy.ignore_default_excludes=false"],
      ...["-c", `shell_environment_policy.include_only=${VARIABLES}`],
      ...["-c", "features.apps=false", "-c", "features.plugins=false", "-c", "features.remote_plugin=false"],
    ]);
  });

  test("is no profile with danger-full-access, but variables and features all the same", () => {
    const rules = { ...RULES, sandbox: "danger-full-access" } as const;

    expect(renderConfig(rules, GUARDED)).not.toContain("permissions");
    expect(renderConfig(rules, GUARDED)).toMatch(/include_only[\s\S]*apps = false/);
    expect(protectionFlags(rules, GUARDED).slice(0, 2)).toEqual(["--sandbox", "danger-full-access"]);
    expect(protectionFlags(rules, GUARDED).join()).toMatch(/include_only.*features\.apps=false/);
  });

  test("is nothing but features where the protection is off", () => {
    const rules = { ...RULES, protectAuth: "off" } as const;

    expect(renderConfig(rules, GUARDED)).toBe(
      [
        "# Written by codex-auth-roundtrip: what the model's commands may read and see, and what Codex may use.",
        'cli_auth_credentials_store = "file"',
        "",
        "[features]",
        "apps = false",
        "plugins = false",
        "remote_plugin = false",
        "",
      ].join("\n"),
    );
    expect(protectionFlags(rules, GUARDED)).toEqual([
      ...["--sandbox", "workspace-write"],
      ...["-c", "features.apps=false", "-c", "features.plugins=false", "-c", "features.remote_plugin=false"],
    ]);
  });

  test("leaves the account's apps to those who want them", () => {
    const rules = { ...RULES, codexApps: true };
    const withoutApps = (text: string) => text.slice(0, text.indexOf("\n[features]"));

    expect(renderConfig(rules, GUARDED)).toBe(withoutApps(renderConfig(RULES, GUARDED)));
    expect(renderRequirements("/t/login", rules)).toBe(withoutApps(renderRequirements("/t/login", RULES)));
    expect(protectionFlags(rules, GUARDED)).toEqual(protectionFlags(RULES, GUARDED).slice(0, -6));
    for (const text of [renderConfig(rules, GUARDED), protectionFlags(rules, GUARDED).join()])
      expect(text).not.toMatch(/apps|plugin/);
  });

  test("is a rule for the whole machine", () => {
    expect(renderRequirements("/t/login", RULES)).toBe(
      [
        "# Written by codex-auth-roundtrip for one job, and removed after it.",
        "[permissions.filesystem]",
        'deny_read = ["/t/login"]',
        "",
        "[features]",
        "apps = false",
        "plugins = false",
        "remote_plugin = false",
        "",
      ].join("\n"),
    );
  });

  test("holds in place what lies around it, where the model may write, as flags as well", () => {
    const flags = protectionFlags(RULES, { loginDirectory: "/t/login", anchors: ["/t", "/u"] });

    expect(flags[3]).toBe(
      'permissions.codex-auth-roundtrip={extends=":workspace",filesystem={"/t"="read","/u"="read","/t/login"="deny"}}',
    );
  });

  test("leaves Codex its own PATH, and gives the model's commands another", () => {
    expect(pathFlags("/a b/bin:/usr/bin")).toEqual([
      "-c",
      'shell_environment_policy.set.PATH="/a b/bin:/usr/bin"',
    ]);
  });
});

describe("the variables of the model's commands", () => {
  const patterns = variablesOfCommands(["MINE"]).map(
    (pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "i"),
  );
  const seen = (name: string): boolean => patterns.some((pattern) => pattern.test(name));

  test.each([
    ...["PATH", "HOME", "LC_ALL", "CI", "GITHUB_SHA", "RUNNER_OS", "JAVA_HOME_17_X64", "MINE"],
    ...["GITHUB_ACTION_PATH", "GITHUB_ACTOR_ID", "GITHUB_HEAD_REF", "GITHUB_REPOSITORY_ID", "GITHUB_RUN_ID"],
    ...["GITHUB_WORKSPACE", "RUNNER_TEMP", "RUNNER_WORKSPACE", "ImageOS", "CODEX_SANDBOX", "CODEX_THREAD_ID"],
    ...["ANDROID_HOME", "BUNDLE_PATH", "CARGO_HOME", "CONDA", "DOTNET_ROOT_X64", "GEM_HOME", "GOPATH"],
    ...[
      "GRADLE_HOME",
      "NODE_OPTIONS",
      "NODE_VERSION",
      "NVM_DIR",
      "PYENV_ROOT",
      "PYTHONPATH",
      "pythonLocation",
    ],
    ...["Python3_ROOT_DIR", "RUSTUP_HOME", "VIRTUAL_ENV", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"],
    ...["APPDATA", "COMSPEC", "PATHEXT", "PROGRAMFILES", "SYSTEMROOT", "WINDIR"],
  ])("are ordinary ones: %s", (name) => {
    expect(seen(name)).toBe(true);
  });

  test.each([
    ...["PASSWORD", "DATABASE_URL", "NPM_AUTH", "GH_PAT", "GITHUB_PAT", "MYSQL_ROOT_PASSWORD", "HTTPS_PROXY"],
    ...["GITHUB_TOKEN", "GITHUB_ENV", "GITHUB_STATE", "ACTIONS_RUNTIME_TOKEN", "OPENAI_API_KEY", "RUST_LOG"],
    ...["AWS_SESSION", "DOCKER_CONFIG", "KUBECONFIG", "SSH_AUTH_SOCK", "SENTRY_DSN", "YOURS"],
  ])("are no others: %s", (name) => {
    expect(seen(name)).toBe(false);
  });
});

describe("what is held in place", () => {
  test.each([
    { below: "/tmp", directory: "/tmp/runner/_temp/ours", anchors: ["/tmp/runner"] },
    { below: "/w/_temp", directory: "/w/_temp/ours", anchors: ["/w/_temp/ours"] },
    { below: "/w/app", directory: "/w/_temp/ours", anchors: [] },
    { below: "/w/_temp/ou", directory: "/w/_temp/ours", anchors: [] },
    { below: "/w/_temp/ours/deep", directory: "/w/_temp/ours", anchors: [] },
    { below: "/w/_temp/ours", directory: "/w/_temp/ours", anchors: ["/w/_temp/ours"] },
    { below: "/w", directory: "/w/..ours", anchors: ["/w/..ours"] },
    { below: "/", directory: "/w/_temp/ours", anchors: ["/w"] },
  ])("below $below, $directory: $anchors", ({ below, directory, anchors }) => {
    expect(anchorsOf([directory], [below])).toEqual(anchors);
  });

  test("is each place once, in an order that does not depend on ours", () => {
    const anchors = anchorsOf(["/tmp/b", "/tmp/a/base", "/tmp/a/home"], ["/tmp", "/tmp", "/w"]);

    expect(anchors).toEqual(["/tmp/a", "/tmp/b"]);
  });
});

describe("a path", () => {
  test.each([
    ["/w", "/w"],
    ["/w", "/w/a"],
    ["/w", "/w/..a"],
    ["/", "/w"],
  ])("lies in %s: %s", (root, path) => {
    expect(isBelow(root, path)).toBe(true);
  });

  test.each([
    ["/w/a", "/w"],
    ["/w/a/b", "/w"],
    ["/w/a", "/w/b"],
    ["/w/a", "/w/ab"],
  ])("does not lie in %s: %s", (root, path) => {
    expect(isBelow(root, path)).toBe(false);
  });
});
