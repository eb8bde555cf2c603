import { type ChildProcess, spawn } from "node:child_process";
import { arch } from "node:os";
import type { Duplex, Readable } from "node:stream";
import { livingProcess, type ProcessIdentity } from "./processes.ts";

/** What is to be started, as the machine sees it. */
export interface ProcessCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How the supervisor itself is started: through a program that enters the machine, or as somebody else. */
export interface Entrance {
  readonly prefix: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export type SupervisedEvent =
  | { readonly event: "started"; readonly pid: number }
  | { readonly event: "exited"; readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly event: "failed"; readonly reason: string };

/** prctl and setsid; Perl has no names for them without modules that not every machine has. */
const SYSTEM_CALLS: Readonly<Record<string, readonly [prctl: number, setsid: number]>> = {
  x64: [157, 112],
  arm64: [167, 157],
};
const PR_SET_CHILD_SUBREAPER = 36;

/**
 * Starts one program in a session of its own and adopts whatever that leaves behind, until nothing of it is alive: so
 * everything a step has started stays below one process, daemons with a scrubbed environment too. Node cannot make a
 * process the reaper of its descendants; Perl can, and every Debian has it. What it is to start comes through
 * descriptor 3, so that neither its command line nor its environment tells anything, and answers go back there:
 * ```text
 * started PID
 * exited STATUS      as wait(2) tells it
 * failed REASON
 * ```
 */
const SUPERVISOR = `
my ($prctl, $setsid) = @ARGV;
open(my $talk, "+<&=", 3) or die;
binmode $talk;
local $/;
my ($cwd, $count, @rest) = split /\\0/, scalar(<$talk>), -1;
pop @rest;
my @command = splice(@rest, 0, $count);
my %env;
for (@rest) { my ($name, $value) = split /=/, $_, 2; $env{$name} = $value }
$SIG{$_} = "IGNORE" for qw(INT TERM HUP PIPE);
syscall($prctl, ${PR_SET_CHILD_SUBREAPER}, 1, 0, 0, 0);
pipe(my $told, my $tell) or die;
my $pid = fork;
if (!defined $pid) { syswrite $talk, "failed $!\\n"; exit 1 }
if (!$pid) {
  $SIG{$_} = "DEFAULT" for qw(INT TERM HUP PIPE);
  close $told; close $talk;
  syscall($setsid);
  %ENV = %env;
  if (chdir $cwd) { no warnings; exec { $command[0] } @command }
  syswrite $tell, "$!";
  kill KILL => $$;
}
close $tell;
open STDOUT, ">", "/dev/null"; open STDERR, ">", "/dev/null";
my $failure = <$told>;
if (length $failure) { waitpid $pid, 0; syswrite $talk, "failed $failure\\n" } else { syswrite $talk, "started $pid\\n" }
while ((my $ended = wait) > 0) {
  syswrite $talk, "exited $?\\n" if $ended == $pid && !length $failure;
}
`;

/** What keeps a step's processes together, from their start until the last of them has ended. */
export class Supervisor {
  /** Undefined when it could not be started. */
  readonly identity: ProcessIdentity | undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly #child: ChildProcess;
  readonly #talk: Duplex | undefined;

  constructor(command: ProcessCommand, entrance: Entrance, listen: (event: SupervisedEvent) => void) {
    const numbers = SYSTEM_CALLS[arch()];
    if (!numbers) throw new Error(`lab: no system calls are known for ${arch()}`);
    const [file = "perl", ...args] = [...entrance.prefix, "perl", "-e", SUPERVISOR, ...numbers.map(String)];
    const child = spawn(file, args, {
      ...entrance.user,
      cwd: "/",
      env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    this.#child = child;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    this.#talk = child.stdio[3] as Duplex | undefined;
    // Its number cannot have been used again yet: Node reaps a child in a later turn of the event loop.
    this.identity = child.pid === undefined ? undefined : livingProcess(child.pid);
    child.once("error", ({ message }) => listen({ event: "failed", reason: message }));
    this.#talk?.once("error", () => {});
    // It may have said how the program ended, and then ended itself, before a word of that was read.
    const saidAll = new Promise<void>((said) => {
      if (this.#talk) this.#talk.once("close", () => said());
      else said();
    });
    child.once("exit", (exitCode, signal) => {
      void saidAll.then(() => listen({ event: "exited", exitCode, signal }));
    });
    readWords(this.#talk, (word, rest) => {
      if (word === "started") listen({ event: "started", pid: Number(rest) });
      if (word === "failed") listen({ event: "failed", reason: rest });
      if (word === "exited") listen({ event: "exited", ...exitOf(Number(rest)) });
    });
    const { file: program, args: words, cwd, env } = command;
    const entries = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const message = [cwd, String(words.length + 1), program, ...words, ...entries];
    this.#talk?.end(message.map((part) => `${part.replaceAll("\0", "")}\0`).join(""));
  }

  /** Gives up the pipes, so that an orphan does not keep the test's event loop alive. */
  release(): void {
    for (const stream of [this.stdout, this.stderr, this.#talk]) stream?.destroy();
    this.#child.unref();
  }
}

function readWords(stream: Readable | undefined, onLine: (word: string, rest: string) => void): void {
  let unread = "";
  stream?.on("data", (chunk: Buffer) => {
    const lines = (unread + chunk.toString("utf8")).split("\n");
    unread = lines.pop() ?? "";
    for (const line of lines) onLine(line.split(" ")[0] ?? "", line.slice(line.indexOf(" ") + 1));
  });
}

const SIGNALS: Readonly<Record<number, NodeJS.Signals>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  6: "SIGABRT",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
};

function exitOf(status: number): { exitCode: number | null; signal: NodeJS.Signals | null } {
  const number = status & 0x7f;
  if (number === 0) return { exitCode: status >> 8, signal: null };
  return { exitCode: null, signal: SIGNALS[number] ?? "SIGKILL" };
}
