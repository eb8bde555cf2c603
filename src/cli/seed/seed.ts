import { Failure } from "../../core/failure/failure.ts";
import { GitHubError } from "../../core/failure/github-error.ts";
import { describePlace, type Place } from "../../core/github/secret-location.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { Secret } from "../../core/login/secret.ts";
import { redactedStatus } from "../../core/login/status.ts";
import { proveWritable } from "../../login/prove-write.ts";
import { markSeed } from "../../login/seed-marker.ts";
import type { SealedBox, SecretMetadata, WriteCredential } from "../../ports/action.ts";
import type { RepositoryAdministration, RepositoryDescription, Result } from "../../ports/cli.ts";
import { explainToPerson } from "../explain-github.ts";
import { type LoginCollaborators, type LoginSource, obtainLogin } from "./obtain-login.ts";
import { type StoreCollaborators, storeSecret } from "./store-secret.ts";
import {
  APP_CLIENT_ID_SECRET,
  APP_PRIVATE_KEY_SECRET,
  describeWriterPermission,
  WRITER_TOKEN_SECRET,
  type WriterToStore,
} from "./write-credential-source.ts";
import {
  findCheckout,
  type WorkflowCollaborators,
  type WrittenWorkflows,
  writeWorkflows,
} from "./write-workflows.ts";

export interface SeedRequest {
  readonly owner: string;
  readonly repository: string;
  /** `null`: a repository secret. */
  readonly environment: string | null;
  readonly secretName: string;
  readonly source: LoginSource;
  /** `null`: not asked for; a person is offered it. `ask`: a token that the person pastes. */
  readonly writer: WriterToStore | "ask" | null;
  /** Where in a checkout we stand; `null`: no workflows are written. */
  readonly workflowsFrom: string | null;
  readonly reseed: boolean;
  readonly createEnvironment: boolean;
  readonly allowPublicRepository: boolean;
  readonly dryRun: boolean;
}

export interface SeedCollaborators extends LoginCollaborators, WorkflowCollaborators {
  readonly administration: RepositoryAdministration;
  readonly box: SealedBox;
  readonly writer: (writer: WriterToStore, place: Place) => WriteCredential;
}

/**
 * Puts a login into the store. Everything that can be found out before a person logs in, is.
 *
 * @throws {Failure} everything that a person can repair
 */
export async function seed(collaborators: SeedCollaborators, request: SeedRequest): Promise<Result> {
  const seeding = new Seeding(collaborators, request);
  try {
    return await seeding.run();
  } catch (error) {
    if (error instanceof GitHubError) throw explainToPerson(error, seeding.place);
    if (error instanceof Failure && error.code === "cancelled") throw seeding.explainCancelled(error);
    throw error;
  }
}

class Seeding {
  place: Place;
  readonly #with: SeedCollaborators;
  readonly #request: SeedRequest;
  /** What was done, in order, for the result. */
  readonly #events: string[] = [];

  constructor(collaborators: SeedCollaborators, request: SeedRequest) {
    this.#with = collaborators;
    this.#request = request;
    const { owner, repository, environment, secretName } = request;
    this.place = { owner, repository, repositoryId: "", environment, secretName };
  }

