import { join } from "node:path";
import { CHANGE_SETTING, forbiddingSetting, tellForbidden } from "../../core/codex/login-rules.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import type { Files } from "../../ports/files.ts";

/** The machine's own, over the home's and below it. */
const MANAGED = "/etc/codex/managed_config.toml";
const SYSTEM = "/etc/codex/config.toml";

/**
 * Before Codex runs in this home: under a setting that does not allow the login, `codex exec` asks nobody and deletes
 * auth.json (measured with 0.169.0).
 *
 * @throws {Failure} `login-forbidden`
 */
export async function refuseForbiddenLogin(
  files: Pick<Files, "read">,
  { home, login }: { home: string; login: Pick<AuthJson, "accountId"> },
): Promise<void> {
  const paths = [MANAGED, join(home, "config.toml"), SYSTEM];
  const texts = await Promise.all(paths.map((path) => files.read(path).catch(() => null)));
  // Our own flags win over all but what is managed: there logins are kept in a file.
  const asks = [/forced_|credentials_store/, /forced_/, /forced_/];
  if (!texts.some((text, index) => text !== null && asks[index]?.test(text))) return;
  const { readLoginRules } = await import("../../core/codex/user-config.ts");
  const layers = texts.flatMap((text, index) => {
    const rules = text === null ? null : readLoginRules(text);
    if (rules === null) return [];
    const source = paths[index] ?? "";
    return source === MANAGED
      ? [{ ...rules, source }]
      : [{ ...rules, cli_auth_credentials_store: undefined, source }];
  });
  const forbidding = forbiddingSetting(layers, login.accountId);
  if (forbidding) throw new Failure("login-forbidden", tellForbidden(forbidding), CHANGE_SETTING);
}
