import { Failure } from "../failure/failure.ts";
import type { SecretLocation } from "../github/secret-location.ts";
import { isSecretName } from "../github/secret-name.ts";
import { foreign } from "../text/escape.ts";
import { type CopyDestination, type CopyScope, keyOf } from "./destination.ts";

/** Two minutes of writing, with a second between two writes. */
export const MAXIMUM_DESTINATIONS = 100;
const LONGEST_ENVIRONMENT = 255;

/**
 * What is kept under such names is no copy (docs/setup.md). A repository may hold several logins, as `CODEX_AUTH_JSON_2`,
 * say, and a copy over another one would lose that.
 */
const RESERVED =
  /AUTH_JSON|^(CODEX_AUTH_WRITE_PROBE|CODEX_SECRET_WRITE_TOKEN|CODEX_APP_CLIENT_ID|CODEX_APP_PRIVATE_KEY)$/i;

/**
 * Reads the destinations of access copies, one a line:
 *
 * ```text
 * secret NAME                     # of this repository
 * environment ENV NAME            # of this repository; ENV may hold blanks
 * repository OWNER/REPO NAME
 * organization ORG NAME
 * ```
 *
 * @param source the input or option that holds the text, for messages
 * @throws {Failure} `input-invalid`, with the line; also for whatever could be the login's own secret
 */
export function parseDestinations(
  text: string,
  place: SecretLocation,
  source: string,
): readonly CopyDestination[] {
  const found = new Map<string, { readonly destination: CopyDestination; readonly line: number }>();
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const words = raw
      .replace(/(^|\s)#.*$/u, "")
      .split(/\s+/u)
      .filter((word) => word !== "");
    if (words.length === 0) continue;
    const line = index + 1;
    const refuse = (message: string, hint: string): never => {
      throw new Failure("input-invalid", `${source}, line ${line}: ${message}`, hint);
    };
    const destination = readDestination(words, place, refuse);
    refuseLogins(destination, place, refuse);
    const key = keyOf(destination);
    const before = found.get(key);
    if (before !== undefined)
      refuse(
        `${foreign(destination.text)} is the secret of line ${before.line}.`,
        "Keep one of the two lines. GitHub ignores case in the names of secrets, environments and repositories.",
      );
    found.set(key, { destination, line });
  }
  if (found.size > MAXIMUM_DESTINATIONS)
    throw new Failure(
      "input-invalid",
      `${source} has ${found.size} destinations, more than ${MAXIMUM_DESTINATIONS}.`,
      "Use an organization secret, which is one destination for any number of repositories.",
    );
  return [...found.values()].map(({ destination }) => destination);
}

type Refuse = (message: string, hint: string) => never;

function readDestination(words: readonly string[], place: SecretLocation, refuse: Refuse): CopyDestination {
  const [kind = "", ...rest] = words;
  const shape = SHAPES[kind];
  if (shape === undefined)
    return refuse(
      `${foreign(kind)} is no kind of destination.`,
      `Write one of: ${Object.values(SHAPES).join("; ")}.`,
    );
  const parts =
    kind === "environment" && rest.length > 2 ? [rest.slice(0, -1).join(" "), ...rest.slice(-1)] : rest;
  if (parts.length !== shape.split(" ").length - 1)
    return refuse(`${foreign(words.join(" "))} is not \`${shape}\`.`, `Write \`${shape}\`.`);
  const name = readName(parts.at(-1) ?? "", refuse);
  const scope = readScope(kind, parts[0] ?? "", place, refuse);
  return { scope, name, text: [kind, ...parts.slice(0, -1), name].join(" ") };
}

const SHAPES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  secret: "secret NAME",
  environment: "environment ENV NAME",
  repository: "repository OWNER/REPO NAME",
  organization: "organization ORG NAME",
});

function readScope(kind: string, where: string, place: SecretLocation, refuse: Refuse): CopyScope {
  const { owner, repository } = place;
  switch (kind) {
    case "environment":
      // Dots alone would lead elsewhere in the API's paths.
      if (where.length > LONGEST_ENVIRONMENT || /^\.{1,2}$/.test(where) || /\p{Cc}/u.test(where))
        return refuse(
          `${foreign(where)} is not the name of an environment.`,
          "Check the name in the repository's settings.",
        );
      return { kind: "repository", owner, repository, environment: where };
    case "repository": {
      const [, itsOwner = "", itsName = ""] = /^([A-Za-z0-9][\w-]*)\/([\w.-]+)$/.exec(where) ?? [];
      if (itsOwner === "" || /^\.{1,2}$|\.git$/i.test(itsName))
        return refuse(
          `${foreign(where)} is not OWNER/REPO.`,
          "Write it as in the repository's address, for example `octo/app`.",
        );
      return { kind: "repository", owner: itsOwner, repository: itsName, environment: null };
    }
    case "organization":
      if (!/^[A-Za-z0-9][\w-]*$/.test(where))
        return refuse(
          `${foreign(where)} is not the name of an organization.`,
          "Write it as in the organization's address, for example `acme`.",
        );
      return { kind: "organization", organization: where };
    default:
      return { kind: "repository", owner, repository, environment: null };
  }
}

function readName(name: string, refuse: Refuse): string {
  if (isSecretName(name)) return name;
  return refuse(
    `${foreign(name)} is not the name of a secret.`,
    "Use letters, digits and underscores; it must not begin with a digit or with GITHUB_.",
  );
}

/** A copy over a login would lose the login. By name, wherever: a repository may have another name by now. */
function refuseLogins({ name, text }: CopyDestination, { secretName }: SecretLocation, refuse: Refuse): void {
  const isOwn = name.toUpperCase() === secretName.toUpperCase();
  if (!isOwn && !RESERVED.test(name)) return;
  refuse(
    isOwn
      ? `${foreign(text)} has the name of the login's secret, and a copy would overwrite a login.`
      : `${foreign(text)} has a name under which logins and write tokens are kept.`,
    "Give access copies a name of their own, for example `CODEX_ACCESS_JSON`.",
  );
}
