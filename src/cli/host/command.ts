import { resolve } from "node:path";
import { Command, Option } from "commander";
import { loginSource } from "../seed/command.ts";
import type { CliServices } from "../services.ts";
import { reportHome } from "../status/home.ts";
import { becomeUser } from "./become-user.ts";
import { installTimer, PROGRAM_DIRECTORY, SYSTEM_UNITS, type TimerServices } from "./install-timer.ts";
import { type HostRefreshServices, refreshHost } from "./refresh.ts";
import { type HostSeedServices, seedHost } from "./seed.ts";

/** Shown below each command's help. */
const EXAMPLES: Readonly<Record<string, string>> = {
  seed: "host seed --home /opt/svc/.codex --user svc",
  refresh: "host refresh --home /opt/svc/.codex --user svc",
  status: "host status --home /opt/svc/.codex --json",
  "install-timer": "host install-timer --home /opt/svc/.codex --user svc --on-failure alert@%n.service",
};

type HostServices = Omit<HostSeedServices & HostRefreshServices & TimerServices, "reporter"> &
  Pick<CliServices, "exitWith" | "readAsOwner" | "reporterFor" | "users">;

interface HomeOptions {
  readonly home: string;
  readonly json?: true;
}

export function hostCommand(services: HostServices): Command {
  return new Command("host")
    .summary("look after the login of a persistent host")
    .description(
      "Looks after a login that stays on one machine. The file there is the authority: it is never copied to a secret, " +
        "and never replaced while it works. One host, one login: of a login in two places, one stops working.",
    )
    .addCommand(seedOf(services))
    .addCommand(refreshOf(services))
    .addCommand(statusOf(services))
    .addCommand(installTimerOf(services));
}

function seedOf(services: HostServices): Command {
  interface Options extends HomeOptions {
    readonly user?: string;
    readonly from?: string;
    readonly browser?: true;
    readonly force?: true;
  }
  return onHome("seed")
    .summary("put a login into a home that has none that works")
    .description(
      "Puts a login into a home: a fresh one unless --from names a file. An existing login is kept, because Codex may " +
        "have refreshed it; only one that OpenAI has rejected for good (host refresh finds out) is replaced, by a newer one.",
    )
    .option("--user <name>", "who owns the home (default: its present owner, or you)")
    .addOption(
      new Option("--from <file>", "use this auth.json; `-` reads it from stdin").conflicts("browser"),
    )
    .option("--browser", "log in with a browser on this machine instead of a one-time code")
    .option("--force", "replace whatever is there")
    .action(async (options: Options) => {
      const reporter = services.reporterFor(options);
      const { home, user, force = false } = options;
      const request = { home: resolve(home), user, source: loginSource(options), force };
      // Root reads nothing for a user that this user could not read.
      const files = { ...services.files, read: services.readAsOwner };
      reporter.result(await seedHost({ ...services, files, reporter }, request));
    });
}

function refreshOf(services: HostServices): Command {
  return onHome("refresh")
    .summary("refresh the login now, and check the file to prove it")
    .description(
      "Has Codex get new tokens now, and checks in the file that it did. Only one refresh runs at a time. Run it as the " +
        "user whose login it is, or as root with --user. A login that OpenAI rejects for good is remembered as dead, so the next seed replaces it.",
    )
    .option("--user <name>", "as root: run with the rights of the user whose login it is")
    .option(
      "--exec",
      "run one short `codex exec` instead, which uses the model and refreshes only when Codex must",
    )
    .action(async ({ home, exec, user, ...options }: HomeOptions & { exec?: true; user?: string }) => {
      const reporter = services.reporterFor(options);
      if (user !== undefined) await becomeUser(services, user);
      const request = { home: resolve(home), proof: exec ? "exec" : "forced", user } as const;
      reporter.result(await refreshHost({ ...services, reporter }, request));
    });
}

function statusOf(services: HostServices): Command {
  return onHome("status")
    .summary("show the login without its tokens, and when it was last proven")
    .description("Shows the login without its tokens, and when it was last proven. Changes nothing.")
    .action((options: HomeOptions) => reportHome(services, resolve(options.home), options));
}

function installTimerOf(services: HostServices): Command {
  interface Options extends HomeOptions {
    readonly user: string;
    readonly calendar: string;
    readonly exec?: true;
    readonly onFailure?: string;
    readonly print?: true;
    readonly unitDirectory: string;
    readonly programDirectory: string;
  }
  return onHome("install-timer")
    .summary("have systemd refresh the login regularly")
    .description(
      "Refreshes the login once as the user whose login it is, then writes a hardened systemd service and its timer, and " +
        "starts the timer. On a host without systemd it prints a crontab line instead. Run it as root.",
    )
    .requiredOption("--user <name>", "whose login it is: the service runs as this user")
    .option("--calendar <when>", "systemd's OnCalendar", "weekly")
    .option("--exec", "prove it with one short `codex exec` instead of a forced refresh")
    .option(
      "--on-failure <unit>",
      "a unit of yours that systemd starts when a refresh fails, such as alert@%n.service",
    )
    .option("--print", "print the units, write nothing, run nothing")
    .option(
      "--unit-directory <dir>",
      "where the units go; in any other directory than the default, nothing is run or started",
      SYSTEM_UNITS,
    )
    .option("--program-directory <dir>", "where the timer's copy of this program goes", PROGRAM_DIRECTORY)
    .action(async (options: Options) => {
      const reporter = services.reporterFor(options);
      const { home, exec, print = false, ...rest } = options;
      const proof = exec ? "exec" : "forced";
      const unitDirectory = resolve(options.unitDirectory);
      const programDirectory = resolve(options.programDirectory);
      const paths = { home: resolve(home), unitDirectory, programDirectory };
      const request = { onFailure: undefined, ...rest, ...paths, proof, print } as const;
      reporter.result(await installTimer({ ...services, reporter }, request));
    });
}

function onHome(name: string): Command {
  return new Command(name)
    .requiredOption("--home <dir>", "the login's CODEX_HOME, such as /opt/svc/.codex")
    .option("--json", "print one JSON object")
    .addHelpText("after", `\nExample:\n  npx codex-auth-roundtrip ${EXAMPLES[name]}`);
}
