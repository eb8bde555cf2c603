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
  // Our own flags win over all but what is managed: there logins are kept in a file.
  const layers = [
    { source: MANAGED, asks: /forced_|credentials_store/ },
    { source: join(home, "config.toml"), asks: /forced_/ },
    { source: SYSTEM, asks: /forced_/ },
  ];
  const found = await Promise.all(
    layers.map(async (layer) => ({ ...layer, text: await readText(files, layer.source) })),
  );
  if (!found.some(({ asks, text }) => asks.test(text))) return;
  const { readLoginRules } = await import("../../core/codex/user-config.ts");
  const rules = found.map(({ source, text }) => {
    const own = { ...readLoginRules(text), source };
    return source === MANAGED ? own : { ...own, cli_auth_credentials_store: undefined };
  });
  const forbidding = forbiddingSetting(rules, login.accountId);
  if (forbidding) throw new Failure("login-forbidden", tellForbidden(forbidding), CHANGE_SETTING);
}

/** @returns `""` for a file that is not there, or that nobody may read */
async function readText(files: Pick<Files, "read">, path: string): Promise<string> {
  return (await files.read(path).catch(() => null)) ?? "";
}
