import { concealVariables } from "../adapters/machine/own-environment.ts";
import { repetitionsOf } from "../core/environment/scrub.ts";
import { Secret } from "../core/login/secret.ts";

const INPUT = "INPUT_";
const INPUTS = new Map<string, string>();
export const SECRET_INPUTS = ["codex-auth-json", "secret-write-token", "private-key"];
/** The runner's tokens for its own services. We need the first, for the cache. */
const RUNTIME_TOKEN = "ACTIONS_RUNTIME_TOKEN";
const RUNNER_TOKEN = /^ACTIONS_\w*TOKEN$/;

/**
 * The text of an input, without surrounding blanks; `""` when it is not given. Read as `@actions/core` reads it, which
 * loads four of Node's modules.
 */
export const given = takeInputs();

/** The inputs as the runner hands them to a process, for one that takes the place of this. */
export function inputVariables(): Record<string, string> {
  return Object.fromEntries(INPUTS);
}

/**
 * Takes the inputs out of the environment: whatever this process starts from now on, a library's `tar` included, is not
 * handed them, and finds them nowhere; nor the runner's tokens. The first import of every phase, so that this happens
 * before any other code of ours is evaluated. What Node needs to come so far cannot be made shorter.
 */
function takeInputs(): (name: string) => string {
  const variables = Object.entries(process.env);
  for (const [name, value] of variables) if (name.startsWith(INPUT)) INPUTS.set(name, value?.trim() ?? "");
  const input = (name: string): string => INPUTS.get(INPUT + name.toUpperCase()) ?? "";
  const secrets = SECRET_INPUTS.map(input);
  // A workflow's own `env:` may repeat them.
  const repeats = repetitionsOf([...secrets, ...secrets.map(decodeBase64)].map((value) => new Secret(value)));
  const isToBeForgotten = ([name, value = ""]: [string, string?]): boolean =>
    name.startsWith(INPUT) || (RUNNER_TOKEN.test(name) && name !== RUNTIME_TOKEN) || repeats(value);
  concealVariables({
    forgotten: variables.filter(isToBeForgotten).map(([name]) => name),
    hidden: [RUNTIME_TOKEN],
  });
  return input;
}

function decodeBase64(value: string): string {
  return Buffer.from(value, "base64").toString("utf8");
}
