import type { EnvironmentRules } from "../../../ports/doctor.ts";
import { seedOf } from "../../pasted.ts";
import { WRITE_TOKEN_SECRET } from "../../write-credential-source.ts";
import type { Survey, SurveyedLocation } from "../survey.ts";
import { refreshJobsOf, type Use } from "../workflow/use.ts";
import { type Check, count, type Finding, fail, notChecked, warn } from "./check.ts";

/** What only GitHub knows. */
export const onlineChecks: readonly Check<Survey>[] = [
  {
    id: "repository-private",
    title: "The repository is private",
    find: ({ repository, uses }) => {
      if (repository.visibility === "private") return [];
      const meant =
        uses.length > 0 && uses.every((use) => use.input("allow-public-repository")?.text === "true");
      const reason = "OpenAI says: do not use a ChatGPT login in public repositories.";
      return [(meant ? warn : fail)(reason, "Make it private, or use an API key with openai/codex-action.")];
    },
    passed: () => "private",
  },
  {
    id: "secret-stored",
    title: "The login's secret exists",
    find: ({ fullName, places }) =>
      places.length > 0 ? places.map((place) => notStored(place, fullName)) : notChecked(NO_LOGIN),
    passed: ({ places }) => places.map(describePlace).join(", "),
  },
  {
    id: "secret-shadowed",
    title: "No secret of the same name shadows it",
    find: ({ places }) => {
      const found = places.flatMap(namesakes);
      if (places.length === 0) return notChecked(NO_LOGIN);
      const isKnown = places.every(({ namesakesKnown }) => namesakesKnown);
      return found.length > 0 || isKnown ? found : notChecked("the token may not ask");
    },
    passed: () => "one secret of this name",
  },
  {
    id: "write-token-stored",
    title: "The write token's secret exists",
    find: ({ credentialSecrets, uses }) => {
      if (refreshJobsOf(uses).length === 0) return null;
      if (credentialSecrets.length === 0) return notChecked("no job here names the secret it reads");
      return credentialSecrets.flatMap(({ name, stored, environment, isTwice, use }) => {
        if (!stored.known) return [unknown(`whether ${name} is stored`, stored.why, SECRETS)];
        if (isTwice) return [olderOne(name, environment)];
        if (stored.value) return [];
        const remedy = `Store the write token, or what belongs to the App, as ${name}.`;
        return [fail(`There is no secret ${name} where this job looks for it.`, remedy, use.at)];
      });
    },
    passed: ({ credentialSecrets }) => [...new Set(credentialSecrets.map(({ name }) => name))].join(", "),
  },
  {
    id: "write-token-probe",
    title: "The write token can write",
    find: ({ places }) => {
      const probed = places.flatMap(({ probe }) => probe ?? []);
      if (probed.length === 0) {
        const isWritten = places.some(({ uses }) => uses.some(({ kind }) => kind === "refresh"));
        return isWritten ? notChecked(UNTRIED) : null;
      }
      return probed.flatMap((probe) => (probe.kind === "refused" ? [fail(probe.message, probe.hint)] : []));
    },
    passed: () => "wrote beside the login what a refresh writes",
  },
  {
    id: "environment-branches",
    title: "Only the default branch can read the login",
    find: ({ environments, repository: { defaultBranch } }) => {
      // A missing environment is reported with its missing secret.
      const existing = environments
        .filter(({ hasLogin }) => hasLogin)
        .filter(({ rules }) => !rules.known || rules.value !== null);
      if (existing.length === 0) return null;
      return existing.flatMap(({ name, rules }) => {
        if (!rules.known) return [unknown(`the rules of environment \`${name}\``, rules.why, ACTIONS)];
        return rules.value ? openDoors(name, rules.value, defaultBranch) : [];
      });
    },
    passed: ({ repository }) => `\`${repository.defaultBranch}\``,
  },
  {
    id: "workflows-enabled",
    title: "The workflows are enabled",
    find: ({ fullName, workflows, uses }) => {
      if (uses.length === 0) return notChecked("no workflow here uses the action");
      if (!workflows.known) return [unknown("whether the workflows are enabled", workflows.why, ACTIONS)];
      return [...byFile(uses)].flatMap(([file, use]) => {
        const state = workflows.value.find(({ path }) => path === file)?.state;
        return state === "active" ? [] : [disabled(fullName, use, state)];
      });
    },
    passed: ({ uses }) => count(byFile(uses).size, "workflow"),
  },
  {
    id: "other-repositories",
    title: "No other visible repository has a secret of this name",
    find: ({ elsewhere, places }) => {
      if (!elsewhere.known) return [unknown("other repositories' secrets", elsewhere.why, SECRETS)];
      if (places.length === 0) return notChecked(NO_LOGIN);
      if (elsewhere.value === null) return notChecked("the token lists no other repositories");
      if (elsewhere.value.asked === 0) return null;
      if (elsewhere.value.looked === 0) return notChecked("the token sees no other repository's secrets");
      const names = [...new Set(places.map(({ secretName }) => secretName))].join(", ");
      return elsewhere.value.holders.map((holder) =>
        warn(
          `${holder} has a secret ${names} as well.`,
          "If it is the same login, the two invalidate each other: seed a fresh login for each repository.",
        ),
      );
    },
    passed: ({ elsewhere }) => `looked at ${elsewhere.known ? (elsewhere.value?.looked ?? 0) : 0}`,
  },
];

