import { foreign } from "../text/escape.ts";

/** What a configuration of Codex's says about who may log in, and where logins are kept. `undefined`: nothing. */
export interface LoginRules {
  /** Where it stands, for people. */
  readonly source: string;
  readonly forced_login_method?: unknown;
  /** An account's id, or a list of them. */
  readonly forced_chatgpt_workspace_id?: unknown;
  readonly cli_auth_credentials_store?: unknown;
}

/** A setting under which Codex does not use this login: it asks nobody, and may even delete the file. */
export interface ForbiddingSetting {
  /** As it stands there: `forced_login_method = "api"`. */
  readonly setting: string;
  readonly source: string;
}

const NAMES = ["forced_login_method", "forced_chatgpt_workspace_id", "cli_auth_credentials_store"] as const;

/**
 * The setting under which Codex does not use a ChatGPT login of this account from its file (measured with 0.169.0).
 *
 * @param layers the one that wins first
 * @returns `null` for none
 */
export function forbiddingSetting(
  layers: readonly LoginRules[],
  accountId: string,
): ForbiddingSetting | null {
  for (const name of NAMES) {
    const layer = layers.find((candidate) => candidate[name] != null);
    if (layer === undefined || !forbids(name, layer[name], accountId)) continue;
    return { setting: `${name} = ${JSON.stringify(layer[name])}`, source: layer.source };
  }
  return null;
}

function forbids(name: (typeof NAMES)[number], value: unknown, accountId: string): boolean {
  switch (name) {
    case "forced_login_method":
      return value !== "chatgpt";
    case "forced_chatgpt_workspace_id": {
      // Codex trims them, and an empty one asks for nothing.
      const accounts = (Array.isArray(value) ? value : [value])
        .map((account: unknown) => (typeof account === "string" ? account.trim() : account))
        .filter((account) => account !== "");
      return accounts.length > 0 && !accounts.includes(accountId);
    }
    case "cli_auth_credentials_store":
      return value !== "file" && value !== "auto";
  }
}

/** As a sentence: what forbids the login, and that nothing is wrong with it. */
export function tellForbidden({ setting, source }: ForbiddingSetting): string {
  return `Codex's configuration on this machine does not allow this login: ${foreign(setting)} in ${foreign(source)}. The login itself is healthy, and OpenAI was not asked.`;
}

/** What to do about {@link tellForbidden}. */
export const CHANGE_SETTING =
  "Change that setting, use a machine without it, or seed a login that it allows. Do not log in again for this.";