  async run(): Promise<Result> {
    const { reporter, files, signal } = this.#with;
    const { source, dryRun, workflowsFrom } = this.#request;
    reporter.begin(`Seed the ${describePlace(this.place)}`);
    if (source.kind === "file") {
      reporter.warn(
        `${source.path === "-" ? "This login" : source.path} must have no other user from now on: whichever of two users refreshes it first locks the other out.`,
      );
    }
    const root = workflowsFrom === null ? null : await findCheckout(files, workflowsFrom);
    if (source.kind === "fresh") await this.#with.login();
    // So far nothing is changed anywhere: whoever gives up need not wait for an answer.
    const { repository, scope, before, writer } = await unlessAborted(signal, this.#lookAround());

    if (dryRun) return this.#rehearse({ repository, scope, before, writer, root });

    if (scope === "missing") await this.#createEnvironment(repository);
    signal.throwIfAborted();
    reporter.say("Trying whether your token may write there.");
    await this.#proveOwnToken();
    if (writer) await this.#proveWriter(writer);
    signal.throwIfAborted();

    const document = await obtainLogin(this.#with, source);
    signal.throwIfAborted();
    const written = await this.#write(document, before);
    signal.throwIfAborted();
    if (writer) await this.#storeWriter(writer);
    signal.throwIfAborted();
    const workflows = root === null ? null : await this.#writeWorkflows(root, writer);
    return this.#result({ document, written, writer, workflows });
  }

  /** What was done before somebody gave up. */
  explainCancelled(failure: Failure): Failure {
    if (this.#events.length === 0) return failure;
    return new Failure("cancelled", `Cancelled, but before that: ${this.#events.join(" ")}`, failure.hint, {
      cause: failure,
    });
  }

  async #lookAround() {
    const repository = await this.#findRepository();
    this.place = { ...this.place, repositoryId: repository.id };
    const scope = await this.#findScope(repository);
    const before = scope === "missing" ? null : await this.#refuseExisting();
    const writer = await this.#chooseWriter();
    return { repository, scope, before, writer };
  }

  get #store(): StoreCollaborators {
    const { administration, box, clock } = this.#with;
    return { store: administration.secrets(this.place), serverClock: administration, box, clock };
  }

  async #findRepository(): Promise<RepositoryDescription> {
    const { administration, reporter } = this.#with;
    const { owner, repository, allowPublicRepository } = this.#request;
    reporter.say(`Asking GitHub for ${owner}/${repository}.`);
    const found = await administration.describe();
    if (found === null) {
      throw new Failure(
        "repository-not-found",
        `There is no repository ${owner}/${repository} that your token can see.`,
        "Check the name, and that the token (GH_TOKEN, GITHUB_TOKEN, or `gh auth token`) reaches this repository.",
      );
    }
    if (found.visibility === "public" && !allowPublicRepository) {
      throw new Failure(
        "public-repository",
        `${owner}/${repository} is public, and OpenAI asks not to use a ChatGPT login in public repositories.`,
        "Use a private repository; `--allow-public-repository` overrides this refusal.",
      );
    }
    return found;
  }

