import { randomUUID } from "node:crypto";
import type { CacheService } from "../cache/cache.ts";
import type { LabClock } from "../clock.ts";
import { type LabRequest, type LabResponse, LoopbackServer } from "../loopback-server.ts";
import { type AppCredentials, type AppOptions, Apps } from "./apps.ts";
import { cacheRoutes } from "./caches.ts";
import { collaboratorRoutes } from "./collaborators.ts";
import { environmentRoutes } from "./environments.ts";
import { issueRoutes } from "./issues.ts";
import { answerOrganization, Organization } from "./organizations.ts";
import { nodeId, refRoutes, updateRefs, updateRefsInput } from "./refs.ts";
import { Repository, type RepositoryOptions } from "./repository.ts";
import { find, match, type Route, segmentsOf } from "./router.ts";
import { runRoutes } from "./runs.ts";
import { type StoredSecret, secretRoutes, secretsReady } from "./secrets.ts";
import {
  type Caller,
  expirationHeaders,
  type Permissions,
  permits,
  type TokenOptions,
  Tokens,
  wireName,
} from "./tokens.ts";
import { variableRoutes } from "./variables.ts";
import { API_VERSION, apiError, notFound } from "./wire.ts";
import { workflowRoutes } from "./workflows.ts";

export type { AppCredentials } from "./apps.ts";
export type { Role } from "./collaborators.ts";
export type { IssueRecord } from "./issues.ts";
export { Organization } from "./organizations.ts";
export { Repository, type RepositoryOptions, type SecretPlace } from "./repository.ts";
export type { ConcurrencyGroupRecord, JobRecord, RunRecord } from "./runs.ts";
export type { StoredSecret } from "./secrets.ts";
export type { Level, Permission, Permissions, TokenOptions } from "./tokens.ts";
export type { StoredVariable } from "./variables.ts";

const repositoryRoute: Route = {
  method: "GET",
  pattern: "",
  permission: "metadata",
  level: "read",
  answer: ({ repository }) => {
    const [login, name] = repository.fullName.split("/");
    const { id, fullName, visibility, defaultBranch } = repository;
    const body = {
      archived: repository.archived,
      id,
      node_id: nodeId(repository),
      name,
      full_name: fullName,
      owner: { login },
      private: visibility === "private",
      visibility,
    };
    return { status: 200, body: { ...body, default_branch: defaultBranch } };
  },
};

const ROUTES: readonly Route[] = [
  repositoryRoute,
  ...secretRoutes,
  ...variableRoutes,
  ...environmentRoutes,
  ...runRoutes,
  ...workflowRoutes,
  ...issueRoutes,
  ...collaboratorRoutes,
  ...refRoutes,
];

/** A stand-in for GitHub's REST API with as many repositories as a story needs. */
export class GitHub {
  readonly #clock: LabClock;
  readonly #tokens: Tokens;
  readonly #apps: Apps;
  readonly #repositories = new Map<string, Repository>();
  readonly #routes: readonly Route[] = [...ROUTES, ...cacheRoutes(() => this.#cache)];
  /** By names that they do not have any more, and nobody else has. */
  readonly #former = new Map<string, Repository>();
  readonly #organizations = new Map<string, Organization>();
  #server: LoopbackServer | undefined;
  #cache: CacheService | undefined;

  private constructor(clock: LabClock) {
    this.#clock = clock;
    this.#tokens = new Tokens(clock);
    this.#apps = new Apps(this.#tokens, clock);
  }

  static async start(clock: LabClock): Promise<GitHub> {
    await secretsReady();
    const github = new GitHub(clock);
    github.#server = await LoopbackServer.start((request) => github.#answer(request), clock);
    return github;
  }

