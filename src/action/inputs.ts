import type { SandboxMode } from "../core/codex/config.ts";
import { parseCodexEnvironment } from "../core/environment/scrub.ts";
import { Failure } from "../core/failure/failure.ts";
import { type ChoiceName, type FlagName, INPUT_CHOICES } from "../core/inputs/choices.ts";
import type { Accepted } from "../core/login/auth-json-fields.ts";
import type { RefreshPolicy } from "../core/login/due.ts";
import { Secret } from "../core/login/secret.ts";
import { parseDurationMs } from "../core/text/duration.ts";
import { type PromptInput, promptInput } from "./prompt-input.ts";

/** The write token or App as the workflow gives it. */
export type WriteCredentialInput =
  | { readonly kind: "token"; readonly token: Secret }
  | { readonly kind: "app"; readonly clientId: string; readonly privateKey: Secret }
  | { readonly kind: "none" };

/** Everything a workflow says to a step, read once and typed. Secrets are `null` when empty. */
export interface Inputs {
  readonly secret: Secret | null;
  readonly secretName: string;
  readonly environment: string | null;
  readonly writeCredential: WriteCredentialInput;
  readonly githubToken: Secret | null;
  readonly refresh: RefreshPolicy;
  /** In a run that GitHub gives no secrets. */
  readonly whenMissing: "fail" | "skip";
  /** Where new access copies come from, for messages. */
  readonly maintenanceWorkflow: string | null;
  readonly refreshWindowMs: number;
  readonly minimumLifetimeMs: number;
  readonly refreshToken: "withheld" | "present";
  readonly run: string | null;
  readonly prompt: PromptInput | null;
  readonly sandbox: SandboxMode;
  readonly codexVersion: string | null;
  readonly protectAuth: "profile" | "enforced" | "off";
  readonly codexApps: boolean;
  readonly shell: string;
  readonly workingDirectory: string | null;
  readonly codexHome: string | null;
  readonly codexEnvironment: Readonly<Record<string, string>>;
  readonly handoff: "cache" | "off";
  readonly concurrencyCheck: "warn" | "fail" | "off";
  readonly allowPublicRepository: boolean;
  /** Logins that may start what uses the login, without write access; `*`: everybody. */
  readonly allowUsers: readonly string[];
  /** The same for GitHub's own bots. */
  readonly allowBots: boolean;
  readonly alertIssue: boolean;
  readonly homeLifetime: "ephemeral" | "persistent";
  readonly reseed: boolean;
  /** Of the ChatGPT account that a reseed must bring; `null`: the one that was there before. */
  readonly expectedAccountId: string | null;
  /** Where access copies go, one destination a line; read where they are written. */
  readonly accessCopies: string | null;
  /** How a new access token is tried out after a refresh. */
  readonly verify: "usage" | "exec" | "off";
}

/**
 * @param get the text of an input, without surrounding blanks; `""` when it is not given
 * @throws {Failure} `input-invalid`, `write-token-invalid`
 */
export function readInputs(get: (name: string) => string): Inputs {
  const text = (name: string): string | null => get(name) || null;
  const secret = (name: string): Secret | null => {
    const value = get(name);
    return value ? new Secret(value) : null;
  };
  const choice = <Name extends ChoiceName>(name: Name): (typeof INPUT_CHOICES)[Name][number] => {
    const choices = INPUT_CHOICES[name];
    const value = get(name) || choices[0];
    const found = choices.find((candidate) => candidate === value);
    if (found) return found;
    throw new Failure(
      "input-invalid",
      `The input \`${name}\` has a value it does not know.`,
      `Write one of: ${choices.join(", ")}.`,
    );
  };
  const flag = (name: FlagName): boolean => choice(name) === "true";
  const inputs: Inputs = {
    secret: secret("codex-auth-json"),
    secretName: secretName(get("secret-name") || "CODEX_AUTH_JSON"),
    environment: text("environment"),
    writeCredential: writeCredentialInput(
      secret("secret-write-token"),
      text("client-id"),
      secret("private-key"),
    ),
    githubToken: secret("github-token"),
    refresh: choice("refresh"),
    whenMissing: choice("when-missing"),
    maintenanceWorkflow: text("maintenance-workflow"),
    refreshWindowMs: parseDurationMs(get("refresh-window") || "72h", "refresh-window"),
    minimumLifetimeMs: parseDurationMs(get("minimum-lifetime") || "6h", "minimum-lifetime"),
    refreshToken: choice("refresh-token"),
    run: text("run"),
    prompt: promptInput(text),
    sandbox: choice("sandbox"),
    codexVersion: codexVersion(text("codex-version")),
    protectAuth: choice("protect-auth"),
    codexApps: flag("codex-apps"),
    shell: get("shell") || "bash",
    workingDirectory: text("working-directory"),
    codexHome: text("codex-home"),
    codexEnvironment: parseCodexEnvironment(get("codex-env")),
    handoff: choice("handoff"),
    concurrencyCheck: choice("concurrency-check"),
    allowPublicRepository: flag("allow-public-repository"),
    allowUsers: allowedUsers(get("allow-users")),
    allowBots: flag("allow-bots"),
    alertIssue: flag("alert-issue"),
    homeLifetime: choice("home-lifetime"),
    reseed: flag("reseed"),
    expectedAccountId: text("expected-account-id"),
    accessCopies: text("access-copies"),
    verify: choice("verify"),
  };
  if (inputs.homeLifetime === "persistent") refuseWhatAHostCannot(inputs);
  if (inputs.protectAuth === "enforced" && inputs.sandbox === "danger-full-access") {
    throw new Failure(
      "input-invalid",
      "`protect-auth: enforced` does not go with `sandbox: danger-full-access`: Codex refuses to run without a sandbox where one is enforced.",
      "Use `sandbox: workspace-write` or `read-only`, or `protect-auth: profile`, which protects nothing without a sandbox.",
    );
  }
  if (inputs.refresh === "never" && inputs.reseed) {
    throw new Failure(
      "input-invalid",
      "With `refresh: never` this action does not write the secret, so `reseed: true` has no meaning.",
      "Remove `refresh: never`.",
    );
  }
  return inputs;
}

