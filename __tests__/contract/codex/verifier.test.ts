import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import { installCodex } from "../../../lab/codex.ts";
import { type Answer, DROP } from "../../../lab/loopback-server.ts";
import { OpenAI } from "../../../lab/openai/openai.ts";
import { codexVerifier } from "../../../src/adapters/codex/verifier.ts";
import { systemProcesses } from "../../../src/adapters/machine/processes.ts";
import { accessCopyOf } from "../../../src/core/login/access-copy.ts";
import { AuthJson } from "../../../src/core/login/auth-json.ts";

const log = { debug: (): void => {} };

let root: string;
let home: string;
let openai: OpenAI;
let copy: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "verifier-")));
  home = join(root, "home");
  await mkdir(home, { mode: 0o700 });
  openai = await OpenAI.start(new LabClock());
  copy = accessCopyOf(AuthJson.parse(openai.login().document)).reveal();
  await writeFile(join(home, "auth.json"), copy, { mode: 0o600 });
});
afterEach(async () => {
  const left = await systemProcesses.usingHome(home);
  for (const { pid } of left) process.kill(pid, "SIGKILL");
  await openai.stop();
  await rm(root, { recursive: true, force: true });
  expect(left).toEqual([]);
});

async function verify(how: "usage" | "exec") {
  const codex = await installCodex(join(root, "bin"), openai);
  const environment = { HOME: root, PATH: process.env.PATH ?? "" };
  return codexVerifier(codex, log)[how]({ home, environment });
}

function answer(path: string, given: Answer): void {
  openai.server.intercept((request, next) => (request.path.endsWith(path) ? given : next()));
}

describe("the real Codex, on an access copy", () => {
  test("tells the account's usage, spends no turn, and leaves the file as it is", async () => {
    expect(await verify("usage")).toEqual({
      kind: "accepted",
      usage: [
        { usedPercent: 12, minutes: 300, resetsAt: new Date("2026-12-01T10:00:00Z") },
        { usedPercent: 34, minutes: 10_080, resetsAt: new Date("2026-12-05T00:00:00Z") },
      ],
    });

    expect(openai.responses).toBe(0);
    expect(await readFile(join(home, "auth.json"), "utf8")).toBe(copy);
  });

  test("answers a prompt", async () => {
    expect(await verify("exec")).toEqual({ kind: "accepted", usage: null });

    expect(openai.responses).toBe(1);
  });

  test.each(["usage", "exec"] as const)("tells that its token is refused: %s", async (how) => {
    openai.rejectAccessTokensIssuedBefore(new Date(Date.now() + 60_000));

    expect(await verify(how)).toEqual({ kind: "refused" });

    expect(await readFile(join(home, "auth.json"), "utf8")).toBe(copy);
  });

  test("asks the issuer nothing when it asks for usage", async () => {
    openai.rejectAccessTokensIssuedBefore(new Date(Date.now() + 60_000));

    await verify("usage");

    expect(openai.refreshes).toEqual([]);
  });

  test.each([
    [503, {}],
    [403, { detail: "failed to fetch codex rate limits: GET x failed: 401 Unauthorized;" }],
    [429, {}],
    [404, { detail: "Not Found" }],
  ])("learns nothing from a %s", async (status, body) => {
    answer("/wham/usage", { status, body });

    expect(await verify("usage")).toMatchObject({
      kind: "unknown",
      because: expect.stringContaining(`failed: ${status} `),
    });
  });

  test("learns nothing from a connection that is cut", async () => {
    answer("/wham/usage", DROP);

    expect(await verify("usage")).toMatchObject({ kind: "unknown" });
  });

  test("learns nothing from a turn that fails for another reason", async () => {
    answer("/codex/responses", { status: 503, body: {} });

    expect(await verify("exec")).toMatchObject({ kind: "unknown", because: expect.stringContaining("503") });
  });

  test("is ended where it does not answer a prompt, though it heeds no SIGTERM", async () => {
    const stubborn = join(root, "stubborn");
    const script = [
      "#!/bin/sh",
      'case "$*" in *app-server*) exit 1 ;; esac',
      "trap '' TERM",
      "exec sleep 300",
    ];
    await writeFile(stubborn, script.join("\n"), { mode: 0o755 });
    const environment = { HOME: root, PATH: process.env.PATH ?? "" };
    const verifier = codexVerifier(stubborn, log, { execTimeoutMs: 100 });

    expect(await verifier.exec({ home, environment })).toMatchObject({ kind: "unknown" });
  }, 60_000);

  test("learns nothing where there is no Codex", async () => {
    expect(await codexVerifier(join(root, "nothing"), log).usage({ home, environment: {} })).toEqual({
      kind: "unknown",
      because: "Codex could not be started.",
    });
  });
});
