import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import type { Repository } from "../../lab/github/github.ts";
import type { Interceptor } from "../../lab/loopback-server.ts";
import type { Login } from "../../lab/openai/openai.ts";
import { type Run, type RunResult, whyNoHostedMachine } from "../../lab/runner/runner.ts";
import { World } from "../../lab/world.ts";
import { type Claim, writeClaim } from "../../src/core/claim/claim.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";

export const DAY_SECONDS = 86_400;
export const SECRET = "CODEX_AUTH_JSON";
export const WRITE_TOKEN = "CODEX_SECRET_WRITE_TOKEN";
/** The real Codex asks the lab's model for one answer. */
export const CODEX_EXEC = "codex exec --skip-git-repo-check --sandbox read-only 'Reply exactly: OK'";
/** A user's command that tells from the log that it ran: the runner prints the command itself, too. */
export const JOB = 'echo "job $((40 + 2))"';
export const JOB_RAN = "job 42";

/**
 * A test that needs `world.runner.hostedMachine()`: an unprivileged user with a PID and a mount namespace of his own.
 * Skipped, with a word, where this machine does not allow that.
 */
export function hostedTest(name: string, run: () => Promise<void>): void {
  const reason = whyNoHostedMachine();
  if (reason === undefined) test(name, run);
  else test.skip(`${name} (skipped: ${reason})`, run);
}

export interface StageOptions {
  /** The secret's environment; a repository secret without one. */
  readonly environment?: string;
  readonly expiresInSeconds?: number;
  /** When the access token was issued; now by default, although the secret is an hour old. */
  readonly issuedSecondsAgo?: number;
  /** What the write token may do; by default just what it needs. */
  readonly writeTokenPermissions?: Parameters<World["github"]["token"]>[1];
  /** How the secret holds the document. */
  readonly encode?: (document: string) => string;
  readonly visibility?: "private" | "public";
  /** How far the servers' clock is ahead of the machines'. */
  readonly serversAheadMs?: number;
  readonly timing?: Parameters<typeof World.start>[0] extends infer Options | undefined
    ? Options extends { timing?: infer Timing }
      ? Timing
      : never
    : never;
}

type DispatchOptions = Parameters<World["runner"]["dispatch"]>[0];

/** A world with one repository whose login has been seeded an hour ago. */
export class Stage {
  readonly world: World;
  readonly repository: Repository;
  readonly login: Login;
  readonly writeToken: string;
  readonly environment: string | undefined;
  readonly #results: RunResult[] = [];

  private constructor(
    world: World,
    repository: Repository,
    login: Login,
    writeToken: string,
    environment?: string,
  ) {
    this.world = world;
    this.repository = repository;
    this.login = login;
    this.writeToken = writeToken;
    this.environment = environment;
  }

  static async set(options: StageOptions = {}): Promise<Stage> {
    const { environment, expiresInSeconds, encode = (text) => JSON.stringify(JSON.parse(text)) } = options;
    const world = await World.start(options.timing ? { timing: options.timing } : {});
    world.clock.advance(options.serversAheadMs ?? 0);
    const repository = world.github.repository("octo/app", { visibility: options.visibility ?? "private" });
    const login = world.openai.login(
      expiresInSeconds === undefined ? {} : { accessTokenLifetimeSeconds: expiresInSeconds },
    );
    const { issuedSecondsAgo: age } = options;
    const aged =
      age === undefined
        ? login
        : {
            ...login,
            document: world.openai.withAccessTokenExpiringIn(
              login.document,
              expiresInSeconds ?? world.openai.accessTokenLifetimeSeconds - age,
            ),
          };
    if (environment) repository.createEnvironment(environment);
    const permissions =
      options.writeTokenPermissions ??
      (environment ? { environments: "write" } : { secrets: "write", variables: "write" });
    const writeToken = world.github.token(repository, permissions);
    repository.setSecret(SECRET, encode(aged.document), environment ? { environment } : {});
    repository.setSecret(WRITE_TOKEN, writeToken);
    // A person seeded it a while ago.
    const seeded = repository.secret(SECRET, environment ? { environment } : {});
    if (seeded) {
      const anHourAgo = new Date(Math.floor(world.clock.now().getTime() / 1000) * 1000 - 3_600_000);
      Object.assign(seeded, { createdAt: anHourAgo, updatedAt: anHourAgo });
    }
    return new Stage(world, repository, aged, writeToken, environment);
  }

