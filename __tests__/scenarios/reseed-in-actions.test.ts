import { readdir } from "node:fs/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Run } from "../../lab/runner/runner.ts";
import {
  CODEX_EXEC,
  DAY_SECONDS,
  failureCodes,
  fromSecret,
  mainPhase,
  onlyJob,
  outputsOf,
  SECRET,
  Stage,
  signal,
} from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const RESEED = { reseed: "true" };
const CODE = /\b[A-Z]{4}-[A-Z]{5}\b/;

/** The person reads the code in the log, while the job runs, and logs in. */
function personLogsIn(run: Run, account: string): void {
  run.on("log", (line) => {
    const [code] = CODE.exec(line) ?? [];
    if (code && stage.world.openai.pendingDeviceCodes.includes(code))
      stage.world.openai.approveDeviceLogin(code, account);
  });
}

async function reseed({
  account = stage.login.account,
  with: inputs = {},
}: {
  account?: string;
  with?: Record<string, string>;
} = {}) {
  const run = stage.dispatch(stage.refreshJob({ with: { ...RESEED, ...inputs }, permissions: "" }));
  personLogsIn(run, account);
  return run.finished;
}

describe("a person who logs in from the log of a run", () => {
  test("stores a fresh login in place of a dead one, and the same job lives on it", async () => {
    stage = await Stage.set({ expiresInSeconds: -DAY_SECONDS });
    stage.world.openai.revoke(stage.login.account);

    const result = await reseed({ with: { run: CODEX_EXEC } });

    expect(result.conclusion).toBe("success");
    expect(result.log).toMatch(/Open this link in your browser.*\/codex\/device\n.*one-time code/s);
    for (const token of [stage.stored.tokens.refresh_token, stage.stored.tokens.access_token])
      expect(onlyJob(result).rawLog).toContain(`::add-mask::${token}\n`);
    expect(stage.world.openai.generationOf(stage.stored.tokens.refresh_token)).toBe(0);
    expect(stage.world.openai.refreshes).toEqual([]);
    expect(stage.world.openai.responses).toBe(1);
    expect(outputsOf(result)).toMatchObject({ rotated: "false", stored: "true" });
    expect(onlyJob(result).summary).toContain("Somebody has logged in again.");
    expect(stage.secret.writes).toBe(2);
    expect(stage.heldClaims).toEqual([]);
    stage.expectLoginAlive();
  });

  test("leaves queued runs that carry the dead login to be started again, as a `gh secret set` does", async () => {
    stage = await Stage.set({ expiresInSeconds: 60 });
    const reseeding = stage.dispatch(stage.refreshJob({ with: RESEED, permissions: "" }));
    personLogsIn(reseeding, stage.login.account);
    const queued = stage.dispatch(stage.refreshJob({ with: { run: CODEX_EXEC } }));
    await reseeding.finished;

    const result = await queued.finished;

    expect(failureCodes(result)).toEqual(["copy-stale"]);
    expect(result.log).toContain("Start a new run");
    expect(stage.world.openai.refreshes).toEqual([]);
    stage.expectLoginAlive();
  });

  test("is followed by a refresh job that rotates what they have stored", async () => {
    stage = await Stage.set({ expiresInSeconds: -60 });
    await reseed();

    const result = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectRotatedOnce();
  });

  test("with another account is refused, and the secret stays as it was", async () => {
    stage = await Stage.set();
    const left: string[] = [];
    const before = stage.secret.value;
    const run = stage.dispatch(stage.refreshJob({ with: RESEED }), {
      beforeCleanup: async ({ temp }) => {
        left.push(...(await readdir(temp)).filter((name) => name.includes("codex")));
      },
    });
    personLogsIn(run, "somebody-else");

    const result = await run.finished;

    expect(failureCodes(result)).toEqual(["reseed-other-account"]);
    expect(stage.secret.value).toBe(before);
    expect(left).toEqual([]);
    stage.expectNothingSpent();
  });

  test("with the account that `expected-account-id` names may change the account", async () => {
    stage = await Stage.set();

    const result = await reseed({ account: "the-new-one", with: { "expected-account-id": "the-new-one" } });

    expect(result.conclusion).toBe("success");
    expect(stage.stored.tokens.refresh_token).toBe(stage.world.openai.livingRefreshToken("the-new-one"));
  });
});

