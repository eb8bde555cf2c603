import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { errors, jwtVerify } from "jose";
import type { LabClock } from "../clock.ts";
import type { LabRequest, LabResponse } from "../loopback-server.ts";
import type { Organization } from "./organizations.ts";
import type { Repository } from "./repository.ts";
import { fromWireName, type Level, onTheWire, type Permissions, type Tokens } from "./tokens.ts";
import { apiError, jsonObject, notFound, timestamp } from "./wire.ts";

const tokenLifetimeMs = 60 * 60 * 1000;
const assertionLifetimeSeconds = 10 * 60;
/** The length of the new, stateless installation tokens; FACTS.md §2. */
const tokenLength = 520;

/** On one owner's account: on some of its repositories. */
interface Installation {
  readonly id: number;
  readonly owner: string;
  readonly repositories: readonly Repository[];
  readonly organization: Organization | undefined;
}

interface App {
  readonly id: number;
  readonly clientId: string;
  readonly publicKey: KeyObject;
  readonly installations: readonly Installation[];
  readonly permissions: Permissions;
}

export interface AppOptions {
  readonly repository: Repository;
  readonly permissions: Permissions;
  /** More repositories that it is installed on, of any owner. */
  readonly alsoOn?: readonly Repository[];
  readonly organizations?: readonly Organization[];
}

export interface AppCredentials {
  readonly clientId: string;
  /** PKCS#1, as GitHub gives it out. */
  readonly privateKeyPem: string;
  readonly installationId: number;
  readonly appId: number;
}

/** GitHub Apps: who signs a JWT with the app's key gets tokens for its installation. */
export class Apps {
  readonly #apps: App[] = [];
  readonly #tokens: Tokens;
  readonly #clock: LabClock;

  constructor(tokens: Tokens, clock: LabClock) {
    this.#tokens = tokens;
    this.#clock = clock;
  }

  register({ repository, permissions, alsoOn = [], organizations = [] }: AppOptions): AppCredentials {
    const id = 1_000 + this.#apps.length;
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const repositories = [repository, ...alsoOn];
    const owners = new Set([
      ...repositories.map(ownerOf),
      ...organizations.map(({ name }) => name.toLowerCase()),
    ]);
    const installations = [...owners].map((owner, index) => ({
      id: 50_000 + id + 1_000 * index,
      owner,
      repositories: repositories.filter((candidate) => ownerOf(candidate) === owner),
      organization: organizations.find(({ name }) => name.toLowerCase() === owner),
    }));
    const app: App = {
      id,
      clientId: `Iv23liLab${id}`,
      publicKey,
      installations,
      permissions: { ...permissions, metadata: "read" },
    };
    this.#apps.push(app);
    return {
      clientId: app.clientId,
      privateKeyPem: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
      installationId: installations[0]?.id ?? 0,
      appId: id,
    };
  }

  /** @returns the app that signed the JWT, or the 401 that GitHub answers. Judged by the server's clock. */
  async authenticate(jwt: string | undefined): Promise<App | LabResponse> {
    const undecodable = apiError(401, "A JSON web token could not be decoded");
    if (!jwt) return undecodable;
    const issuer = issuerOf(jwt);
    const app = this.#apps.find(({ id, clientId }) => issuer === clientId || issuer === String(id));
    if (!app) return apiError(401, "Integration not found");
    const now = this.#clock.now();
    const nowSeconds = now.getTime() / 1000;
    try {
      const { payload } = await jwtVerify(jwt, app.publicKey, { algorithms: ["RS256"], currentDate: now });
      if (typeof payload.exp !== "number") return expired;
      if (payload.exp > nowSeconds + assertionLifetimeSeconds) {
        return apiError(401, "'Expiration time' claim ('exp') is too far in the future");
      }
      if (typeof payload.iat !== "number" || payload.iat > nowSeconds) {
        const wording = "must be an Integer representing the time that the assertion was issued";
        return apiError(401, `'Issued at' claim ('iat') ${wording}`);
      }
      return app;
    } catch (error) {
      return error instanceof errors.JWTExpired ? expired : undecodable;
    }
  }

