import { isLoopbackUrl } from "../environment/loopback.ts";

/** `https://api.github.com` → `github.com`; `https://api.octo.ghe.com` → `octo.ghe.com`; `https://HOST/api/v3` → `HOST` */
export function hostOf(apiUrl: string): string {
  const { host, hostname } = new URL(apiUrl);
  return hostname.startsWith("api.") ? host.slice("api.".length) : host;
}

/**
 * Whether a host of git's is that of an API. GitHub also serves ssh at `ssh.`, for networks that close its port; behind
 * an address of this machine there is no host of GitHub's, and github.com is meant.
 *
 * @param host without a port
 */
export function servesGitOf(apiUrl: string, host: string): boolean {
  const expected = isLoopbackUrl(apiUrl) ? "github.com" : hostOf(apiUrl).replace(/:\d+$/, "");
  return host.toLowerCase().replace(/^(?:ssh|www)\./, "") === expected.toLowerCase();
}