  /** Its `url` is the root of the API: GITHUB_API_URL. */
  get server(): LoopbackServer {
    if (!this.#server) throw new Error("lab: GitHub has not been started");
    return this.#server;
  }

  /** Every token value ever minted, for a search of what must not appear in the open. */
  get tokens(): readonly string[] {
    return this.#tokens.minted;
  }

  /** Creates the repository, or returns the one of that name (options are then ignored). */
  repository(fullName: string, options: RepositoryOptions = {}): Repository {
    const existing = this.#repositories.get(fullName.toLowerCase());
    if (existing) return existing;
    const repository = new Repository(fullName, 7_000_001 + this.#repositories.size, this.#clock, options);
    this.#repositories.set(fullName.toLowerCase(), repository);
    return repository;
  }

  /** From now on the API lists and deletes its entries. */
  serveCaches(cache: CacheService): void {
    this.#cache = cache;
  }

  /** Creates the organization, or returns the one of that name. Its repositories are those whose owner has its name. */
  organization(name: string): Organization {
    const existing = this.#organizations.get(name.toLowerCase());
    if (existing) return existing;
    const organization = new Organization(name, this.#clock);
    this.#organizations.set(name.toLowerCase(), organization);
    return organization;
  }

  /** What the jobs of a repository find among their secrets from its organization. */
  organizationSecretsOf(repository: Repository): readonly StoredSecret[] {
    const owner = repository.fullName.split("/")[0]?.toLowerCase() ?? "";
    return this.#organizations.get(owner)?.visibleTo(repository) ?? [];
  }

  /** As its owner does in the settings, or gives it to another owner. The old name redirects. [doc] */
  rename(repository: Repository, fullName: string): void {
    this.#repositories.delete(repository.fullName.toLowerCase());
    this.#former.set(repository.fullName.toLowerCase(), repository);
    repository.fullName = fullName;
    this.#repositories.set(fullName.toLowerCase(), repository);
  }

  /**
   * Mints a token with exactly these permissions on one repository (`metadata: read` comes with every token).
   * Without a prefix, one that has nothing but actions, issues and contents is an installation token like GITHUB_TOKEN.
   */
  token(repository: Repository, permissions: Permissions, options: TokenOptions = {}): string {
    return this.#tokens.mint(repository, permissions, options).token;
  }

  revokeToken(token: string): void {
    this.#tokens.revoke(token);
  }

  /** Registers a GitHub App and installs it on the repository. */
  app(options: AppOptions): AppCredentials {
    return this.#apps.register(options);
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async #answer(request: LabRequest): Promise<LabResponse> {
    const answer = await this.#admit(request);
    const headers = { "x-github-request-id": randomUUID(), "x-github-api-version-selected": API_VERSION };
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  async #admit(request: LabRequest): Promise<LabResponse> {
    if (!request.headers["user-agent"]) return apiError(403, "Request forbidden by administrative rules.");
    const version = request.headers["x-github-api-version"];
    // GitHub takes a missing version for the default one; the lab insists, so that nobody forgets to send it.
    if (version === undefined) return apiError(400, "lab: the header X-GitHub-Api-Version is missing");
    if (version !== API_VERSION) return apiError(400, `'${version}' is not a supported version.`);
    const segments = segmentsOf(request.path);
    if (!segments) return apiError(400, "Bad Request");
    const credential = credentialOf(request);

    const forApp = await this.#answerApp(request, segments, credential);
    if (forApp) return forApp;
    const caller = credential === undefined ? undefined : this.#tokens.caller(credential);
    if (credential !== undefined && !caller) return apiError(401, "Bad credentials");
    const answer = this.#answerToken(request, segments, caller);
    return caller ? { ...answer, headers: { ...expirationHeaders(caller), ...answer.headers } } : answer;
  }

  /** The endpoints for which an app signs a JWT. */
  async #answerApp(
    request: LabRequest,
    segments: readonly string[],
    credential: string | undefined,
  ): Promise<LabResponse | undefined> {
    const isGet = request.method === "GET";
    const installation = isGet && match("/repos/{owner}/{repo}/installation", segments);
    const ofOrganization = isGet && match("/orgs/{org}/installation", segments);
    const tokens = request.method === "POST" && match("/app/installations/{id}/access_tokens", segments);
    if (!installation && !tokens && !ofOrganization) return undefined;
    const app = await this.#apps.authenticate(credential);
    if ("status" in app) return app;
    if (tokens) return this.#apps.createToken(app, tokens.id ?? "", request);
    if (ofOrganization)
      return this.#apps.installation(app, this.#organizations.get((ofOrganization.org ?? "").toLowerCase()));
    return this.#apps.installation(app, this.#repositoryAt(segments));
  }

  #answerToken(request: LabRequest, segments: readonly string[], caller: Caller | undefined): LabResponse {
    if (request.method === "DELETE" && match("/installation/token", segments)) {
      if (!caller) return apiError(401, "Requires authentication");
      if (caller.kind !== "integration") return forbidden(caller);
      this.#tokens.revoke(caller.token);
      return { status: 204 };
    }
    if (request.method === "POST" && match("/graphql", segments)) return this.#answerGraphql(request, caller);
    const forOrganization = answerOrganization({
      ...{ request, segments, caller, organizations: this.#organizations },
      ...{ url: this.server.url, now: this.#clock.now(), repositories: [...this.#repositories.values()] },
    });
    if (forOrganization) return forOrganization;
    const moved = this.#redirect(request, segments);
    if (moved) return moved;
    const repository = this.#repositoryAt(segments);
    const found = find(this.#routes, request.method, segments.slice(segments[0] === "repositories" ? 2 : 3));
    if (!repository || !found) return notFound();
    // Who may not see a private repository is not told that it exists.
    if (repository.visibility === "private" && !caller?.repositories.includes(repository)) return notFound();
    const { route, parameters } = found;
    // Told with every answer, whether the caller has it or not. [doc]
    const accepted = { "x-accepted-github-permissions": `${wireName(route.permission)}=${route.level}` };
    const admits = [route.permission, route.alternative ?? route.permission];
    if (!admits.some((permission) => permits(caller, repository, permission, route.level))) {
      if (!caller) return apiError(401, "Requires authentication");
      return forbidden(caller, accepted);
    }
    if (repository.archived && request.method !== "GET")
      return apiError(403, "Repository was archived so is read-only.");
    const call = { request, repository, caller, parameters, url: this.server.url, now: this.#clock.now() };
    const answer = route.answer(call);
    return { ...answer, headers: { ...accepted, ...answer.headers } };
  }

  /** The one mutation that the lab knows. */
  #answerGraphql(request: LabRequest, caller: Caller | undefined): LabResponse {
    if (!caller) return apiError(401, "This endpoint requires you to be authenticated.");
    const asked = updateRefsInput(request);
    if (!asked) return apiError(400, "lab: only updateRefs with an input of its form");
    const repository = [...this.#repositories.values()].find((one) => nodeId(one) === asked.repositoryId);
    const refused = (type: string, message: string) => {
      const error = { type, path: ["updateRefs"], message };
      return { status: 200, body: { data: { updateRefs: null }, errors: [error] } };
    };
    if (!repository || !caller.repositories.includes(repository))
      return refused(
        "NOT_FOUND",
        `Could not resolve to a node with the global id of '${asked.repositoryId}'.`,
      );
    if (!permits(caller, repository, "contents", "write"))
      return refused("FORBIDDEN", "Resource not accessible by integration");
    return updateRefs(repository, asked.updates);
  }

  /** A repository's former name leads to its number: 301 for what only reads, 307 for everything else. [doc] */
  #redirect(request: LabRequest, [root, owner = "", name = ""]: readonly string[]): LabResponse | undefined {
    if (root !== "repos" || this.#repositories.has(`${owner}/${name}`.toLowerCase())) return undefined;
    const repository = this.#former.get(`${owner}/${name}`.toLowerCase());
    if (!repository) return undefined;
    const query = request.query.size > 0 ? `?${request.query}` : "";
    const rest = request.path.split("/").slice(4);
    const location = [`${this.server.url}/repositories/${repository.id}`, ...rest].join("/") + query;
    const status = request.method === "GET" ? 301 : 307;
    return { status, headers: { location }, body: { message: "Moved Permanently", url: location } };
  }

  #repositoryAt([root, owner = "", name = ""]: readonly string[]): Repository | undefined {
    if (root === "repositories")
      return [...this.#repositories.values()].find(({ id }) => String(id) === owner);
    return root === "repos" ? this.#repositories.get(`${owner}/${name}`.toLowerCase()) : undefined;
  }
}

function forbidden(caller: Caller, headers: Record<string, string> = {}): LabResponse {
  const who = caller.kind === "integration" ? "integration" : "personal access token";
  return apiError(403, `Resource not accessible by ${who}`, headers);
}

/** The token or JWT of the Authorization header, whichever of GitHub's two schemes it uses. */
function credentialOf(request: LabRequest): string | undefined {
  return /^(?:bearer|token) +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}