  /** A refresh job, as people write it. */
  refreshJob({
    with: inputs = {},
    before = "",
    after = "",
    job = "",
    concurrency = "group: codex-auth\n  queue: max",
    permissions = "actions: read",
    event = "workflow_dispatch",
  }: {
    with?: Record<string, string>;
    /** Steps, indented by six. */
    before?: string;
    after?: string;
    /** Keys of the job, indented by four. */
    job?: string;
    concurrency?: string;
    permissions?: string;
    event?: string;
  } = {}): string {
    return [
      `on: ${event}`,
      permissions ? `permissions:\n  ${permissions}` : "permissions: {}",
      concurrency ? `concurrency:\n  ${concurrency}` : "",
      "jobs:",
      "  codex:",
      "    runs-on: ubuntu-latest",
      this.environment ? `    environment: ${JSON.stringify(this.environment)}` : "",
      job,
      "    steps:",
      before,
      this.step({ with: inputs }),
      after,
    ]
      .filter((line) => line !== "")
      .join("\n");
  }

  /** Our step, indented by six. */
  step({ id = "codex", with: inputs = {} }: { id?: string; with?: Record<string, string> } = {}): string {
    const all: Record<string, string> = {
      "codex-auth-json": fromSecret(SECRET),
      "secret-write-token": fromSecret(WRITE_TOKEN),
      ...(this.environment ? { environment: this.environment } : {}),
      ...inputs,
    };
    const lines = Object.entries(all).map(([name, value]) => `          ${name}: ${JSON.stringify(value)}`);
    return [
      "      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1",
      `        id: ${id}`,
      "        with:",
      ...lines,
    ].join("\n");
  }

