import { createAppAuth } from "@octokit/auth-app";
import { request } from "@octokit/request";
import type { Secret } from "../../core/login/secret.ts";
import type { Log } from "../../ports/action.ts";
import { API_VERSION } from "./client.ts";
import { loggedFetch } from "./fetch.ts";

/** A GitHub App's own credentials. */
export interface AppKey {
  readonly clientId: string;
  /** PEM; newlines may be escaped, as they are in many secret stores. */
  readonly privateKey: Secret;
}

/** Requests that the App itself signs, by GitHub's clock where the machine's is wrong. */
export function appRequest(
  { clientId, privateKey }: AppKey,
  { apiUrl, log }: { apiUrl: string; log: Pick<Log, "debug"> },
): typeof request {
  const { hook } = createAppAuth({
    appId: clientId,
    privateKey: privateKey.reveal().replaceAll("\\n", "\n").trim(),
    log: { warn: () => {} },
  });
  return request.defaults({
    baseUrl: apiUrl,
    headers: { "x-github-api-version": API_VERSION },
    request: { fetch: loggedFetch(log), hook },
  });
}
