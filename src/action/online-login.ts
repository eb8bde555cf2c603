import type { AuthJson } from "../core/login/auth-json.ts";
import { waitUntilUnused } from "../login/codex-processes.ts";
import type { OpenCriticalSection } from "../login/open-section.ts";
import { recover, storePending } from "../login/recover.ts";
import { refreshSection } from "../login/refresh-section.ts";
import type { RefreshRequest, SectionOutcome } from "../login/section.ts";
import type { Services } from "../login/services.ts";
import { storeChangedHome } from "../login/store-home.ts";
import type { StoreOutcome } from "../login/store-outcome.ts";
import { demandUnmovedSecret } from "../login/unmoved-secret.ts";
import { demandGuardedRefresh } from "./admission.ts";
import type { Inputs } from "./inputs.ts";
import type { Session } from "./phase-state.ts";
import type { RunContext } from "./run-context.ts";

interface OnlineStep {
  readonly inputs: Inputs;
  readonly session: Session;
  readonly handed: AuthJson;
  readonly visibility: RunContext["visibility"];
  /** For Codex: scrubbed. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a phase does with its login that needs GitHub, the cache or Codex. Loaded only when it is needed. */
export class OnlineLogin {
  readonly #services: Services;
  readonly #step: OnlineStep;

  constructor(services: Services, step: OnlineStep) {
    this.#services = services;
    this.#step = step;
  }

  /** Guards that cost a request, so they are asked only before a refresh. @throws {Failure} */
  demandGuardedRefresh(): Promise<void> {
    return demandGuardedRefresh(this.#services, this.#step);
  }

  /** @throws {Failure} */
  refresh(request: Pick<RefreshRequest, "due" | "insistence">): Promise<SectionOutcome> {
    const { inputs, session, handed, environment } = this.#step;
    const claimFor = inputs.refreshToken === "present" ? "whole-job" : "refresh";
    const { base } = session;
    const { minimumLifetimeMs } = inputs;
    return refreshSection(this.#services, {
      ...request,
      handed,
      base,
      environment,
      claimFor,
      minimumLifetimeMs,
    });
  }

  /** Whether the secret holds what this job has rotated, as far as this job knows. */
  async hasStored(): Promise<boolean> {
    return (await this.#services.ledgerFile.load())?.stored === true;
  }

  /** @throws {Failure} `secret-changed-elsewhere` where nobody of ours has written the secret since this job did */
  demandUnmovedSecret(): Promise<void> {
    return demandUnmovedSecret(this.#late);
  }

  /** Stores what an earlier phase could not. @returns `null` when nothing is pending */
  storePending(): Promise<StoreOutcome | null> {
    return storePending(this.#late);
  }

  /** As {@link storeChangedHome}. @throws {Failure} */
  storeChangedHome(until: "job-goes-on" | "job-ends"): Promise<StoreOutcome | null> {
    return storeChangedHome(this.#late, this.#step.session, until);
  }

  /** As {@link recover}. @throws {Failure} */
  recover(section: OpenCriticalSection): Promise<StoreOutcome | null> {
    return recover(this.#late, section);
  }

  /** Waits until no process uses the home any more, 50 s at most. */
  waitForHome(): Promise<void> {
    return waitUntilUnused(this.#services, this.#step.session.home);
  }

  get #late(): Services & { readonly handed: AuthJson } {
    return { ...this.#services, handed: this.#step.handed };
  }
}
