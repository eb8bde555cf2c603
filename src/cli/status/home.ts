import type { HostRecord } from "../../core/host/record.ts";
import { describeDuration } from "../../core/text/duration.ts";
import { shellQuoted } from "../../core/text/shell.ts";
import { authPath, hostLoginPath } from "../../login/home-layout.ts";
import type { FileFacts, HostDisk, Result } from "../../ports/cli.ts";
import { FAILED } from "../exit-code.ts";
import { readHostRecord } from "../host/home.ts";
import { onBehalfOf, onHome } from "../pasted.ts";
import type { CliServices } from "../services.ts";
import { ago, describeStatus } from "./layout.ts";
import { type LoginStatus, readLoginStatus } from "./login.ts";

interface HomeStatus {
  readonly home: string;
  /** `null` where it cannot be read. */
  readonly text: string | null;
  readonly status: LoginStatus | null;
  readonly directory: FileFacts | null;
  readonly file: FileFacts | null;
  readonly record: HostRecord | null;
}

/** Shows the login of a home. It changes nothing. */
export async function reportHome(
  { disk, clock, reporterFor, exitWith }: Pick<CliServices, "clock" | "disk" | "exitWith" | "reporterFor">,
  home: string,
  options: { json?: boolean },
): Promise<void> {
  const seen = await inspectHome(disk, home);
  const problems = findProblems(seen, clock.now());
  const { file, directory, record } = seen;
  const whose = await onBehalfOf(disk, file?.owner ?? directory?.owner ?? null);
  const command = onHome(file === null || record?.dead ? "seed" : "refresh", home, whose);
  reporterFor(options).result(homeResult(seen, problems, { command, now: clock.now() }));
  if (problems.length > 0) exitWith(FAILED);
}

async function inspectHome(disk: HostDisk, home: string): Promise<HomeStatus> {
  const path = authPath(home);
  const directory = await disk.inspect(home);
  const owner = directory?.owner ?? null;
  const entry = await disk.inspect(path);
  // Where it is a link of ours, the file behind it counts.
  const file = entry?.kind === "other" ? ((await disk.inspect(hostLoginPath(home))) ?? entry) : entry;
  const text = file === null ? null : await disk.read(path, owner).catch(() => null);
  const status = text === null ? null : readLoginStatus(text);
  const record = await readHostRecord(disk, { home, owner }).catch(() => null);
  return { home, text, status, directory, file, record };
}

function findProblems(seen: HomeStatus, now: Date): string[] {
  const { text, status, directory, file, record } = seen;
  if (directory === null) return ["The home does not exist."];
  if (file === null) return ["There is no auth.json: nobody is logged in here."];
  const { home } = seen;
  const problems: string[] = [];
  if (text === null) problems.push("auth.json cannot be read by this user.");
  else if (status === null) problems.push("auth.json is not JSON: Codex will run without a login.");
  else problems.push(...problemsOf(status, now));
  if (wider(directory, 0o700))
    problems.push(`The home is open to others (${octal(directory)}): \`chmod 700 ${shellQuoted(home)}\`.`);
  if (wider(file, 0o600))
    problems.push(
      `auth.json is open to others (${octal(file)}): \`chmod 600 ${shellQuoted(authPath(home))}\`.`,
    );
  if (directory.owner && file.owner && directory.owner.uid !== file.owner.uid)
    problems.push("auth.json and the home belong to different users.");
  if (record?.dead)
    problems.push(`The last refresh found the login dead (${record.dead.code}): seed it again.`);
  return problems;
}

function problemsOf(status: LoginStatus, now: Date): string[] {
  const missing = (["has_access_token", "has_id_token"] as const).filter((field) => !status[field]);
  const problems = missing.map(
    (field) => `auth.json has no ${field.slice("has_".length).replace("_", " ")}.`,
  );
  if (!status.has_refresh_token) {
    const expired =
      status.access_token_expires_at === null || Date.parse(status.access_token_expires_at) <= now.getTime();
    if (expired) problems.push("The access token has expired, and there is no refresh token.");
  }
  return problems;
}

function wider({ mode }: FileFacts, allowed: number): boolean {
  return mode !== null && (mode & 0o777 & ~allowed) !== 0;
}

function octal({ mode }: FileFacts): string {
  return mode === null ? "no modes here" : (mode & 0o7777).toString(8).padStart(4, "0");
}

/** The status as a command's result. It says plainly what it does not prove. */
function homeResult(
  seen: HomeStatus,
  problems: readonly string[],
  { command, now }: { command: string; now: Date },
): Result {
  const { home, status, directory, file, record } = seen;
  const rows: [string, string][] = [["home", home]];
  if (directory) rows.push(["mode of the home", described(directory)]);
  if (file) rows.push(["mode of auth.json", described(file)]);
  if (status) rows.push(...rowsOf(status, now));
  if (record?.lastProof) {
    const { at, by } = record.lastProof;
    rows.push([
      "last proof",
      `${at} (${ago(new Date(at), now)}, ${by === "exec" ? "codex exec" : "forced refresh"})`,
    ]);
  }
  return {
    json: {
      home,
      status,
      modes: { home: directory && octal(directory), auth_json: file && octal(file) },
      owner: file?.owner ?? null,
      last_proof: record?.lastProof ?? null,
      dead: record?.dead ?? null,
      problems,
      proves_refresh: false,
      proof: command,
    },
    ...describeStatus(rows, problems, {
      healthy: "Nothing is wrong with the file.",
      proof: [
        file === null || record?.dead
          ? "To put a login there:"
          : "This does not prove that the login can still be refreshed. To prove it, refresh it:",
        `  ${command}`,
      ],
    }),
  };
}

function rowsOf(status: LoginStatus, now: Date): [string, string][] {
  const { access_token_expires_at: expiresAt, next_refresh_at: refreshAt } = status;
  return [
    ["auth_mode", status.auth_mode ?? "(none)"],
    ["account", status.account_id ?? "(none)"],
    ["last_refresh", status.last_refresh ?? "(none)"],
    ["has_access_token", String(status.has_access_token)],
    ["has_id_token", String(status.has_id_token)],
    ["has_refresh_token", status.has_refresh_token ? "true" : "false (an access copy)"],
    ["access token", expiresAt === null ? "(unreadable)" : `${until(expiresAt, now)} (${expiresAt})`],
    [
      "next refresh",
      refreshAt === null
        ? "never by this copy"
        : `by Codex itself ${until(refreshAt, now, "in")} (${refreshAt})`,
    ],
  ];
}

function until(at: string, now: Date, ahead: "valid" | "in" = "valid"): string {
  const ms = Date.parse(at) - now.getTime();
  if (ms > 0) return `${ahead} ${describeDuration(ms)}`;
  return ahead === "valid" ? `expired ${ago(new Date(at), now)}` : "overdue: at the next use";
}

function described(facts: FileFacts): string {
  const { owner } = facts;
  return `${octal(facts)}${owner ? `, owner ${owner.uid}:${owner.gid}` : ""}`;
}
