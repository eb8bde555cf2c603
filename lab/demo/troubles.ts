import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "../runner/runner.ts";
import type { World } from "../world.ts";

const ON_ITS_WAY_MS = 700;

/** Somebody cancels the run when the issuer has rotated and its answer is on its way. */
export function cancelInMidRefresh({ openai }: World, run: Run): () => void {
  return openai.server.intercept(async (request, next) => {
    const answer = await next();
    if (request.path === "/oauth/token") {
      run.cancel();
      await sleep(ON_ITS_WAY_MS);
    }
    return answer;
  });
}

/**
 * GitHub's API answers 500 to every write of the login; everything else works.
 *
 * @param refused is called after each of them, with how many there have been
 */
export function breakWrites({ github }: World, refused: (count: number) => void): () => void {
  let count = 0;
  return github.server.intercept((request, next) => {
    if (request.method !== "PUT" || !request.path.endsWith("/secrets/CODEX_AUTH_JSON")) return next();
    count += 1;
    refused(count);
    return { status: 500, body: { message: "Server Error" } };
  });
}
