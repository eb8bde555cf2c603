import { describe, expect, test } from "@jest/globals";
import { type SandboxTrial, sandboxFailure } from "../../../src/core/codex/sandbox-verdict.ts";

const codex = (version: string) => ({ command: "/usr/bin/codex", version });
const broken = (output: string): SandboxTrial => ({ kind: "broken", output });

describe("a sandbox that was tried", () => {
  test("and protects is good whatever the version", () => {
    expect(sandboxFailure({ kind: "protects" }, codex("0.1.0"), "linux")).toBeNull();
  });

  test("and ignores the profile names the version, where it lies, and the least one", () => {
    const failure = sandboxFailure({ kind: "reads" }, codex("0.149.1"), "linux");

    expect(failure).toMatchObject({
      code: "codex-outdated",
      message: expect.stringMatching(
        /^Codex 0\.149\.1 at `\/usr\/bin\/codex` does not keep .* was not asked\.$/,
      ),
      hint: expect.stringMatching(/`codex-version` \(0\.138\.0 or newer; .* 0\.169\.0\)/),
    });
  });

  // As the real ones say it.
  test.each([
    ["0.118.0", "error: unrecognized subcommand 'sh'\n\nUsage: codex sandbox [OPTIONS] <COMMAND>"],
    [
      "0.118.0",
      "Error: data did not match any variant of untagged enum FilesystemPermissionToml\nin `permissions`\n\nStack backtrace:\n   0: <unknown>",
    ],
    ["0.137.9", ""],
    ["0.99.0-alpha.1", "x"],
  ])("and is of %s, which has no profiles: %j", (version, output) => {
    expect(sandboxFailure(broken(output), codex(version), "linux")).toMatchObject({
      code: "codex-outdated",
      message: expect.stringContaining(`Codex ${version} at`),
    });
  });

  test.each([
    [
      "linux",
      "bwrap: Creating new namespace failed: No space left on device",
      "apparmor_restrict_unprivileged_userns",
    ],
    ["win32", "Error: cannot enforce split filesystem read restrictions", "WSL"],
    ["darwin", "sandbox-exec: sandbox_apply: Operation not permitted", "hosted runner"],
  ])("and does not start on %s says why, and what helps there", (platform, output, advice) => {
    const failure = sandboxFailure(broken(`noise\n${output}\n`), codex("0.169.0"), platform);

    expect(failure).toMatchObject({
      code: "sandbox-unavailable",
      message: expect.stringContaining(`: \`${output}\`. The model was not asked.`),
      hint: expect.stringContaining(advice),
    });
    expect(failure?.hint).toContain("`protect-auth: off`");
  });

  test("and says nothing is told without words", () => {
    expect(sandboxFailure(broken(" \n"), codex("0.169.0"), "linux")?.message).toMatch(
      /^This machine cannot run Codex's sandbox, which keeps .* out of the login\. The model was not asked\.$/,
    );
    expect(sandboxFailure(broken(""), codex("0.118.0"), "linux")?.message).toBe(
      "Codex 0.118.0 at `/usr/bin/codex` has no permission profiles. The model was not asked.",
    );
  });

  test.each(["bwrap: error 7: no see the note: or the stack backtrace", "the Stack backtrace: is gone"])(
    "and leaves a stack trace is told by the line before it: %s",
    (line) => {
      const trace = `${line}\n\nStack backtrace:\n   0: main\n  12: start\nnote: run with RUST_BACKTRACE=full\n`;

      expect(sandboxFailure(broken(trace), codex("0.169.0"), "linux")?.message).toContain(
        `: \`${line}\`. The`,
      );
    },
  );

  test.each(["0.138.0", "0.138.0-beta", "0.138.1", "0.200.0", "1.0.0"])(
    "and does not start with %s is not the version's fault",
    (version) => {
      expect(sandboxFailure(broken("x"), codex(version), "linux")?.code).toBe("sandbox-unavailable");
    },
  );
});
