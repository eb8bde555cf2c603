import { GitHubError } from "../../core/failure/github-error.ts";
import type { RepositoryDescription } from "../../ports/cli.ts";
import type { EnvironmentRules, Known, Probe, RepositoryAnswers, WorkflowState } from "../../ports/doctor.ts";
import { isExpression, secretNamesIn } from "./workflow/expression.ts";
import { byPlace, jobOf, refreshJobsOf, type Use } from "./workflow/use.ts";

/** Where one login is kept, and who uses it there. */
export interface LoginLocation {
  readonly secretName: string;
  /** `null`: a repository secret. */
  readonly environment: string | null;
  readonly uses: readonly Use[];
}

export interface SurveyedLocation extends LoginLocation {
  readonly stored: Known<boolean>;
  /** Where else some of the uses may get a secret of that name: environments, or `null` for the repository. */
  readonly namesakes: readonly (string | null)[];
  readonly organization: Known<boolean>;
  readonly probe: Probe | null;
}

/** A secret from which a refresh job gets its write token or App. */
export interface CredentialSecret {
  readonly name: string;
  readonly stored: Known<boolean>;
  readonly use: Use;
}

/** Everything that the online checks look at, asked once. */
export interface Survey {
  readonly fullName: string;
  readonly repository: RepositoryDescription;
  readonly uses: readonly Use[];
  readonly places: readonly SurveyedLocation[];
  readonly credentialSecrets: readonly CredentialSecret[];
  readonly environments: readonly {
    readonly name: string;
    readonly rules: Known<EnvironmentRules | null>;
  }[];
  readonly workflows: Known<readonly WorkflowState[]>;
  /** `null`: the token lists no repositories. */
  readonly elsewhere: Known<{ readonly holders: readonly string[]; readonly looked: number } | null>;
}

/** Of other repositories, so that an organization's thousands are not all asked. */
const MAXIMUM_OTHERS = 50;
const AT_ONCE = 5;

/** The distinct logins of the uses; those that only a run knows are left out. */
export function placesOf(uses: readonly Use[]): readonly LoginLocation[] {
  return byPlace(uses.filter((use) => use.kind === "refresh" || refreshJobsOf(uses).length === 0)).flatMap(
    (users) => {
      const [first] = users;
      if (!first?.secretName) return [];
      // A Codex job need not name the environment of the secret: the job itself runs in it.
      const environment = first.environment || (first.kind === "refresh" ? "" : literalEnvironmentOf(first));
      return [{ secretName: first.secretName, environment: environment || null, uses: users }];
    },
  );
}

export interface SurveyRequest {
  readonly fullName: string;
  readonly repository: RepositoryDescription;
  readonly uses: readonly Use[];
  readonly probe: ((place: LoginLocation) => Promise<Probe>) | null;
  /** Hears what is being asked. */
  readonly progress: (sentence: string) => void;
}

export async function survey(answers: RepositoryAnswers, request: SurveyRequest): Promise<Survey> {
  const { fullName, repository, uses, probe, progress } = request;
  const places = placesOf(uses);
  progress(`Asking GitHub about ${fullName}.`);
  const organization = await learn(() => answers.organizationSecrets());
  const surveyed: SurveyedLocation[] = [];
  for (const place of places) {
    const seen = await surveyPlace(answers, place, organization);
    if (probe) progress(`Trying the write token beside ${place.secretName}.`);
    const isWritten = place.uses.some(({ kind }) => kind === "refresh");
    surveyed.push({ ...seen, probe: probe && isWritten ? await probe(place) : null });
  }
  const environments = new Set(places.flatMap(({ environment }) => environment ?? []));
  return {
    fullName,
    repository,
    uses,
    places: surveyed,
    credentialSecrets: await surveyCredentials(answers, refreshJobsOf(uses), organization),
    environments: await Promise.all(
      [...environments].map(async (name) => ({ name, rules: await learn(() => answers.environment(name)) })),
    ),
    workflows: await learn(() => answers.workflows()),
    elsewhere: await learn(() => lookElsewhere(answers, places, progress)),
  };
}

/** Turns an answer that did not come into a reason. */
export async function learn<Answer>(ask: () => Promise<Answer>): Promise<Known<Answer>> {
  try {
    return { known: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return { known: false, why: explain(error.status) };
  }
}

function explain(status: number | null): string {
  if (status === null) return "GitHub did not answer";
  if (status === 401) return "GitHub does not accept the token";
  if (status === 403 || status === 404) return "the token may not ask";
  return `GitHub answered ${status}`;
}

async function surveyPlace(
  answers: RepositoryAnswers,
  place: LoginLocation,
  organization: Known<readonly string[]>,
): Promise<Omit<SurveyedLocation, "probe">> {
  const { secretName, environment, uses } = place;
  const stored = await learn(() => answers.secretExists(secretName, environment));
  const others =
    environment === null ? new Set(uses.flatMap((use) => literalEnvironmentOf(use) || [])) : [null];
  const namesakes: (string | null)[] = [];
  for (const scope of others) {
    const other = await learn(() => answers.secretExists(secretName, scope));
    if (other.known && other.value) namesakes.push(scope);
  }
  return {
    ...place,
    stored,
    namesakes,
    organization: organization.known
      ? { known: true, value: organization.value.includes(secretName) }
      : organization,
  };
}

async function surveyCredentials(
  answers: RepositoryAnswers,
  refreshJobs: readonly Use[],
  organization: Known<readonly string[]>,
): Promise<readonly CredentialSecret[]> {
  const found = new Map<string, CredentialSecret>();
  // Behind a reusable workflow secrets may have other names.
  for (const use of refreshJobs.filter(({ route }) => route.length === 1)) {
    const inputs = ["secret-write-token", "client-id", "private-key"];
    const names = inputs.flatMap((input) => secretNamesIn(use.input(input)?.text ?? ""));
    const environment = literalEnvironmentOf(use) || null;
    for (const name of names.filter((name) => name !== "GITHUB_TOKEN")) {
      const key = `${environment}/${name}`;
      if (found.has(key)) continue;
      const stored = await learn(async () => {
        if (organization.known && organization.value.includes(name)) return true;
        if (environment !== null && (await answers.secretExists(name, environment))) return true;
        return answers.secretExists(name, null);
      });
      found.set(key, { name, stored, use });
    }
  }
  return [...found.values()];
}

async function lookElsewhere(
  answers: RepositoryAnswers,
  places: readonly LoginLocation[],
  progress: (sentence: string) => void,
): Promise<{ holders: readonly string[]; looked: number } | null> {
  const all = await answers.otherRepositories();
  if (all === null) return null;
  const others = all.slice(0, MAXIMUM_OTHERS);
  const holders: string[] = [];
  let looked = 0;
  for (let index = 0; index < others.length; index += AT_ONCE) {
    progress(`Looking for the same secret in other repositories (${index} of ${others.length}).`);
    const batch = others.slice(index, index + AT_ONCE);
    const found = await Promise.all(
      batch.map((fullName) =>
        Promise.all(places.map((place) => answers.elsewhere(fullName, place.secretName, place.environment))),
      ),
    );
    for (const [at, answersOfOne] of found.entries()) {
      if (answersOfOne.some((answer) => answer !== null)) looked++;
      if (answersOfOne.includes(true)) holders.push(batch[at] ?? "");
    }
  }
  return { holders, looked };
}

/** `""` when the job names none, or only a run knows. */
function literalEnvironmentOf(use: Use): string {
  const name = jobOf(use).environment?.name ?? "";
  return isExpression(name) ? "" : name;
}
