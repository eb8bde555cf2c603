import type { CopyDestination } from "../../core/copies/destination.ts";
import { isCopyDue } from "../../core/copies/due.ts";
import type { CopyResult } from "../../core/copies/result.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import type { CopySecrets } from "../../ports/copies.ts";
import type { Services } from "../services.ts";
import { missingCopy } from "./explain-copy.ts";

/** A login that is to be copied, and where to. */
export interface Copying {
  readonly login: AuthJson;
  /** The secret's `updated_at` when it held the login; `null` where nobody was asked. */
  readonly storedAt: Date | null;
  readonly destination: CopyDestination;
}

/** @returns `null` where a copy is to be written. @throws {GitHubError} */
export async function look(
  secrets: Pick<CopySecrets, "metadata" | "publicKey">,
  { login, storedAt, destination }: Copying,
  { place }: Pick<Services, "place">,
): Promise<CopyResult | null> {
  const metadata = await secrets.metadata(destination.name);
  if (metadata !== null) return isCopyDue(metadata, login, storedAt) ? null : { kind: "newer", destination };
  // A scope that the token cannot see answers like one without the secret; its key tells them apart.
  await secrets.publicKey();
  return { kind: "failed", destination, failure: missingCopy(destination, place) };
}
