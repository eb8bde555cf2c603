import { openCipher } from "../../simulation/models/open.ts";
import type { Inputs } from "../../src/action/inputs.ts";
import { readInputs } from "../../src/action/inputs.ts";
import { loadReport, type Report } from "../../src/action/job-report.ts";
import { main } from "../../src/action/main.ts";
import { believeSession, loadSession, type Session } from "../../src/action/phase-state.ts";
import { post, postWithoutSession } from "../../src/action/post.ts";
import { environmentChange, withoutRefresh } from "../../src/action/preflight.ts";
import { restore } from "../../src/action/restore.ts";
import type { RunContext } from "../../src/action/run-context.ts";
import type { RestoreServices } from "../../src/action/services.ts";
import { type Claim, type RunStatus, writeClaim } from "../../src/core/claim/claim.ts";
import type { Ledger } from "../../src/core/claim/ledger.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { type LedgerFile, ledgerFile } from "../../src/login/ledger-file.ts";
import { type ReseedServices, reseed } from "../../src/login/reseed.ts";
import { loadCriticalSection } from "../../src/login/section-state.ts";
import type { Services } from "../../src/login/services.ts";
import type { CodexRefresher } from "../../src/ports/codex.ts";
import type { CommandRunner } from "../../src/ports/machine.ts";
import type { StepChannel } from "../../src/ports/runner.ts";
import type { WriteSession } from "../../src/ports/secrets.ts";
import { authJson, jwt } from "../core/login/documents.ts";
import { MemoryAlertBoard } from "./ports/alerts.ts";
import { MemoryChannel } from "./ports/channel.ts";
import { FakeClock } from "./ports/clock.ts";
import { MemoryCopies, MemoryVerifier } from "./ports/copies.ts";
import { MemoryDeviceLogin } from "./ports/device-login.ts";
import { MemoryHandoff } from "./ports/handoff.ts";
import { MemoryIssuer } from "./ports/issuer.ts";
import { LinkedDisk } from "./ports/linked-disk.ts";
import { MemoryLog } from "./ports/log.ts";
import { MemoryNamedFiles } from "./ports/named-files.ts";
import { MemoryHostLock, MemoryProcesses } from "./ports/processes.ts";
import { MemoryStore, openBox } from "./ports/store.ts";
import { ELSEWHERE, PLACE, SECRET } from "./refresh-jobs.ts";

export const HOUR_MS = 3_600_000;
export const BASE = "/temp/codex-auth-CODEX_AUTH_JSON";
export const HOME = `${BASE}/home`;
export const LOGIN = `${BASE}/login`;
export const AUTH = `${HOME}/auth.json`;
export const WRITE_TOKEN = "github_pat_0a1b2c3d4e5f-CANARY";

/** How a phase ended. */
export type End = "success" | "killed" | Failure | Error;

type Command = Parameters<CommandRunner["run"]>[0];
type Commanded = Awaited<ReturnType<CommandRunner["run"]>>;

/** One step of one job on a machine of its own, from restore to post, around a login that was stored an hour ago. */
export class Step {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore(this.clock);
  readonly handoff = new MemoryHandoff();
  readonly files = new LinkedDisk();
  readonly issuer = new MemoryIssuer(this.clock, this.files);
  readonly log = new MemoryLog();
  /** Of this step; a later one of the same job has one of its own. */
  channel = new MemoryChannel();
  readonly processes = new MemoryProcesses(this.clock);
  readonly hostLock = new MemoryHostLock(this.processes);
  readonly board = new MemoryAlertBoard();
  readonly deviceLogin = new MemoryDeviceLogin(this.clock, this.files);
  readonly machine = new Machine();
  readonly copies = new MemoryCopies(this.clock);
  readonly verifier = new MemoryVerifier(this.files);
  /** What the secret held when the run read it. */
  readonly login: AuthJson;
  readonly inputs: Record<string, string | undefined>;
  readonly environment: Record<string, string> = { PATH: "/bin" };
  /** None of its entries lies in the workspace. */
  path = { ofJob: () => this.environment.PATH ?? "", outsideWorkspace: (path: string) => path };
  context: RunContext = CONTEXT;
  concurrency: { groups: readonly string[]; otherRunsInProgress: number } | null = {
    groups: ["codex-auth"],
    otherRunsInProgress: 0,
  };
  visibility: "public" | "private" | null = "private";
  /** Of the runs that have made claims. */
  runStatus: RunStatus = "in-progress";
  /** Who may write to the repository; `null` where GitHub does not say. */
  mayWrite: readonly string[] | null = [];
  /** Whom GitHub was asked about. */
  readonly asked: string[] = [];
  isCancelled = false;
  /** Sessions of the write token that nobody has closed. */
  openSessions = 0;
  /** Called when the write token is opened: may throw. */
  beforeOpen: () => void = () => {};
  /** What a started command does; by default it succeeds. */
  command: (command: Command) => Commanded | Promise<Commanded> = () => DONE;
  /** Which program `codex` is at present. */
  codex: string | null = "/usr/bin/codex";
  version: string | null = "0.169.0";
  /** The end of what Codex has noted of its session. */
  sessionTail: string | null = null;
  refresher: CodexRefresher = this.issuer;
  /** Whether anything was loaded that talks to GitHub. */
  wentOnline = false;
  #end: () => void = () => {};

