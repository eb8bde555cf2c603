import { isRenewal } from "../core/claim/ledger.ts";
import type { Alert } from "../core/failure/alert-text.ts";
import { Failure } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { Secret } from "../core/login/secret.ts";
import { waitUntilUnused } from "../login/codex-processes.ts";
import { recover, storePending } from "../login/finish-killed-main.ts";
import { handedPath } from "../login/home-layout.ts";
import { privateHomeAt, readPrivateHome } from "../login/private-home.ts";
import { readHanded } from "../login/read-login.ts";
import { tellRescue } from "../login/rescue-command.ts";
import type { Services } from "../login/services.ts";
import { storeChangedHome } from "../login/store-home.ts";
import type { StoreOutcome } from "../login/store-outcome.ts";
import { demandUnmovedSecret } from "../login/unmoved-secret.ts";
import { type Report, reportOf } from "./job-report.ts";
import type { PostServices } from "./services.ts";
import { hasLedger, isPending, type LeftOver, mayHaveRotatedInHome } from "./unfinished.ts";

/** What has become of the login in post, and everything that went wrong, in its order. */
export interface Finished {
  readonly report: Report | null;
  readonly failures: readonly unknown[];
}

/** Finishes whatever main has begun and not ended, and stores what was left in the home. */
export async function finish(
  services: Pick<PostServices, "goOnline" | "log" | "steered">,
  left: LeftOver,
): Promise<Finished> {
  const finishing = new Finishing(services, left);
  await finishing.run();
  return finishing;
}

class Finishing implements Finished {
  report: Report | null;
  readonly failures: unknown[] = [];
  readonly #services: Pick<PostServices, "goOnline" | "log" | "steered">;
  readonly #left: LeftOver;

  constructor(services: Pick<PostServices, "goOnline" | "log" | "steered">, left: LeftOver) {
    this.#services = services;
    this.#left = left;
    this.report = left.report;
  }

  async run(): Promise<void> {
    const { section, session } = this.#left;
    const handed = await this.#handedDocument();
    if (handed === null) return this.#failWithoutInputs();
    const isRecovered = section !== null && (await this.#try(handed, (online) => recover(online, section)));
    if (!isRecovered && (await hasLedger(this.#left))) await this.#try(handed, storePending);
    await this.#failOnLostLogin(handed);
    if (this.#left.report?.rotated && this.#left.report.stored)
      await this.#try(handed, async (online) => {
        await demandUnmovedSecret(online);
        return null;
      });
    if (await mayHaveRotatedInHome({ ...this.#left, report: this.report })) {
      await this.#try(handed, async (online) => {
        await waitUntilUnused(online, session.home);
        return storeChangedHome(online, session, "job-ends");
      });
    }
  }

  /** Main has rotated and not stored, and nothing of it is left on this machine. */
  async #failOnLostLogin(handed: AuthJson): Promise<void> {
    const { report, section } = this.#left;
    if (!report?.rotated || report.stored || section !== null) return;
    // Stored here, or the reason why not is known.
    if (this.report !== report || this.failures.length > 0) return;
    await this.#try(handed, async (online) => {
      const ledger = await online.ledgerFile.load();
      // What the ledger says of an earlier login says nothing of this one.
      const isOfIt = ledger && ledger.login.accessTokenIssuedAt >= new Date(report.accessTokenIssuedAt);
      if (isOfIt && ledger.stored) return null;
      throw new Failure(
        "write-back-pending",
        "The refreshed login is not stored, and what main has kept of it on this machine is gone.",
        "Dispatch the maintenance workflow now: it repairs the secret from the handoff. Remove the step that empties RUNNER_TEMP.",
      );
    });
  }

  /** The handed login: from the secret, or, where post gets no inputs, as main left it on this machine. */
  async #handedDocument(): Promise<AuthJson | null> {
    const { inputs, session, files, section } = this.#left;
    if (inputs.secret) return this.#readQuietly(inputs.secret);
    const left = section?.directory && (await readPrivateHome(files, privateHomeAt(section.directory)));
    if (left) return left.handed;
    const text = await files.read(handedPath(session.base));
    return text === null ? null : this.#readQuietly(new Secret(text));
  }

  #readQuietly(secret: Secret): AuthJson | null {
    try {
      return readHanded(secret, this.#services.log);
    } catch (error) {
      // Main has said so already, or will never run.
      if (error instanceof Failure) return null;
      throw error;
    }
  }

  /** Main has come to its end, and left nothing but a claim that GitHub did not take back. */
  #hasOnlyClaim(): boolean {
    const { section, report } = this.#left;
    if (report === null || (report.rotated && !report.stored)) return false;
    return section?.directory === null && section.process === null;
  }

  #failWithoutInputs(): void {
    if (!isPending(this.#left) || this.#hasOnlyClaim()) return;
    this.failures.push(
      new Failure(
        "write-back-pending",
        "The refreshed login could not be stored, and this phase got no inputs to try again. The handoff has it.",
        "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside nested composite actions GitHub gives post no inputs.",
      ),
    );
  }

  /** @returns whether there was something to store */
  async #try(handed: AuthJson, act: (online: Services) => Promise<StoreOutcome | null>): Promise<boolean> {
    try {
      if (this.#services.steered) throw this.#services.steered;
      const online = await this.#services.goOnline(this.#left.session, handed);
      const outcome = await act(online);
      if (outcome) this.#settle(outcome);
      return outcome !== null;
    } catch (error) {
      this.failures.push(error);
      return false;
    }
  }

  #settle(outcome: StoreOutcome): void {
    const { log } = this.#services;
    const { login } = outcome.ledger;
    const stored = outcome.kind === "stored";
    const before = this.report;
    const renewed = isRenewal(outcome.ledger);
    this.report = reportOf(login, {
      job: "refresh",
      restoredFrom: before?.restoredFrom ?? "secret",
      unrefreshed: "not-due",
      rotated: !renewed,
      stored,
      usage: before?.usage ?? null,
      events: [...(before?.events ?? []), stored ? "Stored in post." : outcome.failure.message],
      alert: outcome.kind === "refused" || (renewed && !stored) ? alertOf(outcome.failure) : null,
      rescue: stored ? null : outcome.rescue,
    });
    if (outcome.kind === "stored") {
      log.info(`Stored login ${login.generation}.`);
      return;
    }
    if (outcome.rescue) tellRescue(log, "To store this job's login by hand:", outcome.rescue);
    if (outcome.kind === "refused") {
      this.failures.push(outcome.failure);
      return;
    }
    const where = renewed
      ? "Nothing is lost: its refresh token is still the one that this job was given."
      : outcome.inHandoff
        ? "The handoff in the Actions cache has it."
        : "The handoff could not be saved either.";
    this.failures.push(
      new Failure(
        "write-back-pending",
        `The refreshed login could not be stored. ${where} ${outcome.failure.message}`,
        renewed
          ? `Repair the cause: the next refresh job refreshes the login again. ${outcome.failure.hint}`
          : `Repair the cause, then dispatch maintenance now: it repairs the secret from the handoff. ${outcome.failure.hint}`,
        { cause: outcome.failure },
      ),
    );
  }
}

function alertOf({ code, message, hint }: Failure): Alert {
  return { code, message, hint };
}
