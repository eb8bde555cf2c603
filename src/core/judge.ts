import { Document } from "./document.ts";
import { Failure } from "./failure.ts";

/**
 * What a file says about what Codex did to it. Codex's answers and exit codes say less: it rotates and exits 1,
 * and an app-server answers an error after a rotation (docs/facts.md §1).
 */
export type Verdict =
  | { readonly kind: "unchanged" }
  /** A new refresh token: a new generation. */
  | { readonly kind: "rotated"; readonly document: Document }
  /** New tokens under the same refresh token: worth publishing, not a rotation. */
  | { readonly kind: "renewed"; readonly document: Document }
  | { readonly kind: "broken"; readonly failure: Failure };

/**
 * Compares the document that was put into a home with the file that stands there now.
 *
 * @param after the file's text; `null` when there is none
 */
export function judge(before: Document, after: string | null): Verdict {
  if (after === null) {
    return broken(
      new Failure("document-empty", "Codex left no auth.json.", "The document before it is kept."),
    );
  }
  let document: Document;
  try {
    document = Document.parse(after);
  } catch (error) {
    if (error instanceof Failure) return broken(error);
    throw error;
  }
  if (document.accountId !== before.accountId) {
    return broken(
      new Failure(
        "document-other-account",
        "The auth.json now belongs to another ChatGPT account.",
        "To change the account on purpose, seed the secret again.",
      ),
    );
  }
  if (!document.refreshToken.equals(before.refreshToken)) return { kind: "rotated", document };
  if (!document.accessToken.equals(before.accessToken)) return { kind: "renewed", document };
  return { kind: "unchanged" };
}

/**
 * Whether a document is from before another one, though it is a login of its account: an old copy that somebody put back.
 *
 * @param known earlier documents of the job, whose refresh tokens may have been spent
 */
export function isEarlier(document: Document, than: Document, known: readonly Document[]): boolean {
  // Both dates are the issuer's, in whole seconds, so a rotation in the second of its predecessor is told by the tokens.
  if (document.accessTokenIssuedAt.getTime() < than.accessTokenIssuedAt.getTime()) return true;
  return known.some(
    ({ refreshToken }) =>
      refreshToken.equals(document.refreshToken) && !refreshToken.equals(than.refreshToken),
  );
}

function broken(failure: Failure): Verdict {
  return { kind: "broken", failure };
}
