import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Environment } from "../../core/environment/scrub.ts";
import type { Place } from "../../core/github/secret-location.ts";
import type { Clock } from "../../ports/action.ts";
import type { Example, HostDisk, Reporter, RepositoryAdministration } from "../../ports/cli.ts";
import { FAILED } from "../exit-code.ts";
import { parseRepository, parseSecretName } from "../options.ts";
import { defaultHome, homeResult, inspectHome } from "./home.ts";
import { repositoryStatus } from "./repository.ts";

export interface StatusPorts {
  readonly environment: Environment;
  readonly userHome: string;
  readonly disk: HostDisk;
  readonly clock: Clock;
  readonly examples: readonly Example[];
  readonly reporter: (options: { json: boolean }) => Reporter;
  readonly administration: (
    repository: { owner: string; repository: string },
    apiUrl: string,
  ) => Promise<RepositoryAdministration>;
  readonly exit: (code: number) => void;
}

interface StatusOptions {
  readonly home?: string;
  readonly repo?: string;
  readonly environment?: string;
  readonly secretName: string;
  readonly workflow?: string;
  readonly apiUrl: string;
  readonly json?: true;
}

export function statusCommand(ports: StatusPorts): Command {
  const { environment, userHome } = ports;
  return new Command("status")
    .summary("show what may be shown of a login, here or in a repository")
    .description(
      "Shows what may be shown of a login: of a home on this machine, or, with --repo, what GitHub tells of a secret. " +
        "It changes nothing, and it proves nothing about refreshing: the output says which command does.",
    )
    .addOption(
      new Option("--home <dir>", "the home to look at (default: $CODEX_HOME, or ~/.codex)").conflicts("repo"),
    )
    .option("--repo <owner/name>", "look at a repository's secret instead")
    .option("--environment <name>", "the secret's environment")
    .option("--secret-name <name>", "the secret's name", "CODEX_AUTH_JSON")
    .option("--workflow <file>", "the maintenance workflow (default: the examples' file names)")
    .option("--api-url <url>", "GitHub's REST API", environment.GITHUB_API_URL || "https://api.github.com")
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nExit code 1: a problem was found.")
    .action(async (options: StatusOptions) => {
      const reporter = ports.reporter({ json: options.json ?? false });
      if (options.repo !== undefined) {
        const { owner, repository } = parseRepository(options.repo);
        const place: Place = {
          owner,
          repository,
          repositoryId: "",
          environment: options.environment || null,
          secretName: parseSecretName(options.secretName),
        };
        const administration = await ports.administration(place, options.apiUrl);
        const workflows = options.workflow ? [options.workflow] : ports.examples.map(({ name }) => name);
        const { result, healthy } = await repositoryStatus(administration, { place, workflows });
        reporter.result(result);
        if (!healthy) ports.exit(FAILED);
        return;
      }
      const home = resolve(options.home ?? defaultHome(environment, userHome));
      const seen = await inspectHome(ports.disk, ports.clock, home);
      reporter.result(homeResult(seen, ports.clock.now()));
      if (seen.problems.length > 0) ports.exit(FAILED);
    });
}
