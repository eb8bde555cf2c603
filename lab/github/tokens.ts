import { randomBytes } from "node:crypto";
import type { LabClock } from "../clock.ts";
import type { Organization } from "./organizations.ts";
import type { Repository } from "./repository.ts";

/** The repository permissions that the lab's endpoints ask for, as the settings name them. */
export type Permission =
  | "secrets"
  | "variables"
  | "environments"
  | "actions"
  | "issues"
  | "pull_requests"
  | "contents"
  | "administration"
  | "organization_secrets"
  | "metadata";
export type Level = "read" | "write";
export type Permissions = Partial<Record<Permission, Level>>;

/** How the API names a permission. [report, live: an app with Variables has `actions_variables`] */
export function wireName(permission: string): string {
  return permission === "variables" ? "actions_variables" : permission;
}

/** @returns `undefined` for a name that the API does not know, as `variables` */
export function fromWireName(name: string): string | undefined {
  if (name === "variables") return undefined;
  return name === "actions_variables" ? "variables" : name;
}

/** As the API shows them. */
export function onTheWire(permissions: Permissions): Record<string, Level> {
  return Object.fromEntries(
    Object.entries(permissions).map(([name, level]) => [wireName(name), level as Level]),
  );
}

export interface TokenOptions {
  /** Begins the token. `ghs_` makes it an installation token (as GITHUB_TOKEN is), any other a personal access token. */
  readonly prefix?: string;
  readonly expiresAt?: Date;
  /** More repositories that it reaches, with the same permissions. */
  readonly alsoOn?: readonly Repository[];
  readonly organizations?: readonly Organization[];
  /**
   * How the answers to a personal access token tell its expiry: two formats are seen in the wild, and sometimes the
   * header is absent (FACTS.md §2).
   */
  readonly expirationHeader?: "utc" | "offset" | "absent";
}

/** Whoever a request's credentials say it is. */
export interface Caller {
  readonly token: string;
  readonly kind: "personal" | "integration";
  readonly login: string;
  readonly repositories: readonly Repository[];
  readonly organizations: readonly Organization[];
  readonly permissions: Permissions;
  readonly expiresAt: Date | undefined;
  readonly expirationHeader: "utc" | "offset" | "absent";
}

const workflowPermissions: ReadonlySet<string> = new Set([
  "actions",
  "issues",
  "pull_requests",
  "contents",
  "metadata",
]);

/** Has it something, and nothing but what a workflow asks of its own token? */
function looksLikeGithubToken(permissions: Permissions): boolean {
  const names = Object.keys(permissions);
  return names.length > 0 && names.every((name) => workflowPermissions.has(name));
}

/** Every token of the lab's GitHub: who it speaks for, what it may, until when. */
export class Tokens {
  readonly #callers = new Map<string, Caller>();
  readonly #revoked = new Set<string>();
  readonly #clock: LabClock;

  constructor(clock: LabClock) {
    this.#clock = clock;
  }

  /** Every token value ever minted, revoked and expired ones too. */
  get minted(): readonly string[] {
    return [...this.#callers.keys()];
  }

  mint(
    repository: Repository | undefined,
    permissions: Permissions,
    options: TokenOptions & { length?: number; login?: string } = {},
  ): Caller {
    const prefix = options.prefix ?? (looksLikeGithubToken(permissions) ? "ghs_" : "github_pat_");
    const kind = prefix.startsWith("ghs_") ? "integration" : "personal";
    const start = `${prefix}CANARY`;
    const random = randomBytes(options.length ?? 60).toString("hex");
    const caller: Caller = {
      token: start + random.slice(0, Math.max((options.length ?? 60) - start.length, 24)),
      kind,
      login: options.login ?? (kind === "integration" ? "github-actions[bot]" : "lab-owner"),
      repositories: [...(repository ? [repository] : []), ...(options.alsoOn ?? [])],
      organizations: options.organizations ?? [],
      permissions: { ...permissions, metadata: "read" },
      expiresAt: options.expiresAt,
      expirationHeader: options.expirationHeader ?? "utc",
    };
    this.#callers.set(caller.token, caller);
    return caller;
  }

  revoke(token: string): void {
    this.#revoked.add(token);
  }

  /** @returns undefined for a token that is unknown, revoked or expired by the server's clock. */
  caller(token: string): Caller | undefined {
    const caller = this.#callers.get(token);
    if (!caller || this.#revoked.has(token)) return undefined;
    return caller.expiresAt && caller.expiresAt <= this.#clock.now() ? undefined : caller;
  }
}

/** What anybody may read of a public repository. */
const publicReads: ReadonlySet<Permission> = new Set(["metadata", "actions", "contents", "issues"]);

/** May the caller (undefined: nobody has signed in) do this to the repository? */
export function permits(
  caller: Caller | undefined,
  repository: Repository,
  permission: Permission,
  level: Level,
): boolean {
  if (level === "read" && repository.visibility === "public" && publicReads.has(permission)) return true;
  if (!caller?.repositories.includes(repository)) return false;
  const granted = caller.permissions[permission];
  return granted === "write" || granted === level;
}

/** `github-authentication-token-expiration`, for a personal access token that expires. */
export function expirationHeaders(caller: Caller): Record<string, string> {
  if (caller.kind !== "personal" || !caller.expiresAt || caller.expirationHeader === "absent") return {};
  const inZone = (offsetMs: number, zone: string) => {
    const [day, time] = new Date((caller.expiresAt?.getTime() ?? 0) + offsetMs).toISOString().split("T");
    return { "github-authentication-token-expiration": `${day} ${time?.slice(0, 8)} ${zone}` };
  };
  return caller.expirationHeader === "utc" ? inZone(0, "UTC") : inZone(-7 * 3_600_000, "-0700");
}
