/** Where everything of ours lies on a job's machine. */

import { join, resolve } from "node:path";

export const AUTH_FILE = "auth.json";

export function authPath(home: string): string {
  return join(home, AUTH_FILE);
}

/** The private directory that everything of ours lies in, for as long as a job lasts. */
export function baseDirectory(
  temporaryDirectory: string,
  { secretName, environment }: { secretName: string; environment: string | null },
): string {
  const name = environment === null ? secretName : `${secretName}-${encodeURIComponent(environment)}`;
  return join(temporaryDirectory, `codex-auth-${name}`);
}

/** As {@link baseDirectory}, for a job on a persistent host. */
export function hostBaseDirectory(temporaryDirectory: string, secretName: string): string {
  return join(temporaryDirectory, `codex-auth-host-${secretName}`);
}

/**
 * ```text
 * { "identity": whose job it is, "mark": not to be guessed }
 * ```
 */
export function markPath(base: string): string {
  return join(base, "mark.json");
}

/** `codex-home`, or the default beside our private files. */
export function homeDirectory(given: string | null, base: string): string {
  return resolve(given ?? join(base, "home"));
}

/**
 * Where the login's file really lies. The home holds a link to it, which Codex follows also when it writes (0.169.0): a
 * sandbox can be kept out of this directory, but not out of the home, from which Codex starts its own helpers.
 */
export function loginDirectory(base: string): string {
  return join(base, "login");
}

/** Where {@link hideHostLogin} puts a host's login. */
export function hostLoginPath(home: string): string {
  return join(home, "login", AUTH_FILE);
}

export function writtenPath(base: string): string {
  return join(base, "written");
}

/**
 * Where main leaves the login it was given when the whole login stands in the home anyway: a post that gets no inputs
 * (nested composite actions) can then still file the handoff. Beside the login, where the model's commands cannot read.
 */
export function handedPath(base: string): string {
  return join(loginDirectory(base), "handed.json");
}

/** Ciphertext of what this job has done to the secret so far. */
export function ledgerPath(base: string): string {
  return join(base, "ledger");
}
