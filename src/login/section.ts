import type { Ledger } from "../core/claim/ledger.ts";
import type { Failure } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { CodexRefresher } from "../ports/codex.ts";
import type { PublicKey } from "../ports/secrets.ts";
import type { Insistence } from "./claims.ts";
import { proveSecretsWritable } from "./prove-write.ts";
import type { StoreOutcome } from "./store-outcome.ts";
import type { OpenServices } from "./write-session.ts";

/** What a job asks of a refresh. */
export interface SectionRequest {
  /** Asked again of the login that turns out to be current. */
  readonly due: (login: AuthJson) => boolean;
  /** `forced`: a job that did not rotate has failed, whatever the access token is still good for. */
  readonly insistence: Insistence;
  /** `whole-job`: the whole login stands in the home as long as the job lasts, so nobody else may spend it. */
  readonly claimFor: "refresh" | "whole-job";
  readonly minimumLifetimeMs: number;
}

export type SectionOutcome =
  | {
      readonly kind: "refreshed";
      readonly ledger: Ledger;
      readonly rotated: boolean;
      readonly storing: StoreOutcome;
      /** Why the job cannot have the whole login, although it asks for it; the login is stored all the same. */
      readonly unclaimed: Failure | null;
    }
  /** Known to be current, and nothing was due. */
  | { readonly kind: "kept"; readonly ledger: Ledger }
  /** Not known to be current, or not refreshed: the job lives on an access token. */
  | { readonly kind: "not-refreshed"; readonly login: AuthJson; readonly because: Failure };

/** What Codex and GitHub must allow before a login is claimed. */
interface Preparation {
  readonly refresher: CodexRefresher;
  /** `null` where nothing had to be sealed to know. */
  readonly key: PublicKey | null;
}

/** What every part of one refresh works with: services, request, the opened write token. */
export interface Section extends OpenServices, SectionRequest {
  /** Asks for everything that can be known to fail. Done once. */
  readonly prepare: () => Promise<Preparation>;
}

export function openSection(open: OpenServices & SectionRequest): Section {
  let preparation: Preparation | null = null;
  const prepare = async (): Promise<Preparation> => {
    preparation ??= { key: await proveSecretsWritable(open), refresher: await open.refresher() };
    return preparation;
  };
  return { ...open, prepare };
}
