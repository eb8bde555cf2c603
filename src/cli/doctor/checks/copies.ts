import { parseDestinations } from "../../../core/copies/parse-destinations.ts";
import { Failure } from "../../../core/failure/failure.ts";
import { foreign } from "../../../core/text/escape.ts";
import { projectPage } from "../../project-page.ts";
import type { Destination } from "../workflow/destination.ts";
import { isExpression } from "../workflow/expression.ts";
import { byPlace, codexJobsOf, jobOf, refreshJobsOf, type Use } from "../workflow/use.ts";
import { type Check, type Finding, fail, notChecked, warn } from "./check.ts";
import { copySecretsOf, loginSecretsOf, type Subject } from "./subject.ts";

/** Access copies: jobs that run code get one, and a maintenance job renews them all. */
export const copyChecks: readonly Check<Subject>[] = [
  {
    id: "copy-refreshed",
    title: "What each Codex job reads is refreshed",
    find: ({ uses }) => {
      const readers = codexJobsOf(uses).filter(({ reads }) => reads.length > 0);
      if (readers.length === 0) return null;
      const copies = copySecretsOf(uses);
      const abroad = readers.every(({ reads }) => reads.every((name) => copies.has(name)));
      if (abroad && refreshJobsOf(uses).length === 0)
        return notChecked("the access copy is written by another repository");
      const known: Known = {
        copies,
        destinations: uses.flatMap((use) => use.copies),
        written: writtenBy(uses),
      };
      return readers.map((use) => unrefreshed(use, known));
    },
    passed: ({ uses }) => [...new Set(codexJobsOf(uses).flatMap(({ reads }) => reads))].join(", "),
  },
  {
    id: "login-though-copy",
    title: "Codex jobs get a copy where there is one",
    find: ({ uses }) => {
      const here = uses.flatMap(({ copies }) => copies.filter(({ kind }) => kind !== "repository"));
      const [first] = here;
      if (!first) return null;
      const logins = loginSecretsOf(refreshJobsOf(uses));
      return codexJobsOf(uses)
        .filter(({ reads }) => reads.some((name) => logins.includes(name)))
        .map((use) =>
          warn(
            `Job ${foreign(jobOf(use).id)} runs code beside the login, though there is an access copy.`,
            `Give it the copy: \`codex-auth-json: \${{ secrets.${first.name} }}\`.`,
            (use.input("codex-auth-json") ?? use).at,
          ),
        );
    },
    passed: () => "no login in them",
  },
  {
    id: "copies-by-every-refresh",
    title: "One job maintains a login and its copies",
    find: ({ uses }) => {
      if (uses.every(({ copies }) => copies.length === 0)) return null;
      return byPlace(refreshJobsOf(uses)).flatMap((ofLogin) =>
        ofLogin.some(({ copies }) => copies.length > 0)
          ? ofLogin.filter(isSecondMaintenance).map(secondRefresher)
          : [],
      );
    },
    passed: () => "no other `refresh: force` without `access-copies`",
  },
  {
    id: "copy-destination",
    title: "The action takes each line of `access-copies`",
    find: ({ uses }) => {
      const writers = uses.filter((use) => (use.input("access-copies")?.text ?? "") !== "");
      return writers.length > 0 ? writers.flatMap(refusedLines) : null;
    },
    passed: ({ uses }) => uses.flatMap(({ copies }) => copies.map(({ text }) => `\`${text}\``)).join(", "),
  },
];

/** As the action itself reads them: among others, none may have the name of a login's secret. */
function refusedLines(use: Use): readonly Finding[] {
  const secretName = use.secretName ?? "";
  const place = { owner: "octo", repository: "app", repositoryId: "", environment: null, secretName };
  return (use.input("access-copies")?.lines() ?? [])
    .filter(({ text }) => !isExpression(text))
    .flatMap(({ text, at }) => {
      try {
        parseDestinations(text, place, "");
        return [];
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return [fail(error.message.replace(/^, line 1: /, ""), error.hint, at)];
      }
    });
}

interface Known {
  /** The names of access copies. */
  readonly copies: ReadonlySet<string>;
  readonly destinations: readonly Destination[];
  readonly written: ReadonlySet<string> | "any";
}

function unrefreshed(use: Use, { copies, destinations, written }: Known): Finding | null {
  const at = (use.input("codex-auth-json") ?? use).at;
  const name = use.reads.find((read) => written !== "any" && !written.has(read));
  if (name !== undefined)
    return warn(
      `No job here refreshes ${name}, which ends about ten days after it was written.`,
      copies.has(name)
        ? `Add the line \`secret ${name}\` to \`access-copies\` of the maintenance job.`
        : `Add a maintenance job, as in ${projectPage("examples/maintenance.yml")}`,
      at,
    );
  const { environment } = jobOf(use);
  const own = destinations.filter((copy) => use.reads.includes(copy.name));
  const elsewhere = own.filter(
    ({ kind, where }) =>
      kind === "environment" &&
      !(environment && (isExpression(environment.name) || isSame(where, environment.name))),
  );
  const [first] = elsewhere;
  if (!first || elsewhere.length < own.length) return null;
  return fail(
    `The copy ${first.name} is in environment ${foreign(first.where)}, and this job does not run there: it reads nothing.`,
    `Add \`environment: ${first.where}\` to the job, or the line \`secret ${first.name}\` to \`access-copies\`.`,
    at,
    first.at,
  );
}

/** What refresh jobs write, logins and copies; `any`: one of the names is known only to a run. */
function writtenBy(uses: readonly Use[]): ReadonlySet<string> | "any" {
  const refreshers = uses.filter(({ kind }) => kind !== "read-only");
  if (refreshers.some(({ secretName }) => secretName === null)) return "any";
  return new Set(
    uses.flatMap(({ kind, secretName, copies }) => [
      ...(kind === "read-only" || secretName === null ? [] : [secretName]),
      ...copies.map(({ name }) => name),
    ]),
  );
}

/** A job that refreshes when due, or for a person, leaves the copies until maintenance: they live on. */
function isSecondMaintenance(use: Use): boolean {
  return use.copies.length === 0 && use.input("refresh")?.text === "force";
}

function secondRefresher(use: Use): Finding {
  return warn(
    `Job ${foreign(jobOf(use).id)} refreshes a login whose access copies another job writes: after it they are older than the login.`,
    "Write `refresh: never` in this job and give it a copy, or give it the same `access-copies`.",
    use.at,
  );
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
