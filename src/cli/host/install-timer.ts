import { join } from "node:path";
import { Failure } from "../../core/failure/failure.ts";
import type { Result } from "../../ports/cli.ts";
import type { Reporting } from "../services.ts";
import { type TimerRequest, type TimerUnits, timerUnits } from "./timer-units.ts";

export const SYSTEM_UNITS = "/etc/systemd/system";

export type TimerServices = Reporting<"codex" | "program" | "systemd">;

export interface InstallTimerRequest extends Omit<TimerRequest, "node" | "cli" | "codex"> {
  /** Print, write nothing. */
  readonly print: boolean;
  /** Where the units go. In any other directory than the system's own, nothing is enabled. */
  readonly directory: string;
}

/**
 * Has a host's login refreshed regularly: by systemd, or, where there is none, by a crontab line for the person to add.
 *
 * @throws {Failure} `input-invalid`, `timer-failed`
 */
export async function installTimer(
  { codex, program, systemd, reporter }: TimerServices,
  request: InstallTimerRequest,
): Promise<Result> {
  const units = timerUnits({ ...request, ...program, codex: (await codex()).path });
  const objection = await systemd.objectToCalendar(request.calendar);
  if (objection !== null) {
    throw new Failure(
      "input-invalid",
      `systemd does not understand \`--calendar\`: ${objection}`,
      'For example: weekly, or "Mon *-*-* 04:00".',
    );
  }
  if (request.print) return printed(units);
  const own = request.directory === SYSTEM_UNITS;
  if (own && !(await systemd.isRunning())) return cronInstead(units, request);
  for (const { name, text } of [units.service, units.timer]) {
    const path = join(request.directory, name);
    await systemd.writeUnit(path, text).catch((cause) => {
      if (cause instanceof Failure) throw cause;
      const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
      const hint = "Run the command as root, or use --print.";
      throw new Failure("timer-failed", `${path} cannot be written${code}.`, hint, { cause });
    });
    reporter.say(`Wrote ${path}.`);
  }
  if (own) await systemd.enable(units.timer.name);
  const run = [`systemctl start ${units.service.name}`, `journalctl -u ${units.service.name}`];
  const next = own ? run : ["systemctl daemon-reload", `systemctl enable --now ${units.timer.name}`, ...run];
  return {
    json: { ...units, directory: request.directory, enabled: own, next },
    title: own ? `The timer ${units.timer.name} is running.` : "The units are written, not enabled.",
    lines: [own ? "Try it once now:" : "Next:", ...next.map((step) => `  ${step}`)],
  };
}

function printed(units: TimerUnits): Result {
  const { service, timer, cron } = units;
  return {
    json: units,
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
    json: { ...units, enabled: false },
    title: "This host is not run by systemd: nothing was written.",
    lines: [`Put this line into the crontab of ${user} (crontab -u ${user} -e):`, `  ${cron}`],
  };
}
