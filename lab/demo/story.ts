import type { Claims } from "./claims.ts";
import * as ourActs from "./our-acts.ts";
import type { Page, Tone } from "./page.ts";
import * as recipeActs from "./recipe-acts.ts";
import type { Act, Scene } from "./scene.ts";
import type { RunFacts, Side } from "./side.ts";

interface Chapter {
  readonly day: number;
  readonly title: string;
  readonly trouble?: string;
  readonly ours: Act;
  readonly recipe: Act;
}

const SIX_HOURS_MS = 6 * 3_600_000;

/** Every Monday of seven weeks, and what lies between. */
const CHAPTERS: readonly Chapter[] = [
  {
    day: 1,
    title: "Monday",
    ours: ourActs.quiet("Nothing due: only the model was asked."),
    recipe: recipeActs.quiet("Nothing rotated, yet written back."),
  },
  {
    day: 4,
    title: "Thursday, by hand",
    ours: ourActs.quiet("Nothing due."),
    recipe: recipeActs.quiet("Nothing rotated."),
  },
  {
    day: 8,
    title: "Monday",
    ours: ourActs.refreshes("Due: rotated, stored, then the job ran."),
    recipe: recipeActs.quiet("Nothing rotated: it has not expired."),
  },
  {
    day: 11,
    title: "Thursday, by hand",
    ours: ourActs.quiet("A new machine works on Monday's login."),
    recipe: recipeActs.refreshes("Rotated in mid-job, written back."),
  },
  ordinaryMonday(15),
  {
    day: 22,
    title: "Monday",
    trouble: "Two runs are queued in the same second.",
    ours: ourActs.twoAtOnce,
    recipe: recipeActs.twoAtOnce,
  },
  ordinaryMonday(29),
  {
    day: 36,
    title: "Monday",
    trouble: "The run is cancelled when OpenAI has rotated and its answer is on its way.",
    ours: ourActs.cancelled,
    recipe: recipeActs.cancelled,
  },
  ordinaryMonday(43),
  {
    day: 50,
    title: "Monday",
    trouble: "GitHub answers every write of the secret with 500.",
    ours: ourActs.unwritten,
    recipe: recipeActs.unwritten,
  },
];

const EPILOGUE: Chapter = {
  day: 50,
  title: "six hours later, by hand",
  trouble: "GitHub works again.",
  ours: ourActs.repairs,
  recipe: recipeActs.bereft,
};

/** Two logins, their weeks told side by side. */
export class Story {
  readonly #ours: Side;
  readonly #recipe: Side;
  readonly #page: Page;
  readonly #claims: Claims;
  readonly #loginsLost = new Map<Side, number>();

  constructor(parts: { ours: Side; recipe: Side; page: Page; claims: Claims }) {
    this.#ours = parts.ours;
    this.#recipe = parts.recipe;
    this.#page = parts.page;
    this.#claims = parts.claims;
  }

  async tell(): Promise<void> {
    this.#seed();
    let today = 0;
    for (const chapter of CHAPTERS) {
      for (const side of this.#sides) side.pass(chapter.day - today);
      today = chapter.day;
      await this.#play(chapter);
    }
    for (const { world } of this.#sides) world.clock.advance(SIX_HOURS_MS);
    await this.#play(EPILOGUE);
    this.#balance();
  }

  get #sides(): readonly Side[] {
    return [this.#ours, this.#recipe];
  }

  #seed(): void {
    this.#page.chapter("Day 0");
    for (const { arrangement } of this.#sides) {
      const place = arrangement.environment === undefined ? "repository" : "environment";
      const text = `Somebody logs in; stored in the ${place}.`;
      this.#page.row({ who: arrangement.name, result: "", secret: "0", text, tone: "plain" });
    }
  }

  /** Both at once; ours is printed first. */
  async #play({ day, title, trouble, ours, recipe }: Chapter): Promise<void> {
    this.#page.chapter(`Day ${day}, ${title}`, trouble);
    const other = recipe(this.#recipe);
    // Nobody waits for it yet; if our act breaks off, how this one ends is not news.
    other.catch(() => {});
    for (const scene of await ours(this.#ours)) this.#show(day, this.#ours, scene);
    for (const scene of await other) this.#show(day, this.#recipe, scene);
  }

  #show(day: number, side: Side, { facts, text, points, loginLost }: Scene): void {
    const { name } = side.arrangement;
    const broken = this.#claims.check(`Day ${day}, ${name}`, points);
    const row = {
      who: name,
      // GitHub shows a job whose machine is gone as failed.
      result: facts.conclusion === "lost" ? "failure" : facts.conclusion,
      secret: facts.before === facts.after ? `${facts.after}` : `${facts.before} → ${facts.after}`,
    };
    if (broken.length > 0) {
      const doubts = `Not as expected. These are false: ${broken.join("; ")}.`;
      this.#page.row({ ...row, text: doubts, tone: "bad" });
      return;
    }
    this.#page.row({ ...row, text, tone: toneOf(facts) });
    if (loginLost) this.#signInAgain(side);
  }

  #signInAgain(side: Side): void {
    this.#loginsLost.set(side, this.#lostBy(side) + 1);
    side.signInAgain();
    const text = "Somebody has to log in again.";
    this.#page.row({ who: side.arrangement.name, result: "login lost", secret: "0", text, tone: "bad" });
  }

  /** The table, and what must be true of it. */
  #balance(): void {
    const figures: readonly [string, (side: Side) => number][] = [
      ["jobs run", ({ runs }) => runs.length],
      ["refreshes", ({ runs }) => total(runs, ({ rotations }) => rotations)],
      ["logins lost", (side) => this.#lostBy(side)],
      ["answers `refresh_token_reused`", ({ runs }) => total(runs, ({ reuses }) => reuses)],
      ["requests when nothing is due, without Codex's", ({ runs }) => runs[0]?.requests ?? Number.NaN],
    ];
    this.#page.gap();
    this.#page.table(
      ["", ...this.#sides.map(({ arrangement }) => arrangement.name)],
      figures.map(([name, figure]) => [name, ...this.#sides.map((side) => String(figure(side)))]),
    );
    this.#claims.check("In the end", {
      "both had the same runs": this.#ours.runs.length === this.#recipe.runs.length,
      "the action met no refresh_token_reused": total(this.#ours.runs, ({ reuses }) => reuses) === 0,
      "the action lost no login": this.#lostBy(this.#ours) === 0,
      "the action's secret holds the living login": this.#ours.runs.at(-1)?.alive === true,
      "the recipe lost its login once": this.#lostBy(this.#recipe) === 1,
    });
  }

  #lostBy(side: Side): number {
    return this.#loginsLost.get(side) ?? 0;
  }
}

function ordinaryMonday(day: number): Chapter {
  return {
    day,
    title: "Monday",
    ours: ourActs.refreshes("Rotated, stored, then the job ran."),
    recipe: recipeActs.quiet("Nothing rotated."),
  };
}

function toneOf({ conclusion }: RunFacts): Tone {
  if (conclusion === "success") return "good";
  return conclusion === "cancelled" ? "plain" : "bad";
}

function total(runs: readonly RunFacts[], figure: (facts: RunFacts) => number): number {
  return runs.reduce((sum, facts) => sum + figure(facts), 0);
}
