import { Failure } from "../failure/failure.ts";
import { foreign } from "../text/escape.ts";

interface Advice {
  /** npm's error code. */
  readonly code: RegExp;
  readonly why: string;
  readonly hint: string;
}

const INSTALL_IT = "or install Codex in an earlier step.";
const NETWORK = `Check the runner's network and DNS, and npm's registry and proxy settings; ${INSTALL_IT}`;

/** What npm's error codes mean here; the first that fits. */
const ADVICE: readonly Advice[] = [
  {
    code: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    why: "the certificate of the registry, or of a proxy before it, is not valid at this machine's time",
    hint: `Check the machine's clock first (\`date -u\`), then that certificate, ${INSTALL_IT}`,
  },
  {
    code: /CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH|^ERR_TLS|SSL|^CRL_|^INVALID_CA|^EPROTO$/,
    why: "npm does not trust the certificate of the registry, which a proxy that reads TLS may have replaced",
    hint: `Set \`NODE_EXTRA_CA_CERTS\` (the path of that proxy's CA certificate) in the job's \`env:\`, ${INSTALL_IT}`,
  },
  { code: /^(ENOTFOUND|EAI_)/, why: "the npm registry's name is not known here", hint: NETWORK },
  {
    code: /^(ECONN|E?TIMEDOUT|ESOCKET|ERR_SOCKET|ENETUNREACH|EHOSTUNREACH|EPIPE|FETCH_ERROR|EINVALIDPROXY|E5\d\d|E429|E408)/,
    why: "the npm registry cannot be reached, or does not answer",
    hint: NETWORK,
  },
  {
    code: /^(ETARGET|E404|ENOVERSIONS)$/,
    why: "there is no such version",
    hint: "Correct `codex-version`, or leave it empty. Does a registry of your own carry `@openai/codex`?",
  },
  {
    code: /^E407$/,
    why: "the proxy before the registry wants credentials",
    hint: `Put them into the proxy's address (\`https_proxy\`, or npm's \`https-proxy\`), ${INSTALL_IT}`,
  },
  {
    code: /^EBADENGINE$/,
    why: "this machine's Node.js or npm is too old for it",
    hint: `Use actions/setup-node with a newer Node.js before this step, ${INSTALL_IT}`,
  },
  {
    code: /^EBADPLATFORM$/,
    why: "OpenAI publishes no Codex for this platform",
    hint: "Use a runner with Linux, macOS or Windows on x64 or arm64.",
  },
  {
    code: /^(E401|E403|ENEEDAUTH)$/,
    why: "the registry, or a proxy before it, refuses npm",
    hint: `Check npm's registry and its credentials in .npmrc, ${INSTALL_IT}`,
  },
  {
    code: /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST)$/,
    why: "npm may not write where it has to",
    hint: "Check the owner of RUNNER_TEMP, RUNNER_TOOL_CACHE and `~/.npm`: an earlier step may have used sudo.",
  },
  {
    code: /^(ENOSPC|EDQUOT)$/,
    why: "there is no space left on the disk",
    hint: "Free some space: Codex takes 400 MB.",
  },
  {
    code: /^EINTEGRITY$/,
    why: "what arrived is not what was published",
    hint: "Start a new run. If it stays so, find out which proxy or mirror changes packages.",
  },
];

const OTHER: Omit<Advice, "code"> = {
  why: "npm failed",
  hint: "Install Codex in an earlier step, or choose another `codex-version`.",
};

/**
 * Why npm could not install Codex, in npm's own words:
 *
 * ```text
 * npm error code SELF_SIGNED_CERT_IN_CHAIN
 * npm error errno SELF_SIGNED_CERT_IN_CHAIN
 * npm error request to https://registry.npmjs.org/… failed, reason: self-signed certificate in certificate chain
 * ```
 *
 * @param stderr what npm printed; `null` where there is no npm
 */
export function npmFailure(version: string, stderr: string | null): Failure {
  if (stderr === null)
    return installFailed(version, {
      why: "there is no npm on this machine",
      hint: `Use actions/setup-node before this step, ${INSTALL_IT}`,
    });
  const lines = stderr.split(/\r?\n/).flatMap((line) => /^npm (?:error|ERR!) (.*\S)/i.exec(line)?.[1] ?? []);
  const code = lines.map((line) => /^code (\S+)$/.exec(line)?.[1]).find((found) => found !== undefined);
  if (code === undefined && NO_NODE.test(stderr)) return npmFailure(version, null);
  const said = lines.find((line) => !NOT_A_REASON.test(line)) ?? null;
  const advice = adviceFor(code, stderr);
  const words = [code, said].filter((part) => part != null).join(": ");
  return installFailed(version, advice, words || stderr.trim().split("\n").at(-1));
}

/** That it is not there is one reason of several. @param error of `@actions/exec`, which looks for it first */
export function npmNotStarted(version: string, error: unknown): Failure {
  const said = error instanceof Error ? error.message : String(error);
  if (/^Unable to locate executable/.test(said)) return npmFailure(version, null);
  return installFailed(version, {
    why: `npm could not be started: ${foreign(said)}`,
    hint: `Check this machine's memory and limits (\`ulimit -a\`), ${INSTALL_IT}`,
  });
}

/** What a shell says where npm is there and Node.js is not. */
const NO_NODE = /node['’"]?: (command )?(not found|No such file)/i;

function adviceFor(code: string | undefined, stderr: string): Omit<Advice, "code"> {
  if (/statusCode=407|407 Proxy Auth/i.test(stderr)) return ADVICE.find(isFor("E407")) ?? OTHER;
  if (code === "ETARGET" && /with a date before/.test(stderr)) return TOO_YOUNG;
  return (code === undefined ? undefined : ADVICE.find(isFor(code))) ?? OTHER;
}

function isFor(code: string): (advice: Advice) => boolean {
  return (advice) => advice.code.test(code);
}

/** npm's settings `before` and `min-release-age`. */
const TOO_YOUNG: Omit<Advice, "code"> = {
  why: "npm is set to leave out versions that are so new",
  hint: "Choose an older `codex-version`, or correct npm's `before` or `min-release-age` (.npmrc).",
};

/** Lines beside the reason. */
const NOT_A_REASON =
  /^(code|errno|syscall|path|dest|type|notarget|network|404|engine|notsup|command|A complete log)\b(?!.*(reason|No match|not found|Not Found|could not|Required:|Not compatible|Unsupported platform))/i;

function installFailed(version: string, { why, hint }: Omit<Advice, "code">, words = ""): Failure {
  const said = words === "" ? "" : `. npm says: ${foreign(withoutPasswords(words))}`;
  return new Failure("codex-install-failed", `Codex ${version} could not be installed: ${why}${said}.`, hint);
}

/** A registry's or a proxy's address may hold some. */
function withoutPasswords(words: string): string {
  return words.replaceAll(/\/\/[^\s/@]+@/g, "//…@").replaceAll(/[\w.-]{64,}/g, "…");
}
