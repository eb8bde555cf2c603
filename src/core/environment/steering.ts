/**
 * Variables that decide where this process, Codex or npm send their requests, whom they trust there, and which code is
 * loaded into them. A process obeys most of them from its start: taking them out of `process.env` later changes nothing
 * (with Node 24.19, `fetch` still went to the proxy and trusted the certificate).
 *
 * | what | who reads it |
 * |---|---|
 * | `…PROXY` in any spelling | ours (`adapters/proxy.ts`), `@actions/http-client`, Codex, npm (`npm_config_proxy`) |
 * | `NODE_…` | Node: options, certificates, modules. Not the three that only others read |
 * | `SSL_CERT_FILE`, `SSL_CERT_DIR`, `OPENSSL_…` | OpenSSL in Node, and Codex |
 * | `CODEX_CA_CERTIFICATE` | Codex |
 * | `LD_…`, `DYLD_…`, `GCONV_PATH` | the loader, in every process |
 *
 * Not here: what neither Node nor Codex reads (`REQUESTS_CA_BUNDLE`, `CURL_CA_BUNDLE`), and `PATH`, `HOME` and `TMPDIR`,
 * which ordinary steps change.
 */
const STEERING =
  /^((\w+_)?(NO_?)?PROXY|(NODE|SSL_CERT|OPENSSL|LD|DYLD)_\w+|CODEX_CA_CERTIFICATE|GCONV_PATH)$/;
const HARMLESS = new Set(["NODE_ENV", "NODE_VERSION", "NODE_AUTH_TOKEN"]);

/** Whether a variable of this name steers requests. Names are compared without regard to case: so do those who read them. */
export function steers(name: string): boolean {
  const upper = name.toUpperCase();
  return !HARMLESS.has(upper) && STEERING.test(upper);
}

/**
 * Which steering variables have come, gone or changed.
 *
 * @param before as they were; `null` and a missing name are the same
 * @returns names in their order, and never a value, which may hold a password
 */
export function changedSteering(
  before: Readonly<Record<string, string | null>>,
  now: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => steers(name) && (before[name] ?? null) !== (now[name] ?? null)).sort();
}