  dispatch(workflow: string, options: Partial<DispatchOptions> = {}): Run {
    const run = this.world.runner.dispatch({ repository: this.repository, workflow, ...options });
    void run.finished.then((result) => this.#results.push(result));
    return run;
  }

  async run(workflow: string, options: Partial<DispatchOptions> = {}): Promise<RunResult> {
    return this.dispatch(workflow, options).finished;
  }

  /** Stands between the write token and the PUT of the stored secret, and of no other. @returns how to step aside */
  interceptStoreWrites(interceptor: Interceptor): () => void {
    return this.world.github.server.intercept((request, next) =>
      request.method === "PUT" && request.path.endsWith(`/secrets/${SECRET}`)
        ? interceptor(request, next)
        : next(),
    );
  }

  /** Stands between Codex and the issuer. @returns how to step aside */
  interceptRefreshes(interceptor: Interceptor): () => void {
    return this.world.openai.server.intercept((request, next) =>
      request.path === "/oauth/token" ? interceptor(request, next) : next(),
    );
  }

  /** The next refresh waits at the issuer's door until it is let in; then nothing waits any more. */
  holdRefresh(): { readonly waiting: Promise<void>; letIn(): void } {
    const waiting = signal();
    const entrance = signal();
    const stepAside = this.interceptRefreshes(async (_, next) => {
      waiting.give();
      await entrance.given;
      return next();
    });
    const letIn = (): void => {
      stepAside();
      entrance.give();
    };
    return { waiting: waiting.given, letIn };
  }

  /** The account's owner logs in once more and stores that login by hand. */
  reseed(): Login {
    const login = this.world.openai.login({ account: this.login.account });
    const place = this.environment ? { environment: this.environment } : {};
    this.repository.setSecret(SECRET, JSON.stringify(JSON.parse(login.document)), place);
    return login;
  }

  /**
   * An earlier job has spent the login, as its claim says; what came of it, only the handoff knows.
   *
   * @returns how to undo that
   */
  spend(login = this.login): () => void {
    const [owner = "", repository = ""] = this.repository.fullName.split("/");
    const repositoryId = String(this.repository.id);
    const place = { owner, repository, repositoryId, environment: null, secretName: SECRET };
    const name = claimName(AuthJson.parse(login.document), place);
    const holder = "0".repeat(32);
    const known = { holder, run: "1", attempt: 1, secret: SECRET, ref: "default", before: null, after: null };
    const next = `CODEX_AUTH_CLAIM_${"0".repeat(20)}`;
    const claim: Claim = { ...known, state: "stored", next, released: true, wholeJob: false };
    this.repository.setVariable(name, writeClaim(claim));
    return () => void this.repository.deleteVariable(name);
  }

  /** The stored document, opened. */
  get stored(): {
    tokens: { refresh_token: string; access_token: string };
    last_refresh: string;
    auth_mode: string;
  } {
    const value = this.secret.value.trim();
    return JSON.parse(value.startsWith("{") ? value : Buffer.from(value, "base64").toString("utf8"));
  }

  get secret() {
    const secret = this.repository.secret(SECRET, this.environment ? { environment: this.environment } : {});
    if (!secret) throw new Error("there is no secret");
    return secret;
  }

  /** Every request that anybody outside the machines was sent, oldest first of each. */
  get requests(): string[] {
    const { github, cache, openai } = this.world;
    return [github, cache, openai].flatMap(({ server }) =>
      server.requests.map(({ method, path }) => `${method} ${path}`),
    );
  }

  /** Exactly one document in the world holds the living refresh token, and it is in the store. */
  expectLoginAlive(): void {
    expect(this.stored.tokens.refresh_token).toBe(this.world.openai.livingRefreshToken(this.login.account));
    expect(this.world.openai.reuses).toBe(0);
  }

  /** Nobody asked the issuer for anything, and nobody wrote to the place of the secret. */
  expectNothingSpent(): void {
    const { openai, github } = this.world;
    expect(openai.refreshes).toEqual([]);
    expect(this.secret.history).toHaveLength(1);
    expect(this.heldClaims).toEqual([]);
    expect(
      github.server.requests.filter(({ path }) => path.endsWith(`/${SECRET}`)).map(methodOf),
    ).not.toContain("PUT");
    this.expectLoginAlive();
  }

  /** One rotation, stored; the lock is gone. */
  expectRotatedOnce(): void {
    const { openai } = this.world;
    expect(openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated"]);
    expect(openai.generationOf(this.stored.tokens.refresh_token)).toBe(1);
    expect(this.heldClaims).toEqual([]);
    this.expectLoginAlive();
  }

  /**
   * A Codex that has the whole login has rotated it, each time the newest. How often is its own affair: of two requests
   * that were answered 401 at the same time each may rotate (docs/facts.md).
   */
  expectRotatedInTurn(atLeast: number): void {
    const { refreshes } = this.world.openai;
    expect(refreshes.map(({ outcome, generation }) => [outcome, generation])).toEqual(
      refreshes.map((_, index) => ["rotated", index]),
    );
    expect(refreshes.length).toBeGreaterThanOrEqual(atLeast);
    for (const { reason } of refreshes.slice(atLeast)) expect(reason).toBe("unauthorized_recovery");
  }

  /** From now on the model answers 401 to the access token that is stored: who meets that and can, rotates. */
  rejectStoredAccessToken(): void {
    const { openai, clock } = this.world;
    clock.advance(1000);
    openai.rejectAccessTokensIssuedBefore(clock.now());
  }

  /** The issuer rotates, once; its answer is held back so long, or until then, and the story goes on meanwhile. */
  holdAnswer(until: number | Promise<void>, meanwhile: () => void): void {
    const stop = this.world.openai.server.intercept(async (request, next) => {
      if (request.path !== "/oauth/token") return next();
      stop();
      const answer = await next();
      meanwhile();
      await (typeof until === "number" ? sleep(until) : until);
      return answer;
    });
  }

  /** The kernel runs out of memory, and our main is what it picks. */
  killMain(): void {
    const [pid, ...others] = this.processes("dist/main.cjs");
    if (pid === undefined || others.length > 0) throw new Error("there is not one main");
    process.kill(pid, "SIGKILL");
  }

  /** What the claims beside the secret say, oldest first. */
  get claims(): readonly StandingClaim[] {
    const place = this.environment ? { environment: this.environment } : {};
    const variables = this.repository
      .variablesOf(place)
      .filter(({ name }) => name.startsWith("CODEX_AUTH_CLAIM_"));
    return [...variables]
      .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime())
      .map(({ name, value }) => ({ name, ...JSON.parse(value) }) as StandingClaim);
  }

  /** Claims that keep others waiting. */
  get heldClaims(): readonly StandingClaim[] {
    return this.claims.filter(({ state, released }) => state !== "stored" && !released);
  }

  /** Living processes of all machines whose command line contains the words. */
  processes(words: string): number[] {
    return this.world.runner.machines
      .flatMap((machine) => (machine.lost ? [] : machine.processes()))
      .map(({ pid }) => pid)
      .filter((pid) => readProcess(pid, "cmdline").includes(words));
  }

  /** Ends the scenario: nothing of the login or the write token has leaked, and nothing is left behind. */
  async strike(): Promise<void> {
    try {
      this.#expectNoCanaryLeaked();
    } finally {
      await this.world.stop();
    }
  }

  #expectNoCanaryLeaked(): void {
    const { github, cache, canaries } = this.world;
    const leaks = (text: string): string[] => canaries.filter((canary) => text.includes(canary));
    for (const result of this.#results) {
      for (const job of Object.values(result.jobs)) {
        const printed = job.rawLog.split("\n").filter((line) => !line.startsWith("::add-mask::"));
        expect(printed.filter((line) => leaks(line).length > 0 || line.includes("CANARY"))).toEqual([]);
        expect(leaks(job.summary)).toEqual([]);
        expect(job.summary).not.toContain("CANARY");
        for (const step of job.steps) {
          // What other actions keep is theirs.
          if (step.name.startsWith("Run actions/")) continue;
          expect(leaks(JSON.stringify([step.outputs, step.state]))).toEqual([]);
          expect(JSON.stringify([step.outputs, step.state])).not.toContain("CANARY");
        }
      }
    }
    for (const request of github.server.requests) {
      expect(request.path).not.toContain("CANARY");
      expect(request.body.toString("latin1")).not.toContain("CANARY");
    }
    for (const request of cache.server.requests) {
      expect(`${request.path} ${request.query} ${request.body.toString("latin1")}`).not.toContain("CANARY");
    }
    for (const entry of cache.entries)
      expect(`${entry.key} ${entry.bytes.toString("latin1")}`).not.toContain("CANARY");
  }
}

