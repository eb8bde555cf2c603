import type { Document } from "../core/document.ts";
import { Failure } from "../core/failure.ts";
import { judge } from "../core/judge.ts";
import { classifyRefusal } from "../core/refusal.ts";
import type { Clock, CodexRefresher, Files, Log } from "../ports.ts";
import { authPath } from "./home.ts";
import type { PrivateHome } from "./private-home.ts";
import { maskTokens } from "./restore.ts";

export type RefreshOutcome =
  | { readonly kind: "rotated"; readonly document: Document }
  /** New tokens, but the refresh token stayed. */
  | { readonly kind: "renewed"; readonly document: Document }
  | { readonly kind: "failed"; readonly failure: Failure; readonly permanent: boolean };

/** Told of each process before it is asked to refresh. */
export type StartedProcess = (process: { pid: number; startedAt: string | null }) => Promise<void>;

export interface RefreshCollaborators {
  readonly refresher: CodexRefresher;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
}

const TRIES = 3;
const PAUSE_MS = 2_000;

/**
 * Lets Codex rotate the document in a private home, and judges by the file. What the issuer may heal is tried again.
 */
export async function refresh(
  { refresher, files, clock, log }: RefreshCollaborators,
  request: {
    document: Document;
    place: PrivateHome;
    environment: Readonly<Record<string, string>>;
    started: StartedProcess;
  },
): Promise<RefreshOutcome> {
  const { document, place, environment, started } = request;
  for (let tries = 1; ; tries++) {
    const symptoms = await refresher.refresh({ home: place.home, environment, started });
    const verdict = judge(document, await files.read(authPath(place.home)));
    switch (verdict.kind) {
      case "rotated":
      case "renewed":
        maskTokens(verdict.document, log);
        return verdict;
      case "broken":
        return { kind: "failed", permanent: true, failure: explainBroken(verdict.failure) };
      case "unchanged": {
        const refusal = classifyRefusal(symptoms);
        if (refusal.kind === "permanent")
          return { kind: "failed", permanent: true, failure: explainPermanent(refusal.code) };
        if (refusal.kind === "answer-lost") return { kind: "failed", permanent: true, failure: answerLost() };
        if (tries === TRIES) return { kind: "failed", permanent: false, failure: unavailable() };
        log.info(
          `OpenAI did not refresh the login just now (try ${tries} of ${TRIES}). Trying again in ${(PAUSE_MS * tries) / 1000} s.`,
        );
        await clock.sleep(PAUSE_MS * tries);
      }
    }
  }
}

const RESEED =
  "Seed the secret again: `CODEX_HOME=$(mktemp -d) codex login`, then store that auth.json as the secret.";

function explainPermanent(code: Failure["code"]): Failure {
  switch (code) {
    case "refresh-token-reused":
      return new Failure(
        code,
        "OpenAI says that the refresh token was already used: somebody else rotated this login.",
        RESEED,
      );
    case "refresh-token-expired":
      return new Failure(code, "OpenAI says that the refresh token has expired.", RESEED);
    case "refresh-token-revoked":
      return new Failure(code, "OpenAI says that the login was revoked.", RESEED);
    default:
      return new Failure(code, "OpenAI does not accept the refresh token any more.", RESEED);
  }
}

function explainBroken(cause: Failure): Failure {
  return new Failure(
    "refresh-broke-document",
    `Codex left an unusable file after the refresh: ${cause.message}`,
    RESEED,
    { cause },
  );
}

function answerLost(): Failure {
  return new Failure(
    "refresh-answer-lost",
    "Codex asked for new tokens and no answer came within its 45 seconds. If OpenAI has rotated the login, the new refresh token is lost.",
    `Start a new run: if it fails with refresh-token-reused, the login is lost. ${RESEED}`,
  );
}

function unavailable(): Failure {
  return new Failure(
    "refresh-unavailable",
    "OpenAI did not refresh the login: it was unreachable, overloaded or answered with an error.",
    "The login is still good. Run the job again later, and see status.openai.com.",
  );
}
