import { chmod, lchown, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { HOSTED, HOSTED_USER, Namespace } from "./hosted.ts";
import { descendantsOf, environmentOf, kill, type LivingProcess, type ProcessIdentity } from "./processes.ts";
import { layPrograms, type Programs, programsHere } from "./programs.ts";
import type { Entrance } from "./supervisor.ts";

/** `job`: GitHub-hosted, gone after one job. `persistent`: self-hosted, its home outlives the job. */
export type MachineLifetime = "job" | "persistent";

/** Who runs the jobs of a machine. */
export interface MachineUser {
  readonly uid: number;
  readonly gid: number;
}

/** What tells one machine from another; all of it needs a test that runs as root. */
export interface MachineOptions {
  /** Default: whoever runs the test; on a machine with a hosted layout the user `runner`. */
  readonly user?: MachineUser;
  /**
   * `hosted`: its processes see nothing but this machine, in a PID and a mount namespace of its own, at the paths of
   * GitHub's Ubuntu images. Default: they see the test's.
   */
  readonly layout?: "hosted" | "open";
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
 * ROOT/runner/work/_actions    the actions that a job uses, emptied before every job
 * ROOT/toolcache               RUNNER_TOOL_CACHE
 * ROOT/tmp                     TMPDIR, because /tmp is the test's own
 * ```
 * With a hosted layout its processes find these as /home/runner, /opt/hostedtoolcache and /tmp, which nobody outside sees
 * into: {@link inside} and {@link outside} translate. A `ROOT-programs` beside it holds Node and Codex where the checkout may not be entered.
 */
export class Machine {
  readonly name: string;
  readonly lifetime: MachineLifetime;
  readonly root: string;
  readonly home: string;
  readonly temp: string;
  readonly toolCache: string;
  /** Where a job's actions are laid. */
  readonly actions: string;
  readonly user: MachineUser | undefined;
  readonly layout: "hosted" | "open";
  /** Node and Codex, as its user reaches them; the test's names for them. */
  programs: Programs;
  readonly #programsRoot: string;
  readonly #etc: "own" | "shared";
  /** It died under the job that was on it. */
  lost = false;
  readonly #supervisors: ProcessIdentity[] = [];
  #namespace: Namespace | undefined;
  #busy: Promise<void> = Promise.resolve();

  private constructor(name: string, lifetime: MachineLifetime, root: string, options: MachineOptions) {
    this.name = name;
    this.lifetime = lifetime;
    this.layout = options.layout ?? "open";
    this.user = options.user ?? (this.layout === "hosted" ? HOSTED_USER : undefined);
    this.programs = programsHere();
    this.#programsRoot = `${root}-programs`;
    this.#etc = options.etc ?? "shared";
    this.root = root;
    this.home = join(root, "runner");
    this.temp = join(this.home, "work", "_temp");
    this.actions = join(this.home, "work", "_actions");
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
    if (machine.user) {
      await chmod(parent, 0o755);
      machine.programs = await layPrograms(machine.#programsRoot);
    }
    if (options.etc === "own") await Promise.all([mkdir(machine.etc), mkdir(`${machine.etc}-work`)]);
    await mkdir(machine.toolCache, { recursive: true });
    await mkdir(join(machine.root, "tmp"));
    await mkdir(machine.actions, { recursive: true });
    await machine.emptyTemp();
    return machine;
  }

  /** Where a machine with an /etc of its own keeps what was written there. */
  get etc(): string {
    return join(this.root, "etc");
  }

  /** How programs get onto this machine. */
  async entrance(): Promise<Entrance> {
    if (this.layout === "hosted") {
      if (!this.#namespace?.alive) {
        this.#namespace = await Namespace.create({
          root: this.root,
          programs: this.#programsRoot,
          etc: this.#etc,
        });
      }
      return { prefix: this.#namespace.entrance(this.user ?? HOSTED_USER) };
    }
    if (this.#etc === "shared") return { prefix: [], user: this.user };
    return { prefix: ["unshare", "-m", "bash", "-c", OVER_ETC, this.root], user: this.user };
  }

  /** Paths in a text as the machine's own processes know them. */
  inside(text: string): string {
    if (this.layout === "open") return text;
    return this.#places.reduce((changed, [outer, inner]) => changed.replaceAll(outer, inner), text);
  }

  /** Where a path of the machine's processes is for the test. */
  outside(path: string): string {
    if (this.layout === "open") return path;
    const [outer, inner] =
      this.#places.find(([, place]) => path === place || path.startsWith(`${place}/`)) ?? [];
    return outer === undefined || inner === undefined ? path : outer + path.slice(inner.length);
  }

  get #places(): (readonly [outer: string, inner: string])[] {
    return [
      [this.#programsRoot, HOSTED.programs],
      [this.home, HOSTED.runner],
      [this.toolCache, HOSTED.toolCache],
      [join(this.root, "tmp"), HOSTED.temp],
    ];
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
    const namespace = this.#namespace;
    const below = descendantsOf([...this.#supervisors, ...(namespace ? [namespace.ancestor] : [])]);
    return below.filter((living) => !namespace?.isInit(living));
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
    await this.shutDown();
    await removeTree(this.root);
    await removeTree(this.#programsRoot);
  }

  /** Nothing of the lab's own runs on it any more; jobs have ended before. */
  async shutDown(): Promise<void> {
    await this.#namespace?.end();
  }

  /** Before every job, as the runner does. */
  async emptyActions(): Promise<void> {
    await removeTree(this.actions);
    await mkdir(this.actions, { recursive: true });
  }
}

async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}