/** A claim as it stands in its variable. */
export interface StandingClaim {
  readonly name: string;
  readonly state: "open" | "write" | "rotated" | "stored";
  readonly run: string;
  readonly after: string | null;
  readonly released: boolean;
}

/** What a step put out, by the step's id; our step's is `codex`. */
export function outputsOf(result: RunResult, id = "codex"): Readonly<Record<string, string>> {
  const step = onlyJob(result).steps.find((candidate) => candidate.id === id);
  if (!step) throw new Error(`the job has no step ${id}`);
  return step.outputs;
}

/** Once a run has said so. */
export function said(run: Run, words: string): Promise<void> {
  return new Promise((resolve) => {
    run.on("log", (line) => {
      if (line.includes(words)) resolve();
    });
  });
}

/** Something that a story waits for. */
export function signal(): { readonly given: Promise<void>; give(): void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

/** The one job of a run. */
export function onlyJob(result: RunResult): RunResult["jobs"][string] {
  const [job] = Object.values(result.jobs);
  if (!job) throw new Error("the run has no job");
  return job;
}

/** The codes of the failures that a run's annotations name, phase by phase. */
export function failureCodes(result: RunResult): string[] {
  const errors = onlyJob(result).annotations.filter(({ level }) => level === "error");
  return errors.flatMap(({ message }) => /\[([a-z-]+)\]$/.exec(message)?.[1] ?? []);
}

/** How main ended: of the only step that has one, or of the one inside a composite step. */
export function mainPhase(result: RunResult) {
  const main = onlyJob(result)
    .steps.filter(({ name }) => name.includes("codex-auth-roundtrip"))
    .flatMap(({ phases }) => phases)
    .find(({ phase }) => phase === "main");
  if (!main) throw new Error("main never ran");
  return main;
}

/** The expression for a secret's value. */
export function fromSecret(name: string): string {
  return `\${{ secrets.${name} }}`;
}

/** A process's `cmdline` or `environ`, its entries divided by newlines; empty when it has ended. */
export function readProcess(pid: number, what: "cmdline" | "environ"): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8").replaceAll("\0", "\n");
  } catch {
    return "";
  }
}

function methodOf({ method }: { method: string }): string {
  return method;
}