/** Whether the login may be refreshed in this step; by Codex itself, where it has the refresh token. */
export function mayRefresh(inputs: Inputs): boolean {
  if (inputs.homeLifetime === "persistent") return false;
  return inputs.refresh !== "never" || inputs.refreshToken === "present";
}

/** What may stand in `codex-auth-json`: a job that may refresh needs the login itself. */
export function acceptedBy(inputs: Inputs): Accepted {
  return mayRefresh(inputs) ? "login" : "login-or-copy";
}

/** Every value that must not reach anything we start. */
export function secretValues(inputs: Inputs): readonly Secret[] {
  const { writeCredential } = inputs;
  const own =
    writeCredential.kind === "token"
      ? [writeCredential.token]
      : writeCredential.kind === "app"
        ? [writeCredential.privateKey]
        : [];
  return [inputs.secret, ...own].filter((value) => value !== null);
}

function allowedUsers(list: string): readonly string[] {
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  // As in openai/codex-action, where a `*` among others stands for nobody.
  const isEverybody = names.length === 1 && names[0] === "*";
  if (isEverybody || names.every((name) => /^[\w-]+(\[bot\])?$/.test(name))) return names;
  throw new Failure(
    "input-invalid",
    "The input `allow-users` is no list of GitHub logins.",
    "Write logins without @, with commas between them, or `*` alone for everybody.",
  );
}

function secretName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new Failure(
    "input-invalid",
    "The input `secret-name` is not a secret's name.",
    "Use letters, digits and underscores, as in the repository's settings.",
  );
}

/** On a persistent host the live file is the authority, and nothing is ever stored. @throws {Failure} */
function refuseWhatAHostCannot(inputs: Inputs): void {
  if (inputs.codexHome === null) {
    throw new Failure(
      "input-invalid",
      "`home-lifetime: persistent` needs `codex-home`: a directory of this host that outlives the job.",
      "For example `codex-home: /opt/svc/.codex`.",
    );
  }
  if (inputs.reseed || inputs.refresh === "force") {
    throw new Failure(
      "input-invalid",
      "`home-lifetime: persistent` goes neither with `reseed` nor with `refresh: force`.",
      "On the host itself: `npx codex-auth-roundtrip host seed` and `npx codex-auth-roundtrip host refresh`.",
    );
  }
}

function codexVersion(version: string | null): string | null {
  if (version === null || /^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(version)) return version;
  throw new Failure(
    "input-invalid",
    "The input `codex-version` is not a version.",
    "Write one exactly, such as 0.169.0.",
  );
}

function writeCredentialInput(
  token: Secret | null,
  clientId: string | null,
  privateKey: Secret | null,
): WriteCredentialInput {
  if (token && (clientId || privateKey)) {
    throw new Failure(
      "write-token-invalid",
      "Both `secret-write-token` and a GitHub App are given.",
      "Keep one of them: `secret-write-token`, or `client-id` with `private-key`.",
    );
  }
  if (token) return { kind: "token", token };
  if (clientId && privateKey) return { kind: "app", clientId, privateKey };
  if (clientId || privateKey) {
    throw new Failure(
      "write-token-invalid",
      `The GitHub App lacks its ${clientId ? "`private-key`" : "`client-id`"}.`,
      "Pass both, and check that the secret is visible to this job: a job without `environment:` sees no environment secret.",
    );
  }
  return { kind: "none" };
}
