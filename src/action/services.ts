import { Failure } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { authPath, lastWritten } from "../login/home.ts";
import type { OpenCriticalSection } from "../login/open-section.ts";
import { privateHomeAt } from "../login/private-home.ts";
import { type PostServices, PostStore } from "../login/recover.ts";
import {
  type RefreshServices,
  refreshSection,
  type SectionOutcome,
  type SectionRequest,
} from "../login/refresh-section.ts";
import type { StoreOutcome } from "../login/store-outcome.ts";
import type { Processes } from "../ports/action.ts";
import { demandPrivate } from "./admission.ts";
import type { Inputs } from "./inputs.ts";
import type { Session } from "./phase-state.ts";

export interface OnlineServices extends PostServices, Pick<RefreshServices, "refresher"> {
  readonly processes: Processes;
}

export interface OnlineSettings {
  readonly inputs: Inputs;
  readonly session: Session;
  readonly handed: AuthJson;
  readonly visibility: "public" | "private" | "unknown";
  /** For Codex: scrubbed. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Codex gives a refresh 45 s. */
const WAIT_FOR_CODEX_MS = 50_000;
const POLL_MS = 250;

/** Everything a phase does that needs GitHub, the cache or Codex. */
export class Online {
  readonly #services: OnlineServices;
  readonly #settings: OnlineSettings;

  constructor(services: OnlineServices, settings: OnlineSettings) {
    this.#services = services;
    this.#settings = settings;
  }

  /** Guards that cost a request, so they are asked only before a refresh. @throws {Failure} */
  async checkContext(): Promise<void> {
    const { inputs, visibility } = this.#settings;
    const { runInformation, log, clock } = this.#services;
    if (visibility === "unknown") await demandPrivate({ inputs, information: runInformation, clock });
    if (inputs.concurrencyCheck === "off") return;
    const concurrency = await runInformation.concurrency();
    if (concurrency === null || concurrency.groups.length > 0) return;
    const unguarded = new Failure(
      "concurrency-unguarded",
      concurrency.otherRunsInProgress > 0
        ? "This run holds no concurrency group, and another run of this workflow is in progress."
        : "This run holds no concurrency group, so nothing keeps two keepers of this login apart.",
      "Add `concurrency: { group: codex-auth, queue: max }` to every workflow with a keeper, the same name in all of them.",
    );
    if (inputs.concurrencyCheck === "fail" || inputs.refreshToken === "present") throw unguarded;
    log.warning(`${unguarded.message} ${unguarded.hint}`);
  }

  async enterCriticalSection({
    due,
    insistence,
  }: Pick<SectionRequest, "due" | "insistence">): Promise<SectionOutcome> {
    const { writer } = this.#services;
    const { inputs, session, handed, environment } = this.#settings;
    if (writer === null) throw new TypeError("A refresh needs a write token.");
    const { base } = session;
    const { minimumLifetimeMs } = inputs;
    const claimFor = inputs.refreshToken === "present" ? "whole-job" : "refresh";
    return refreshSection(
      { ...this.#services, writer },
      { handed, base, environment, due, insistence, claimFor, minimumLifetimeMs },
    );
  }

  /** Whether the secret holds what this job has rotated, as far as this job knows. */
  async hasStored(): Promise<boolean> {
    return (await this.#services.ledgerFile.load())?.stored === true;
  }

  /** @throws {Failure} `secret-changed-elsewhere` where nobody of ours has written the secret since this job did */
  async demandUnmovedSecret(): Promise<void> {
    return this.#post.demandUnmovedSecret();
  }

  /** Stores what an earlier phase could not. @returns `null` when nothing is pending */
  async storePending(): Promise<StoreOutcome | null> {
    return this.#post.storePending();
  }

  /**
   * Stores what Codex has rotated in the home, where the whole login stands in it.
   *
   * @returns `null` when it is what we put there
   * @throws {Failure} what was left is unusable
   */
  async storeChangedHome(until: "job-goes-on" | "job-ends"): Promise<StoreOutcome | null> {
    const { files, processes } = this.#services;
    const { session } = this.#settings;
    const stamp = await files.stamp(authPath(session.home));
    const isAsWritten =
      stamp !== null && (stamp === session.written || stamp === (await lastWritten(files, session)));
    // Who still uses it may write it a moment later.
    const isInUse = until === "job-ends" && (await processes.usingHome(session.home)).length > 0;
    const isUntouched = isAsWritten && !isInUse;
    const home = isUntouched ? "untouched" : { text: await files.read(authPath(session.home)) };
    return this.#post.storeHome(home, until);
  }

  /**
   * Ends a section whose main was killed: waits for Codex, stores what it left, wipes, settles the claim.
   *
   * @returns `null` when nothing was rotated
   */
  async recover(section: OpenCriticalSection): Promise<StoreOutcome | null> {
    const { files, log } = this.#services;
    const { directory, process } = section;
    log.info("Main was ended while it refreshed the login; finishing it.");
    if (directory === null) return this.#post.recover(section);
    await this.#waitUntilUnused(privateHomeAt(directory).home, process);
    const outcome = await this.#post.recover(section);
    await files.remove(directory);
    return outcome;
  }

  /** Waits until no process uses a home any more, 50 s at most. */
  async waitForHome(): Promise<void> {
    await this.#waitUntilUnused(this.#settings.session.home, null);
  }

  async #waitUntilUnused(home: string, known: OpenCriticalSection["process"]): Promise<void> {
    const { processes, clock, log } = this.#services;
    const deadlineMs = clock.monotonicMs() + WAIT_FOR_CODEX_MS;
    for (let polls = 0; ; polls++) {
      const users = await processes.usingHome(home);
      const alive = users.length > 0 || (known !== null && (await processes.isAlive(known)));
      if (!alive) return;
      if (clock.monotonicMs() >= deadlineMs) {
        log.warning("Codex still runs on the login after 50 s; going by what it has written so far.");
        return;
      }
      if (polls === 0) log.info("Waiting for Codex to finish, 50 s at most.");
      await clock.sleep(POLL_MS);
    }
  }

  get #post(): PostStore {
    return new PostStore(this.#services, this.#settings.handed);
  }
}
