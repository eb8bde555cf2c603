import { classifyRefusal } from "../../core/codex/refusal.ts";
import { explainFailedRefresh } from "../../core/failure/failed-refresh.ts";
import { Failure } from "../../core/failure/failure.ts";
import { digestOf } from "../../core/host/live-login.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { remainingMs } from "../../core/login/due.ts";
import { judge } from "../../core/login/judge-change.ts";
import { redactedStatus } from "../../core/login/status.ts";
import { parseLogin } from "../../core/login/stored-instead.ts";
import { describeDuration } from "../../core/text/duration.ts";
import { demandSavable } from "../../login/home.ts";
import { authPath } from "../../login/home-layout.ts";
import { refresh } from "../../login/refresh.ts";
import type { Result } from "../../ports/cli.ts";
import { logTo } from "../reporter-log.ts";
import { lastLine } from "../seed/login-prompt.ts";
import type { Reporting } from "../services.ts";
import {
  demandOwnHome,
  type HostHome,
  makePrivate,
  noLogin,
  readHostRecord,
  seedAgain,
  underHostLock,
  writeHostRecord,
} from "./home.ts";

export type HostRefreshServices = Reporting<"clock" | "codex" | "codexEnvironment" | "disk" | "files">;

/** `forced`: Codex gets new tokens now. `exec`: Codex runs once, and gets new tokens if it thinks it must. */
export type Proof = "forced" | "exec";

/**
 * Refreshes the login of a host, in its home, and proves by the file that it worked.
 *
 * @throws {Failure}
 */
export async function refreshHost(
  services: HostRefreshServices,
  { home, proof, user }: { home: string; proof: Proof; user: string | undefined },
): Promise<Result> {
  const { disk, reporter } = services;
  const place = await demandOwnHome(disk, home, user);
  reporter.begin(`Refresh the login in ${home}`);
  return underHostLock(disk, place, async () => {
    const text = await disk.read(authPath(home), place.owner);
    if (text === null) throw await noLogin(disk, place);
    const before = parseLogin(text);
    const left = remainingMs(before, services.clock.now());
    reporter.say(
      `Login of account ${before.accountId}, last refreshed ${before.lastRefresh}, access token ${left > 0 ? `valid ${describeDuration(left)}` : "expired"}.`,
    );
    await demandSavable(services.files, home);
    const after =
      proof === "forced" ? await force(services, place, before) : await execute(services, place, before);
    await makePrivate(disk, place);
    const now = services.clock.now();
    const by = proof === "forced" ? "app-server" : "exec";
    const lastProof = { at: now.toISOString(), by, login: digestOf(after) } as const;
    await writeHostRecord(disk, place, { lastProof, dead: null });
    return proven(home, proof, { before, after, now });
  });
}

async function force(services: HostRefreshServices, place: HostHome, before: AuthJson): Promise<AuthJson> {
  const { reporter, disk, files, clock, codexEnvironment } = services;
  const { refresher } = await services.codex();
  reporter.say("Codex asks OpenAI for new tokens (usually a second; at most 45 s).");
  const outcome = await refresh(
    { refresher, files, clock, log: logTo(reporter) },
    {
      login: before,
      home: place.home,
      environment: codexEnvironment(before.tokens),
      started: async () => {},
      // A host has nothing to fall back on, and all the time it needs.
      fallback: { accessToken: "dying", insistence: "forced" },
      timeLeft: () => true,
    },
  );
  switch (outcome.kind) {
    case "rotated":
    case "renewed":
      return outcome.login;
    case "failed":
      return giveUp(services, place, {
        before,
        failure: explainFailedRefresh(outcome.failed, await seedAgain(disk, place)),
      });
  }
}

async function execute(services: HostRefreshServices, place: HostHome, before: AuthJson): Promise<AuthJson> {
  const { reporter, disk, codexEnvironment } = services;
  const { exec } = await services.codex();
  reporter.say("Codex answers one short question (at most 5 min).");
  const { exitCode, output } = await exec.run({
    home: place.home,
    environment: codexEnvironment(before.tokens),
  });
  const verdict = judge(before, await disk.read(authPath(place.home), place.owner));
  if (verdict.kind === "broken") {
    return giveUp(services, place, { before, failure: verdict.failure });
  }
  const after = verdict.kind === "unchanged" ? before : verdict.login;
  if (exitCode === 0) return after;
  const refusal = classifyRefusal({ account: "error", stderr: output }, before.accountId);
  const failure =
    verdict.kind === "unchanged" && refusal.kind === "permanent"
      ? new Failure(refusal.code, "OpenAI does not accept this login any more.", "")
      : new Failure(
          "exec-failed",
          `\`codex exec\` failed (exit code ${exitCode ?? "none"}). Its last line: ${lastLine(output)}`,
          "If that does not tell why, run `codex exec` there by hand; `host refresh` without --exec asks for new tokens and needs no model.",
        );
  return giveUp(services, place, { before, failure });
}

/** @throws what went wrong, with what a host's administrator can do */
async function giveUp(
  { disk, clock }: HostRefreshServices,
  place: HostHome,
  { before, failure }: { before: AuthJson; failure: Failure },
): Promise<never> {
  const { code, message } = failure;
  const again = await seedAgain(disk, place);
  if (code === "refresh-answer-lost" || code === "refresh-broke-login")
    throw new Failure(
      code,
      message,
      `Try again: if that fails with refresh-token-reused, seed the host again: ${again}`,
    );
  if (!DEAD.has(code)) throw failure;
  const record = await readHostRecord(disk, place);
  const dead = { at: clock.now().toISOString(), code, login: digestOf(before) };
  await writeHostRecord(disk, place, { lastProof: record?.lastProof ?? null, dead });
  throw new Failure(code, message, `Seed the host again: ${again}`, { cause: failure });
}

/** OpenAI has said so, for good. */
const DEAD: ReadonlySet<string> = new Set([
  "refresh-token-reused",
  "refresh-token-expired",
  "refresh-token-revoked",
  "refresh-rejected",
]);

function proven(
  home: string,
  proof: Proof,
  { before, after, now }: { before: AuthJson; after: AuthJson; now: Date },
): Result {
  const rotated = !after.refreshToken.equals(before.refreshToken);
  const expiresAt = after.accessTokenExpiresAt.toISOString();
  const left = describeDuration(remainingMs(after, now));
  const title = rotated
    ? `Refreshed: Codex has a new refresh token since ${after.lastRefresh}.`
    : after.isSameGeneration(before)
      ? "The login works; no refresh was due."
      : `Renewed at ${after.lastRefresh}, with the same refresh token.`;
  const lines = [`Access token valid ${left} (until ${expiresAt}).`];
  if (proof === "exec" && !rotated)
    lines.push(
      "Codex refreshes only in the access token's last five minutes: this proves the login, not the refresh.",
    );
  return {
    json: { home, proof, rotated, access_token_expires_at: expiresAt, status: redactedStatus(after) },
    title,
    lines,
  };
}
