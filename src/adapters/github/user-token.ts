import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Environment } from "../../core/environment/scrub.ts";
import { hostOf } from "../../core/github/host.ts";
import { Secret } from "../../core/login/secret.ts";

const GH_TIMEOUT_MS = 10_000;

/**
 * GH_TOKEN, GITHUB_TOKEN, or what `gh` is logged in with at the host of the API: never another host's.
 *
 * @returns `null` when nobody has one
 */
export async function findGitHubToken(environment: Environment, apiUrl: string): Promise<Secret | null> {
  const given = environment.GH_TOKEN || environment.GITHUB_TOKEN;
  if (given) return new Secret(given.trim());
  try {
    const { stdout } = await promisify(execFile)("gh", ["auth", "token", "--hostname", hostOf(apiUrl)], {
      timeout: GH_TIMEOUT_MS,
      env: environment as NodeJS.ProcessEnv,
    });
    const token = stdout.trim();
    return token === "" ? null : new Secret(token);
  } catch {
    return null;
  }
}