  /** @returns whether the environment must be made first */
  async #findScope(repository: RepositoryDescription): Promise<"there" | "missing"> {
    const { reporter } = this.#with;
    const { createEnvironment, dryRun } = this.#request;
    const { environment, owner } = this.place;
    try {
      await this.#store.store.publicKey();
      return "there";
    } catch (error) {
      // The repository is there: what is missing is the environment.
      if (!(error instanceof GitHubError) || error.status !== 404 || environment === null) throw error;
    }
    const wanted =
      createEnvironment ||
      (reporter.asks &&
        !dryRun &&
        (await reporter.confirm(
          `There is no environment ${environment}. Create it, for the branch ${repository.defaultBranch} alone?`,
        )));
    if (wanted) return "missing";
    throw new Failure(
      "environment-not-found",
      `${owner}/${this.place.repository} has no environment ${environment} that your token can see.`,
      "Create it in the repository's settings, or let `--create-environment` do it, limited to the default branch.",
    );
  }

  async #createEnvironment({ defaultBranch }: RepositoryDescription): Promise<void> {
    const { administration, reporter } = this.#with;
    const { environment } = this.place;
    if (environment === null) return;
    const limit = await administration.createEnvironment(environment, defaultBranch);
    if (limit === "limited") {
      this.#tell(`Created the environment ${environment}, for the branch ${defaultBranch} alone.`);
    } else {
      this.#tell(`Created the environment ${environment}.`);
      reporter.warn(
        `GitHub did not limit the environment to the branch ${defaultBranch}: every branch's workflows can read the login.`,
      );
    }
  }

  /** @returns what a reseed replaces */
  async #refuseExisting(): Promise<SecretMetadata | null> {
    const { reseed } = this.#request;
    const before = await this.#store.store.metadata(this.place.secretName);
    if (before === null || reseed) return before;
    throw new Failure(
      "secret-exists",
      `The ${describePlace(this.place)} is there already, since ${seconds(before.createdAt)}, last written ${seconds(before.updatedAt)}.`,
      "It may hold a login that is well: see `status --repo`. To replace it by a fresh login all the same, pass `--reseed`.",
    );
  }

  async #chooseWriter(): Promise<WriterToStore | null> {
    const { reporter } = this.#with;
    const { writer, dryRun } = this.#request;
    const permission = describeWriterPermission(this.place);
    if (writer !== null && writer !== "ask") return writer;
    if (!reporter.asks || dryRun) {
      if (writer === null || dryRun) return null;
      throw new Failure(
        "write-token-missing",
        `\`--writer-token\` found no token: the variable ${WRITER_TOKEN_SECRET} is not set, and there is no terminal to ask at.`,
        `Set ${WRITER_TOKEN_SECRET} in the environment; a token has no place among the arguments.`,
      );
    }
    const offered =
      writer === "ask" ||
      (await reporter.confirm(
        `Jobs need a writer: a fine-grained token for this repository with "${permission}". Have you one at hand to store now?`,
      ));
    if (!offered) return null;
    const token = await reporter.askSecret("Paste the fine-grained token (it is not shown)");
    return token.isEmpty ? null : { kind: "token", token };
  }

  /** A person is not asked to log in for a login that cannot be stored. */
  async #proveOwnToken(): Promise<void> {
    const { administration, reporter, box, clock } = this.#with;
    const { place } = this;
    const session = { store: administration.secrets(place), variables: administration.variables(place) };
    await proveWritable({ session, box, clock, log: quietLog(reporter.say), place });
  }

  /** A writer that cannot write is found out now, not in the first week. */
  async #proveWriter(writer: WriterToStore): Promise<void> {
    const { reporter, box, clock } = this.#with;
    const { place } = this;
    reporter.say("Trying whether the writer may write there.");
    const session = await this.#with.writer(writer, place).open();
    try {
      const log = quietLog(reporter.say);
      await proveWritable({ session, box, clock, log, place });
    } finally {
      await session.close();
    }
  }

  async #write(document: AuthJson, before: SecretMetadata | null): Promise<SecretMetadata> {
    const { reporter } = this.#with;
    const { place } = this;
    // A person may have taken a quarter of an hour to log in.
    if (before === null && (await this.#store.store.metadata(place.secretName)) !== null) {
      throw new Failure(
        "secret-changed-elsewhere",
        `Somebody else has created the ${describePlace(place)} meanwhile. It is left as it is.`,
        "See who it was; `--reseed` replaces it.",
      );
    }
    reporter.say(`Writing the ${describePlace(place)}.`);
    const written = await storeSecret(this.#store, place.secretName, document.content("json"));
    // So the first refresh knows that its run was handed this login, whenever it was created.
    await markSeed(this.#with.administration.variables(place), {
      document,
      place,
      updatedAt: written.updatedAt,
    });
    const verb = before === null ? "Created" : "Replaced";
    this.#tell(
      `${verb} the ${describePlace(place)} (GitHub shows it as written ${seconds(written.updatedAt)}).`,
    );
    return written;
  }

  async #storeWriter(writer: WriterToStore): Promise<void> {
    const secrets: [string, Secret][] =
      writer.kind === "token"
        ? [[WRITER_TOKEN_SECRET, writer.token]]
        : [
            [APP_CLIENT_ID_SECRET, new Secret(writer.clientId)],
            [APP_PRIVATE_KEY_SECRET, writer.privateKey],
          ];
    for (const [name, value] of secrets) {
      await storeSecret(this.#store, name, value);
      this.#tell(`Stored the writer beside it, as ${name}.`);
    }
  }

  async #writeWorkflows(root: string, writer: WriterToStore | null): Promise<WrittenWorkflows> {
    const { environment, secretName } = this.place;
    const fit = { environment, secretName, writer: writer?.kind ?? "token" } as const;
    const { dryRun } = this.#request;
    const workflows = await writeWorkflows(this.#with, { root, fit, dryRun });
    for (const path of workflows.kept) this.#tell(`${path} is there already, and stays as it is.`);
    if (!dryRun) for (const path of workflows.written) this.#tell(`Wrote ${path}.`);
    return workflows;
  }

  async #rehearse(plan: {
    repository: RepositoryDescription;
    scope: "there" | "missing";
    before: SecretMetadata | null;
    writer: WriterToStore | null;
    root: string | null;
  }): Promise<Result> {
    const { source, writer: asked } = this.#request;
    const { repository, scope, before, root } = plan;
    if (source.kind === "file") await obtainLogin(this.#with, source);
    const workflows = root === null ? null : await this.#writeWorkflows(root, plan.writer);
    const withWriter = plan.writer !== null || asked !== null;
    const steps = [
      ...(scope === "missing"
        ? [
            `create the environment ${this.place.environment}, for the branch ${repository.defaultBranch} alone`,
          ]
        : []),
      ...(source.kind === "fresh"
        ? [
            `have you log in to ChatGPT (${source.method === "device" ? "a link and a one-time code" : "in a browser here"})`,
          ]
        : []),
      `${before ? "replace" : "create"} the ${describePlace(this.place)}`,
      ...(withWriter ? ["store the writer beside it"] : []),
      ...(workflows?.written ?? []).map((path) => `write ${path}`),
    ];
    return {
      json: { dry_run: true, ...this.#where(), would: steps, secret_exists: before !== null },
      title: "Nothing was changed (--dry-run).",
      lines: ["Without --dry-run, this would:", ...steps.map((step) => `  ${step}`)],
    };
  }

  #result(done: {
    document: AuthJson;
    written: SecretMetadata;
    writer: WriterToStore | null;
    workflows: WrittenWorkflows | null;
  }): Result {
    const { document, written, writer, workflows } = done;
    const next = this.#nextSteps(writer, workflows);
    return {
      json: {
        ...this.#where(),
        account_id: document.accountId,
        access_token_expires_at: document.accessTokenExpiresAt.toISOString(),
        status: redactedStatus(document),
        updated_at: written.updatedAt.toISOString(),
        writer_stored: writer !== null,
        workflows_written: workflows?.written ?? [],
        workflows_kept: workflows?.kept ?? [],
        events: this.#events,
        next,
      },
      title: "Seeded.",
      lines:
        next.length > 0
          ? ["Next:", ...next.flatMap((step) => step.split("\n").map((line) => `  ${line}`))]
          : [],
    };
  }

  #nextSteps(writer: WriterToStore | null, workflows: WrittenWorkflows | null): string[] {
    const { owner, repository, environment } = this.place;
    const scope = environment === null ? "" : ` --env ${quote(environment)}`;
    const { source } = this.#request;
    const written = (workflows?.written ?? []).map((path) => path.split(/[\\/]/).at(-1));
    // On a fresh login only the one that forces a refresh proves anything.
    const first = written.find((name) => name === "maintenance.yml") ?? written[0];
    return [
      ...(source.kind === "file" && source.path !== "-"
        ? [`Delete ${source.path}, or never use it again: this login belongs to the repository now.`]
        : []),
      ...(writer
        ? []
        : [
            `Store the writer, a fine-grained token with "${describeWriterPermission(this.place)}":\n  gh secret set ${WRITER_TOKEN_SECRET}${scope} --repo ${owner}/${repository}`,
          ]),
      ...(first
        ? [
            `Commit and push .github/workflows, then:\n  gh workflow run ${first} --repo ${owner}/${repository}`,
          ]
        : []),
    ];
  }

  #where() {
    const { owner, repository, environment, secretName } = this.place;
    return { repository: `${owner}/${repository}`, environment, secret_name: secretName };
  }

  #tell(sentence: string): void {
    this.#events.push(sentence);
    this.#with.reporter.say(sentence);
  }
}

/** @throws the signal's reason, as soon as it is aborted */
async function unlessAborted<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    work.catch(() => {}); // whoever gave up does not hear of it any more
  }
}

/** GitHub's times have no more. */
function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

function quote(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What proves the write token speaks to a step's log. */
function quietLog(say: (sentence: string) => void) {
  const nothing = (): void => {};
  return {
    info: say,
    warning: say,
    error: say,
    debug: nothing,
    group: nothing,
    endGroup: nothing,
    mask: nothing,
  };
}
