import { join } from "node:path";
import { Failure } from "../../core/failure/failure.ts";
import { foreign } from "../../core/text/escape.ts";
import { shellQuoted } from "../../core/text/shell.ts";
import type { Owner, Result } from "../../ports/cli.ts";
import { lastLine } from "../seed/login-prompt.ts";
import type { Reporting } from "../services.ts";
import { demandLoginOf, findOwner } from "./home.ts";
import { type TimerRequest, type TimerUnits, timerUnits } from "./timer-units.ts";

export const SYSTEM_UNITS = "/etc/systemd/system";
/** Every user can run what is there, and only root can change it: a clone in somebody's home is neither. */
export const PROGRAM_DIRECTORY = "/usr/local/lib/codex-auth-roundtrip";

export type TimerServices = Reporting<"codex" | "disk" | "program" | "systemd" | "users">;

export interface InstallTimerRequest extends Omit<TimerRequest, "node" | "cli" | "codex"> {
  /** Print, write nothing, run nothing. */
  readonly print: boolean;
  /** Where the units go. In any other directory than the system's own, nothing is run or enabled. */
  readonly unitDirectory: string;
  /** Where the copy of this program goes that the timer runs. */
  readonly programDirectory: string;
}

/**
 * Has a host's login refreshed regularly: by systemd, or, where there is none, by a crontab line for the person to add.
 * Before that, it does once exactly what the timer will do, as the user who will do it.
 *
 * @throws {Failure} `input-invalid`, `home-missing`, `home-other-owner`, `timer-failed`
 */
export async function installTimer(services: TimerServices, request: InstallTimerRequest): Promise<Result> {
  const { codex, program, systemd, disk, reporter } = services;
  const cli = join(request.programDirectory, "codex-auth-roundtrip.mjs");
  const units = timerUnits({ ...request, node: program.node, cli, codex: (await codex()).path });
  const objection = await systemd.objectToCalendar(request.calendar);
  if (objection !== null) {
    throw new Failure(
      "input-invalid",
      `systemd does not understand \`--calendar\`: ${objection}`,
      'For example: weekly, or "Mon *-*-* 04:00".',
    );
  }
  if (request.print) return printed(units);
  const isOurs = request.unitDirectory === SYSTEM_UNITS;
  if (isOurs) {
    if (disk.self() && disk.self()?.uid !== 0)
      throw new Failure(
        "timer-failed",
        "Only root can install a timer.",
        "Run it with sudo, or use --print.",
      );
    const { owner } = await findOwner(disk, request.home, request.user);
    await demandLoginOf(disk, { home: request.home, owner, user: request.user });
    await installProgram(services, cli);
    await tryOut(services, request, { units, owner });
    if (!(await systemd.isRunning())) return cronInstead(units, request);
  }
  for (const { name, text } of [units.service, units.timer]) {
    const path = join(request.unitDirectory, name);
    await unlessUnwritable(path, () => systemd.writeUnit(path, text));
    reporter.say(`Wrote ${path}.`);
  }
  if (isOurs) await systemd.enable(units.timer.name);
  const run = [`systemctl start ${units.service.name}`, `journalctl -u ${units.service.name}`];
  const next = isOurs
    ? run
    : ["systemctl daemon-reload", `systemctl enable --now ${units.timer.name}`, ...run];
  return {
    json: { ...jsonOf(units), directory: request.unitDirectory, enabled: isOurs, next },
    title: isOurs
      ? `The timer ${units.timer.name} is running.`
      : "The units are written, not tried and not enabled.",
    lines: [
      isOurs ? "To run it through systemd now, and to read what it says:" : "Next:",
      ...next.map((step) => `  ${step}`),
      ...(request.onFailure === undefined
        ? [
            "Nobody is told if a refresh fails. To change that: --on-failure UNIT, or watch this:",
            `  npx codex-auth-roundtrip host status --home ${shellQuoted(request.home)}`,
          ]
        : []),
    ],
  };
}

async function installProgram({ users, program, reporter }: TimerServices, cli: string): Promise<void> {
  await unlessUnwritable(cli, () => users.installProgram(program.cli, cli));
  reporter.say(`Copied this program to ${cli}, where every user can run it.`);
}

/** What works for root may not work for that user: a Node or a Codex in root's home, a network that is closed. */
async function tryOut(
  { users, reporter }: TimerServices,
  { user }: InstallTimerRequest,
  { units: { command, path }, owner }: { units: TimerUnits; owner: Owner | null },
): Promise<void> {
  reporter.say(`Refreshing once as ${user}, as the timer will (at most 10 min).`);
  const { exitCode, output } = await users.run(owner, command, { PATH: path, LANG: "C.UTF-8" });
  if (exitCode === 0) return;
  throw new Failure(
    "timer-failed",
    `${user} cannot refresh the login. No timer was installed. ${reasonIn(output)}`,
    `Make this work first: sudo -u ${[user, "env", `PATH=${path}`, ...command].map(shellQuoted).join(" ")}`,
  );
}

/** Our own command says `Error: …`; anything else is why it was not started. */
function reasonIn(output: string): string {
  return /^Error: (.+)$/m.exec(output)?.[1] ?? `It says: ${foreign(lastLine(output))}`;
}

function printed(units: TimerUnits): Result {
  const { service, timer, cron } = units;
  return {
    json: jsonOf(units),
    title: `# ${join(SYSTEM_UNITS, service.name)}`,
    lines: [
      ...service.text.trimEnd().split("\n"),
      "",
      `# ${join(SYSTEM_UNITS, timer.name)}`,
      ...timer.text.trimEnd().split("\n"),
      ...(cron === null ? [] : ["", "# Without systemd, in the user's crontab:", `# ${cron}`]),
    ],
  };
}

function cronInstead(units: TimerUnits, { user, calendar }: InstallTimerRequest): Result {
  const { cron } = units;
  if (cron === null) {
    throw new Failure(
      "timer-failed",
      `This host is not run by systemd, and cron cannot express \`--calendar ${calendar}\`.`,
      "Use --calendar weekly, or daily.",
    );
  }
  return {
    json: { ...jsonOf(units), enabled: false },
    title: "This host is not run by systemd: no timer was installed.",
    lines: [
      `Put this line into the crontab of ${user} (crontab -u ${user} -e); cron mails what it prints:`,
      `  ${cron}`,
    ],
  };
}

function jsonOf({ service, timer, cron }: TimerUnits): object {
  return { service, timer, cron };
}

/** @throws {Failure} `timer-failed` */
async function unlessUnwritable(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new Failure(
      "timer-failed",
      `${path} cannot be written${code}.`,
      "Check that the directory exists and that its file system is writable, or use --print.",
      { cause },
    );
  }
}
