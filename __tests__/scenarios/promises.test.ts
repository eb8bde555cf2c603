import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { actionsHandoffCache } from "../../src/adapters/github/handoff-cache.ts";
import { machineClock } from "../../src/adapters/machine/clock.ts";
import { systemRandomness } from "../../src/adapters/machine/randomness.ts";
import { envelopeCipher } from "../../src/adapters/sodium/aead.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { DAY_SECONDS, failureCodes, outputsOf, SECRET, Stage } from "./stage.ts";

const FORBIDDEN = { status: 403, body: { message: "Resource not accessible by personal access token" } };
const CODEX_EXEC = "codex exec --skip-git-repo-check --sandbox read-only 'Reply exactly: OK' </dev/null";

let stage: Stage;
afterEach(() => stage.strike());

/** The refresh token that the handoff gives to whoever holds the login that was seeded. */
async function refreshTokenInHandoff(): Promise<string | null> {
  const { world, repository, login } = stage;
  const [owner = "", name = ""] = repository.fullName.split("/");
  const place = {
    owner,
    repository: name,
    repositoryId: String(repository.id),
    environment: null,
    secretName: SECRET,
  };
  const { defaultBranch } = repository;
  const runtimeToken = world.cache.runtimeToken({
    repository: repository.fullName,
    ref: defaultBranch,
    defaultBranch,
    access: "read",
  });
  const cache = actionsHandoffCache({
    service: { resultsUrl: world.cache.server.url, runtimeToken },
    place,
    cipher: envelopeCipher(place, systemRandomness),
    clock: machineClock,
    log: { info: () => {}, debug: () => {} },
    temporaryDirectory: world.root,
  });
  const lookup = await cache.look(AuthJson.parse(login.document));
  if (lookup.kind !== "note") return null;
  return lookup.note.login.refreshToken.reveal();
}

