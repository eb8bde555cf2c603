import { describe, expect, test } from "@jest/globals";
import {
  anchorsOf,
  configProtects,
  protectionFlags,
  renderConfig,
  renderRequirements,
} from "../../src/core/codex-config.ts";

const GUARDED = { loginDirectory: '/t/a "quoted" \\ place/login', anchors: ["/t"] };

describe("what keeps the model out of the login", () => {
  test("is a config.toml", () => {
    expect(renderConfig("workspace-write", GUARDED)).toBe(
      [
        "# Written by codex-auth-roundtrip: commands that the model runs cannot read the login.",
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
        "",
      ].join("\n"),
    );
  });

  test("is the same as flags, and never --sandbox beside them", () => {
    const flags = protectionFlags("read-only", { loginDirectory: "/t/login", anchors: ["/t"] });

    expect(flags).toEqual([
      ...["-c", 'default_permissions="codex-auth-roundtrip"'],
      ...["-c", 'permissions.codex-auth-roundtrip={extends=":read-only",filesystem={"/t/login"="deny"}}'],
      ...["-c", "shell_environment_policy.ignore_default_excludes=false"],
    ]);
  });

  test("is nothing with danger-full-access", () => {
    expect(renderConfig("danger-full-access", GUARDED)).toBeNull();
    expect(protectionFlags("danger-full-access", GUARDED)).toEqual(["--sandbox", "danger-full-access"]);
  });

  test("is a rule for the whole machine", () => {
    expect(renderRequirements("/t/login")).toContain('[permissions.filesystem]\ndeny_read = ["/t/login"]\n');
  });
});

describe("what is held in place", () => {
  test.each([
    { below: "/tmp", directory: "/tmp/runner/_temp/ours", anchors: ["/tmp/runner"] },
    { below: "/w/_temp", directory: "/w/_temp/ours", anchors: ["/w/_temp/ours"] },
    { below: "/w/app", directory: "/w/_temp/ours", anchors: [] },
    { below: "/w/_temp/ou", directory: "/w/_temp/ours", anchors: [] },
    { below: "/w", directory: "/w/..ours", anchors: ["/w/..ours"] },
    { below: "/", directory: "/w/_temp/ours", anchors: ["/w"] },
  ])("below $below, $directory: $anchors", ({ below, directory, anchors }) => {
    expect(anchorsOf([directory], [below])).toEqual(anchors);
  });

  test("is each place once", () => {
    const anchors = anchorsOf(["/tmp/a/base", "/tmp/a/home", "/tmp/b"], ["/tmp", "/tmp", "/w"]);

    expect(anchors).toEqual(["/tmp/a", "/tmp/b"]);
  });
});

describe("somebody's own config.toml", () => {
  const protects = 'default_permissions = "mine"\n[permissions.mine.filesystem]\n"/t/login" = "deny"\n';

  test.each([
    [true, "with a profile that denies the login", protects],
    [true, "as we write it", renderConfig("read-only", { loginDirectory: "/t/login", anchors: [] }) ?? ""],
    [false, "that is empty", ""],
    [false, "with a profile that is not chosen", protects.replace("default_permissions", "# default")],
    [false, "that denies another place", protects.replace("/t/login", "/t/other")],
    [false, "that lets the login be read", protects.replace('"deny"', '"read"')],
    [false, "whose sandbox_mode switches profiles off", `sandbox_mode = "read-only"\n${protects}`],
  ])("protects: %s %s", (expected, _what, config) => {
    expect(configProtects(config, "/t/login")).toBe(expected);
  });
});
