import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { arch, constants as os, platform } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { CommandRunner } from "../../ports/action.ts";
import { type Descent, descendants, sendSignal, signalProcess } from "./processes.ts";

/** As the runner does for its own steps: a process that cannot be ended may hold the pipes for ever. */
const PIPES_TIMEOUT_MS = 5_000;
/** A part of the command may still be at work when its shell has ended: `exec > >(tee log)`. */
const FINISH_MS = 1_000;
const AFTER_SIGTERM_MS = 1_000;
const AFTER_SIGKILL_MS = 1_000;
const POLL_MS = 50;
const CANCEL_SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** In the environment of everything that one command starts. */
const MARKER = "CODEX_AUTH_ROUNDTRIP_COMMAND";

/**
 * Runs a command in its own process group; cancel signals to this process go to the whole group at once. What the command
 * leaves behind is ended, before the outcome is told: a process that waits for our next phase would find the login there.
 */
export const groupCommandRunner: CommandRunner = {
  run: async ({ file, args, directory, environment, output, input = "" }) => {
    const marker = `${process.pid}-${process.hrtime.bigint()}`;
    const { child, ended } = start({
      file,
      args,
      directory,
      environment: { ...environment, [MARKER]: marker },
    });
    child.stdin?.on("error", () => {}); // it need not read what we say
    child.stdin?.end(input);
    child.stdout?.on("data", (chunk: Buffer) => output("stdout", chunk));
    child.stderr?.on("data", (chunk: Buffer) => output("stderr", chunk));
    const closed = new Promise<void>((close) => child.once("close", () => close()));
    const pass = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined) sendSignal(platform() === "win32" ? child.pid : -child.pid, signal);
    };
    for (const signal of CANCEL_SIGNALS) process.on(signal, pass);
    try {
      const { exitCode, signal, release } = await ended;
      await endAll({ root: child.pid ?? -1, marker: `${MARKER}=${marker}` });
      release();
      const timeout = new AbortController();
      await Promise.race([closed, sleep(PIPES_TIMEOUT_MS, null, { signal: timeout.signal }).catch(() => {})]);
      timeout.abort();
      return { exitCode, signal };
    } finally {
      for (const signal of CANCEL_SIGNALS) process.off(signal, pass);
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
  },
};

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Ends the process that has collected what the command left behind. */
  readonly release: () => void;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

type Start = Pick<Parameters<CommandRunner["run"]>[0], "file" | "args" | "directory" | "environment">;

/**
 * Makes itself the parent of whatever loses its own below it (prctl(2), PR_SET_CHILD_SUBREAPER), so that no daemon gets
 * out of sight, whatever session or environment it gives itself. Says on descriptor 3 how the command has ended, and then
 * waits there to be let go. Where our process ends before that, killed say, it ends all that is below it.
 */
const COLLECTOR = `
my ($prctl, $program) = splice @ARGV, 0, 2;
open(my $ours, "+<&=", 3) or exit 126;
fcntl($ours, 2, 1);
syscall($prctl + 0, 36, 1, 0, 0, 0);
$SIG{INT} = $SIG{TERM} = $SIG{CHLD} = sub {};
my $pid = fork;
exit 126 unless defined $pid;
if ($pid == 0) {
  /^KEPT_(PERL.*)/ and $ENV{$1} = delete $ENV{$_} for keys %ENV;
  exec { $program } @ARGV;
  exit 127;
}
my $status;
until (defined $status) {
  my $ready = "";
  vec($ready, 3, 1) = 1;
  endAll() if select($ready, undef, undef, 0.1) > 0;
  while ((my $gone = waitpid(-1, 1)) > 0) { $status = $? if $gone == $pid }
}
syswrite($ours, "$status\n");
open(STDIN, "<", "/dev/null"); open(STDOUT, ">", "/dev/null"); open(STDERR, ">", "/dev/null");
until (defined sysread($ours, my $word, 1)) { last unless $! == 4 }
endAll();
sub endAll {
  for (1 .. 100) {
    1 while waitpid(-1, 1) > 0;
    my @children = children() or last;
    kill 9, @children;
    select(undef, undef, undef, 0.01);
  }
  exit 1;
}
sub children {
  opendir(my $proc, "/proc") or return;
  my @found;
  for my $pid (grep { /^\\d+$/ } readdir $proc) {
    open(my $stat, "<", "/proc/$pid/stat") or next;
    push @found, $pid if join("", <$stat>) =~ /.*\\) \\S (\\d+) /s and $1 == $$;
  }
  return @found;
}
`;
const PERL = "/usr/bin/perl";
const PRCTL: Readonly<Record<string, string>> = { x64: "157", arm64: "167" };

