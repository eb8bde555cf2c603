import { readInputs } from "../../src/action/inputs.ts";
import { main } from "../../src/action/main.ts";
import { believeSession, type Session } from "../../src/action/phase-state.ts";
import { post } from "../../src/action/post.ts";
import { restore } from "../../src/action/restore.ts";
import type { RunContext } from "../../src/action/run-context.ts";
import type { MainServices, RestoreServices } from "../../src/action/services.ts";
import { namedFiles } from "../../src/adapters/machine/named-files.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { ledgerFile } from "../../src/login/ledger-file.ts";
import type { Services } from "../../src/login/services.ts";
import type { CodexProgram } from "../../src/ports/codex.ts";
import type { Clock, MachinePolicy } from "../../src/ports/machine.ts";
import { openBox, openCipher, silentLog } from "../models/open.ts";
import { appServer, codexExec } from "./codex.ts";
import type { Run } from "./github.ts";
import type { Conclusion, Job } from "./job.ts";
import { channelOf, filesOf, type Process } from "./machine.ts";
import { PLACE } from "./place.ts";

/** What a workflow says beside the secret and the write token. */
export type OurInputs = Readonly<Record<string, string>>;

/** Breaks one promise on purpose, to see whether the simulation notices. */
export type Sabotage = (services: Services, job: Job) => Services;

export interface OurSettings {
  readonly inputs?: OurInputs;
  readonly sabotage?: Sabotage;
  /** State that a phase saves under this name never reaches the next. */
  readonly forgottenState?: string;
  /** Post does nothing at all. */
  readonly withoutPost?: true;
}

/** A job with our action as its only step: pre, main with the user's command, post; real code throughout. */
export async function ourJob(job: Job, settings: OurSettings = {}): Promise<Conclusion> {
  const { machine } = job;
  await job.phase("pre", async (process) => {
    const { input, restoring } = servicesOf(job, process, settings);
    if (input.secret) await restore(restoring);
  });
  if (machine.isLost) return "lost";
  let failed = false;
  if (!job.isCancelled) {
    const ended = await job.phase("main", (process) => main(mainServices(job, process, settings)));
    failed = ended !== "success";
  }
  if (machine.isLost) return "lost";
  if (settings.forgottenState) machine.state.delete(settings.forgottenState);
  if (!settings.withoutPost) {
    const ended = await job.phase("post", (process) => ourPost(job, process, settings));
    failed ||= ended !== "success";
  }
  if (machine.isLost) return "lost";
  if (job.isCancelled) return "cancelled";
  return failed ? "failure" : "success";
}

function servicesOf(job: Job, process: Process, { inputs = {} }: OurSettings) {
  const { machine, run } = job;
  const given: OurInputs = {
    "codex-auth-json": run.handed ?? "",
    "secret-write-token": "write-token-CANARY",
    ...(job.world.climate.scope === "environment" ? { environment: "codex" } : {}),
    "protect-auth": "off",
    handoff: job.world.climate.handoff,
    run: "codex exec",
    verify: "off",
    ...inputs,
  };
  const input = readInputs((name) => given[name] ?? "");
  const restoring: RestoreServices = {
    inputs: input,
    context: contextOf(job),
    files: filesOf(process),
    clock: clockOf(process),
    log: silentLog,
    channel: channelOf(machine, job.outputs),
    environment: { PATH: "/bin" },
  };
  return { input, restoring };
}

function mainServices(job: Job, process: Process, settings: OurSettings): MainServices {
  const { world } = job;
  const { input, restoring } = servicesOf(job, process, settings);
  let session: Session | null = null;
  return {
    ...restoring,
    log: silentLog,
    path: { ofJob: () => "", outsideWorkspace: (path) => path },
    cancellation: { requested: () => job.isCancelled },
    goOnline: async (present, handed) => {
      session = present;
      return online(job, process, { settings, restoring, session: present, handed });
    },
    tools: async () => ({
      program: PROGRAM,
      machine: POLICY,
      named: namedFiles,
      randomness: randomnessOf(job),
      commands: {
        run: async ({ environment, output }) => {
          const path = `${environment.CODEX_HOME ?? ""}/auth.json`;
          const ended = await codexExec(world, process, {
            path,
            durationMs: job.durationMs,
            isInterrupted: () => job.isCancelled,
            interrupted: job.interrupted,
            accessTokenIsDead: job.accessTokenIsDead && session === null,
          });
          if (ended === null) return { exitCode: null, signal: "SIGINT" };
          output("stderr", Buffer.from(ended.output));
          return { exitCode: ended.exitCode, signal: null };
        },
      },
    }),
    lending: never("lends"),
    reseed: never("reseeds"),
    runInformation: never("asks who may"),
    hostLock: never("is a persistent host"),
    inputs: input,
  };
}

