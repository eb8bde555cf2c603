import { randomBytes } from "node:crypto";
import { type Answer, type Api, need } from "./api.ts";

/** Secrets and variables of this suite begin with it; nothing else is ever written or deleted. */
export const NAME_PREFIX = "CODEX_CONFORMANCE_";
/** Also as the names are spelt that GitHub should refuse. */
const OWN_NAME = new RegExp(`^(GITHUB_|1)?${NAME_PREFIX}`);
/** Environments, branches and cache keys. The slash is a fact to check. */
export const PATH_PREFIX = "codex-conformance/";
/** Refs outside refs/heads. */
export const REF_PREFIX = `refs/${PATH_PREFIX}`;

/** The one environment, whose secrets and variables are asked, and which jobs name. */
export const ENVIRONMENT = `${PATH_PREFIX}scratch`;
const encodedEnvironment = encodeURIComponent(ENVIRONMENT);

/** Where secrets and variables are: the repository, or the suite's environment. */
export type Scope = "repository" | "environment";

/** The names that the suite makes, and their removal. */
export class Scratch {
  readonly #api: Api;
  #environment: Promise<Answer> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  /** A name for a secret or a variable that nobody has used. */
  name(label: string): string {
    return `${NAME_PREFIX}${label}_${randomBytes(4).toString("hex").toUpperCase()}`;
  }

  ref(label: string): string {
    return `${REF_PREFIX}${label}-${randomBytes(4).toString("hex")}`;
  }

  secrets(scope: Scope): string {
    return scope === "repository" ? "/actions/secrets" : `/environments/${encodedEnvironment}/secrets`;
  }

  variables(scope: Scope): string {
    return scope === "repository" ? "/actions/variables" : `/environments/${encodedEnvironment}/variables`;
  }

  /** Makes it once. @throws {NotAsked} if GitHub refuses. */
  async environment(): Promise<void> {
    this.#environment ??= this.#api.write("PUT", `/environments/${encodedEnvironment}`, {});
    need(await this.#environment, [200], `PUT of the environment ${ENVIRONMENT}`);
  }

  /**
   * Removes whatever bears the suite's names, of this run or of an earlier one that crashed. Goes on after a failure.
   *
   * @returns what could not be removed, or not be looked for
   */
  async clean(): Promise<string[]> {
    const left: string[] = [];
    const attempt = async (what: string, act: () => Promise<string[]>): Promise<void> => {
      try {
        left.push(...(await act()));
      } catch (error) {
        left.push(`${what} (${(error as Error).message})`);
      }
    };
    for (const kind of ["secrets", "variables"] as const) {
      await attempt(`the repository's ${kind}`, () =>
        this.#cleanList(`/actions/${kind}`, kind, ({ name }) => OWN_NAME.test(String(name))),
      );
    }
    await attempt("the environments", () =>
      this.#cleanList("/environments", "environments", ({ name }) => isNamed(name, PATH_PREFIX)),
    );
    await attempt("the caches", () =>
      this.#cleanList("/actions/caches", "actions_caches", ({ key }) => isNamed(key, PATH_PREFIX), "id"),
    );
    for (const prefix of [PATH_PREFIX, `heads/${PATH_PREFIX}`])
      await attempt(`the refs below refs/${prefix}`, () => this.#cleanRefs(prefix));
    this.#environment = undefined;
    return left;
  }

  async #cleanList(
    path: string,
    key: string,
    isOurs: (item: Record<string, unknown>) => boolean,
    id: "name" | "id" = "name",
  ): Promise<string[]> {
    const ours: string[] = [];
    for (let page = 1; page <= 50; page++) {
      const answer = await this.#api.get(`${path}?per_page=30&page=${page}`);
      // Whoever may not list them has made none.
      if ([403, 404].includes(answer.status)) return [];
      const listed = need(answer, [200], `GET ${path}`).body[key];
      const items = Array.isArray(listed) ? (listed as Record<string, unknown>[]) : [];
      ours.push(...items.filter(isOurs).map((item) => String(item[id])));
      if (items.length < 30) break;
    }
    return this.#delete(ours.map((name) => `${path}/${encodeURIComponent(name)}`));
  }

  async #cleanRefs(prefix: string): Promise<string[]> {
    const answer = await this.#api.get(`/git/matching-refs/${prefix}`);
    // 409: the repository is empty.
    if ([403, 404, 409].includes(answer.status)) return [];
    const { items } = need(answer, [200], `GET of the refs below refs/${prefix}`).body;
    const refs = (Array.isArray(items) ? (items as { ref?: unknown }[]) : []).map(({ ref }) => String(ref));
    const ours = refs.filter((ref) => ref.startsWith(`refs/${prefix}`));
    return this.#delete(ours.map((ref) => `/git/${ref}`));
  }

  async #delete(paths: readonly string[]): Promise<string[]> {
    const left: string[] = [];
    for (const path of paths) {
      const answer = await this.#api.write("DELETE", path);
      if (![200, 204, 404].includes(answer.status)) left.push(`${path} (${answer.status})`);
    }
    return left;
  }
}

function isNamed(name: unknown, prefix: string): boolean {
  return typeof name === "string" && name.startsWith(prefix);
}
