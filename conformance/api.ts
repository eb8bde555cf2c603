import { NotAsked } from "./check.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; `{}` if there is none. */
  readonly body: Record<string, unknown>;
  /** As text. */
  readonly text: string;
}

export interface ApiOptions {
  /** Root of the REST API, without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Between two writes. GitHub asks for one second, and allows 80 writes a minute. [doc] */
  readonly paceMs: number;
  readonly sleep: (ms: number) => Promise<void>;
}

const TIMEOUT_MS = 30_000;
const LONGEST_WAIT_S = 120;

/** GitHub's API for one repository and one token, as it is: nothing is retried except after a rate limit. */
export class Api {
  readonly repository: string;
  readonly #options: ApiOptions;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(options: ApiOptions) {
    this.#options = options;
    this.repository = options.repository;
  }

  get(path: string): Promise<Answer> {
    return this.#send("GET", path);
  }

  /** Waits its turn, so that GitHub's limit of writes is kept. */
  async write(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: object): Promise<Answer> {
    const turn = this.#lastWrite;
    this.#lastWrite = turn.then(() => this.#options.sleep(this.#options.paceMs));
    this.#lastWrite.catch(() => {});
    await turn;
    return this.#send(method, path, body);
  }

  /** The same write, so many times at once; `body` is told which it is. */
  async race(
    count: number,
    method: "POST" | "PUT",
    path: string,
    body: (index: number) => object,
  ): Promise<Answer[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => this.#send(method, path, body(index))));
  }

  graphql(query: string, variables: object): Promise<Answer> {
    return this.#send("POST", "/graphql", { query, variables });
  }

  /** @param path below the repository, or from the root if it begins with `//` or is `/graphql` */
  async #send(method: string, path: string, body?: object): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const answer = await this.#once(method, path, body);
      const waitS = Number(answer.headers.get("retry-after") ?? 0);
      const isLimited = (answer.status === 403 || answer.status === 429) && waitS > 0;
      if (!isLimited || tries === 3 || waitS > LONGEST_WAIT_S) return answer;
      await this.#options.sleep(waitS * 1000);
    }
  }

  async #once(method: string, path: string, body?: object): Promise<Answer> {
    const { url, token, repository } = this.#options;
    const target = path === "/graphql" ? path : `/repos/${repository}${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(url + target, {
        method,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "user-agent": "codex-auth-roundtrip-conformance",
          "x-github-api-version": "2022-11-28",
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      text = await response.text();
    } catch (error) {
      const { cause } = error as { cause?: { code?: unknown } };
      throw new NotAsked(`${method} ${target}: no answer (${String(cause?.code ?? (error as Error).name)})`);
    }
    return { status: response.status, headers: response.headers, body: objectOf(text), text };
  }
}

/** @throws {NotAsked} unless the answer has one of the statuses: what was needed to ask the fact was refused. */
export function need(answer: Answer, statuses: readonly number[], what: string): Answer {
  if (statuses.includes(answer.status)) return answer;
  const asks = answer.headers.get("x-accepted-github-permissions");
  throw new NotAsked(`${what}: ${told(answer)}${asks ? `; it asks for ${asks}` : ""}`);
}

/** `409 "Already exists"`: status and message, as GitHub worded it. */
export function told({ status, body }: Answer): string {
  const { message } = body;
  return typeof message === "string"
    ? `${status} ${JSON.stringify(message.replace(/\s+/g, " ").slice(0, 160))}`
    : String(status);
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return { items: parsed };
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