/** For what no week of the simulation has in it. */
function never(what: string): () => never {
  return () => {
    throw new Error(`Nobody ${what} here.`);
  };
}

async function ourPost(job: Job, process: Process, settings: OurSettings): Promise<void> {
  const { input, restoring } = servicesOf(job, process, settings);
  const { context } = restoring;
  const session = await believeSession({ ...restoring, inputs: input, context });
  if (session === null) return;
  await post({
    ...restoring,
    session,
    context,
    steered: null,
    inputs: input,
    goOnline: async (present, handed) =>
      online(job, process, { settings, restoring, session: present, handed }),
    machine: async () => POLICY,
    hostLock: never("is a persistent host"),
    alerts: never("asked for alerts"),
  });
}

function online(
  job: Job,
  process: Process,
  {
    settings,
    restoring,
    session,
    handed,
  }: { settings: OurSettings; restoring: RestoreServices; session: Session; handed: AuthJson },
): Services {
  const { world, run, machine } = job;
  const { files, clock, log, channel, inputs } = restoring;
  job.goOnline(process);
  const services: Services = {
    writeCredential: world.github.writeCredential(process),
    box: openBox,
    handoff: world.cache.handoff(process, run.ref, inputs.handoff),
    runInformation: world.github.runInformation(process, run),
    refresher: async () => appServer(world, process),
    ledgerFile: ledgerFile(files, openCipher, { base: session.base, holder: handed }),
    files,
    clock,
    randomness: randomnessOf(job),
    log,
    channel,
    cancellation: { requested: () => job.isCancelled },
    place: { ...PLACE, environment: inputs.environment },
    claimant: { run: String(run.id), attempt: run.attempt, ref: refOf(run) },
    processes: {
      isAlive: ({ pid }) => process.local(() => machine.children.some((child) => child.pid === pid)),
      usingHome: (home) =>
        process.local(() =>
          machine.children.flatMap((child) =>
            child.home === home ? [{ pid: child.pid, startedAt: String(child.pid) }] : [],
          ),
        ),
    },
    handed,
    base: session.base,
    environment: {},
  };
  return settings.sabotage?.(services, job) ?? services;
}

function contextOf({ run }: Job): RunContext {
  return {
    owner: "octo",
    repository: "app",
    repositoryId: "1",
    runId: String(run.id),
    runAttempt: run.attempt,
    job: "codex",
    trackingId: "tracking",
    runnerName: `runner-${run.id}`,
    eventName: run.kind === "maintenance" ? "schedule" : "push",
    startedBy: { kind: "with-access" },
    secretsWithheld: null,
    branch: run.ref === "main" ? "default" : "other",
    ref: refOf(run),
    visibility: "private",
    workspace: null,
    temporaryDirectory: "/temp",
    apiUrl: "https://api.github.com",
    serverUrl: "https://github.com",
  };
}

/** As context tell it. */
function refOf({ ref }: Run): string {
  return ref === "main" ? "default" : `refs/heads/${ref}`;
}

function clockOf(process: Process): Clock {
  const { machine } = process;
  return {
    now: () => new Date(machine.scheduler.nowMs + machine.skewMs),
    monotonicMs: () => machine.scheduler.nowMs,
    sleep: (ms) => process.sleep(ms),
  };
}

function randomnessOf({ world }: Job) {
  return {
    bytes: (count: number): Uint8Array =>
      Uint8Array.from({ length: count }, () => world.random.integer(0, 255)),
  };
}

const PROGRAM: CodexProgram = {
  locate: async () => "/usr/bin/codex",
  install: async () => "/usr/bin/codex",
  version: async () => "0.169.0",
  trySandbox: async () => ({ kind: "protects" }),
  sessionTail: async () => null,
};

const POLICY: MachinePolicy = {
  allowUserNamespaces: async () => {},
  writeRequirements: async () => "written",
  removeRequirements: async () => {},
};
