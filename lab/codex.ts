import { execFileSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { OpenAI } from "./openai/openai.ts";

const TRIPLES: Record<string, string> = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
};

/**
 * Absolute path of the real native binary: the npm launcher in front of it does not pass on every signal.
 * `LAB_CODEX` names another one, to see whether the facts hold for its version (docs/maintaining.md).
 */
export function nativeCodex(): string {
  if (process.env.LAB_CODEX) return resolve(process.env.LAB_CODEX);
  const target = `${platform()}-${arch()}`;
  const triple = TRIPLES[target];
  if (!triple) throw new Error(`lab: no Codex for ${target}`);
  const launcher = createRequire(import.meta.url).resolve("@openai/codex/package.json");
  const ofThisPlatform = createRequire(launcher).resolve(`@openai/codex-${target}/package.json`);
  return join(dirname(ofThisPlatform), "vendor", triple, "bin", "codex");
}

/** `0.169.0`: what {@link nativeCodex} says of itself. */
export function codexVersion(): string {
  return execFileSync(nativeCodex(), ["--version"], { encoding: "utf8" }).trim().split(" ")[1] ?? "";
}

/**
 * Installs an executable `codex` into `directory`: the real binary, for which auth.openai.com and chatgpt.com are the
 * lab's. Everything else is left as it is on a real machine: CODEX_HOME and its config.toml, and an environment that
 * redirects authentication elsewhere, which wins here as it would there.
 *
 * @param native the real binary, where it will be found
 * @returns the path of `codex`; whoever made `directory` removes it.
 */
export async function installCodex(
  directory: string,
  openai: OpenAI,
  native: string = nativeCodex(),
): Promise<string> {
  const path = join(directory, "codex");
  await mkdir(directory, { recursive: true });
  await writeFile(path, wrapper(openai.server.url, native));
  await chmod(path, 0o755);
  return path;
}

function wrapper(url: string, native: string): string {
  const flags = codexConfig(url).map((setting) => `  -c ${quote(setting)} \\`);
  return `#!/bin/sh
# The sub-command is the first word that is neither an option nor an option's value; only login takes the issuer.
command=
skip=
for word do
  shift
  set -- "$@" "$word"
  if [ -n "$command" ]; then continue; fi
  if [ -n "$skip" ]; then skip=; continue; fi
  case $word in
    -c|--config|--enable|--disable|-m|--model|-p|--profile|-C|--cd|-s|--sandbox|-a|--ask-for-approval) skip=1 ;;
    -*) ;;
    *)
      command=$word
      # Up to 0.163 the flags in front of a sub-command are dropped when it has some of its own. [ran]
      if [ "$command" = exec ]; then set -- "$@" \\
${flags.join("\n").replace(/ \\$/, "")}
      fi
      if [ "$command" = login ]; then set -- "$@" --experimental_issuer ${quote(url)}; fi ;;
  esac
done
: "\${CODEX_REFRESH_TOKEN_URL_OVERRIDE:=${url}/oauth/token}"
: "\${CODEX_REVOKE_TOKEN_URL_OVERRIDE:=${url}/oauth/revoke}"
export CODEX_REFRESH_TOKEN_URL_OVERRIDE CODEX_REVOKE_TOKEN_URL_OVERRIDE
exec ${quote(native)} \\
${flags.join("\n")}
  "$@"
`;
}

/** What makes the lab's OpenAI the real one, as flags: a home keeps its own. No feature is switched on or off. */
function codexConfig(url: string): string[] {
  return [
    `model_provider="lab"`,
    `model_providers.lab={name="lab",base_url="${url}/backend-api/codex",wire_api="responses",requires_openai_auth=true,supports_websockets=false,request_max_retries=1,stream_max_retries=1}`,
    `chatgpt_base_url="${url}/backend-api/"`,
    "check_for_update_on_startup=false",
    "analytics.enabled=false",
  ];
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
