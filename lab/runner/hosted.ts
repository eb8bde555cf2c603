import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { descendantsOf, innermostPid, livingProcess, type ProcessIdentity } from "./processes.ts";

/** What lies where on GitHub's Ubuntu images. */
export const HOSTED = {
  runner: "/home/runner",
  toolCache: "/opt/hostedtoolcache",
  temp: "/tmp",
  /** The lab's own: Node 24 and Codex, which nobody on the machine can change. */
  programs: "/opt/programs",
} as const;

/** The user `runner` of GitHub's Ubuntu images; a number that nobody needs to have here. */
export const HOSTED_USER = { uid: 1001, gid: 1001 } as const;

/** Places that a machine needs as they are. */
const SYSTEM: ReadonlySet<string> = new Set(
  ["bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "media", "mnt"].concat([
    "opt",
    "proc",
    "run",
    "sbin",
    "sys",
    "tmp",
    "usr",
    "var",
  ]),
);

/** Mounts what belongs to the machine over what belongs to the test, and stays as the first process of its namespace. */
const SET_UP = `
set -e
root=$1 programs=$2 etc=$3
shift 3
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/machine /mnt/programs
mount --bind "$root" /mnt/machine
mount --bind "$programs" /mnt/programs
for hidden; do mount -t tmpfs -o mode=755 tmpfs "$hidden"; done
mount -t tmpfs -o mode=755 tmpfs /home
mkdir ${HOSTED.runner}
mount --bind /mnt/machine/runner ${HOSTED.runner}
mount -t tmpfs -o mode=755 tmpfs /opt
mkdir ${HOSTED.toolCache} ${HOSTED.programs}
mount --bind /mnt/machine/toolcache ${HOSTED.toolCache}
mount --bind /mnt/programs ${HOSTED.programs}
mount -o remount,bind,ro ${HOSTED.programs}
if [ "$etc" = own ]; then
  mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/machine/etc,workdir=/mnt/machine/etc-work /etc
fi
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
umount -R -l /mnt
cd /
mount -t proc proc /proc
exec perl -e '$SIG{CHLD} = "IGNORE"; $| = 1; print "ready\\n"; while (sysread STDIN, my $more, 1) {}'
`;

/**
 * A PID and a mount namespace in which only one machine is: its processes and its disk, laid out as on a hosted runner.
 * It ends with the test that made it, whatever becomes of that.
 */
export class Namespace {
  readonly #child: ChildProcess;
  readonly #outer: ProcessIdentity;
  readonly #init: ProcessIdentity;

  private constructor(child: ChildProcess, outer: ProcessIdentity, init: ProcessIdentity) {
    this.#child = child;
    this.#outer = outer;
    this.#init = init;
  }

  /** @throws where namespaces are not allowed; {@link whyNoHostedMachine} says so before. */
  static async create(of: { root: string; programs: string; etc: "own" | "shared" }): Promise<Namespace> {
    const args = [
      "-m",
      "-p",
      "-f",
      "--kill-child",
      "bash",
      "-c",
      SET_UP,
      "hosted",
      of.root,
      of.programs,
      of.etc,
    ];
    const child = spawn("unshare", [...args, ...hiddenPlaces()], {
      cwd: "/",
      env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let problem = "";
    child.stderr.on("data", (chunk: Buffer) => {
      problem += chunk.toString("utf8");
    });
    const outer = livingProcess(child.pid ?? 0);
    await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    const init = outer && descendantsOf([outer]).find(({ pid }) => innermostPid(pid) === 1);
    if (!outer || !init) throw new Error(`lab: no hosted machine: ${problem.trim()}`);
    for (const stream of [child.stdin, child.stdout, child.stderr])
      (stream as unknown as { unref?(): void }).unref?.();
    child.unref();
    return new Namespace(child, outer, init);
  }

  get alive(): boolean {
    return livingProcess(this.#init.pid)?.start === this.#init.start;
  }

  /** What everything in it stays below. */
  get ancestor(): ProcessIdentity {
    return this.#outer;
  }

  /** It belongs to the lab, not to a job. */
  isInit({ pid }: ProcessIdentity): boolean {
    return pid === this.#init.pid;
  }

  /** What runs a program whose children are in it, as the user. */
  entrance({ uid, gid }: { uid: number; gid: number }): string[] {
    // What nsenter becomes stays outside: only its children are in the PID namespace, and nothing else holds their pipes.
    const enter = ["nsenter", "-t", String(this.#init.pid), "-m", "-p", "--no-fork", "--"];
    return [
      ...enter,
      "setpriv",
      `--reuid=${uid}`,
      `--regid=${gid}`,
      "--clear-groups",
      "--inh-caps=-all",
      "--",
    ];
  }

  /** Its first process ends, and the kernel everything else in it. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.ref();
    this.#child.stdin?.end();
    await gone;
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}

/** The tops of where the test itself has its files: nothing of them is on the machine. */
function hiddenPlaces(): string[] {
  const tops = [fileURLToPath(import.meta.url), tmpdir(), process.execPath].map(
    (path) => dirname(path).split("/")[1] ?? "",
  );
  return [...new Set(tops)].filter((top) => top !== "" && !SYSTEM.has(top)).map((top) => `/${top}`);
}

let answer: { readonly reason: string | undefined } | undefined;

/** @returns why this machine cannot play a hosted one, for whoever skips a test; undefined when it can. */
export function whyNoHostedMachine(): string | undefined {
  answer ??= { reason: look() };
  return answer.reason;
}

function look(): string | undefined {
  if (process.platform !== "linux") return "namespaces need Linux";
  if (process.getuid?.() !== 0) return "a machine of its own, with its own user, needs root";
  for (const [tool, ...args] of [
    [
      "unshare",
      "-m",
      "-p",
      "-f",
      "sh",
      "-c",
      "mount --make-rprivate / && mount -t tmpfs tmpfs /mnt && mount -t proc proc /proc",
    ],
    ["nsenter", "--version"],
    ["setpriv", "--version"],
  ] as const) {
    const { status, stderr, error } = spawnSync(tool, args, { encoding: "utf8" });
    if (status !== 0) return `${tool} is not possible here: ${error?.message ?? stderr.trim()}`;
  }
  return undefined;
}
