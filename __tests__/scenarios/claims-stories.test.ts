import { afterEach, describe, expect, test } from "@jest/globals";
import {
  DAY_SECONDS,
  failureCodes,
  fromSecret,
  JOB,
  JOB_RAN,
  mainPhase,
  outputsOf,
  SECRET,
  Stage,
  signal,
} from "./stage.ts";

/**
 * Sequences in which a login was once lost, overwritten or blocked, with the real Codex. Those that take minutes, or a
 * hundred jobs: __tests__/login/stories.test.ts and healthy.test.ts; every order of them: simulation/.
 */

const MINUTE_MS = 60_000;
const DUE = { expiresInSeconds: 2 * DAY_SECONDS };
const FORCED = { refresh: "force" };

let stage: Stage;
afterEach(() => stage.strike());

/** A `codex` that is the real one, and changes what that reads and has written. */
function codexOfTomorrow({ read, write }: { read: string; write: string }): string {
  return [
    "      - run: |",
    '          mkdir -p "$HOME/tomorrow"',
    "          real=$(command -v codex)",
    "          cat > \"$HOME/tomorrow/edit.cjs\" <<'EOF'",
    '          const fs = require("node:fs");',
    '          const path = process.env.CODEX_HOME + "/auth.json";',
    '          const json = JSON.parse(fs.readFileSync(path, "utf8"));',
    `          if (process.argv[2] === "read") { ${read} } else { ${write} }`,
    "          fs.writeFileSync(path, JSON.stringify(json, null, 2));",
    "          EOF",
    '          cat > "$HOME/tomorrow/codex" <<EOF',
    "          #!/bin/sh",
    '          edit() { case "\\$2" in *app-server*) node "$HOME/tomorrow/edit.cjs" "\\$1" ;; esac; }',
    '          edit read "\\$*"; "$real" "\\$@"; status=\\$?; edit write "\\$*"',
    "          exit \\$status",
    "          EOF",
    '          chmod +x "$HOME/tomorrow/codex"',
    '          echo "$HOME/tomorrow" >> "$GITHUB_PATH"',
  ].join("\n");
}

describe("a Codex of tomorrow", () => {
  test("whatever it writes beside a new refresh token is stored as it is, and the next job is well", async () => {
    stage = await Stage.set();
    // Today's Codex refreshes none of it: what it reads is as it knows it.
    const tomorrow = codexOfTomorrow({
      read: "json.tokens.account_id ??= json.tokens.chatgpt_account; delete json.tokens.oauth_provenance;",
      write: [
        "json.tokens.chatgpt_account = json.tokens.account_id; delete json.tokens.account_id;",
        'json.tokens.oauth_provenance = { issuer: "https://login.openai.com" }; json.schema_version = 2;',
      ].join(" "),
    });

    for (let rotations = 1; rotations <= 2; rotations++) {
      const result = await stage.run(stage.refreshJob({ before: tomorrow, with: FORCED }));
      expect([rotations, result.conclusion, outputsOf(result).stored]).toEqual([
        rotations,
        "success",
        "true",
      ]);
      expect(result.log).toContain("in a form that this version does not know");
      expect(stage.world.openai.refreshes).toHaveLength(rotations);
      stage.expectLoginAlive();
    }

    expect(stage.stored).toMatchObject({
      schema_version: 2,
      tokens: { oauth_provenance: { issuer: "https://login.openai.com" } },
    });
    expect(stage.stored.tokens).not.toHaveProperty("account_id");
  });
});