const UNTRIED = `add \`--probe-write-token\`, with the token in ${WRITE_TOKEN_SECRET} or the App's \`--client-id\` and \`--private-key-file\``;
const NO_LOGIN = "the workflows name no login";

function byFile(uses: readonly Use[]): ReadonlyMap<string, Use> {
  return new Map(uses.map((use) => [use.workflow.file, use]));
}

const SECRETS = "Use a token that may read the repository's secrets and environments.";
const ACTIONS = "Use a token with the permission `Actions: read`.";

function unknown(what: string, why: string, remedy: string): Finding {
  return warn(`Could not find out ${what}: ${why}.`, remedy);
}

function notStored(place: SurveyedLocation, fullName: string): Finding | null {
  const { stored, secretName, environment, uses, organization } = place;
  if (!stored.known) return unknown(`whether ${secretName} is stored`, stored.why, SECRETS);
  if (stored.value) return null;
  const positions = uses.slice(0, 1).map(({ at }) => at);
  if (environment === null && organization.known && organization.value) {
    return fail(
      `${secretName} is an organization secret, which no job can write.`,
      `Store a login in the repository: \`${seedOf(fullName, place)}\`.`,
      ...positions,
    );
  }
  return fail(
    `There is no ${describePlace(place)}.`,
    `Store a login: \`${seedOf(fullName, place)}\`.`,
    ...positions,
  );
}

function olderOne(name: string, environment: string | null): Finding {
  return warn(
    `A job without \`environment: ${environment}\` gets the old ${name} of the repository.`,
    `Delete the secret of the repository, and keep the one of \`${environment}\`.`,
  );
}

function namesakes({ namesakes, secretName, environment, uses }: SurveyedLocation): readonly Finding[] {
  return namesakes.map((scope) =>
    scope === null
      ? warn(
          `A job without \`environment: ${environment}\` gets the old ${secretName} of the repository.`,
          `Delete the secret of the repository, and keep the one of \`${environment}\`.`,
        )
      : fail(
          `${secretName} of environment ${scope} shadows the repository's, which is the one that is written.`,
          "Delete one of the two, or name the environment in our step's `with:`.",
          ...uses.slice(0, 1).map(({ at }) => at),
        ),
  );
}

function openDoors(
  name: string,
  { branches, waits }: EnvironmentRules,
  defaultBranch: string,
): readonly Finding[] {
  const settings = `in Settings → Environments → ${name}`;
  const allowOnly = `Allow \`${defaultBranch}\` only, ${settings}.`;
  const found: Finding[] = [];
  if (waits)
    found.push(
      warn(`Each job in \`${name}\` waits for a person or a timer.`, `Remove that rule ${settings}.`),
    );
  if (branches === "protected") return found;
  if (branches === "any")
    return [...found, warn(`Every branch can read the login from environment \`${name}\`.`, allowOnly)];
  const others = branches.filter((pattern) => pattern !== defaultBranch);
  if (!branches.some((pattern) => matches(pattern, defaultBranch))) {
    const reason = `Environment \`${name}\` excludes \`${defaultBranch}\`, where scheduled jobs run.`;
    found.push(fail(reason, `Allow \`${defaultBranch}\` ${settings}.`));
  } else if (others.length > 0) {
    const listed = others.map((pattern) => `\`${pattern}\``).join(", ");
    found.push(warn(`Branches ${listed} can read the login, too.`, allowOnly));
  }
  return found;
}

/** Patterns of branches: `*` stays between slashes, `**` does not. */
function matches(pattern: string, branch: string): boolean {
  const source = pattern
    .split(/(\*+|\?)/)
    .map((part) => {
      if (part === "?") return "[^/]";
      if (part.startsWith("*")) return part.length > 1 ? ".*" : "[^/]*";
      return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`).test(branch);
}

function disabled(fullName: string, { workflow, kind }: Use, state: string | undefined): Finding {
  const at = workflow.root.get("on")?.at ?? { file: workflow.file, line: 1 };
  const name = workflow.file.split("/").at(-1);
  if (state === undefined || state === "deleted") {
    return warn(
      `GitHub does not know this workflow${workflow.schedules.length > 0 ? ", so no schedule starts it" : " yet"}.`,
      "Push it, and merge it into the default branch.",
      at,
    );
  }
  const scheduled = kind === "refresh" && workflow.schedules.length > 0;
  const why = state === "disabled_inactivity" ? "after 60 days without activity" : `(${state})`;
  return (scheduled ? fail : warn)(
    `This workflow is disabled ${why}.`,
    `\`gh workflow enable ${name} --repo ${fullName}\``,
    at,
  );
}

function describePlace({ secretName, environment }: SurveyedLocation): string {
  return environment === null
    ? `repository secret ${secretName}`
    : `${secretName} in environment \`${environment}\``;
}
