import { basename, dirname, join } from "node:path";
import { credentialStoreIn, whyNoFile } from "../core/codex/credential-store.ts";
import { Failure } from "../core/failure/failure.ts";

/** Makes a login that is a file, whatever a config.toml says, in a home that nobody else uses. */
const MAKE_A_FILE =
  "home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store=\"file\"' login";

/**
 * Says why a home has no auth.json, if Codex keeps the login elsewhere.
 *
 * @param path of the file that is missing, or of the home
 * @param read a file's text; `null` for none
 * @param seed the command that takes the file with `--from`
 * @returns `null` where nothing tells why
 */
export async function explainKeychain(
  path: string,
  read: (path: string) => Promise<string | null>,
  seed: string,
): Promise<Failure | null> {
  const home = basename(path) === "auth.json" ? dirname(path) : path;
  const config = await read(join(home, "config.toml")).catch(() => null);
  const why = whyNoFile(credentialStoreIn(config), process.platform);
  if (why === null) return null;
  return new Failure(
    "login-in-keychain",
    `There is no auth.json in ${home}: ${why}.`,
    `A login cannot be taken out of there. Make one that is a file: ${MAKE_A_FILE} && ${seed} --from "$home/auth.json" && rm -r "$home"`,
  );
}