describe("a person's `gh secret set`", () => {
  test("after a job was created whose pre did not run stays: nothing is guessed from when main starts", async () => {
    stage = await Stage.set(DUE);
    const run = stage.dispatch(stage.refreshJob({ with: { ...FORCED, run: JOB } }), {
      beforePhase: ({ phase }) => {
        if (phase !== "pre") return;
        stage.world.clock.advance(30_000);
        stage.reseed();
      },
    });

    const result = await run.finished;

    expect(failureCodes(result)).toEqual(["copy-stale"]);
    expect(result.log).not.toContain(JOB_RAN);
    expect(stage.world.openai.refreshes).toEqual([]);
    stage.expectLoginAlive();
  });

  test("in a later step, of a copy, as the official recipe does it: the job that looked green is red", async () => {
    stage = await Stage.set(DUE);
    const workflow = stage.refreshJob({ with: { run: JOB }, after: "      - run: 'true'" });

    const result = await stage.run(workflow, {
      beforePhase: ({ phase }) => {
        if (phase !== "run") return;
        stage.world.clock.advance(5000);
        stage.repository.setSecret(SECRET, JSON.stringify(JSON.parse(stage.login.document)));
      },
    });
    stage.world.clock.advance(10 * MINUTE_MS);
    const next = await stage.run(stage.refreshJob({ with: FORCED }));

    expect(result.log).toContain(JOB_RAN);
    expect(failureCodes(result)).toEqual(["secret-changed-elsewhere"]);
    expect(result.log).toContain("after this job stored the refreshed login");
    // The handoff has the living login: it replaces the copy, and is refreshed.
    expect(outputsOf(next)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });
});

describe("two logins in one repository", () => {
  test("are refreshed side by side: neither waits for the other", async () => {
    stage = await Stage.set(DUE);
    const other = stage.world.openai.login();
    stage.repository.setSecret("OTHER_AUTH", JSON.stringify(JSON.parse(other.document)));
    stage.world.clock.advance(2000);
    const inputs = { "codex-auth-json": fromSecret("OTHER_AUTH"), "secret-name": "OTHER_AUTH" };
    const refresh = stage.holdRefresh();

    const first = stage.dispatch(stage.refreshJob({ concurrency: "", with: FORCED }));
    await refresh.waiting;
    const second = stage.dispatch(stage.refreshJob({ concurrency: "", with: { ...FORCED, ...inputs } }));
    const claimed = signal();
    stage.world.openai.server.intercept((request, next) => {
      if (request.path === "/oauth/token") claimed.give();
      return next();
    });
    await claimed.given;
    expect(stage.heldClaims).toHaveLength(2);
    refresh.letIn();
    const results = [await first.finished, await second.finished];

    expect(results.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated", "rotated"]);
    stage.expectLoginAlive();
    expect(stage.repository.secret("OTHER_AUTH")?.value).toContain(
      stage.world.openai.livingRefreshToken(other.account),
    );
  });
});

describe("a `codex` that has no app-server", () => {
  test("is told as such, with its version, and nobody waits for a claim of its", async () => {
    stage = await Stage.set(DUE);
    const old = [
      "      - run: |",
      '          mkdir -p "$HOME/old"',
      "          cat > \"$HOME/old/codex\" <<'EOF'",
      "          #!/bin/sh",
      '          if test "$1" = --version; then echo "codex-cli 0.30.0"; exit; fi',
      "          echo \"error: unrecognized subcommand 'app-server'\" >&2; exit 2",
      "          EOF",
      '          chmod +x "$HOME/old/codex"',
      '          echo "$HOME/old" >> "$GITHUB_PATH"',
    ].join("\n");

    const result = await stage.run(stage.refreshJob({ before: old, with: FORCED }));

    expect(failureCodes(result)).toEqual(["codex-outdated"]);
    expect(result.log).toContain("codex-cli 0.30.0: error: unrecognized subcommand");
    expect(stage.claims).toEqual([]);
    stage.expectNothingSpent();
  });
});

describe("a job that is cancelled while Codex is installed", () => {
  test("has claimed nothing, and the next one need not wait", async () => {
    stage = await Stage.set({ ...DUE, timing: { sigintMs: 700, sigtermMs: 300 } });
    const slow = [
      "      - run: |",
      '          mkdir -p "$HOME/slow"',
      "          printf '#!/bin/sh\\necho installing; sleep 60\\n' > \"$HOME/slow/npm\"",
      '          chmod +x "$HOME/slow/npm"',
      '          echo "$HOME/slow" >> "$GITHUB_PATH"',
    ].join("\n");
    const run = stage.dispatch(
      stage.refreshJob({ before: slow, with: { ...FORCED, "codex-version": "0.168.0" } }),
    );
    run.on("phase", ({ phase, state }) => {
      if (phase === "main" && state === "start") setTimeout(() => run.cancel(), 4000);
    });

    const result = await run.finished;

    expect(result.conclusion).toBe("cancelled");
    expect(mainPhase(result).signal).toBe("SIGKILL");
    expect(stage.claims).toEqual([]);
    stage.expectNothingSpent();
  });
});

describe("GitHub's secondary rate limit, which says so in its message alone", () => {
  test("is waited for in the write, and is not told as a missing permission", async () => {
    stage = await Stage.set(DUE);
    let limited = 0;
    stage.interceptStoreWrites((_, next) => {
      limited += 1;
      if (limited > 1) return next();
      const message = "You have exceeded a secondary rate limit. Please wait a few minutes.";
      return { status: 403, headers: { "retry-after": "1" }, body: { message } };
    });

    const result = await stage.run(stage.refreshJob());

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain("You have exceeded a secondary rate limit");
    expect(result.log).not.toContain("Give the token");
    stage.expectRotatedOnce();
  });
});
