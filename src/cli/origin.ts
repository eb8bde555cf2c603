import { Failure } from "../core/failure/failure.ts";
import { hostOf, servesGitOf } from "../core/github/host.ts";
import { foreign } from "../core/text/escape.ts";
import { parseRepository } from "./options.ts";
import type { CliServices, RepositoryName } from "./services.ts";

type OriginServices = Pick<CliServices, "directory" | "origin">;

/**
 * The repository that is meant: the one that was named, else the checkout's `origin`, where that is at the GitHub that is
 * asked. A login does not go to whoever has the same OWNER/NAME elsewhere.
 *
 * @throws {Failure} `input-invalid`
 */
export async function chooseRepository(
  { origin, directory }: OriginServices,
  named: string | undefined,
  apiUrl: string,
): Promise<RepositoryName> {
  if (named !== undefined) return parseRepository(named);
  const found = repositoryAt(await origin(directory));
  if (found !== null && servesGitOf(apiUrl, found.host)) return found;
  if (found !== null)
    throw new Failure(
      "input-invalid",
      `\`--repo\` is missing, and the remote \`origin\` of this checkout is at ${foreign(found.host)}, not at ${hostOf(apiUrl)}.`,
      "Name the repository: --repo OWNER/NAME. On a GitHub server of your own, name its API as well: --api-url https://HOST/api/v3",
    );
  throw new Failure(
    "input-invalid",
    "`--repo` is missing, and this directory is no checkout with a remote `origin` on GitHub.",
    "Name the repository: --repo OWNER/NAME",
  );
}

/**
 * Workflows of one repository have no use in the checkout of another. A checkout without an `origin` may be a new one.
 *
 * @throws {Failure} `workflows-outside-checkout`
 */
export async function refuseOtherCheckout(
  { origin, directory }: OriginServices,
  { owner, repository }: RepositoryName,
): Promise<void> {
  const found = repositoryAt(await origin(directory));
  const nameOf = (name: RepositoryName): string => `${name.owner}/${name.repository}`;
  if (found === null || nameOf(found).toLowerCase() === nameOf({ owner, repository }).toLowerCase()) return;
  throw new Failure(
    "workflows-outside-checkout",
    `This is a checkout of ${nameOf(found)}, not of ${owner}/${repository}.`,
    "Run the command inside a checkout of that repository, or leave `--write-workflows` out.",
  );
}

/**
 * @param url as git has it: `https://HOST/OWNER/NAME.git`, `ssh://git@HOST:PORT/OWNER/NAME`, `git@HOST:OWNER/NAME.git`
 * @returns `null` for an address of another form; the host without its port, and perhaps an alias of ssh's own
 */
export function repositoryAt(url: string | null): (RepositoryName & { readonly host: string }) | null {
  const match =
    /^(?:(?:https?|ssh|git|git\+ssh):\/\/(?:[^/@]*@)?([\w.-]+)(?::\d*)?\/|(?:[\w.-]+@)?([\w.-]{2,}):\/?)([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/i.exec(
      url ?? "",
    );
  if (!match) return null;
  const [, host, sshHost, owner = "", repository = ""] = match;
  return { host: host ?? sshHost ?? "", owner, repository };
}
