import type { AuthJson } from "../core/login/auth-json.ts";
import type { Services } from "./services.ts";

/**
 * Files a generation under each of those that other runs may have been handed. Renewed tokens are not filed: their
 * refresh token is in the secret, and a note about them would hide the one of whoever spends it.
 *
 * @returns whether all of them were saved
 */
export async function saveNotes(
  { handoff, log }: Pick<Services, "handoff" | "log">,
  { under, login, savedAt }: { under: readonly AuthJson[]; login: AuthJson; savedAt: Date },
): Promise<boolean> {
  const isRenewal = under.some(
    (holder) => holder.refreshToken.equals(login.refreshToken) && !holder.isSameGeneration(login),
  );
  if (isRenewal) return false;
  const holders = under.filter(
    (holder, index) =>
      !holder.isSameGeneration(login) && under.findIndex((other) => other.isSameGeneration(holder)) === index,
  );
  let saved = holders.length > 0;
  for (const holder of holders) {
    const outcome = await handoff.save(holder, { login, savedAt });
    if (outcome === "off") return false;
    saved &&= outcome === "saved";
  }
  if (!saved && holders.length > 0) log.info("The handoff could not be saved in the Actions cache.");
  return saved;
}