  /** `GET /repos/{owner}/{repo}/installation` and `GET /orgs/{org}/installation`. */
  installation(app: App, of: Repository | Organization | undefined): LabResponse {
    const installation = app.installations.find(
      ({ repositories, organization }) =>
        of !== undefined && (organization === of || repositories.some((repository) => repository === of)),
    );
    if (!installation) return notFound();
    const body = {
      id: installation.id,
      app_id: app.id,
      client_id: app.clientId,
      account: { login: installation.owner },
      repository_selection: "selected",
      permissions: onTheWire(app.permissions),
      suspended_at: null,
    };
    return { status: 200, body };
  }

  /** `POST /app/installations/{id}/access_tokens`: never more than the installation has, less when asked for less. */
  createToken(app: App, installationId: string, request: LabRequest): LabResponse {
    const installation = app.installations.find(({ id }) => String(id) === installationId);
    if (!installation) return notFound();
    const body = jsonObject(request);
    if (!body) return apiError(400, "Problems parsing JSON");
    const names: unknown[] = Array.isArray(body.repositories) ? body.repositories : [];
    const ids: unknown[] = Array.isArray(body.repository_ids) ? body.repository_ids : [];
    const asked = [...names, ...ids].map((wanted) =>
      installation.repositories.find(
        ({ id, fullName }) =>
          id === wanted || fullName.split("/")[1]?.toLowerCase() === String(wanted).toLowerCase(),
      ),
    );
    if (asked.includes(undefined)) {
      const wording = "does not exist or is not accessible to the parent installation.";
      return apiError(422, `There is at least one repository that ${wording}`);
    }
    const narrowed = asked.filter((repository) => repository !== undefined);
    const [repository, ...alsoOn] = narrowed.length > 0 ? narrowed : installation.repositories;
    const permissions = granted(app.permissions, body.permissions);
    if (!permissions) return apiError(422, "The permissions requested are not granted to this installation.");
    const expiresAt = new Date(this.#clock.now().getTime() + tokenLifetimeMs);
    const { token } = this.#tokens.mint(repository, permissions, {
      prefix: "ghs_",
      expiresAt,
      length: tokenLength,
      login: `lab-app-${app.id}[bot]`,
      alsoOn,
      organizations: installation.organization ? [installation.organization] : [],
    });
    return {
      status: 201,
      body: {
        token,
        expires_at: timestamp(expiresAt),
        permissions: onTheWire({ ...permissions, metadata: "read" }),
        repository_selection: "selected",
        ...(narrowed.length > 0 ? { repositories: narrowed.map(describeRepository) } : {}),
      },
    };
  }
}

function ownerOf({ fullName }: Repository): string {
  return fullName.split("/")[0]?.toLowerCase() ?? "";
}

function describeRepository({ id, fullName, visibility }: Repository): object {
  return { id, name: fullName.split("/")[1], full_name: fullName, private: visibility === "private" };
}

const expired = apiError(
  401,
  "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
);

/** The issuer a JWT claims; nothing is verified yet. */
function issuerOf(jwt: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8"));
    const issuer = (claims as { iss?: unknown } | null)?.iss;
    return issuer === undefined ? undefined : String(issuer);
  } catch {
    return undefined;
  }
}

/** @returns what was asked for (all, when nothing was), or undefined when that exceeds what the installation has. */
function granted(have: Permissions, asked: unknown): Permissions | undefined {
  if (asked === undefined || asked === null) return have;
  const wanted: Record<string, Level> = {};
  for (const [wire, level] of Object.entries(asked as Record<string, Level>)) {
    const name = fromWireName(wire);
    const mine = have[name as keyof Permissions];
    if (name === undefined || (mine !== "write" && mine !== level)) return undefined;
    wanted[name] = level;
  }
  return wanted;
}
