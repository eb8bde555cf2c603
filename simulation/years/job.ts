import type { Climate, Stroke } from "./faults.ts";
import type { Run } from "./github.ts";
import { Machine, Process } from "./machine.ts";
import { MINUTE_MS, SECOND_MS } from "./units.ts";
import type { World } from "./world.ts";

export type Conclusion = "success" | "failure" | "cancelled" | "lost";

/** The runner gives a cancelled step ten seconds, and the rest of the job under five minutes. */
const KILLED_AFTER_MS = 10 * SECOND_MS;
const POSTS_END_AFTER_MS = 5 * MINUTE_MS;

/** One job on a machine of its own: its phases, and what befalls it. */
export class Job {
  readonly world: World;
  readonly run: Run;
  readonly machine: Machine;
  readonly durationMs: number;
  readonly accessTokenIsDead: boolean;
  readonly outputs = new Map<string, string>();
  /** Why each phase that failed did. */
  readonly failures: string[] = [];
  onStroke = (): void => {};
  /** Whether anything was done to it that excuses a failure. */
  wasStruck = false;
  /** Resolves when somebody cancels it. */
  readonly interrupted: Promise<void>;
  #interrupt = (): void => {};
  #phase: Process | null = null;
  #cancelled = false;
  #strokes: { readonly stroke: Stroke; readonly point: number }[];

  /** @param awaits of its main: a stroke strikes at one of them */
  constructor(world: World, run: Run, awaits: number) {
    const { climate, plan, scheduler } = world;
    this.world = world;
    this.run = run;
    this.interrupted = new Promise((resolve) => {
      this.#interrupt = resolve;
    });
    this.machine = new Machine(scheduler, plan.between(...climate.skewMs));
    this.durationMs = plan.between(...climate.jobMs);
    this.accessTokenIsDead = plan.chance(climate.deadAccessTokens);
    this.#strokes = drawStrokes(climate, plan, awaits);
    if (plan.chance(climate.cancelledJobs)) {
      scheduler.at(scheduler.nowMs + plan.between(0, this.durationMs + 5 * SECOND_MS), () => this.cancel());
    }
  }

  /** Exactly this stroke, for tests that go through all points one by one. */
  strikeAt(stroke: Stroke, point: number): void {
    this.#strokes = [{ stroke, point }];
  }

  get isCancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    if (this.#cancelled || this.#phase === null) return;
    this.#cancelled = true;
    this.#interrupt();
    this.wasStruck = true;
    const { scheduler, story } = this.world;
    story.tell(`run ${this.run.id} is cancelled`);
    const process = this.#phase;
    if (process.name.endsWith("main")) scheduler.at(scheduler.nowMs + KILLED_AFTER_MS, () => process.kill());
    scheduler.at(scheduler.nowMs + POSTS_END_AFTER_MS, () => {
      if (this.#phase !== null) this.machine.lose();
    });
  }

  /**
   * Runs a phase in a process of its own.
   *
   * @returns how it ended: `lost` is the whole machine
   */
  async phase(
    name: "pre" | "main" | "post",
    act: (process: Process) => Promise<void>,
  ): Promise<"success" | "failure" | "killed" | "lost"> {
    if (this.machine.isLost) return "lost";
    const process = new Process(this.machine, `${this.run.id} ${name}`);
    this.#phase = process;
    try {
      return await Promise.race([
        act(process).then(
          () => "success" as const,
          (error) => {
            if (!process.isAlive) return "killed" as const;
            if (!(error instanceof Error) || !("code" in error)) throw error;
            this.failures.push(String(error.code));
            this.world.story.tell(`${process.name} fails: ${String(error.code)}`);
            return "failure" as const;
          },
        ),
        process.killed.then(() => "killed" as const),
        this.machine.lost.then(() => "lost" as const),
      ]);
    } finally {
      this.#phase = null;
      process.watch = () => {};
    }
  }

  /** From now on this phase talks to others: what was to strike it strikes it, at one of the next points. */
  goOnline(process: Process): void {
    const phase = process.name.split(" ")[1];
    const begin = process.points;
    const due = this.#strokes.filter(({ stroke }) => (stroke === "kill-post") === (phase === "post"));
    if (due.length === 0) return;
    process.watch = (points) => {
      for (const { stroke, point } of due) if (points - begin === point) this.#strike(stroke, process);
    };
  }

  #strike(stroke: Stroke, process: Process): void {
    this.wasStruck = true;
    this.onStroke();
    this.world.story.tell(`${process.name}: ${stroke} at point ${process.points}`);
    switch (stroke) {
      case "kill-main":
      case "kill-post":
        if (stroke === "kill-post") this.machine.postWasKilled = true;
        process.kill();
        return;
      case "cancel":
        this.cancel();
        return;
      case "force-cancel":
      case "lose-machine":
        this.machine.lose();
    }
  }
}

function drawStrokes(
  climate: Climate,
  plan: World["plan"],
  awaits: number,
): { stroke: Stroke; point: number }[] {
  return (Object.entries(climate.strokes) as [Stroke, number][]).flatMap(([stroke, probability]) =>
    plan.chance(probability) ? [{ stroke, point: plan.integer(1, awaits) }] : [],
  );
}
