import { type Claim, writeClaim } from "../core/claim/claim.ts";
import { claimName, seedMarkerName } from "../core/claim/name.ts";
import type { SecretLocation } from "../core/github/secret-location.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { Variables } from "../ports/variables.ts";

/** The `run` of the marker that a seed leaves. */
export const SEED_RUN = "seed";

/** Says that the secret holds this login since that time. @throws {GitHubError} */
export async function markSeed(
  variables: Variables,
  { login, place, updatedAt }: { login: AuthJson; place: SecretLocation; updatedAt: Date },
): Promise<void> {
  const marker: Claim = {
    holder: "0".repeat(32),
    run: SEED_RUN,
    attempt: 1,
    secret: place.secretName,
    ref: "default",
    state: "stored",
    before: null,
    next: claimName(login, place),
    after: updatedAt,
    released: true,
    wholeJob: false,
  };
  const name = seedMarkerName(login, place);
  if ((await variables.create(name, writeClaim(marker))) === "exists")
    await variables.update(name, writeClaim(marker));
}
