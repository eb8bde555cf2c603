import type { RepositoryDescription } from "../../ports/cli.ts";
import type { EnvironmentRules, Known, Probe, RepositoryAnswers, WorkflowState } from "../../ports/doctor.ts";
import { copySecretsOf } from "./checks/subject.ts";
import { leftOverCopies, type SurveyedCopy, surveyCopies } from "./copy-survey.ts";
import { learn } from "./learn.ts";
import { literalEnvironmentOf } from "./workflow/environment.ts";
import { secretNamesIn } from "./workflow/expression.ts";
import { byPlace, refreshJobsOf, type Use } from "./workflow/use.ts";

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
  /** Whether GitHub has told of every place where there could be one. */
  readonly namesakesKnown: boolean;
  readonly organization: Known<boolean>;
  readonly probe: Probe | null;
}

/** A secret from which a refresh job gets its write token or App. */
export interface CredentialSecret {
  readonly name: string;
  readonly stored: Known<boolean>;
  /** Of the job; `null`: it has none, or only a run knows. */
  readonly environment: string | null;
  /** Whether it is in the environment, and in the repository as well. */
  readonly isTwice: boolean;
  readonly use: Use;
}

/** Other repositories with a secret of the login's name. */
export interface Elsewhere {
  readonly holders: readonly string[];
  /** How many were asked, and how many of them answered. */
  readonly asked: number;
  readonly looked: number;
}

/** Everything that the online checks look at, asked once. */
export interface Survey {
  readonly fullName: string;
  readonly repository: RepositoryDescription;
  readonly uses: readonly Use[];
  readonly places: readonly SurveyedLocation[];
  readonly credentialSecrets: readonly CredentialSecret[];
  /** The access copies that Codex jobs read. */
  readonly copies: readonly SurveyedCopy[];
  /** Where the copy of the examples is stored and nothing here uses it; `null`: something may. */
  readonly leftOver: Known<readonly (string | null)[]> | null;
  readonly environments: readonly {
    readonly name: string;
    /** Whether a login is kept there. */
    readonly hasLogin: boolean;
    readonly rules: Known<EnvironmentRules | null>;
  }[];
  readonly workflows: Known<readonly WorkflowState[]>;
  /** `null`: the token lists no repositories. */
  readonly elsewhere: Known<Elsewhere | null>;
}

/** Of other repositories, so that an organization's thousands are not all asked. */
const MAXIMUM_OTHERS = 50;
const AT_ONCE = 5;

/** The distinct logins of the uses; those that only a run knows are left out. */
export function placesOf(uses: readonly Use[]): readonly LoginLocation[] {
  const copies = copySecretsOf(uses);
  const logins = uses.filter(({ reads }) => !reads.some((name) => copies.has(name)));
  return byPlace(logins.filter((use) => use.kind === "refresh" || refreshJobsOf(uses).length === 0)).flatMap(
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
  readonly usesCopy: boolean;
  readonly probe: ((place: LoginLocation) => Promise<Probe>) | null;
  /** Hears what is being asked. */
  readonly progress: (sentence: string) => void;
}

export async function survey(answers: RepositoryAnswers, request: SurveyRequest): Promise<Survey> {
  const { fullName, repository, uses, usesCopy, probe, progress } = request;
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
  const withLogin = places.flatMap(({ environment }) => environment ?? []);
  const environments = new Set([...withLogin, ...uses.flatMap((use) => literalEnvironmentOf(use) || [])]);
  return {
    fullName,
    repository,
    uses,
    places: surveyed,
    credentialSecrets: await surveyCredentials(answers, refreshJobsOf(uses), organization),
    copies: await surveyCopies(answers, fullName, { uses, organization }),
    leftOver: usesCopy || uses.length === 0 ? null : await leftOverCopies(answers, [null, ...environments]),
    environments: await Promise.all(
      [...environments].map(async (name) => ({
        name,
        hasLogin: withLogin.includes(name),
        rules: await learn(() => answers.environment(name)),
      })),
    ),
    workflows: await learn(() => answers.workflows()),
    elsewhere: await learn(() => lookElsewhere(answers, places, progress)),
  };
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
  let namesakesKnown = true;
  for (const scope of others) {
    const other = await learn(() => answers.secretExists(secretName, scope));
    if (!other.known) namesakesKnown = false;
    else if (other.value) namesakes.push(scope);
  }
  return {
    ...place,
    stored,
    namesakes,
    namesakesKnown,
    organization: organization.known
      ? { known: true, value: organization.value.includes(secretName) }
      : organization,
  };
}

const YES: Known<boolean> = { known: true, value: true };

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
      const own = environment === null ? null : await learn(() => answers.secretExists(name, environment));
      const shared = await learn(() => answers.secretExists(name, null));
      const places = [own ?? shared, shared];
      const isFound =
        places.some((place) => place.known && place.value) ||
        (organization.known && organization.value.includes(name));
      const stored = isFound ? YES : (places.find((place) => !place.known) ?? shared);
      const isTwice = places.every((place) => place.known && place.value) && own !== null;
      found.set(key, { name, stored, environment, isTwice, use });
    }
  }
  return [...found.values()];
}

async function lookElsewhere(
  answers: RepositoryAnswers,
  places: readonly LoginLocation[],
  progress: (sentence: string) => void,
): Promise<Elsewhere | null> {
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
  return { holders, asked: others.length, looked };
}