  constructor(validMs = 24 * HOUR_MS, inputs: Readonly<Record<string, string | undefined>> = {}) {
    this.login = this.issuer.login(validMs);
    this.store.set(SECRET, this.login.line().reveal());
    this.clock.advance(HOUR_MS);
    this.inputs = {
      "codex-auth-json": this.login.line().reveal(),
      "secret-write-token": WRITE_TOKEN,
      "protect-auth": "off",
      run: "codex exec",
      ...inputs,
    };
    this.files.directories.add("/temp");
    this.files.contents.set("/usr/bin/codex", "the program");
  }

  get stored(): AuthJson {
    return AuthJson.parse(this.store.secrets.get(SECRET)?.value ?? "");
  }

  /** What the handoff tells whoever was handed this document. */
  handedOver(under: AuthJson = this.login): AuthJson | null {
    return this.handoff.under(under).at(-1)?.login ?? null;
  }

  /** Another job is refreshing the login now. */
  async claimElsewhere(login: AuthJson = this.login): Promise<void> {
    await this.store.variables.create(claimName(login, PLACE), writeClaim(ELSEWHERE));
  }

  /** Another job has refreshed the login, and stored what came of it. */
  async settleElsewhere(next: AuthJson, before: AuthJson = this.login): Promise<void> {
    this.clock.advance(60_000);
    this.store.set(SECRET, next.line().reveal());
    const after = this.store.secrets.get(SECRET)?.updatedAt ?? null;
    const claim: Claim = { ...ELSEWHERE, state: "stored", next: claimName(next, PLACE), after };
    await this.store.variables.create(claimName(before, PLACE), writeClaim(claim));
    await this.handoff.save(before, { login: next, savedAt: this.clock.now() });
  }

  /** The file in the home, as it is now. */
  get auth(): string | null {
    const content = this.files.contents.get(`${LOGIN}/auth.json`) ?? this.files.contents.get(AUTH);
    return content === undefined ? null : String(content);
  }

  /** What the next phase will be told. */
  get report(): Report | null {
    return loadReport(this.#next);
  }

  get session(): Session | null {
    return loadSession(this.#next);
  }

  get openSection(): ReturnType<typeof loadCriticalSection> {
    return loadCriticalSection(this.#next, { base: BASE });
  }

  get #next(): StepChannel {
    return { ...this.channel, state: (name) => this.channel.saved.get(name) ?? "" };
  }

  said(words: string | RegExp): readonly string[] {
    return this.log.lines.filter((line) =>
      typeof words === "string" ? line.includes(words) : words.test(line),
    );
  }

  /** Pre, main and post, as a runner plays them. */
  async play(): Promise<{ main: End; post: End }> {
    await this.pre();
    return { main: await this.main(), post: await this.post() };
  }

  async pre(): Promise<End> {
    return this.#phase(async () => {
      const restoring = this.#restoring(this.inputs);
      const { secret, homeLifetime } = restoring.inputs;
      const restores = homeLifetime === "ephemeral" && this.context.startedBy.kind === "with-access";
      if (secret && restores) await restore(restoring);
    });
  }

