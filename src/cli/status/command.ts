import { join, posix, resolve } from "node:path";
import { Command, Option } from "commander";
import { Failure } from "../../core/failure/failure.ts";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import { shellQuoted } from "../../core/text/shell.ts";
import { openCheckout } from "../doctor/open-checkout.ts";
import { readCheckout } from "../doctor/workflow/checkout.ts";
import { findUses, refreshJobsOf, type Use } from "../doctor/workflow/use.ts";
import { FAILED } from "../exit-code.ts";
import { parseApiUrl, parseRepository, parseSecretName } from "../options.ts";
import { repositoryAt } from "../origin.ts";
import type { CliServices, RepositoryName } from "../services.ts";
import { reportHome } from "./home.ts";
import { repositoryStatus, type Workflows } from "./repository.ts";

interface StatusOptions {
  readonly home?: string;
  readonly repo?: string;
  readonly environment?: string;
  readonly secretName: string;
  readonly workflow?: string;
  readonly apiUrl: string;
  readonly json?: true;
}

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
    .option(
      "--environment <name>",
      "the secret's environment (default: the one in the workflows of the checkout, if any)",
    )
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
        const secretName = parseSecretName(options.secretName);
        const users = await usersOf(services, { owner, repository }, secretName);
        const place: SecretLocation = {
          owner,
          repository,
          repositoryId: "",
          environment: options.environment === undefined ? environmentOf(users) : options.environment || null,
          secretName,
        };
        const uses = users.filter(
          (use) => (use.environment ?? "").toLowerCase() === (place.environment ?? "").toLowerCase(),
        );
        const workflows = options.workflow ? { forced: [options.workflow], others: [] } : workflowsOf(uses);
        const asked = await github(parseApiUrl(options.apiUrl));
        const { result, healthy } = await repositoryStatus(asked, place, { workflows, uses });
        services.reporterFor(options).result(result);
        if (!healthy) services.exitWith(FAILED);
        return;
      }
      for (const name of ["environment", "workflow"] as const)
        if (options[name] !== undefined)
          throw new Failure(
            "input-invalid",
            `\`--${name}\` is about a repository's secret, and no repository is given.`,
            "Add `--repo OWNER/NAME`.",
          );
      // Codex's own default.
      const home = options.home ?? (environment.CODEX_HOME || join(services.userHome, ".codex"));
      await reportHome(services, resolve(home), options);
    });
}

/** Where the workflows keep the login, if that is one environment; `null`: in the repository. */
function environmentOf(users: readonly Use[]): string | null {
  const names = new Map(users.map(({ environment }) => [environment?.toLowerCase(), environment]));
  if (names.size > 1)
    throw new Failure(
      "input-invalid",
      "The workflows of this checkout keep logins of that name in several places.",
      `Choose one: ${[...names.values()].map((name) => `--environment ${shellQuoted(name ?? "")}`).join(", ")} (empty: the repository).`,
    );
  return [...names.values()][0] || null;
}

/** What is a maintenance run: one that forces a refresh, as far as the checkout or the examples tell. */
function workflowsOf(uses: readonly Use[]): Workflows {
  const refreshing = refreshJobsOf(uses);
  if (refreshing.length === 0) return { forced: ["maintenance.yml"], others: ["combined.yml"] };
  const namesOf = (some: readonly Use[]): readonly string[] => [
    ...new Set(some.map(({ workflow }) => posix.basename(workflow.file))),
  ];
  const forced = namesOf(refreshing.filter((use) => use.input("refresh")?.text === "force"));
  return { forced, others: forced.length > 0 ? [] : namesOf(refreshing) };
}

/** What the checkout around the working directory does with logins of a name; nothing where it is another repository's. */
async function usersOf(
  services: Pick<CliServices, "checkout" | "directory" | "files" | "origin">,
  { owner, repository }: RepositoryName,
  secretName: string,
): Promise<readonly Use[]> {
  const { files, root } = await openCheckout(".", services);
  const found = repositoryAt(await services.origin(root));
  const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  if (found && !(isSame(found.owner, owner) && isSame(found.repository, repository))) return [];
  return findUses(await readCheckout(files)).filter(
    (use) => use.secretName === secretName.toUpperCase() && use.environment !== null,
  );
}
