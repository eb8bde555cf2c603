import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Clock } from "../../ports/action.ts";
import type { HostDisk, Reporter, Result } from "../../ports/cli.ts";
import { FAILED } from "../exit-code.ts";
import { loginSource } from "../seed/command.ts";
import { homeResult, inspectHome } from "../status/home.ts";
import { type InstallTimerRequest, SYSTEM_UNITS } from "./install-timer.ts";
import type { Proof } from "./refresh.ts";
import type { HostSeedRequest } from "./seed.ts";

export interface HostPorts {
  readonly disk: HostDisk;
  readonly clock: Clock;
  readonly reporter: (options: { json: boolean }) => Reporter;
  readonly seedHost: (request: HostSeedRequest, reporter: Reporter) => Promise<Result>;
  readonly refreshHost: (request: { home: string; proof: Proof }, reporter: Reporter) => Promise<Result>;
  readonly installTimer: (
    request: Omit<InstallTimerRequest, "node" | "cli" | "codex">,
    reporter: Reporter,
  ) => Promise<Result>;
  readonly exit: (code: number) => void;
}

interface HomeOptions {
  readonly home: string;
  readonly json?: true;
}

export function hostCommand(ports: HostPorts): Command {
  return new Command("host")
    .summary("look after the login of a persistent host")
    .description(
      "Looks after a login that lives on one machine for good. The file there is the authority: it is never stored, " +
        "and never replaced while it works. One host, one login: a login in two places is locked out in one of them.",
    )
    .addCommand(seedOf(ports))
    .addCommand(refreshOf(ports))
    .addCommand(statusOf(ports))
    .addCommand(installTimerOf(ports));
}

function seedOf({ reporter: reporterOf, seedHost }: HostPorts): Command {
  interface Options extends HomeOptions {
    readonly user?: string;
    readonly from?: string;
    readonly browser?: true;
    readonly force?: true;
  }
  return onHome("seed")
    .summary("put a login into a home, only where there is none that works")
    .description(
      "Puts a login into a home: a fresh one unless --from names a file. A login that is there stays, for Codex may have " +
        "refreshed it; only one that OpenAI has refused for good (host refresh finds that out) yields to a newer one.",
    )
    .option("--user <name>", "who shall own the home (default: whoever does, or you)")
    .addOption(
      new Option("--from <file>", "use this auth.json; `-` reads it from stdin").conflicts("browser"),
    )
    .option("--browser", "log in with a browser on this machine instead of a one-time code")
    .option("--force", "replace whatever is there")
    .action(async ({ home, json, user, from, browser, force }: Options) => {
      const reporter = reporterOf({ json: json ?? false });
      const source = loginSource({
        ...(from === undefined ? {} : { from }),
        ...(browser ? { browser } : {}),
      });
      reporter.result(await seedHost({ home: resolve(home), user, source, force: force ?? false }, reporter));
    });
}

function refreshOf({ reporter: reporterOf, refreshHost }: HostPorts): Command {
  return onHome("refresh")
    .summary("refresh the login now, and prove by the file that it worked")
    .description(
      "Has Codex get new tokens now, and proves by the file that it did. Only one at a time; run it as the user whose " +
        "login it is. A login that OpenAI refuses for good is remembered as dead, and yields to the next seed.",
    )
    .option(
      "--exec",
      "run one tiny `codex exec` instead, which uses the model and refreshes only when Codex must",
    )
    .action(async ({ home, json, exec }: HomeOptions & { exec?: true }) => {
      const reporter = reporterOf({ json: json ?? false });
      reporter.result(await refreshHost({ home: resolve(home), proof: exec ? "exec" : "forced" }, reporter));
    });
}

function statusOf({ disk, clock, reporter, exit }: HostPorts): Command {
  return onHome("status")
    .summary("show what may be shown of the login, and when it was last proven")
    .description("Shows what may be shown of the login, and when it was last proven. Changes nothing.")
    .action(async ({ home, json }: HomeOptions) => {
      const seen = await inspectHome(disk, clock, resolve(home));
      reporter({ json: json ?? false }).result(homeResult(seen, clock.now()));
      if (seen.problems.length > 0) exit(FAILED);
    });
}

function installTimerOf({ reporter: reporterOf, installTimer }: HostPorts): Command {
  interface Options extends HomeOptions {
    readonly user: string;
    readonly calendar: string;
    readonly exec?: true;
    readonly print?: true;
    readonly unitDirectory: string;
  }
  return onHome("install-timer")
    .summary("have systemd refresh the login regularly")
    .description(
      "Writes a hardened systemd service and its timer, and starts the timer. Where systemd does not run the host, shows " +
        "a line for a crontab instead.",
    )
    .requiredOption("--user <name>", "whose login it is: the service runs as this user")
    .option("--calendar <when>", "systemd's OnCalendar", "weekly")
    .option("--exec", "prove with one tiny `codex exec` instead of a forced refresh")
    .option("--print", "print the units, write nothing")
    .option(
      "--unit-directory <dir>",
      "where the units go; elsewhere than in the default nothing is started",
      SYSTEM_UNITS,
    )
    .action(async ({ home, json, user, calendar, exec, print, unitDirectory }: Options) => {
      const reporter = reporterOf({ json: json ?? false });
      const request = {
        home: resolve(home),
        user,
        calendar,
        proof: exec ? "exec" : "forced",
        print: print ?? false,
        directory: resolve(unitDirectory),
      } as const;
      reporter.result(await installTimer(request, reporter));
    });
}

function onHome(name: string): Command {
  return new Command(name)
    .requiredOption("--home <dir>", "the login's CODEX_HOME, such as /opt/svc/.codex")
    .option("--json", "print one JSON object");
}