  async main(): Promise<End> {
    return this.#phase(() => {
      const restoring = this.#restoring(this.inputs);
      const { inputs } = restoring;
      return main({
        ...restoring,
        log: this.log,
        cancellation: { requested: () => this.isCancelled },
        goOnline: async (session, handed) => this.online({ inputs, session, handed }),
        lending: async (online) => ({
          ...online,
          copyAccess: this.copies,
          verifier: async () => {
            if (this.verifier.missing !== null) throw this.verifier.missing;
            return this.verifier;
          },
        }),
        reseed: async (session, handed) =>
          reseed(this.reseeding(session.base), {
            handed,
            expectedAccountId: inputs.expectedAccountId,
            visibility: this.context.visibility,
          }),
        path: this.path,
        tools: async (environment) => ({
          program: {
            locate: async () => this.codex,
            install: async (version) => `/tools/${version}/bin/codex`,
            version: async () => this.version,
            trySandbox: async () => ({ kind: "protects" }),
            sessionTail: async () => this.sessionTail,
          },
          machine: this.machine,
          named: new MemoryNamedFiles(this.files),
          randomness: RANDOMNESS,
          commands: { run: async (command) => this.command(command) },
          environment,
        }),
        runInformation: async () => this.reseeding("").runInformation,
        hostLock: async () => this.hostLock,
      });
    });
  }

  /** @param given its inputs, where they are not those of main; none in a nested composite action */
  async post(given: Readonly<Record<string, string | undefined>> = this.inputs): Promise<End> {
    return this.#phase(async () => {
      const { inputs, ...restoring } = this.#restoring(given);
      const { context } = this;
      const session = await believeSession({ ...restoring, inputs, context });
      const alerts = async () => ({
        board: this.board,
        place: PLACE,
        runUrl: "https://github.com/octo/app/actions/runs/1",
        clock: this.clock,
        log: this.log,
      });
      if (session === null) return postWithoutSession({ ...restoring, inputs, alerts });
      await post({
        ...restoring,
        context,
        steered: environmentChange(session, this.environment),
        inputs: withoutRefresh(inputs, this.context),
        session,
        goOnline: async (_, handed) => this.online({ inputs, session, handed }),
        machine: async () => this.machine,
        hostLock: async () => this.hostLock,
        alerts,
      });
    });
  }

  /** Another step of ours begins in the same job. @returns the channel of the one before it, for its post */
  beginAnother(inputs: Readonly<Record<string, string>> = {}): MemoryChannel {
    const before = this.channel;
    this.channel = new MemoryChannel();
    Object.assign(this.inputs, inputs);
    return before;
  }

  /** Ends the phase that is at work: what it waits for never comes. */
  kill(): Promise<never> {
    this.#end();
    return new Promise<never>(() => {});
  }

  ledger(base = BASE, holder = this.login): LedgerFile {
    return ledgerFile(this.files, openCipher, { base, holder });
  }

  loadLedger(): Promise<Ledger | null> {
    return this.ledger().load();
  }

  online({ inputs, session, handed }: { inputs: Inputs; session: Session; handed: AuthJson }): Services {
    this.wentOnline = true;
    const { base } = session;
    return {
      ...this.reseeding(base),
      ledgerFile: this.ledger(base, handed),
      writeCredential: inputs.writeCredential.kind === "none" ? null : this.reseeding(base).writeCredential,
      refresher: async () => this.refresher,
      processes: this.processes,
      handed,
    };
  }

  reseeding(base: string): ReseedServices {
    const { clock, files, handoff, log, channel, deviceLogin } = this;
    const createdAt = this.#createdAt;
    return {
      deviceLogin: async () => deviceLogin,
      writeCredential: { kind: "token", open: () => this.#open() },
      box: openBox,
      handoff,
      runInformation: {
        isRerun: false,
        readTime: async () => ({ kind: "known", at: createdAt }),
        statusOf: async () => this.runStatus,
        concurrency: async () => this.concurrency,
        visibility: async () => this.visibility,
        mayWrite: async (login) => {
          this.asked.push(login);
          return this.mayWrite === null ? null : this.mayWrite.includes(login);
        },
      },
      ledgerFile: (holder) => this.ledger(base, holder),
      files,
      clock,
      randomness: RANDOMNESS,
      log,
      channel,
      cancellation: { requested: () => this.isCancelled },
      place: PLACE,
      claimant: { run: "1", attempt: 1, ref: "default" },
      base,
      environment: this.environment,
    };
  }

  readonly #createdAt = new Date(Date.parse("2026-11-22T10:00:00.000Z") + HOUR_MS);

  async #open(): Promise<WriteSession> {
    this.beforeOpen();
    const session = await this.store.writeCredential.open();
    this.openSessions += 1;
    const close = async (): Promise<void> => {
      this.openSessions -= 1;
    };
    return { ...session, close };
  }

  #restoring(given: Readonly<Record<string, string | undefined>>): RestoreServices {
    const { context, files, clock, log, channel, environment } = this;
    const inputs = readInputs((name) => given[name] ?? "");
    return { inputs, context, files, clock, log, channel, environment };
  }

  async #phase(act: () => Promise<void>): Promise<End> {
    this.channel.nextPhase();
    const killed = new Promise<"killed">((resolve) => {
      this.#end = () => resolve("killed");
    });
    const ended = (async (): Promise<End> => {
      try {
        await act();
        return "success";
      } catch (error) {
        if (error instanceof Error) return error;
        throw error;
      }
    })();
    return Promise.race([killed, ended]);
  }
}

