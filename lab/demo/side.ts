import type { Repository, SecretPlace } from "../github/github.ts";
import type { LabRequest } from "../loopback-server.ts";
import type { RefreshRecord } from "../openai/openai.ts";
import type { Run, RunResult } from "../runner/runner.ts";
import { World } from "../world.ts";

const SECRET = "CODEX_AUTH_JSON";
const WRITE_TOKEN = "CODEX_SECRET_WRITE_TOKEN";
const DAY_MS = 86_400_000;

/** How a repository keeps its login. */
export interface Arrangement {
  readonly name: string;
  /** YAML. */
  readonly workflow: string;
  /** Where the secrets live; the repository without it. */
  readonly environment?: string;
  /** The repository's files. */
  readonly files: Readonly<Record<string, string>>;
  /** Of its machines. */
  readonly machineEnv: Readonly<Record<string, string>>;
}

/** What one run did, measured at the servers and in the secret; nothing of it is taken from what a job says of itself. */
export interface RunFacts {
  readonly conclusion: RunResult["conclusion"];
  /** Days that the stored access token had left when the run began; negative when it had expired. */
  readonly daysLeft: number;
  /** What the issuer decided meanwhile. */
  readonly rotations: number;
  readonly reuses: number;
  /** How many refreshes made what the secret holds. */
  readonly before: number;
  readonly after: number;
  /** The secret holds the one refresh token that still works. */
  readonly alive: boolean;
  /** The model was asked, with the access token that the secret holds now, and answered. */
  readonly livedOnSecret: boolean;
  readonly answered: boolean;
  /** The secret was written before the model was asked anything. */
  readonly storedFirst: boolean;
  /** To GitHub, its cache and the issuer: everything but Codex's own traffic with the model. */
  readonly requests: number;
  readonly machine: string;
  readonly log: string;
}

interface Marks {
  readonly refreshes: number;
  readonly responses: number;
  readonly modelRequests: number;
  readonly github: number;
  readonly cache: number;
  readonly generation: number;
  readonly expiresAt: Date;
}

/** One repository with one login, in a world of its own. */
export class Side {
  readonly arrangement: Arrangement;
  readonly world: World;
  readonly runs: RunFacts[] = [];
  readonly #repository: Repository;
  readonly #place: SecretPlace;
  readonly #account: string;
  #marks: Marks;

  private constructor(arrangement: Arrangement, world: World, repository: Repository, place: SecretPlace) {
    this.arrangement = arrangement;
    this.world = world;
    this.#repository = repository;
    this.#place = place;
    const login = world.openai.login();
    this.#account = login.account;
    this.#store(login.document);
    this.#marks = this.#mark();
  }

  /** Somebody has signed in, and has stored the login and a token that may write it. Whoever starts it stops it. */
  static async start(arrangement: Arrangement): Promise<Side> {
    const world = await World.start();
    const repository = world.github.repository("octo/app", { visibility: "private" });
    const { environment } = arrangement;
    if (environment) repository.createEnvironment(environment);
    const place = environment ? { environment } : {};
    const permissions = environment
      ? ({ environments: "write" } as const)
      : ({ secrets: "write", variables: "write" } as const);
    repository.setSecret(WRITE_TOKEN, world.github.token(repository, permissions), place);
    return new Side(arrangement, world, repository, place);
  }

  async stop(): Promise<void> {
    await this.world.stop();
  }

  /** A person signs in again, as the same account, and stores what Codex wrote. */
  signInAgain(): void {
    this.#store(this.world.openai.login({ account: this.#account }).document);
    this.#marks = this.#mark();
  }

  /** Days go by: the login in the secret is that much older, and so is the secret. */
  pass(days: number): void {
    if (days > 0) this.world.age(this.#repository, SECRET, days, this.#place);
    this.#marks = this.#mark();
  }

  dispatch(): Run {
    const { workflow, files, machineEnv } = this.arrangement;
    return this.world.runner.dispatch({ repository: this.#repository, workflow, files, env: machineEnv });
  }

  /** Waits for a run; what has happened since the run before it is what this one did. */
  async finish(run: Run): Promise<RunFacts> {
    const { conclusion, log } = await run.finished;
    const facts = this.#measure({ conclusion, log, machine: run.record.jobs[0]?.runnerName ?? "" });
    this.runs.push(facts);
    return facts;
  }

  async run(): Promise<RunFacts> {
    return this.finish(this.dispatch());
  }

  /** Of the login in the secret. */
  get #stored(): { access_token: string; refresh_token: string } {
    const secret = this.#repository.secret(SECRET, this.#place);
    if (!secret) throw new Error(`lab: ${this.arrangement.name} has no secret ${SECRET}`);
    return (JSON.parse(secret.value) as { tokens: { access_token: string; refresh_token: string } }).tokens;
  }

  /** As `gh secret set` is fed. */
  #store(document: string): void {
    this.#repository.setSecret(SECRET, JSON.stringify(JSON.parse(document)), this.#place);
  }

  #measure(run: Pick<RunFacts, "conclusion" | "log" | "machine">): RunFacts {
    const { openai, github, clock } = this.world;
    const before = this.#marks;
    const now = this.#mark();
    const decided = openai.refreshes.slice(before.refreshes);
    const count = (outcome: RefreshRecord["outcome"]): number =>
      decided.filter((refresh) => refresh.outcome === outcome).length;
    const answered = now.responses > before.responses;
    const asked = this.#modelRequests().slice(before.modelRequests);
    const written = github.server.requests.slice(before.github).find(writesSecret);
    const tokens = this.#stored;
    this.#marks = now;
    return {
      ...run,
      daysLeft: Math.round((before.expiresAt.getTime() - clock.now().getTime()) / DAY_MS),
      rotations: count("rotated"),
      reuses: count("reused"),
      before: before.generation,
      after: now.generation,
      alive: tokens.refresh_token === openai.livingRefreshToken(this.#account),
      livedOnSecret: answered && asked.at(-1)?.headers.authorization === `Bearer ${tokens.access_token}`,
      answered,
      storedFirst: written !== undefined && asked.every(({ at }) => written.at <= at),
      requests: now.github - before.github + (now.cache - before.cache) + decided.length,
    };
  }

  #mark(): Marks {
    const { openai, github, cache } = this.world;
    const { access_token, refresh_token } = this.#stored;
    return {
      refreshes: openai.refreshes.length,
      responses: openai.responses,
      modelRequests: this.#modelRequests().length,
      github: github.server.requests.length,
      cache: cache.server.requests.length,
      generation: openai.generationOf(refresh_token) ?? Number.NaN,
      expiresAt: expiryOf(access_token),
    };
  }

  /** Everything the model was ever asked, oldest first. */
  #modelRequests(): LabRequest[] {
    return this.world.openai.server.requests.filter(({ path }) => path.endsWith("/codex/responses"));
  }
}

function writesSecret({ method, path }: LabRequest): boolean {
  return method === "PUT" && path.endsWith(`/secrets/${SECRET}`);
}

function expiryOf(accessToken: string): Date {
  const payload = Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString("utf8");
  return new Date((JSON.parse(payload) as { exp: number }).exp * 1000);
}
