import { Octokit } from "@octokit/rest";
import type { Endpoints } from "@octokit/types";
import { describeAnswer, GitHubError, waitAskedFor } from "../../core/failure/github-error.ts";
import type { Secret } from "../../core/login/secret.ts";
import { fieldsOf, isObject } from "../../core/text/json.ts";
import type { ServerClock } from "../../ports/github.ts";
import type { Clock } from "../../ports/machine.ts";
import type { Log } from "../../ports/runner.ts";
import { loggedFetch } from "./fetch.ts";

export const API_VERSION = "2022-11-28";
const NO_OCTOKIT_LOG = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** GitHub's REST API under one credential. Remembers what each answer says of the server's clock and the token's end. */
export class GitHubClient implements ServerClock {
  readonly log: Pick<Log, "debug">;
  readonly #octokit: Octokit;
  readonly #clock: Clock;
  #serverTime: { readonly date: Date; readonly monotonicMs: number } | null = null;
  #tokenExpiresAt: Date | null = null;

  constructor({
    apiUrl,
    token,
    clock,
    log,
  }: {
    apiUrl: string;
    token: Secret;
    clock: Clock;
    log: Pick<Log, "debug">;
  }) {
    this.log = log;
    this.#clock = clock;
    this.#octokit = new Octokit({
      auth: token.reveal(),
      baseUrl: apiUrl,
      userAgent: "codex-auth-roundtrip",
      log: NO_OCTOKIT_LOG,
      request: { fetch: loggedFetch(log) },
    });
  }

  /**
   * @param route as GitHub's own description names it, which gives what it takes and what it answers their types
   * @throws {GitHubError} for every status but 2xx, for none, and for what is no JSON: a proxy's page, say, which must
   *   not pass for a claim that was created
   */
  async ask<Route extends keyof Endpoints>(
    route: Route,
    parameters: Endpoints[Route]["parameters"],
  ): Promise<Endpoints[Route]["response"]> {
    const answer = await this.request(route, parameters);
    if (typeof answer.data === "string" && answer.data !== "")
      throw new GitHubError("GitHub's API answered with something else than JSON.", { status: null });
    return answer as Endpoints[Route]["response"];
  }

  /**
   * Of an address that GitHub's description does not hold.
   *
   * @throws {GitHubError} for every status but 2xx, and for none
   */
  async request(route: string, parameters: object = {}): ReturnType<Octokit["request"]> {
    try {
      const response = await this.#octokit.request(route, {
        ...parameters,
        headers: { "x-github-api-version": API_VERSION },
      });
      this.#learn(response.headers);
      refuseWebPage(response);
      return response;
    } catch (error) {
      const response = responseOf(error);
      if (response !== null) this.#learn(response.headers);
      throw error instanceof GitHubError ? error : refusalOf(error, this.#clock.now(), route);
    }
  }

  tokenExpiresAt(): Date | null {
    return this.#tokenExpiresAt;
  }

  async now(): Promise<Date> {
    if (this.#serverTime === null) await this.request("GET /zen").catch(() => {});
    if (this.#serverTime === null) throw new GitHubError("GitHub did not tell its time.", { status: null });
    const { date, monotonicMs } = this.#serverTime;
    return new Date(date.getTime() + this.#clock.monotonicMs() - monotonicMs);
  }

  #learn(headers: Readonly<Record<string, unknown>>): void {
    const date = new Date(String(headers.date));
    if (!Number.isNaN(date.getTime())) this.#serverTime = { date, monotonicMs: this.#clock.monotonicMs() };
    const expiry = readExpiry(headers["github-authentication-token-expiration"]);
    if (expiry) this.#tokenExpiresAt = expiry;
  }
}

interface Refused {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly data: unknown;
}

/** Octokit calls a failed connection a 500 without a response. */
function responseOf(error: unknown): Refused | null {
  const response = error instanceof Error && "response" in error ? error.response : null;
  const isAnswer = isObject(response) && "headers" in response && "status" in response;
  return isAnswer ? (response as unknown as Refused) : null;
}

/** A proxy's sign-in page, or a server's that is down, comes with any status. @throws {GitHubError} */
function refuseWebPage({ headers, data }: Pick<Refused, "data"> & { headers: Headers }): void {
  if (isWebPage(headers, data)) throw strangersAnswer(titleIn(data));
}

type Headers = Readonly<Record<string, unknown>>;

/** GitHub's API refuses in JSON, and never in a web page. */
function isWebPage(headers: Headers, data: unknown): boolean {
  return (
    /^\s*(text\/html|application\/xhtml)\b/i.test(String(headers["content-type"])) ||
    (typeof data === "string" && /^\s*<(!doctype|html|head|body|!--)/i.test(data))
  );
}

/** Of somebody who stands in GitHub's place: it says nothing of the token, and may be gone with the next request. */
function strangersAnswer(title: string | null): GitHubError {
  const said = title ?? "a web page";
  return new GitHubError(describeAnswer(null, said), { status: null, said });
}

/** What a web page calls itself. @returns `null` for anything else */
function titleIn(data: unknown): string | null {
  if (typeof data !== "string") return null;
  const [, title = ""] = /<title[^>]{0,200}>([^<]{1,300})/i.exec(data.slice(0, 10_000)) ?? [];
  const text = title.replace(/\s+/g, " ").trim();
  return text === "" ? null : text;
}

/** What Octokit threw, without the request that it quotes. */
export function refusalOf(error: unknown, machineTime: Date, route = ""): GitHubError {
  const response = responseOf(error);
  // The write token needs two permissions, and GitHub does not say which one it misses.
  const permission = route.includes("/variables") ? "Variables" : undefined;
  if (response === null) return new GitHubError(describeAnswer(null, null), { status: null, permission });
  const { status, headers, data } = response;
  const { message } = fieldsOf(data);
  const said = typeof message === "string" && message !== "" ? message : titleIn(data);
  if (status === 401 || status === 403 || status === 404 || status === 407)
    if (isWebPage(headers, data)) return strangersAnswer(said);
  const date = new Date(headers.date ?? "");
  const now = Number.isNaN(date.getTime()) ? machineTime : date;
  const retryAfterMs = waitAskedFor({ status, said, headers, now });
  const wantsSso = /^\s*required\b/i.test(headers["x-github-sso"] ?? "");
  return new GitHubError(describeAnswer(status, said), { status, said, retryAfterMs, permission, wantsSso });
}

/** `2026-12-01 10:00:00 UTC` and `2026-12-01 10:00:00 +0200` are both in use. */
export function readExpiry(header: unknown): Date | null {
  if (typeof header !== "string") return null;
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(header.trim());
  if (!match) return null;
  const [, day, time, zone = "UTC"] = match;
  const date = new Date(`${day}T${time}${zone === "UTC" ? "Z" : `${zone.slice(0, 3)}:${zone.slice(3)}`}`);
  return Number.isNaN(date.getTime()) ? null : date;
}