/** What an administrator has set on the machine. */
export class Machine {
  requirements: string | null = null;
  async allowUserNamespaces(): Promise<void> {}
  async writeRequirements(_: string, content: string): Promise<"written" | "exists"> {
    if (this.requirements !== null) return "exists";
    this.requirements = content;
    return "written";
  }
  async removeRequirements(): Promise<void> {
    this.requirements = null;
  }
}

export const DONE: Commanded = { exitCode: 0, signal: null };

/** Codex answers a prompt, and notes how much of the five-hour limit is used. */
export function answerWithUsage(step: Step, usedPercent: number): void {
  const primary = { used_percent: usedPercent, window_minutes: 300, resets_at: 1_795_350_000 };
  const payload = { type: "token_count", rate_limits: { limit_id: "codex", primary } };
  step.sessionTail = `${JSON.stringify({ type: "event_msg", payload })}\n`;
  step.command = ({ output }) => {
    for (const event of [
      { type: "thread.started", thread_id: "1" },
      { type: "turn.completed", usage: {} },
    ])
      output("stdout", Buffer.from(`${JSON.stringify(event)}\n`));
    return DONE;
  };
}

/** What the user's command finds in the home. */
export function watchHome(step: Step): { auth: string | null } {
  const seen: { auth: string | null } = { auth: null };
  step.command = () => {
    seen.auth = step.auth;
    return DONE;
  };
  return seen;
}

/** A login of somebody's; its tokens end in its name. */
export function loginNamed(
  name: string,
  {
    issuedAt = new Date("2026-11-22T11:00:00.000Z"),
    validMs = 240 * HOUR_MS,
    account = "account-1",
  }: { issuedAt?: Date; validMs?: number; account?: string } = {},
): AuthJson {
  const iat = Math.floor(issuedAt.getTime() / 1000);
  return AuthJson.parse(
    JSON.stringify(
      authJson(
        {
          access_token: jwt({ iat, exp: iat + validMs / 1000, jti: `CANARY-${name}` }),
          refresh_token: `rt-CANARY-${name}`,
          account_id: account,
        },
        { last_refresh: issuedAt.toISOString() },
      ),
    ),
  );
}

/** The failure code with which a phase has ended. */
export function codeOf(end: unknown): string | null {
  return end instanceof Failure ? end.code : null;
}

const CONTEXT: RunContext = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  runId: "1",
  runAttempt: 1,
  job: "codex",
  trackingId: "tracking",
  runnerName: "runner",
  eventName: "push",
  startedBy: { kind: "with-access" },
  secretsWithheld: null,
  branch: "default",
  ref: "default",
  visibility: "private",
  workspace: "/work/app",
  temporaryDirectory: "/temp",
  apiUrl: "https://api.github.com",
  serverUrl: "https://github.com",
};

const RANDOMNESS = { bytes: (count: number): Uint8Array => new Uint8Array(count) };
