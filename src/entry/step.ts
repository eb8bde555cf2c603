import { type Inputs, readInputs } from "../action/inputs.ts";
import { readSurroundings, type Surroundings } from "../action/surroundings.ts";
import { stepLog } from "../adapters/log.ts";
import { forgetVariables } from "../adapters/own-environment.ts";
import { stepChannel } from "../adapters/step-channel.ts";
import { repetitionsOf } from "../core/environment.ts";
import { Failure } from "../core/failure.ts";
import { Secret } from "../core/secret.ts";

const SECRET_INPUTS = ["codex-auth-json", "secret-write-token", "private-key"];

/** What the inputs are, for a phase that can do nothing without them. @throws {Failure} `input-invalid`, `writer-invalid` */
export function takeInputs(): Inputs {
  return readInputs(takeGiven());
}

/** The inputs that post needs to finish what is unfinished. */
const FOR_POST = new Set([
  ...SECRET_INPUTS,
  "secret-name",
  "environment",
  "codex-home",
  "client-id",
  "github-token",
]);

/**
 * As {@link takeInputs}; but an input that has become unusable since main, by way of `env:` say, must not keep post from
 * its work: that goes by the few it needs, and the failure comes after it.
 */
export function takeInputsForPost(): { inputs: Inputs; failure: Failure | null } {
  const given = takeGiven();
  try {
    return { inputs: readInputs(given), failure: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { inputs: readInputs((name) => (FOR_POST.has(name) ? given(name) : "")), failure: error };
  }
}

/**
 * Takes the inputs out of the environment: whatever this process starts from now on, a library's `tar` included, is not
 * handed them, and finds them nowhere. They are read as `@actions/core` reads them, which loads four of Node's modules.
 */
function takeGiven(): (name: string) => string {
  const variables = Object.entries(process.env);
  const given = new Map<string, string>();
  for (const [name, value] of variables) if (name.startsWith(INPUT)) given.set(name, value?.trim() ?? "");
  const input = (name: string): string => given.get(INPUT + name.toUpperCase()) ?? "";
  const secrets = SECRET_INPUTS.map(input);
  // A workflow's own `env:` may repeat them.
  const repeats = repetitionsOf([...secrets, ...secrets.map(decodeBase64)].map((value) => new Secret(value)));
  const isToBeForgotten = ([name, value = ""]: [string, string?]): boolean =>
    name.startsWith(INPUT) || repeats(value);
  forgetVariables(variables.filter(isToBeForgotten).map(([name]) => name));
  return input;
}

const INPUT = "INPUT_";

function decodeBase64(value: string): string {
  return Buffer.from(value, "base64").toString("utf8");
}

export function surroundingsOfStep(): Surroundings {
  return readSurroundings(process.env, readEventPayload());
}

function readEventPayload(): string | null {
  try {
    return process.getBuiltinModule("node:fs").readFileSync(process.env.GITHUB_EVENT_PATH ?? "", "utf8");
  } catch {
    return null;
  }
}

/** Fails the step: what is wrong, what to do, and the code under which docs/troubleshooting.md explains it. */
export function failStep(error: unknown): void {
  // What crashed may have left it open, and no annotation is one in there.
  stepLog.relay.close();
  process.exitCode = 1;
  if (error instanceof Failure) stepLog.error(`${error.message} ${error.hint} [${error.code}]`);
  else stepLog.error(`This is a bug of codex-auth-roundtrip: ${describe(error)}`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What nobody catches would be printed by Node as it is, and its words may be a command's. */
export function catchEverything(): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      failStep(error);
      endPhase();
    });
  }
  process.removeAllListeners("warning");
}

/** Ends a phase that others follow: what it says of itself is said last. */
export function endPhase(): void {
  stepChannel.seal();
  endProcess();
}

/** Ends the process now: a connection that nobody waits for must not hold the job up. */
export function endProcess(): void {
  process.exit();
}
