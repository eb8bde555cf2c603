import type { Claim } from "../../src/core/claim/claim.ts";
import { claimName } from "../../src/core/claim/name.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { PLACE, type RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";

const QUARTER_MS = 15 * 60_000;

/** Generations of one login, what the claims say of them, and which notes there are. */
export class Chain {
  /** The first one is what the run was handed. */
  readonly logins: readonly AuthJson[];
  readonly #jobs: RefreshJobs;

  constructor(jobs: RefreshJobs, length = 4) {
    this.#jobs = jobs;
    this.logins = Array.from({ length }, (_, index) => loginNamed(`generation-${index}`));
  }

  at(generation: number): AuthJson {
    const login = this.logins[generation];
    if (!login) throw new Error("there is no such generation");
    return login;
  }

  name(generation: number, takeover = 0): string {
    return claimName(this.at(generation), PLACE, takeover);
  }

  /** A claim of a run that has ended, and old enough to be taken over, unless it is said otherwise. */
  claim(
    generation: number,
    change: Partial<Claim> = {},
    { takeover = 0, ageMs = QUARTER_MS }: { takeover?: number; ageMs?: number } = {},
  ): void {
    this.#jobs.claimElsewhere(this.name(generation, takeover), change, ageMs);
  }

  /** Somebody has edited the claim, and nobody can read it. */
  edit(generation: number): void {
    const name = this.name(generation);
    const createdAt = new Date(this.#jobs.clock.rightNow().getTime() - QUARTER_MS);
    this.#jobs.store.variables.kept.set(name, { name, value: "edited", createdAt });
  }

  /** A claim under which a generation was spent, and whose next one was stored. */
  stored(generation: number, after: Date, change: Partial<Claim> = {}): void {
    this.claim(generation, { state: "stored", next: this.name(generation + 1), after, ...change });
  }

  /** A claim under which a generation was spent, and whose next one was not stored. */
  rotated(generation: number, change: Partial<Claim> = {}): void {
    this.claim(generation, { state: "rotated", next: this.name(generation + 1), ...change });
  }

  async note(under: number, to = under + 1): Promise<void> {
    await this.#jobs.handoff.save(this.at(under), { login: this.at(to), savedAt: new Date(0) });
  }

  /** What the secret holds, since when. */
  secret(generation: number, updatedAt: Date): void {
    const value = this.at(generation).line().reveal();
    this.#jobs.store.secrets.set(SECRET, { value, createdAt: new Date(0), updatedAt });
  }
}
