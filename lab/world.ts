import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CacheService } from "./cache/cache.ts";
import { LabClock } from "./clock.ts";
import { GitHub, type Repository, type SecretPlace } from "./github/github.ts";
import { OpenAI } from "./openai/openai.ts";
import type { Timing } from "./runner/phase-process.ts";
import { commandLineOf, kill } from "./runner/processes.ts";
import { Runner } from "./runner/runner.ts";

const DAY_SECONDS = 24 * 60 * 60;

/** Everything outside our reach, on loopback: OpenAI, GitHub, its cache service and its machines. */
export class World {
  readonly clock: LabClock;
  readonly openai: OpenAI;
  readonly github: GitHub;
  readonly cache: CacheService;
  readonly runner: Runner;
  /** Holds the machines; removed by {@link stop}. */
  readonly root: string;

  private constructor(parts: Pick<World, "clock" | "openai" | "github" | "cache" | "runner" | "root">) {
    this.clock = parts.clock;
    this.openai = parts.openai;
    this.github = parts.github;
    this.cache = parts.cache;
    this.runner = parts.runner;
    this.root = parts.root;
  }

  /** @param options.actionRoot our action's checkout (action.yml and dist); default: this one. */
  static async start(options: { actionRoot?: string; timing?: Partial<Timing> } = {}): Promise<World> {
    const clock = new LabClock();
    const root = await mkdtemp(join(worldsDirectory(), "lab-world-"));
    const [openai, github, cache] = await Promise.all([
      OpenAI.start(clock),
      GitHub.start(clock),
      CacheService.start(clock),
    ]);
    github.serveCaches(cache);
    const actionRoot = options.actionRoot ?? dirname(dirname(fileURLToPath(import.meta.url)));
    const runner = new Runner({
      clock,
      openai,
      github,
      cache,
      actionRoot,
      root,
      timing: options.timing ?? {},
    });
    return new World({ clock, openai, github, cache, runner, root });
  }

  /** Every token value that OpenAI or GitHub has ever minted here. */
  get canaries(): string[] {
    return [...this.openai.issuedTokens, ...this.github.tokens];
  }

  /**
   * Lets the login in a secret grow older by as many days, as time would: the access token is that much nearer to its
   * expiry, and the secret was written that much earlier. The servers' clock stays.
   */
  age(repository: Repository, secretName: string, days: number, place: SecretPlace = {}): void {
    const secret = repository.secret(secretName, place);
    if (!secret) throw new Error(`lab: there is no secret ${secretName}`);
    const earlier = (date: Date): Date => new Date(date.getTime() - days * DAY_SECONDS * 1000);
    secret.value = inItsForm(secret.value, (document) => {
      const left = accessTokenExpiry(document) - this.clock.now().getTime() / 1000;
      return this.openai.withAccessTokenExpiringIn(document, left - days * DAY_SECONDS);
    });
    secret.createdAt = earlier(secret.createdAt);
    secret.updatedAt = earlier(secret.updatedAt);
  }

  /** @throws when a job that had ended, and whose machine was not lost, left a process alive. */
  async stop(): Promise<void> {
    await this.runner.stop();
    const left = this.runner.machines.flatMap((machine) => (machine.lost ? [] : machine.processes()));
    const ours = left.filter(({ pid }) => !isCodexHelper(pid));
    await kill(left);
    await Promise.all([this.openai.stop(), this.github.stop(), this.cache.stop()]);
    await rm(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    if (ours.length > 0) {
      const named = ours.map(({ pid, command }) => `${command} (${pid})`).join(", ");
      throw new Error(`lab: a job left processes alive: ${named}`);
    }
  }
}

/** Codex 0.169 itself sometimes leaves behind the bwrap in which it looks for AGENTS.md, whoever starts it. [ran] */
/**
 * Not below /tmp: there Codex's sandbox makes an empty `.git`, which a killed one leaves behind [ran, 0.169.0]. To every
 * Codex below it /tmp is the root of the project then: four more sandboxed look-ups for each directory on the way.
 */
function worldsDirectory(): string {
  const usual = tmpdir();
  return usual === "/tmp" && existsSync("/var/tmp") ? "/var/tmp" : usual;
}

function isCodexHelper(pid: number): boolean {
  return commandLineOf(pid).includes("--codex-run-as-fs-helper");
}

/** Secrets hold the document as JSON, compact or pretty, or as base64 of it; the form stays. */
function inItsForm(value: string, change: (document: string) => string): string {
  const text = value.trim();
  if (!text.startsWith("{")) {
    return Buffer.from(change(Buffer.from(text, "base64").toString("utf8"))).toString("base64");
  }
  const changed = change(text);
  return text.includes("\n") ? changed : JSON.stringify(JSON.parse(changed));
}

function accessTokenExpiry(document: string): number {
  const { tokens } = JSON.parse(document) as { tokens: { access_token: string } };
  const payload = Buffer.from(tokens.access_token.split(".")[1] ?? "", "base64url").toString("utf8");
  return (JSON.parse(payload) as { exp: number }).exp;
}