function start(command: Start): Started {
  const prctl = platform() === "linux" && isProgram(PERL) ? PRCTL[arch()] : undefined;
  return prctl === undefined ? startAlone(command) : startCollected(command, prctl);
}

function startAlone({ file, args, directory, environment }: Start): Started {
  const child = spawn(file, args, {
    cwd: directory,
    env: { ...environment },
    stdio: ["pipe", "pipe", "pipe"],
    detached: platform() !== "win32",
  });
  const ended = new Promise<Ended>((end, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode, signal) => end({ exitCode, signal, release: () => {} }));
  });
  return { child, ended };
}

function startCollected({ file, args, directory, environment }: Start, prctl: string): Started {
  const program = findProgram(file, { directory, path: environment.PATH ?? "" });
  if (program === null) return startAlone({ file, args, directory, environment });
  // What steers Perl is for the command, and not for ours.
  const kept = Object.entries(environment).map(([name, value]) => [
    name.startsWith("PERL") ? `KEPT_${name}` : name,
    value,
  ]);
  const child = spawn(PERL, ["-e", COLLECTOR, prctl, program, file, ...args], {
    cwd: directory,
    env: Object.fromEntries(kept),
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const control = child.stdio[3] as Duplex;
  const release = (): void => void control.destroy();
  const ended = new Promise<Ended>((end, reject) => {
    let said = "";
    control.on("error", () => {});
    control.on("data", (chunk: Buffer) => {
      said += chunk.toString("latin1");
      if (said.endsWith("\n")) end({ ...readStatus(Number(said)), release });
    });
    child.once("error", reject);
    // Killed itself, before it could say anything.
    child.once("exit", (exitCode, signal) => end({ exitCode, signal, release }));
  });
  return { child, ended };
}

/** As wait(2) tells it. */
function readStatus(status: number): Pick<Ended, "exitCode" | "signal"> {
  const number = status & 0x7f;
  if (number === 0) return { exitCode: status >> 8, signal: null };
  const name = Object.entries(os.signals).find(([, value]) => value === number)?.[0];
  return { exitCode: null, signal: (name ?? "SIGKILL") as NodeJS.Signals };
}

/** As execvp(3) finds it. */
function findProgram(file: string, { directory, path }: { directory: string; path: string }): string | null {
  const places = file.includes("/")
    ? [resolve(directory, file)]
    : path.split(delimiter).map((place) => resolve(directory, join(place, file)));
  return places.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Ends what a command has left behind: first it may finish, then it is told to end, then it is ended. */
async function endAll(descent: Descent): Promise<void> {
  if (await areGone(descent, FINISH_MS)) return;
  for (const found of descendants(descent)) signalProcess(found, "SIGTERM");
  if (await areGone(descent, AFTER_SIGTERM_MS)) return;
  await areGone(descent, AFTER_SIGKILL_MS, "SIGKILL");
}

async function areGone(descent: Descent, timeoutMs: number, signal?: NodeJS.Signals): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const alive = descendants(descent);
    if (alive.length === 0) return true;
    if (performance.now() >= deadlineMs) return false;
    if (signal) for (const found of alive) signalProcess(found, signal);
    await sleep(POLL_MS);
  }
}
