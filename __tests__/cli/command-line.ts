import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@jest/globals";
import { installCodex } from "../../lab/codex.ts";
import type { Repository } from "../../lab/github/github.ts";
import { World } from "../../lab/world.ts";

const CLI = join(import.meta.dirname, "..", "..", "dist", "cli.js");
const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A person's machine beside a world with one repository: the command line runs there, as a process of its own. */
export class Desk {
  readonly world: World;
  readonly repository: Repository;
  /** May do everything that an administrator of the repository may. */
  readonly adminToken: string;
  readonly root: string;
  readonly #running: ChildProcess[] = [];
  readonly #said: string[] = [];

  private constructor(world: World, root: string) {
    this.world = world;
    this.root = root;
    this.repository = world.github.repository("octo/app");
    this.adminToken = world.github.token(this.repository, {
      secrets: "write",
      variables: "write",
      environments: "write",
      administration: "write",
      actions: "read",
    });
  }

  static async set(): Promise<Desk> {
    const root = await realpath(await mkdtemp(join(tmpdir(), "desk-")));
    for (const directory of ["home", "temporary", "checkout/.git"])
      await mkdir(join(root, directory), { recursive: true });
    const desk = new Desk(await World.start(), root);
    await desk.file("checkout/.git/HEAD", "ref: refs/heads/main\n");
    await installCodex(desk.path("bin"), desk.world.openai);
    return desk;
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** Where the command line makes its temporary homes. */
  get temporary(): string {
    return this.path("temporary");
  }

  environment(more: Record<string, string | undefined> = {}): Record<string, string | undefined> {
    return {
      HOME: this.path("home"),
      TMPDIR: this.temporary,
      PATH: `${this.path("bin")}:${dirname(process.execPath)}:${SYSTEM_PATH}`,
      GITHUB_API_URL: this.world.github.server.url,
      GH_TOKEN: this.adminToken,
      ...more,
    };
  }

  start(
    args: readonly string[],
    options: {
      environment?: Record<string, string | undefined>;
      input?: string;
      directory?: string;
    } = {},
  ): { child: ChildProcess; ended: Promise<Ended>; said: () => string } {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: options.directory ?? this.path("checkout"),
      env: this.environment(options.environment),
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#running.push(child);
    // Who reads no input may have ended before it is there.
    child.stdin.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
    child.stdin.end(options.input ?? "");
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const ended = new Promise<Ended>((resolve) => {
      child.once("close", (exitCode) => {
        this.#said.push(stdout, stderr);
        resolve({ exitCode, stdout, stderr });
      });
    });
    return { child, ended, said: () => stdout + stderr };
  }

  run(args: readonly string[], options: Parameters<Desk["start"]>[1] = {}): Promise<Ended> {
    return this.start(args, options).ended;
  }

  /** As {@link run}; the person approves the device login as soon as its code is shown. */
  async runAndLogIn(
    args: readonly string[],
    options: Parameters<Desk["start"]>[1] & { account?: string } = {},
  ): Promise<Ended> {
    const running = this.start(args, options);
    await this.approve(running, options.account);
    return running.ended;
  }

  /** The one-time code, once it is on the screen; `null` when the command ended without one. */
  async shownCode({
    child,
    said,
  }: Pick<ReturnType<Desk["start"]>, "child" | "said">): Promise<string | null> {
    for (;;) {
      const code = /[A-Z]{4}-[A-Z]{5}/.exec(said())?.[0];
      if (code) return code;
      if (child.exitCode !== null || child.signalCode !== null) return null;
      await sleep(20);
    }
  }

  /** The person enters the code that is on the screen. */
  async approve(running: Parameters<Desk["shownCode"]>[0], account?: string): Promise<void> {
    const code = await this.shownCode(running);
    if (code !== null) this.world.openai.approveDeviceLogin(code, account);
  }

  /** Every file below a directory, by path, with its bytes, mode and times. */
  snapshot(directory: string): Record<string, string> {
    if (!existsSync(directory)) return {};
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    return Object.fromEntries(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const path = join(entry.parentPath, entry.name);
          const { mode, mtimeMs } = lstatSync(path);
          return [path, `${mode} ${mtimeMs} ${readFileSync(path, "latin1")}`];
        }),
    );
  }

  /** Lets a secret have been written an hour ago: a job that starts in the second of a seed proves nothing. */
  anHourPasses(name: string, environment?: string): void {
    const secret = this.repository.secret(name, environment ? { environment } : {});
    if (!secret) throw new Error(`there is no secret ${name}`);
    const anHourAgo = new Date(secret.updatedAt.getTime() - 3_600_000);
    Object.assign(secret, { createdAt: anHourAgo, updatedAt: anHourAgo });
  }

  async file(name: string, content: string): Promise<string> {
    const path = this.path(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode: 0o600 });
    return path;
  }

  /** Ctrl-C: the terminal tells the whole foreground group, whatever the command has started included. */
  interrupt({ child }: Pick<ReturnType<Desk["start"]>, "child">): void {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  }

  /** Puts a program on PATH, in place of one that may be there. */
  async executable(name: string, script: string): Promise<void> {
    await rm(this.path("bin", name), { force: true });
    await writeFile(this.path("bin", name), script, { mode: 0o755 });
  }

  /** The next request of this kind waits at the door until it is let in; then nothing waits any more. */
  hold(server: "github" | "openai", pattern: RegExp): { readonly waiting: Promise<void>; letIn(): void } {
    let arrived = (): void => {};
    let open = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const stepAside = this.world[server].server.intercept(async (request, next) => {
      if (!pattern.test(`${request.method} ${request.path}`)) return next();
      arrived();
      await opened;
      return next();
    });
    const letIn = (): void => {
      stepAside();
      open();
    };
    return { waiting, letIn };
  }

  /** Living processes that have a home on this desk. */
  codexProcesses(): string[] {
    return readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .filter((pid) => readQuietly(`/proc/${pid}/environ`).includes(`CODEX_HOME=${this.root}`))
      .map((pid) => readQuietly(`/proc/${pid}/cmdline`).replaceAll("\0", " "))
      .filter((command) => command !== "");
  }

  async codexHasEnded(): Promise<void> {
    while (this.codexProcesses().length > 0) await sleep(20);
  }

  /**
   * Clears the desk. Nothing of a login or a token was said, none is on the disk but in `except`, nothing runs any more.
   */
  async clear({ except = [] }: { except?: readonly string[] } = {}): Promise<void> {
    for (const child of this.#running) if (child.exitCode === null) child.kill("SIGKILL");
    const left = readdirSync(this.temporary);
    const onDisk = Object.entries(this.snapshot(this.root))
      .filter(([path]) => !except.some((known) => path.startsWith(this.path(known))))
      .filter(([, content]) => content.includes("CANARY"))
      .map(([path]) => path);
    const sent = this.world.github.server.requests.map(({ path, body }) => path + body.toString("latin1"));
    await this.world.stop();
    await rm(this.root, { recursive: true, force: true });
    expect(left).toEqual([]);
    expect(onDisk).toEqual([]);
    for (const text of [...this.#said, ...sent]) expect(text).not.toContain("CANARY");
  }
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