describe("a secret that holds no login any more", () => {
  const broken = { encode: (document: string) => document.slice(0, 900) };

  test("is replaced when the account is named, and nothing of it is printed", async () => {
    stage = await Stage.set(broken);

    const result = await reseed({ with: { "expected-account-id": stage.login.account, run: CODEX_EXEC } });

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.responses).toBe(1);
    stage.expectLoginAlive();
  });

  test("is not replaced by just anybody's: nobody is asked to log in", async () => {
    stage = await Stage.set(broken);

    const result = await reseed();

    expect(failureCodes(result)).toEqual(["input-invalid"]);
    expect(result.log).toContain("Set `expected-account-id`");
    expect(stage.world.openai.server.requests).toEqual([]);
    expect(stage.secret.writes).toBe(1);
  });

  test("is not created where there is none", async () => {
    stage = await Stage.set();
    stage.repository.deleteSecret(SECRET);

    const result = await reseed({ with: { "expected-account-id": stage.login.account } });

    expect(failureCodes(result)).toEqual(["secret-not-found"]);
    expect(stage.world.openai.server.requests).toEqual([]);
    expect(stage.repository.secret(SECRET)).toBeUndefined();
  });
});

describe("a login that nobody completes", () => {
  test("ends with the run that is cancelled, and leaves nothing behind", async () => {
    stage = await Stage.set();
    const run = stage.dispatch(stage.refreshJob({ with: RESEED }));
    const asked = signal();
    run.on("log", (line) => {
      if (CODE.test(line)) asked.give();
    });
    await asked.given;

    run.cancel();
    const result = await run.finished;

    expect(result.conclusion).toBe("cancelled");
    expect(mainPhase(result)).toMatchObject({ exitCode: 1, signal: null });
    expect(stage.processes("device-auth")).toEqual([]);
    stage.expectNothingSpent();
  });

  test("because Codex cannot begin it fails, with the secret as it was", async () => {
    stage = await Stage.set();
    stage.world.openai.server.intercept((request, next) =>
      request.path.includes("/deviceauth/") ? { status: 503, body: {} } : next(),
    );

    const result = await reseed();

    expect(failureCodes(result)).toEqual(["reseed-failed"]);
    stage.expectNothingSpent();
  });
});

describe("where nobody is asked to log in", () => {
  test("in a run that no person has started", async () => {
    stage = await Stage.set();

    const result = await stage.run(stage.refreshJob({ with: RESEED, event: "push" }));

    expect(failureCodes(result)).toEqual(["input-invalid"]);
    expect(stage.requests).toEqual([]);
  });

  test("in a public repository, whatever is allowed", async () => {
    stage = await Stage.set({ visibility: "public" });

    const result = await reseed({ with: { "allow-public-repository": "true" } });

    expect(failureCodes(result)).toEqual(["public-repository"]);
    expect(stage.requests).toEqual([]);
  });

  test("with a write token that cannot write", async () => {
    stage = await Stage.set({ writeTokenPermissions: { secrets: "read" } });

    const result = await reseed();

    expect(failureCodes(result)).toEqual(["write-token-forbidden"]);
    expect(stage.world.openai.server.requests).toEqual([]);
  });

  test("without a write token", async () => {
    stage = await Stage.set();

    const result = await reseed({ with: { "secret-write-token": "" } });

    expect(failureCodes(result)).toEqual(["write-token-missing"]);
    expect(stage.requests).toEqual([]);
  });

  test("by a Codex job", async () => {
    stage = await Stage.set();

    const result = await reseed({ with: { refresh: "never", "codex-auth-json": fromSecret(SECRET) } });

    expect(failureCodes(result)).toEqual(["input-invalid"]);
    expect(stage.requests).toEqual([]);
  });
});
