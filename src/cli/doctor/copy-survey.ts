import type { Known, RepositoryAnswers } from "../../ports/doctor.ts";
import { copySecretsOf } from "./checks/subject.ts";
import { learn } from "./learn.ts";
import { COPY_SECRET, type Destination } from "./workflow/destination.ts";
import { literalEnvironmentOf } from "./workflow/environment.ts";
import { codexJobsOf, type Use } from "./workflow/use.ts";

/** Where a job can get a secret from. Of several, GitHub takes the first. */
export type Scope = "environment" | "repository" | "organization";

/** The access copy that one Codex job reads. */
export interface SurveyedCopy {
  readonly use: Use;
  readonly name: string;
  /** `""`: the job names none, or only a run knows. */
  readonly environment: string;
  /** Where it is found; `null`: nowhere. */
  readonly found: Known<Scope | null>;
  /** Where this checkout's refresh jobs write it. */
  readonly written: readonly Scope[];
}

export async function surveyCopies(
  answers: RepositoryAnswers,
  fullName: string,
  { uses, organization }: { uses: readonly Use[]; organization: Known<readonly string[]> },
): Promise<readonly SurveyedCopy[]> {
  const found: SurveyedCopy[] = [];
  const all = uses.flatMap(({ copies }) => copies);
  const copies = copySecretsOf(uses);
  for (const use of codexJobsOf(uses)) {
    for (const name of use.reads.filter((read) => copies.has(read))) {
      const environment = literalEnvironmentOf(use);
      const own = all.filter((copy) => copy.name === name);
      found.push({
        ...{ use, name, environment },
        found: await find(answers, name, { environment, organization }),
        written: own.flatMap((copy) => scopeOf(copy, { environment, fullName }) ?? []),
      });
    }
  }
  return found;
}

/** Of a set-up that had copies once. @param scopes environments, and `null` for the repository */
export function leftOverCopies(
  answers: RepositoryAnswers,
  scopes: readonly (string | null)[],
): Promise<Known<readonly (string | null)[]>> {
  return learn(async () => {
    const found = await Promise.all(scopes.map((scope) => answers.secretExists(COPY_SECRET, scope)));
    return scopes.filter((_, index) => found[index]);
  });
}

async function find(
  answers: RepositoryAnswers,
  name: string,
  { environment, organization }: { environment: string; organization: Known<readonly string[]> },
): Promise<Known<Scope | null>> {
  const here = await learn(async (): Promise<Scope | null> => {
    if (environment !== "" && (await answers.secretExists(name, environment))) return "environment";
    return (await answers.secretExists(name, null)) ? "repository" : null;
  });
  if (!here.known || here.value !== null) return here;
  if (!organization.known) return organization;
  return { known: true, value: organization.value.includes(name) ? "organization" : null };
}

/** What a destination is to a job of this repository; `null`: nothing. */
function scopeOf(
  { kind, where }: Destination,
  { environment, fullName }: { environment: string; fullName: string },
): Scope | null {
  switch (kind) {
    case "secret":
      return "repository";
    case "organization":
      return "organization";
    case "repository":
      return where.toLowerCase() === fullName.toLowerCase() ? "repository" : null;
    case "environment":
      return where.toLowerCase() === environment.toLowerCase() ? "environment" : null;
  }
}
