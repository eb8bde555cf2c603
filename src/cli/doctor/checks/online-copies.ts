import { creatingCommand } from "../../../core/copies/destination.ts";
import { foreign } from "../../../core/text/escape.ts";
import { shellQuoted } from "../../../core/text/shell.ts";
import type { SurveyedCopy } from "../copy-survey.ts";
import type { Survey } from "../survey.ts";
import { COPY_SECRET } from "../workflow/destination.ts";
import { jobOf } from "../workflow/use.ts";
import { type Check, type Finding, fail, notChecked, warn } from "./check.ts";

/** What only GitHub knows of access copies. */
export const onlineCopyChecks: readonly Check<Survey>[] = [
  {
    id: "copy-stored",
    title: "Each Codex job finds its access copy",
    find: ({ copies, fullName }) =>
      copies.length > 0 ? copies.map((copy) => notFound(copy, fullName)) : null,
    passed: ({ copies }) => [...new Set(copies.map(({ name }) => name))].join(", "),
  },
  {
    id: "copy-shadowed",
    title: "No secret of the same name shadows a copy",
    find: ({ copies }) => (copies.length > 0 ? copies.map(shadowed) : null),
    passed: () => "the copies that are renewed",
  },
  {
    id: "copy-left-over",
    title: "No access copy is left over",
    find: ({ leftOver, fullName }) => {
      if (leftOver === null) return null;
      if (!leftOver.known) return notChecked(leftOver.why);
      return leftOver.value.map((environment) => deletable(environment, fullName));
    },
    passed: () => `there is no ${COPY_SECRET}`,
  },
];

function deletable(environment: string | null, fullName: string): Finding {
  const scope = environment === null ? "" : ` --env ${shellQuoted(environment)}`;
  return warn(
    `${COPY_SECRET} is stored${environment === null ? "" : ` in environment ${foreign(environment)}`}, and no workflow here reads or writes it.`,
    `If no other branch or repository uses it, delete it: \`gh secret delete ${COPY_SECRET} --repo ${fullName}${scope}\`.`,
  );
}

function notFound({ use, name, environment, found }: SurveyedCopy, fullName: string): Finding | null {
  const at = (use.input("codex-auth-json") ?? use).at;
  if (!found.known)
    return warn(
      `Could not find out whether ${name} is stored: ${found.why}.`,
      "Use a token that may read the repository's secrets and environments.",
      at,
    );
  if (found.value !== null) return null;
  const [owner = "", repository = ""] = fullName.split("/");
  const scope = { kind: "repository", owner, repository, environment: environment || null } as const;
  const place = { owner, repository, repositoryId: "", environment: null, secretName: name };
  return fail(
    `Job ${foreign(jobOf(use).id)} finds no secret ${name}.`,
    `Create it for the maintenance job to fill: \`${creatingCommand({ scope, name, text: name }, place)}\`, then start maintenance.`,
    at,
  );
}

const ORDER = ["environment", "repository", "organization"] as const;

function shadowed({ use, name, environment, found, written }: SurveyedCopy): Finding | null {
  if (!found.known || found.value === null || written.length === 0 || written.includes(found.value))
    return null;
  const isBroader = written.some((scope) => ORDER.indexOf(scope) > ORDER.indexOf(found.value ?? scope));
  if (!isBroader) return null;
  const where = found.value === "environment" ? `environment ${foreign(environment)}` : "the repository";
  return fail(
    `Job ${foreign(jobOf(use).id)} gets ${name} of ${where}, and maintenance renews another secret of that name.`,
    `Delete ${name} of ${where}, or add it to \`access-copies\`.`,
    (use.input("codex-auth-json") ?? use).at,
  );
}