describe("promise", () => {
  // Seen red with: the clock always says current; a refused read time counts as known; a silent cache counts as a miss.
  test("No rotation without a claim", async () => {
    stage = await Stage.set({ expiresInSeconds: 3600 });
    const forced = stage.refreshJob({ with: { refresh: "force" } });
    const { github, cache, openai, clock } = stage.world;
    const outcomes: [string, string[]][] = [];
    const attempt = async (without: string, workflow: string, end: () => void = () => {}): Promise<void> => {
      const result = await stage.run(workflow);
      end();
      outcomes.push([without, failureCodes(result)]);
    };

    const readOnly = github.token(stage.repository, { secrets: "read", variables: "write" });
    await attempt(
      "a write token that can write",
      stage.refreshJob({ with: { "secret-write-token": readOnly } }),
    );
    await attempt("an existing secret", stage.refreshJob({ with: { "secret-name": "NO_SUCH_SECRET" } }));
    await attempt("being allowed to ask when the secret was read", stage.refreshJob({ permissions: "" }));
    const blind = cache.server.intercept(() => ({ status: 503, body: "" }));
    const unspend = stage.spend();
    await attempt("an answer of the handoff about a login that is spent", forced, () => {
      blind();
      unspend();
    });
    const mute = github.server.intercept((request, next) =>
      request.path.endsWith(`/secrets/${SECRET}`) ? { status: 500, body: {} } : next(),
    );
    await attempt("the store's word for when it was written", forced, mute);
    const updatedAt = stage.secret.updatedAt;
    stage.secret.updatedAt = new Date(clock.now().getTime() + 1000);
    await attempt("a copy that is older than the store", forced, () => {
      stage.secret.updatedAt = updatedAt;
    });

    expect(outcomes).toEqual([
      ["a write token that can write", ["write-token-forbidden"]],
      ["an existing secret", ["secret-not-found"]],
      ["being allowed to ask when the secret was read", ["freshness-unproven"]],
      ["an answer of the handoff about a login that is spent", ["freshness-unproven"]],
      ["the store's word for when it was written", ["github-unreachable"]],
      ["a copy that is older than the store", ["copy-stale"]],
    ]);
    expect(openai.refreshes).toHaveLength(0);
    expect(stage.repository.secrets.all.map(({ name }) => name)).toEqual([
      SECRET,
      "CODEX_SECRET_WRITE_TOKEN",
    ]);
    stage.expectLoginAlive();
  });

  // Seen red with: the handoff is not told of a publish; a job starts on a document that is pending and not handed over.
  test("Two copies before anyone builds on it", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const { openai } = stage.world;
    const seen: { living: string; stored: string; handedOver: Promise<string | null> }[] = [];
    openai.model = () => {
      seen.push({
        living: openai.livingRefreshToken(stage.login.account),
        stored: stage.stored.tokens.refresh_token,
        handedOver: refreshTokenInHandoff(),
      });
      return [{ message: "OK" }];
    };

    await stage.run(stage.refreshJob({ with: { run: CODEX_EXEC } }));
    const refuseNotes = stage.world.cache.server.intercept((request, next) =>
      request.path.endsWith("/CreateCacheEntry")
        ? { status: 200, body: { ok: false, signed_upload_url: "", message: "cache write denied" } }
        : next(),
    );
    const refuseWrites = stage.interceptStoreWrites(() => FORBIDDEN);
    const alone = await stage.run(stage.refreshJob({ with: { run: CODEX_EXEC, refresh: "force" } }), {
      beforePhase: ({ phase }) => {
        if (phase !== "post") return;
        refuseNotes();
        refuseWrites();
      },
    });

    const [job, ...others] = seen;
    expect(job?.stored).toBe(job?.living);
    expect(await job?.handedOver).toBe(job?.living);
    expect(job?.living).not.toBe(stage.login.refreshToken);
    // The second document stood in neither place when its job was to begin.
    expect(alone.conclusion).toBe("failure");
    expect(others).toEqual([]);
    expect(openai.refreshes).toHaveLength(2);
    stage.expectLoginAlive();
  });

  // Seen red with: post forgets what is pending; notes are not found.
  test("A new document is never left behind", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const { openai } = stage.world;
    const living = (): string => openai.livingRefreshToken(stage.login.account);
    const forced = stage.refreshJob({ with: { refresh: "force", run: "echo working; sleep 60" } });

    const repairInTime = stage.interceptStoreWrites(() => FORBIDDEN);
    const cancelled = stage.dispatch(forced, {
      beforePhase: ({ phase }) => {
        if (phase === "post") repairInTime();
      },
    });
    cancelled.on("log", (line) => {
      if (line === "working") cancelled.cancel();
    });
    const conclusion = (await cancelled.finished).conclusion;
    const afterPost = { stored: stage.stored.tokens.refresh_token, living: living() };
    const repair = stage.interceptStoreWrites(() => FORBIDDEN);
    const failing = stage.refreshJob({ with: { refresh: "force", run: "exit 7" } });
    const pending = await stage.run(failing);
    repair();
    const repairing = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(conclusion).toBe("cancelled");
    expect(afterPost.stored).toBe(afterPost.living);
    expect(failureCodes(pending)).toEqual(["run-failed", "write-back-pending"]);
    expect(pending.log).toContain("dispatch maintenance now");
    expect(outputsOf(repairing)).toMatchObject({ rotated: "true", stored: "true" });
    expect(openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated", "rotated", "rotated"]);
    stage.expectLoginAlive();
  });

  // Seen red with: publish writes over a foreign write; an earlier document in the home passes.
  test("A good document is never overwritten", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const { openai } = stage.world;
    const stranger = openai.login({ account: "somebody-else" });
    const leftInHome: [string, (handed: string) => string, string[]][] = [
      // With the refresh token withheld, nothing is taken from the home, whatever it holds.
      ["of another account", () => stranger.document, []],
      ["that was handed to the job", (handed) => handed, []],
      ["from long ago", (handed) => openai.withAccessTokenExpiringIn(handed, 60), []],
      ["that is invalid", (handed) => handed.slice(0, -40), []],
    ];
    const outcomes: [string, string[]][] = [];

    for (const [which, document] of leftInHome) {
      const handed = stage.secret.value;
      const workflow = stage.refreshJob({ with: { refresh: "force" }, after: "      - run: 'true'" });
      const result = await stage.run(workflow, {
        afterPhase: async ({ phase, env }) => {
          if (phase === "run") await writeFile(join(env.CODEX_HOME ?? "", "auth.json"), document(handed));
        },
      });
      outcomes.push([which, failureCodes(result)]);
      stage.expectLoginAlive();
    }
    const changedByAPerson = stage.interceptRefreshes(async (_, next) => {
      const answer = await next();
      stage.reseed();
      return answer;
    });
    const refused = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));
    changedByAPerson();

    expect(outcomes).toEqual(leftInHome.map(([which, , codes]) => [which, codes]));
    expect(new Set(failureCodes(refused))).toEqual(new Set(["secret-changed-elsewhere"]));
    stage.expectLoginAlive();
  });

  // Seen red with: the clock always says current; notes are not found.
  test("A stale copy never refreshes", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const workflow = stage.refreshJob();
    const forced = stage.refreshJob({ with: { refresh: "force" } });
    const first = stage.dispatch(workflow);
    const takesHandoff = stage.dispatch(workflow);
    const goesOn = stage.dispatch(workflow, {
      beforePhase: ({ phase }) => {
        if (phase === "pre") stage.world.cache.evictAll();
      },
    });
    const stops = stage.dispatch(forced);

    await first.finished;
    const results = await Promise.all([takesHandoff.finished, goesOn.finished, stops.finished]);

    const [taken, older, stopped] = results;
    expect(outputsOf(taken)).toMatchObject({ "restored-from": "handoff" });
    expect(outputsOf(older)).toMatchObject({ "restored-from": "secret", rotated: "false" });
    expect(failureCodes(stopped)).toEqual(["copy-stale"]);
    expect(stopped.log).toContain("Start a new run");
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated"]);
    stage.expectLoginAlive();
  });
});
