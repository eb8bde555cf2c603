import { describeUsage, type Usage } from "../codex/usage-answer.ts";
import { Failure } from "../failure/failure.ts";
import type { SecretLocation } from "../github/secret-location.ts";
import { reseedHint } from "./reseed-command.ts";

/** What was observed of an access token. */
export type Verification =
  | { readonly kind: "accepted"; readonly usage: Usage | null }
  /** OpenAI answered that it does not accept the token. */
  | { readonly kind: "refused" }
  /** Nothing was learnt. `because` is for people, with foreign words escaped. */
  | { readonly kind: "unknown"; readonly because: string };

/** What to say of the access token that a refresh brought. */
export function describeCurrent(observed: Verification): string {
  switch (observed.kind) {
    case "accepted":
      return `OpenAI accepts the new access token.${observed.usage === null ? "" : ` Usage: ${describeUsage(observed.usage)}.`}`;
    case "refused":
      return "OpenAI refuses the new access token.";
    case "unknown":
      return `The new access token could not be tried out. ${observed.because}`;
  }
}

/** What to say of the access token from before the rotation. */
export function describeEarlier(observed: Verification): string {
  switch (observed.kind) {
    case "accepted":
      return "The access token from before this refresh still works.";
    case "refused":
      return "This refresh has ended the access token from before it: jobs that began with an older copy need a new run.";
    case "unknown":
      return `Whether the access token from before this refresh still works is not known. ${observed.because}`;
  }
}

/** The login is stored, and no job can work on it. */
export function newTokenRefused(place: SecretLocation): Failure {
  return new Failure(
    "new-token-refused",
    "The login was refreshed and stored, but OpenAI refuses its new access token.",
    `${reseedHint(place)} Access copies were left as they are.`,
  );
}
