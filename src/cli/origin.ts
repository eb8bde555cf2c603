import { Failure } from "../core/failure/failure.ts";
import { parseRepository } from "./options.ts";
import type { CliServices, RepositoryName } from "./services.ts";

type OriginServices = Pick<CliServices, "directory" | "origin">;

/**
 * The repository that is meant: the one that was named, else the checkout's `origin`.
 *
 * @throws {Failure} `input-invalid`
 */
export async function chooseRepository(
  { origin, directory }: OriginServices,
  named: string | undefined,
): Promise<RepositoryName> {
  if (named !== undefined) return parseRepository(named);
  const found = repositoryAt(await origin(directory));
  if (found !== null) return found;
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
 * @param url as git has it: `https://HOST/OWNER/NAME.git`, `ssh://git@HOST/OWNER/NAME`, `git@HOST:OWNER/NAME.git`
 * @returns `null` for an address of another form
 */
export function repositoryAt(url: string | null): RepositoryName | null {
  const match =
    /^(?:(?:https?|ssh|git):\/\/(?:[^/@]*@)?[^/]+\/|[\w.-]+@[\w.-]+:\/?)([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
      url ?? "",
    );
  return match ? { owner: match[1] ?? "", repository: match[2] ?? "" } : null;
}
