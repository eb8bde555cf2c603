import { randomInt } from "node:crypto";
import sodium from "libsodium-wrappers";
import type { LabResponse } from "../loopback-server.ts";
import type { Call, Route } from "./router.ts";
import { apiError, invalidRequest, jsonObject, notFound, page, timestamp, wholeSecond } from "./wire.ts";

/** A secret as only GitHub itself can see it. Both dates are whole seconds and may be moved by a story. */
export interface StoredSecret {
  readonly name: string;
  /** Opened. */
  value: string;
  createdAt: Date;
  updatedAt: Date;
  writes: number;
  readonly history: { readonly value: string; readonly at: Date }[];
}

const limitPerScope = 100;
const limitBytes = 48 * 1024;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

/** What libsodium needs before the first scope is made. */
export async function secretsReady(): Promise<void> {
  await sodium.ready;
}

/** The secrets of a repository, or of one environment: own key pair, own limit, names without regard to case. */
export class SecretScope {
  readonly #secrets = new Map<string, StoredSecret>();
  #keyPair = sodium.crypto_box_keypair();
  #keyId = newKeyId();

  /** Base64 of the X25519 public key that values are sealed to, and the id a PUT must name. */
  get publicKey(): { key_id: string; key: string } {
    return {
      key_id: this.#keyId,
      key: sodium.to_base64(this.#keyPair.publicKey, sodium.base64_variants.ORIGINAL),
    };
  }

  get all(): StoredSecret[] {
    return [...this.#secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  rotateKey(): void {
    this.#keyPair = sodium.crypto_box_keypair();
    this.#keyId = newKeyId();
  }

  get(name: string): StoredSecret | undefined {
    return this.#secrets.get(name.toUpperCase());
  }

  set(name: string, value: string, now: Date): "created" | "updated" {
    const at = wholeSecond(now);
    const existing = this.get(name);
    if (existing) {
      existing.value = value;
      existing.updatedAt = at;
      existing.writes += 1;
      existing.history.push({ value, at });
      return "updated";
    }
    const upper = name.toUpperCase();
    const secret = { name: upper, value, createdAt: at, updatedAt: at, writes: 1, history: [{ value, at }] };
    this.#secrets.set(upper, secret);
    return "created";
  }

  delete(name: string): boolean {
    return this.#secrets.delete(name.toUpperCase());
  }

  get full(): boolean {
    return this.#secrets.size >= limitPerScope;
  }

  /** @returns the plaintext, or undefined when the box was not sealed to the present key. */
  open(sealed: Buffer): Buffer | undefined {
    try {
      const { publicKey, privateKey } = this.#keyPair;
      return Buffer.from(sodium.crypto_box_seal_open(sealed, publicKey, privateKey));
    } catch {
      return undefined;
    }
  }
}

/** A decimal number in a string, as GitHub's are. */
function newKeyId(): string {
  return `33802045${randomInt(1_000_000_000, 9_999_999_999)}`;
}

export function describeSecret(secret: StoredSecret): object {
  return {
    name: secret.name,
    created_at: timestamp(secret.createdAt),
    updated_at: timestamp(secret.updatedAt),
  };
}

function list(call: Call, scope: SecretScope): LabResponse {
  const { items, headers } = page(call.request, scope.all, call.url);
  return {
    status: 200,
    headers,
    body: { total_count: scope.all.length, secrets: items.map(describeSecret) },
  };
}

/** A PUT of a secret, into whichever scope. */
export function putSecret(
  call: Pick<Call, "request" | "now">,
  scope: SecretScope,
  name: string,
): LabResponse {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || /^github_/i.test(name)) {
    return apiError(
      422,
      "Secret names can only contain alphanumeric characters and underscores, and not begin with GITHUB_.",
    );
  }
  const body = jsonObject(call.request);
  if (!body) return apiError(400, "Problems parsing JSON");
  const { encrypted_value: encrypted, key_id: keyId } = body;
  if (typeof encrypted !== "string") return invalidRequest(`"encrypted_value" wasn't supplied.`);
  if (typeof keyId !== "string") return invalidRequest(`"key_id" wasn't supplied.`);
  if (!base64.test(encrypted)) return invalidRequest(`${encrypted} does not match ${base64}.`);
  // That a stale key id and a box that does not open are answered with the same words is [open]; both are 422.
  const improper = apiError(422, "Bad request - validation failed due to an improperly encrypted secret");
  if (keyId !== scope.publicKey.key_id) return improper;
  const opened = scope.open(Buffer.from(encrypted, "base64"));
  if (!opened) return improper;
  // The two limits are documented, the wording of their 422 is [open].
  if (opened.length > limitBytes) return apiError(422, "Secret value is too large (maximum is 48 KB)");
  if (!scope.get(name) && scope.full) return apiError(422, `Maximum of ${limitPerScope} secrets reached`);
  const outcome = scope.set(name, opened.toString("utf8"), call.now);
  return outcome === "created" ? { status: 201, body: {} } : { status: 204 };
}

function routesFor(
  prefix: string,
  permission: "secrets" | "environments",
  scopeOf: (call: Call) => SecretScope | undefined,
): Route[] {
  const inScope = (answer: (call: Call, scope: SecretScope, name: string) => LabResponse) => (call: Call) => {
    const scope = scopeOf(call);
    return scope ? answer(call, scope, call.parameters.name ?? "") : notFound();
  };
  return [
    { method: "GET", pattern: prefix, permission, level: "read", answer: inScope(list) },
    {
      method: "GET",
      pattern: `${prefix}/public-key`,
      permission,
      level: "read",
      answer: inScope((_call, scope) => ({ status: 200, body: scope.publicKey })),
    },
    {
      method: "GET",
      pattern: `${prefix}/{name}`,
      permission,
      level: "read",
      answer: inScope((_call, scope, name) => {
        const secret = scope.get(name);
        return secret ? { status: 200, body: describeSecret(secret) } : notFound();
      }),
    },
    { method: "PUT", pattern: `${prefix}/{name}`, permission, level: "write", answer: inScope(putSecret) },
    {
      method: "DELETE",
      pattern: `${prefix}/{name}`,
      permission,
      level: "write",
      answer: inScope((_call, scope, name) => (scope.delete(name) ? { status: 204 } : notFound())),
    },
  ];
}

/** Repository secrets ask for the permission Secrets, environment secrets for Environments; FACTS.md §2. */
export const secretRoutes: Route[] = [
  ...routesFor("/actions/secrets", "secrets", (call) => call.repository.secrets),
  ...routesFor("/environments/{environment}/secrets", "environments", (call) =>
    call.repository.environment(call.parameters.environment ?? ""),
  ),
];
