import { parse } from "smol-toml";
import { isLoopbackUrl } from "../environment/loopback.ts";
import { Failure } from "../failure/failure.ts";
import { fieldsOf } from "../text/json.ts";
import { ACCOUNT_FEATURES } from "./config.ts";
import type { LoginRules } from "./login-rules.ts";

/** What somebody's own config.toml says, as far as it concerns the login. */
export interface OwnConfig {
  /** Whether a profile that it chooses keeps commands out of the login's directory. */
  readonly protects: boolean;
  /** Whether it switches the account's apps and plugins off, all of them. */
  readonly appsAreOff: boolean;
  /** Where it would have the login sent that is neither OpenAI nor this machine: the settings' names. */
  readonly sendsLoginTo: readonly string[];
}

/**
 * Reads a config.toml that was in the home before us, or that a step has changed.
 *
 * @param loginDirectory a real path
 * @throws {Failure} `config-refused` where it is no TOML, which Codex would refuse as well
 */
export function readOwnConfig(text: string, loginDirectory: string): OwnConfig {
  const config = parseConfig(text);
  const profile = at(at(config, "permissions"), String(config.default_permissions));
  const features = at(config, "features");
  return {
    // `sandbox_mode` switches profiles off.
    protects: !("sandbox_mode" in config) && at(profile, "filesystem")[loginDirectory] === "deny",
    appsAreOff: ACCOUNT_FEATURES.every((name) => features[name] === false),
    sendsLoginTo: foreignAddresses(config),
  };
}

/**
 * Who may log in by a config.toml of anybody's, and where logins are kept.
 *
 * @returns `null` where it is no TOML: that is for Codex to say
 */
export function readLoginRules(text: string): Omit<LoginRules, "source"> | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

type Table = Readonly<Record<string, unknown>>;

function parseConfig(text: string): Table {
  try {
    return parse(text);
  } catch (error) {
    // Its message quotes the text.
    const line = error instanceof Error && "line" in error ? ` (line ${Number(error.line)})` : "";
    throw new Failure(
      "config-refused",
      `The config.toml in the Codex home is not valid TOML${line}.`,
      "Correct it, or remove it: this action writes one of its own where there is none.",
    );
  }
}

/**
 * Codex sends the access token to the base URL of a provider that wants OpenAI's login, and to the addresses at the root
 * or in a profile whose name ends in `_url` (measured with 0.169.0: `chatgpt_base_url`, `openai_base_url`). A provider that
 * brings its own key gets none of the login.
 */
function foreignAddresses(config: Table): readonly string[] {
  const profiles = Object.entries(at(config, "profiles")).map(
    ([name, profile]) => [`profiles.${name}.`, profile] as const,
  );
  const roots = [["", config] as const, ...profiles];
  const addresses = roots.flatMap(([prefix, table]) =>
    Object.entries(fieldsOf(table)).flatMap(([name, value]) =>
      /_url$/.test(name) && name !== "mcp_oauth_callback_url" ? [[`${prefix}${name}`, value] as const] : [],
    ),
  );
  const providers = Object.entries(at(config, "model_providers")).flatMap(([name, provider]) => {
    const { requires_openai_auth: wantsLogin, base_url: address } = fieldsOf(provider);
    return wantsLogin === true && address !== undefined
      ? [[`model_providers.${name}.base_url`, address] as const]
      : [];
  });
  return [...addresses, ...providers].filter(([, value]) => !isOurSide(value)).map(([name]) => name);
}

/** OpenAI's own addresses, and this machine's. */
function isOurSide(value: unknown): boolean {
  if (typeof value !== "string") return false;
  if (isLoopbackUrl(value)) return true;
  const host = /^(?:https|wss):\/\/([a-z0-9.-]+)(?:\/|$)/i.exec(value)?.[1]?.toLowerCase();
  return host === "chatgpt.com" || host === "openai.com" || host?.endsWith(".openai.com") === true;
}

function at(table: Table, name: string): Table {
  return Object.hasOwn(table, name) ? fieldsOf(table[name]) : {};
}
