import { createHash, randomBytes } from "node:crypto";
import type { LabRequest, LabResponse } from "../loopback-server.ts";
import type { Repository } from "./repository.ts";
import type { Route } from "./router.ts";
import { apiError, invalidRequest, jsonObject, notFound } from "./wire.ts";

/** As `beforeOid` or `afterOid`: no such ref. [doc, GraphQL's RefUpdate] */
const NONE = "0".repeat(40);
const OID = /^[0-9a-f]{40}$/;

/** The refs and commits of a repository. Of commits only the ids are kept. */
export class Refs {
  readonly #refs = new Map<string, string>();
  readonly #commits = new Set<string>();

  /** @param defaultBranch has one commit, whose id the runner takes for `github.sha` too */
  constructor(defaultBranch: string) {
    const ref = `refs/heads/${defaultBranch}`;
    const head = createHash("sha1").update(ref).digest("hex");
    this.#commits.add(head);
    this.#refs.set(ref, head);
  }

  get(ref: string): string | undefined {
    return this.#refs.get(ref);
  }

  matching(prefix: string): { ref: string; sha: string }[] {
    const found = [...this.#refs].filter(([ref]) => ref.startsWith(prefix));
    return found.map(([ref, sha]) => ({ ref, sha })).sort((a, b) => (a.ref < b.ref ? -1 : 1));
  }

  /** @returns a new commit's id */
  commit(): string {
    const id = randomBytes(20).toString("hex");
    this.#commits.add(id);
    return id;
  }

  /** @returns why not; then nothing has changed */
  update(updates: readonly RefUpdate[]): string | undefined {
    for (const { name, beforeOid, afterOid } of updates) {
      if (beforeOid !== undefined && (this.#refs.get(name) ?? NONE) !== beforeOid)
        return `Reference update failed: ${name} is not at ${beforeOid}`;
      if (afterOid !== NONE && !this.#commits.has(afterOid)) return `No such object: ${afterOid}`;
    }
    for (const { name, afterOid } of updates) {
      if (afterOid === NONE) this.#refs.delete(name);
      else this.#refs.set(name, afterOid);
    }
    return undefined;
  }
}

interface RefUpdate {
  readonly name: string;
  readonly beforeOid: string | undefined;
  readonly afterOid: string;
}

/** How GraphQL names a repository; ours are told apart by their number. */
export function nodeId({ id }: Repository): string {
  return `R_${Buffer.from(String(id)).toString("base64url")}`;
}

/** The input of the one mutation that the lab knows. */
export function updateRefsInput(
  request: LabRequest,
): { repositoryId: string; updates: RefUpdate[] } | undefined {
  const { query, variables } = jsonObject(request) ?? {};
  if (typeof query !== "string" || !/^\s*mutation\b[^{]*\{\s*updateRefs\(/.test(query)) return undefined;
  const { input } = (variables ?? {}) as { input?: { repositoryId?: unknown; refUpdates?: unknown } };
  if (typeof input?.repositoryId !== "string" || !Array.isArray(input.refUpdates)) return undefined;
  const updates: RefUpdate[] = [];
  for (const { name, beforeOid, afterOid } of input.refUpdates as Record<string, unknown>[]) {
    if (typeof name !== "string" || !/^refs\/.+\/.+/.test(name)) return undefined;
    if (typeof afterOid !== "string" || !OID.test(afterOid)) return undefined;
    if (beforeOid !== undefined && (typeof beforeOid !== "string" || !OID.test(beforeOid))) return undefined;
    updates.push({ name, beforeOid, afterOid });
  }
  return { repositoryId: input.repositoryId, updates };
}

/** GraphQL answers 200, whatever came of it. The type and the words of a mismatch are [open]. */
export function updateRefs(repository: Repository, updates: readonly RefUpdate[]): LabResponse {
  const refused = repository.refs.update(updates);
  if (refused === undefined)
    return { status: 200, body: { data: { updateRefs: { clientMutationId: null } } } };
  const error = { type: "UNPROCESSABLE", path: ["updateRefs"], message: refused };
  return { status: 200, body: { data: { updateRefs: null }, errors: [error] } };
}

function describe(ref: string, sha: string): object {
  return { ref, node_id: "", url: "", object: { type: "commit", sha, url: "" } };
}

/** Git's own data: asks for Contents. */
export const refRoutes: Route[] = [
  {
    method: "GET",
    pattern: "/commits/{branch}",
    permission: "contents",
    level: "read",
    answer: ({ repository, parameters }) => {
      const sha = repository.refs.get(`refs/heads/${parameters.branch}`);
      if (sha === undefined) return notFound();
      return {
        status: 200,
        body: { sha, commit: { message: "lab", tree: { sha: sha.replaceAll(/./g, "4") } } },
      };
    },
  },
  {
    method: "POST",
    pattern: "/git/commits",
    permission: "contents",
    level: "write",
    answer: ({ repository, request }) => {
      const { message, tree } = jsonObject(request) ?? {};
      if (typeof message !== "string" || typeof tree !== "string") return invalidRequest("message, tree");
      return { status: 201, body: { sha: repository.refs.commit(), message, tree: { sha: tree } } };
    },
  },
  {
    method: "GET",
    pattern: "/git/ref/{ref...}",
    permission: "contents",
    level: "read",
    answer: ({ repository, parameters }) => {
      const ref = `refs/${parameters.ref}`;
      const sha = repository.refs.get(ref);
      return sha === undefined ? notFound() : { status: 200, body: describe(ref, sha) };
    },
  },
  {
    method: "GET",
    pattern: "/git/matching-refs/{ref...}",
    permission: "contents",
    level: "read",
    answer: ({ repository, parameters }) => {
      const found = repository.refs.matching(`refs/${parameters.ref}`);
      return { status: 200, body: found.map(({ ref, sha }) => describe(ref, sha)) };
    },
  },
  {
    method: "POST",
    pattern: "/git/refs",
    permission: "contents",
    level: "write",
    answer: ({ repository, request }) => {
      const { ref, sha } = jsonObject(request) ?? {};
      if (typeof ref !== "string" || typeof sha !== "string") return invalidRequest("ref, sha");
      if (repository.refs.get(ref) !== undefined) return apiError(422, "Reference already exists");
      const refused = repository.refs.update([{ name: ref, beforeOid: NONE, afterOid: sha }]);
      return refused ? apiError(422, refused) : { status: 201, body: describe(ref, sha) };
    },
  },
  {
    method: "DELETE",
    pattern: "/git/refs/{ref...}",
    permission: "contents",
    level: "write",
    answer: ({ repository, parameters }) => {
      const ref = `refs/${parameters.ref}`;
      if (repository.refs.get(ref) === undefined) return apiError(422, "Reference does not exist");
      repository.refs.update([{ name: ref, beforeOid: undefined, afterOid: NONE }]);
      return { status: 204 };
    },
  },
];
