import type { LabClock } from "../clock.ts";
import type { LabRequest, LabResponse } from "../loopback-server.ts";
import type { Repository } from "./repository.ts";
import { match } from "./router.ts";
import { describeSecret, putSecret, SecretScope, type StoredSecret } from "./secrets.ts";
import type { Caller, Level } from "./tokens.ts";
import { apiError, invalidRequest, jsonObject, notFound, page } from "./wire.ts";

type Visibility = "all" | "private" | "selected";

interface Audience {
  visibility: Visibility;
  /** Ids; only of a `selected` secret. */
  repositories: number[];
}

/** An organization of the lab's GitHub, with the secrets that it shares with its repositories. */
export class Organization {
  readonly name: string;
  readonly secrets = new SecretScope();
  readonly #audiences = new Map<string, Audience>();
  readonly #clock: LabClock;

  constructor(name: string, clock: LabClock) {
    this.name = name;
    this.#clock = clock;
  }

  /** As an owner with `gh secret set --org` would. */
  setSecret(name: string, value: string, audience: Visibility | readonly Repository[] = "private"): void {
    this.secrets.set(name, value, this.#clock.now());
    this.share(
      name,
      typeof audience === "string"
        ? { visibility: audience, repositories: [] }
        : { visibility: "selected", repositories: audience.map(({ id }) => id) },
    );
  }

  share(name: string, audience: Audience): void {
    this.#audiences.set(name.toUpperCase(), audience);
  }

  audienceOf(name: string): Audience {
    return this.#audiences.get(name.toUpperCase()) ?? { visibility: "private", repositories: [] };
  }

  /** What jobs of a repository of this organization find among their secrets. [doc] */
  visibleTo({ id, fullName, visibility: publicity }: Repository): readonly StoredSecret[] {
    if (fullName.split("/")[0]?.toLowerCase() !== this.name.toLowerCase()) return [];
    return this.secrets.all.filter(({ name }) => {
      const { visibility, repositories } = this.audienceOf(name);
      if (visibility === "selected") return repositories.includes(id);
      return visibility === "all" || publicity === "private";
    });
  }
}

interface OrganizationCall {
  readonly request: LabRequest;
  readonly organization: Organization;
  readonly name: string;
  readonly url: string;
  readonly now: Date;
  readonly repositories: readonly Repository[];
}

interface OrganizationRoute {
  readonly method: string;
  readonly pattern: string;
  readonly level: Level;
  readonly answer: (call: OrganizationCall) => LabResponse;
}

const SECRETS = "/orgs/{org}/actions/secrets";

/** Documented in GitHub's OpenAPI description, 2026-11. */
const routes: readonly OrganizationRoute[] = [
  {
    method: "GET",
    pattern: `${SECRETS}/public-key`,
    level: "read",
    answer: ({ organization }) => ({ status: 200, body: organization.secrets.publicKey }),
  },
  {
    method: "GET",
    pattern: `${SECRETS}/{name}`,
    level: "read",
    answer: ({ organization, name, url }) => {
      const secret = organization.secrets.get(name);
      if (!secret) return notFound();
      const { visibility } = organization.audienceOf(name);
      const selected =
        visibility === "selected"
          ? {
              selected_repositories_url: `${url}/orgs/${organization.name}/actions/secrets/${name}/repositories`,
            }
          : {};
      return { status: 200, body: { ...describeSecret(secret), visibility, ...selected } };
    },
  },
  {
    method: "GET",
    pattern: `${SECRETS}/{name}/repositories`,
    level: "read",
    answer: ({ request, organization, name, url, repositories }) => {
      const { visibility, repositories: ids } = organization.audienceOf(name);
      // What GitHub answers for a secret that is not `selected`: a 409 is documented for the two that change the list.
      if (!organization.secrets.get(name) || visibility !== "selected") return notFound();
      const { items, headers } = page(request, ids, url);
      const described = items.map((id) => {
        const fullName = repositories.find((repository) => repository.id === id)?.fullName ?? `gone/${id}`;
        return { id, name: fullName.split("/")[1], full_name: fullName };
      });
      return { status: 200, headers, body: { total_count: ids.length, repositories: described } };
    },
  },
  {
    method: "PUT",
    pattern: `${SECRETS}/{name}`,
    level: "write",
    answer: ({ request, organization, name, now }) => {
      const { visibility, selected_repository_ids: ids } = jsonObject(request) ?? {};
      if (visibility !== "all" && visibility !== "private" && visibility !== "selected")
        return invalidRequest(`"visibility" wasn't supplied.`);
      if (ids !== undefined && visibility !== "selected")
        return apiError(422, "selected_repository_ids can only be provided when visibility is selected");
      if (ids !== undefined && !(Array.isArray(ids) && ids.every(Number.isInteger)))
        return invalidRequest("selected_repository_ids must be integers.");
      const answer = putSecret({ request, now }, organization.secrets, name);
      // A list that is left out empties it here; what GitHub does then is [open].
      if (answer.status < 300)
        organization.share(name, { visibility, repositories: (ids ?? []) as number[] });
      return answer;
    },
  },
  {
    method: "DELETE",
    pattern: `${SECRETS}/{name}`,
    level: "write",
    answer: ({ organization, name }) => (organization.secrets.delete(name) ? { status: 204 } : notFound()),
  },
];

/** @returns `undefined` for a path of something else */
export function answerOrganization({
  request,
  segments,
  organizations,
  caller,
  ...rest
}: {
  readonly request: LabRequest;
  readonly segments: readonly string[];
  readonly organizations: ReadonlyMap<string, Organization>;
  readonly caller: Caller | undefined;
} & Pick<OrganizationCall, "url" | "now" | "repositories">): LabResponse | undefined {
  if (segments[0] !== "orgs") return undefined;
  const organization = organizations.get((segments[1] ?? "").toLowerCase());
  const route = routes.find(
    ({ method, pattern }) => method === request.method && match(pattern, segments) !== undefined,
  );
  if (!organization || !route) return notFound();
  if (!caller) return apiError(401, "Requires authentication");
  const granted = caller.organizations.includes(organization) && caller.permissions.organization_secrets;
  if (granted !== "write" && granted !== route.level) {
    const who = caller.kind === "integration" ? "integration" : "personal access token";
    return apiError(403, `Resource not accessible by ${who}`, {
      "x-accepted-github-permissions": `organization_secrets=${route.level}`,
    });
  }
  const { name = "" } = match(route.pattern, segments) ?? {};
  return route.answer({ request, organization, name, ...rest });
}
