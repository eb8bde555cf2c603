import { getInput, setFailed } from "@actions/core";
import { type Inputs, readInputs } from "../action/inputs.ts";
import { readSurroundings, type Surroundings } from "../action/surroundings.ts";
import { forgetVariables } from "../adapters/own-environment.ts";
import { repeatsSecret } from "../core/environment.ts";
import { Failure } from "../core/failure.ts";
import { Secret } from "../core/secret.ts";

const SECRET_INPUTS = ["codex-auth-json", "secret-write-token", "private-key"];

/**
 * Reads the inputs and takes them out of the environment: whatever this process starts from now on, a library's `tar`
 * included, is not handed them, and finds them nowhere.
 */
export function takeInputs(): Inputs {
  const given = SECRET_INPUTS.map((name) => getInput(name));
  const secrets = [...given, ...given.map(decodeBase64)].map((value) => new Secret(value));
  try {
    return readInputs(getInput);
  } finally {
    // A workflow's own `env:` may repeat them.
    forgetVariables((name, value) => name.startsWith("INPUT_") || repeatsSecret(value, secrets));
  }
}

function decodeBase64(value: string): string {
  return Buffer.from(value, "base64").toString("utf8");
}

/** The inputs that post needs to finish what is unfinished. */
const FOR_POST = new Set([...SECRET_INPUTS, "secret-name", "environment", "client-id", "github-token"]);

/**
 * As {@link takeInputs}; but an input that has become unusable since main, by way of `env:` say, must not keep post from
 * its work: that goes by the few it needs, and the failure comes after it.
 */
export function takeInputsForPost(): { inputs: Inputs; failure: Failure | null } {
  const essential = new Map([...FOR_POST].map((name) => [name, getInput(name)]));
  try {
    return { inputs: takeInputs(), failure: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { inputs: readInputs((name) => essential.get(name) ?? ""), failure: error };
  }
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
  if (error instanceof Failure) setFailed(`${error.message} ${error.hint} [${error.code}]`);
  else
    setFailed(
      `This is a bug of codex-auth-roundtrip: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
}

/** Ends the process now: a connection that nobody waits for must not hold the job up. */
export function endProcess(): void {
  process.exit();
}
