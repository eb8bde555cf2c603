import * as http from "node:http";
import { Failure } from "../../core/failure/failure.ts";

/** Node's own `NO_PROXY` knows these only where they are named; the toolkit never sends them to a proxy. */
const THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"];

interface ProxyVariables {
  readonly http_proxy: string | undefined;
  readonly https_proxy: string | undefined;
  readonly no_proxy: string;
}

/**
 * Sends all requests of this process (`fetch`, `node:http`, `node:https`) through the proxy that the environment names,
 * as GitHub's toolkit reads it. Called once, before the first request.
 *
 * @returns what to warn of, where this Node cannot do it; else `null`
 * @throws {Failure} `input-invalid` for what is no proxy's address
 * @see https://nodejs.org/docs/latest-v24.x/api/http.html#built-in-proxy-support
 */
export function useProxy(environment: Readonly<Record<string, string | undefined>>): string | null {
  const variables = proxyVariables(environment);
  if (!variables.http_proxy && !variables.https_proxy) return null;
  if (typeof http.setGlobalProxyFromEnv === "function") {
    try {
      http.setGlobalProxyFromEnv({ ...variables });
    } catch {
      throw unusable();
    }
    return null;
  }
  const canBegin = process.allowedNodeEnvironmentFlags.has("--use-env-proxy");
  if (canBegin && environment.NODE_USE_ENV_PROXY === "1") return null;
  return (
    `A proxy is set, and this Node (${process.version}) sends requests past it. ` +
    (canBegin
      ? "Set NODE_USE_ENV_PROXY=1 from the start, or use Node 24.14 or newer."
      : "Use Node 24.14 or newer.")
  );
}

/** Without Node's error, which quotes the address: it may hold a password. */
function unusable(): Failure {
  return new Failure(
    "input-invalid",
    "The proxy that `http_proxy` or `https_proxy` names is not an address that Node can use.",
    "Write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded.",
  );
}

/** The variables in Node's form: a proxy may be named without `http://`, and a name in `NO_PROXY` means what is below it, too. */
export function proxyVariables(environment: Readonly<Record<string, string | undefined>>): ProxyVariables {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = environment;
  const excepted = (no_proxy || NO_PROXY || "").split(",").map((name) => name.trim());
  const names = excepted.filter((name) => name !== "");
  const below = names.filter((name) => !/^[.*]/.test(name)).map((name) => `.${name}`);
  return {
    ...(names.includes("*")
      ? { http_proxy: undefined, https_proxy: undefined }
      : {
          http_proxy: withScheme(http_proxy || HTTP_PROXY),
          https_proxy: withScheme(https_proxy || HTTPS_PROXY),
        }),
    no_proxy: [...names, ...below, ...THIS_MACHINE].join(","),
  };
}

function withScheme(proxy: string | undefined): string | undefined {
  return !proxy || /^https?:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}
