import { join, posix, resolve } from "node:path";
import { Command, Option } from "commander";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import { openCheckout } from "../doctor/open-checkout.ts";
import { readCheckout } from "../doctor/workflow/checkout.ts";
import { findUses, refreshJobsOf, type Use } from "../doctor/workflow/use.ts";
import { FAILED } from "../exit-code.ts";
import { parseApiUrl, parseRepository, parseSecretName } from "../options.ts";
import { repositoryAt } from "../origin.ts";
import type { CliServices } from "../services.ts";
import { reportHome } from "./home.ts";
import { repositoryStatus } from "./repository.ts";

interface StatusOptions {
  readonly home?: string;
  readonly repo?: string;
  readonly environment?: string;
  readonly secretName: string;
  readonly workflow?: string;
  readonly apiUrl: string;
  readonly json?: true;
}

/** The examples that refresh a login. */
const MAINTENANCE = ["maintenance.yml", "combined.yml"];

export function statusCommand(
  services: Pick<
    CliServices,
    | "checkout"
    | "clock"
    | "directory"
    | "disk"
    | "environment"
    | "exitWith"
    | "files"
    | "github"
    | "origin"
    | "reporterFor"
    | "userHome"
  >,
): Command {
  const { environment, github } = services;
  return new Command("status")
    .summary("show a login without its tokens, on this machine or in a repository")
    .description(
      "Shows a login without its tokens: the one in a home on this machine or, with --repo, what GitHub tells of a " +
        "secret. It changes nothing, and it does not prove that the login can be refreshed: the output names the command that does.",
    )
    .addOption(
      new Option("--home <dir>", "the home to look at (default: $CODEX_HOME, or ~/.codex)").conflicts("repo"),
    )
    .option("--repo <owner/name>", "look at a repository's secret instead")
    .option("--environment <name>", "the secret's environment")
    .option("--secret-name <name>", "the secret's name", "CODEX_AUTH_JSON")
    .option("--workflow <file>", "the maintenance workflow (default: the examples' and the checkout's)")
    .option("--api-url <url>", "GitHub's REST API", environment.GITHUB_API_URL || "https://api.github.com")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nWith --repo, and in a checkout of that repository, it also shows each access copy\nthat the workflows name: its age, and when it ends.\n\nExit codes: 0 no problem was found, 1 a problem was found, 2 wrong usage.\n\nExamples:\n" +
        "  npx codex-auth-roundtrip status\n" +
        "  npx codex-auth-roundtrip status --repo octo/app --environment codex",
    )
    .action(async (options: StatusOptions) => {
      if (options.repo !== undefined) {
        const { owner, repository } = parseRepository(options.repo);
        const place: SecretLocation = {
          owner,
          repository,
          repositoryId: "",
          environment: options.environment || null,
          secretName: parseSecretName(options.secretName),
        };
        const uses = await usesAround(services, place);
        const refreshing = refreshJobsOf(uses).map(({ workflow }) => posix.basename(workflow.file));
        const workflows = options.workflow
          ? [options.workflow]
          : [...new Set([...MAINTENANCE, ...refreshing])];
        const asked = await github(parseApiUrl(options.apiUrl));
        const { result, healthy } = await repositoryStatus(asked, place, { workflows, uses });
        services.reporterFor(options).result(result);
        if (!healthy) services.exitWith(FAILED);
        return;
      }
      // Codex's own default.
      const home = options.home ?? (environment.CODEX_HOME || join(services.userHome, ".codex"));
      await reportHome(services, resolve(home), options);
    });
}

/** What the checkout around the working directory does with this login; nothing where it is another repository's. */
async function usesAround(
  services: Pick<CliServices, "checkout" | "directory" | "files" | "origin">,
  { owner, repository, environment, secretName }: SecretLocation,
): Promise<readonly Use[]> {
  const { files, root } = await openCheckout(".", services);
  const found = repositoryAt(await services.origin(root));
  const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  if (found && !(isSame(found.owner, owner) && isSame(found.repository, repository))) return [];
  return findUses(await readCheckout(files)).filter(
    (use) =>
      use.secretName === secretName.toUpperCase() &&
      (use.environment ?? "").toLowerCase() === (environment ?? "").toLowerCase(),
  );
}
