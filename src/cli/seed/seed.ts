import { Failure } from "../../core/failure/failure.ts";
import { GitHubError } from "../../core/failure/github-error.ts";
import { describeLocation, type SecretLocation } from "../../core/github/secret-location.ts";
import type { Secret } from "../../core/login/secret.ts";
import type { Result } from "../../ports/cli.ts";
import { unlessAborted } from "../abort.ts";
import { explainToPerson } from "../explain-github.ts";
import { seedOf } from "../pasted.ts";
import type { GitHub } from "../services.ts";
import { secretOf } from "../write-credential-source.ts";
import { createEnvironment, findTarget } from "./find-target.ts";
import { obtainLogin } from "./obtain-login.ts";
import type { Seeding, SeedRequest, SeedServices } from "./seed-request.ts";
import { rehearsal, seeded } from "./seed-result.ts";
import { proveCopies, storeCopies } from "./store-copies.ts";
import { storeLogin } from "./store-login.ts";
import {
  chooseWriteCredential,
  proveOwnToken,
  proveWriteCredential,
  storeWriteCredential,
} from "./write-credential.ts";
import { demandWritable, findCheckout, type WrittenWorkflows, writeWorkflows } from "./write-workflows.ts";

/**
 * Puts a login into the secret. Everything that can be found out before a person logs in, is.
 *
 * @throws {Failure} everything that a person can repair
 */
export async function seed(services: SeedServices, github: GitHub, request: SeedRequest): Promise<Result> {
  const { owner, repository, environment, secretName } = request;
  const place: SecretLocation = { owner, repository, repositoryId: "", environment, secretName };
  const done: string[] = [];
  const tell = (sentence: string): void => {
    done.push(sentence);
    services.reporter.say(sentence);
  };
  const administration = github.administration(request);
  try {
    return await run({ request, services, github, administration, place, tell }, done);
  } catch (error) {
    if (error instanceof GitHubError) throw explainToPerson(error, place);
    if (error instanceof Failure && error.code === "cancelled") throw explainCancelled(error, done);
    throw error;
  }
}

async function run(begun: Seeding, done: readonly string[]): Promise<Result> {
  const { request, services } = begun;
  const { reporter, files, signal } = services;
  const { source, workflowsFrom } = request;
  const command = seedOf(`${request.owner}/${request.repository}`, request);
  reporter.begin(`Seed the ${describeLocation(begun.place)}`);
  if (source.kind === "file") {
    reporter.warn(
      `${source.path === "-" ? "This login" : source.path} must not be used anywhere else from now on: as soon as one copy is refreshed, the other stops working.`,
    );
  }
  const root = workflowsFrom === null ? null : await findCheckout(files, workflowsFrom);
  if (root !== null) await demandWritable(begun, root);
  if (source.kind === "fresh") await services.codex();
  // Nothing has been changed so far, so a Ctrl-C need not wait for an answer.
  const { seeding, target } = await unlessAborted(signal, findTarget(begun));
  const credential = await unlessAborted(signal, chooseWriteCredential(seeding));
  const workflows = async (): Promise<WrittenWorkflows | null> =>
    root === null ? null : writeWorkflows(seeding, root, credential?.kind ?? "token");

  if (request.dryRun) {
    if (source.kind === "file") await obtainLogin(services, source, { command });
    return rehearsal(seeding, { target, credential, workflows: await workflows() });
  }

  if (target.scope === "missing") await createEnvironment(seeding, target.repository);
  signal.throwIfAborted();
  await proveOwnToken(seeding);
  await proveCopies(seeding, null);
  if (credential) {
    await proveWriteCredential(seeding, credential);
    await proveCopies(seeding, credential);
  }
  signal.throwIfAborted();

  const login = await obtainLogin(services, source, { command, secrets: secretsOf(begun) });
  signal.throwIfAborted();
  const written = await storeLogin(seeding, login, target.before);
  signal.throwIfAborted();
  if (credential) await storeWriteCredential(seeding, credential);
  signal.throwIfAborted();
  await storeCopies(seeding, login, { repositoryId: target.repository.id });
  return seeded(seeding, { login, written, credential, workflows: await workflows(), done });
}

/** What Codex need not know. */
function secretsOf({ github, request: { writeCredential } }: Seeding): readonly Secret[] {
  return writeCredential === null || writeCredential === "ask"
    ? [github.token]
    : [github.token, secretOf(writeCredential)];
}

/** With what was done before somebody gave up. */
function explainCancelled(failure: Failure, done: readonly string[]): Failure {
  if (done.length === 0) return failure;
  return new Failure("cancelled", `Cancelled, but before that: ${done.join(" ")}`, failure.hint, {
    cause: failure,
  });
}
