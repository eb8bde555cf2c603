import { createHash } from "node:crypto";
import { dirname, isAbsolute } from "node:path";
import { Failure } from "../../core/failure/failure.ts";
import { shellQuoted } from "../../core/text/shell.ts";

export interface TimerRequest {
  readonly user: string;
  readonly home: string;
  /** systemd's calendar expression, such as `weekly` or `Mon *-*-* 04:00`. */
  readonly calendar: string;
  readonly proof: "forced" | "exec";
  /** A unit of the host's own that systemd starts when a refresh fails. */
  readonly onFailure: string | undefined;
  /** Absolute paths of what is run. */
  readonly node: string;
  readonly cli: string;
  readonly codex: string;
}

export interface TimerUnits {
  /** What a run is: program and arguments, and its PATH. */
  readonly command: readonly string[];
  readonly path: string;
  readonly service: { readonly name: string; readonly text: string };
  readonly timer: { readonly name: string; readonly text: string };
  /** For a crontab; `null` where cron has no word for the calendar. */
  readonly cron: string | null;
}

/** systemd.unit(5): what a unit's name may hold; `%n` and its like are the failed unit's. */
const UNIT = /^[A-Za-z0-9:_.\\@%-]+\.(?:service|target)$/;

const SYSTEM_PATH = ["/usr/local/bin", "/usr/bin", "/bin"];

/**
 * A oneshot service that refreshes a host's login, and its timer.
 *
 * @throws {Failure} `input-invalid`
 */
export function timerUnits(request: TimerRequest): TimerUnits {
  refuseUnusable(request);
  const name = unitName(request.home);
  const command = [request.node, request.cli, "host", "refresh", "--home", request.home];
  if (request.proof === "exec") command.push("--exec");
  // The `codex` of npm is a script that looks for `node`.
  const path = [...new Set([dirname(request.codex), dirname(request.node), ...SYSTEM_PATH])].join(":");
  return {
    command,
    path,
    service: { name: `${name}.service`, text: service(request, command, path) },
    timer: { name: `${name}.timer`, text: timer(request) },
    cron: cronLine(request, command, path),
  };
}

/** One unit for each home: readable, and different for different homes. */
function unitName(home: string): string {
  const readable = home.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const distinct = createHash("sha256").update(home).digest("hex").slice(0, 8);
  return `codex-auth-roundtrip-${readable.slice(0, 60)}-${distinct}`;
}

function service(
  { user, home, proof, onFailure, ...paths }: TimerRequest,
  command: string[],
  path: string,
): string {
  const people = [home, paths.node, paths.cli, paths.codex].some((used) =>
    /^\/(home|root|run\/user)\//.test(used),
  );
  return `# Written by codex-auth-roundtrip host install-timer.
[Unit]
Description=Refresh the Codex login of ${specifier(user)}
Wants=network-online.target
After=network-online.target
${onFailure === undefined ? "" : `OnFailure=${onFailure}\n`}
[Service]
Type=oneshot
User=${user}
Environment=${quoted(`PATH=${path}`)}
ExecStart=${command.map(quotedCommand).join(" ")}
# A refresh that is ended in the middle loses the login: Codex is given the time it gives itself.
TimeoutStartSec=10min
TimeoutStopSec=90s
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=${people ? "read-only" : "yes"}
ReadWritePaths=${quoted(home)}
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
${
  // Codex's sandbox, which `codex exec` sets up, makes namespaces.
  proof === "exec"
    ? ""
    : "RestrictNamespaces=yes\nSystemCallFilter=@system-service\nSystemCallErrorNumber=EPERM\n"
}# Not MemoryDenyWriteExecute: Node compiles as it runs.
`;
}

function timer({ user, calendar }: TimerRequest): string {
  return `# Written by codex-auth-roundtrip host install-timer.
[Unit]
Description=Refresh the Codex login of ${specifier(user)} regularly

[Timer]
OnCalendar=${calendar}
RandomizedDelaySec=1h
# A host that was off at the time catches up.
Persistent=yes

[Install]
WantedBy=timers.target
`;
}

const CRON_WORDS = new Set(["hourly", "daily", "weekly"]);

function cronLine({ calendar }: TimerRequest, command: string[], path: string): string | null {
  if (!CRON_WORDS.has(calendar.toLowerCase())) return null;
  // In a crontab, % is a newline.
  const words = command.map((word) => shellQuoted(word).replaceAll("%", "\\%")).join(" ");
  return `@${calendar.toLowerCase()} PATH=${shellQuoted(path).replaceAll("%", "\\%")} ${words}`;
}

function refuseUnusable({ user, home, calendar, onFailure, node, cli, codex }: TimerRequest): void {
  const invalid = (what: string, hint: string): Failure => new Failure("input-invalid", what, hint);
  if (!/^[a-z_][a-z0-9_-]{0,31}$/i.test(user))
    throw invalid("`--user` is not a user's name.", "Name a user of this machine, such as svc.");
  if (!isAbsolute(home))
    throw invalid("`--home` is not an absolute path.", "For example: --home /opt/svc/.codex");
  if (/^\/(var\/)?tmp(\/|$)/.test(home))
    throw invalid(
      "The home is a temporary directory.",
      "A host's login needs a place that stays, such as /opt/svc/.codex.",
    );
  if ([home, node, cli, codex].some((path) => hasControlCharacters(path)))
    throw invalid("A path holds control characters.", "Rename it.");
  if (onFailure !== undefined && !UNIT.test(onFailure))
    throw invalid("`--on-failure` is not a unit's name.", "For example: --on-failure alert@%n.service");
  if (calendar.trim() === "" || hasControlCharacters(calendar))
    throw invalid("`--calendar` is not a calendar expression.", 'For example: weekly, or "Mon *-*-* 04:00".');
  if (/^(monthly|quarterly|semiannually|annually|yearly|minutely)$/i.test(calendar.trim()))
    throw invalid(
      `\`--calendar ${calendar.trim()}\` does not suit an access token, which lives about ten days.`,
      "Use weekly, or daily.",
    );
}

function hasControlCharacters(text: string): boolean {
  return [...text].some((character) => character < " " || character === "\u007f");
}

/** In any setting of a unit, % begins a specifier. */
function specifier(text: string): string {
  return text.replaceAll("%", "%%");
}

/** A word of a unit's setting, as systemd.syntax(7) has it. */
function quoted(word: string): string {
  const escaped = specifier(word).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return /[\s"'\\;]/.test(word) ? `"${escaped}"` : escaped;
}

/** In a command line, $ begins a variable as well. */
function quotedCommand(word: string): string {
  return quoted(word).replaceAll("$", "$$$$");
}
