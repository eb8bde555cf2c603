import type { EnvironmentRules, Probe } from "../../../ports/doctor.ts";
import type { Survey, SurveyedLocation } from "../survey.ts";
import type { Use } from "../workflow/use.ts";
import { type Check, count, type Finding, fail, verdict, warn } from "./check.ts";

/** What only GitHub knows. */
export const onlineChecks: readonly Check<Survey>[] = [
  {
    id: "repository-private",
    title: "The repository is private",
    run: ({ repository, uses }) => {
      if (repository.visibility === "private") return verdict([], "private");
      const meant =
        uses.length > 0 && uses.every((use) => use.input("allow-public-repository")?.text === "true");
      const reason = "OpenAI says: do not use a ChatGPT login in public repositories.";
      const remedy = "Make it private, or use an API key with openai/codex-action.";
      return verdict([(meant ? warn : fail)(reason, remedy, [])], "");
    },
  },
  {
    id: "secret-stored",
    title: "The login's secret exists",
    run: ({ fullName, places }) =>
      verdict(
        places.flatMap((place) => notStored(place, fullName)),
        places.map(describePlace).join(", ") || "no login named by the workflows",
      ),
  },
  {
    id: "secret-shadowed",
    title: "No secret of the same name shadows it",
    run: ({ places }) => verdict(places.flatMap(namesakes), "one secret of this name"),
  },
  {
    id: "write-token-stored",
    title: "The write token's secret exists",
    run: ({ credentialSecrets }) => {
      const found = credentialSecrets.flatMap(({ name, stored, use }) => {
        if (!stored.known) return [unknown(`whether ${name} is stored`, stored.why, SECRETS)];
        if (stored.value) return [];
        return [
          fail(
            `There is no secret ${name} where this job looks for it.`,
            `Store the write token, or what belongs to the App, as ${name}.`,
            [use.at],
          ),
        ];
      });
      return verdict(
        found,
        [...new Set(credentialSecrets.map(({ name }) => name))].join(", ") || "none is read",
      );
    },
  },
  {
    id: "write-token-probe",
    title: "The write token can write",
    run: ({ places }) => {
      const probed = places.flatMap(({ probe }) => (probe ? [probe] : []));
      return probed.length > 0
        ? verdict(probed.flatMap(explainProbe), "wrote beside the login what a refresh writes")
        : null;
    },
  },
  {
    id: "environment-branches",
    title: "Only the default branch can read the login",
    run: ({ environments, repository: { defaultBranch } }) => {
      // A missing environment is reported with its missing secret.
      const existing = environments.filter(({ rules }) => !rules.known || rules.value !== null);
      if (existing.length === 0) return null;
      const found = existing.flatMap(({ name, rules }) => {
        if (!rules.known) return [unknown(`the rules of environment \`${name}\``, rules.why, ACTIONS)];
        return rules.value ? openDoors(name, rules.value, defaultBranch) : [];
      });
      return verdict(found, `\`${defaultBranch}\``);
    },
  },
  {
    id: "workflows-enabled",
    title: "The workflows are enabled",
    run: ({ workflows, uses }) => {
      if (!workflows.known)
        return verdict([unknown("whether the workflows are enabled", workflows.why, ACTIONS)], "");
      const files = new Map(uses.map((use) => [use.workflow.file, use]));
      const found = [...files].flatMap(([file, use]): Finding[] => {
        const state = workflows.value.find(({ path }) => path === file)?.state;
        return state === "active" ? [] : [disabled(use, state)];
      });
      return verdict(found, count(files.size, "workflow"));
    },
  },
  {
    id: "other-repositories",
    title: "No other visible repository has it",
    run: ({ elsewhere, places }) => {
      if (!elsewhere.known)
        return verdict([unknown("other repositories' secrets", elsewhere.why, SECRETS)], "");
      if (elsewhere.value === null || elsewhere.value.looked === 0) return null;
      const names = [...new Set(places.map(({ secretName }) => secretName))].join(", ");
      const found = elsewhere.value.holders.map((holder) =>
        warn(
          `${holder} has a secret ${names} as well.`,
          "If it is the same login, the two invalidate each other: seed a fresh login for each repository.",
          [],
        ),
      );
      return verdict(found, `looked at ${elsewhere.value.looked}`);
    },
  },
];

const SECRETS = "Use a token that may read the repository's secrets and environments.";
const ACTIONS = "Use a token with the permission `Actions: read`.";

function explainProbe(probe: Probe): readonly Finding[] {
  switch (probe.kind) {
    case "writes":
      return [];
    case "refused":
      return [fail(probe.message, probe.hint, [])];
  }
}

function unknown(what: string, why: string, remedy: string): Finding {
  return warn(`Could not find out ${what}: ${why}.`, remedy, []);
}

function notStored(place: SurveyedLocation, fullName: string): readonly Finding[] {
  const { stored, secretName, environment, uses, organization } = place;
  if (!stored.known) return [unknown(`whether ${secretName} is stored`, stored.why, SECRETS)];
  if (stored.value) return [];
  const positions = uses.slice(0, 1).map(({ at }) => at);
  if (environment === null && organization.known && organization.value) {
    return [
      fail(
        `${secretName} is an organization secret, which no job can write.`,
        `Store a login in the repository: \`codex-auth-roundtrip seed --repo ${fullName}\`.`,
        positions,
      ),
    ];
  }
  const option = environment === null ? "" : ` --environment ${environment}`;
  return [
    fail(
      `There is no ${describePlace(place)}.`,
      `Store a login: \`codex-auth-roundtrip seed --repo ${fullName}${option}\`.`,
      positions,
    ),
  ];
}

function namesakes({ namesakes, secretName, environment, uses }: SurveyedLocation): readonly Finding[] {
  return namesakes.map(({ where, scope }) =>
    scope === "environment"
      ? fail(
          `${secretName} of ${where} shadows the repository's, which is the one that is written.`,
          "Delete one of the two, or name the environment in our step's `with:`.",
          uses.slice(0, 1).map(({ at }) => at),
        )
      : warn(
          `A job without \`environment: ${environment}\` gets the old ${secretName} of ${where}.`,
          `Delete the secret of the repository, and keep the one of \`${environment}\`.`,
          [],
        ),
  );
}

function openDoors(
  name: string,
  { branches, waits }: EnvironmentRules,
  defaultBranch: string,
): readonly Finding[] {
  const settings = `in Settings → Environments → ${name}`;
  const waiting = waits
    ? [warn(`Each job in \`${name}\` waits for a person or a timer.`, `Remove that rule ${settings}.`, [])]
    : [];
  if (branches === "any") {
    const reason = `Every branch can read the login from environment \`${name}\`.`;
    return [...waiting, warn(reason, `Allow \`${defaultBranch}\` only, ${settings}.`, [])];
  }
  if (branches === "protected") return waiting;
  const others = branches.filter((pattern) => pattern !== defaultBranch);
  if (!branches.some((pattern) => matches(pattern, defaultBranch))) {
    return [
      ...waiting,
      fail(
        `Environment \`${name}\` excludes \`${defaultBranch}\`, where scheduled jobs run.`,
        `Allow \`${defaultBranch}\` ${settings}.`,
        [],
      ),
    ];
  }
  if (others.length === 0) return waiting;
  const reason = `Branches ${others.map((pattern) => `\`${pattern}\``).join(", ")} can read the login, too.`;
  return [...waiting, warn(reason, `Allow \`${defaultBranch}\` only, ${settings}.`, [])];
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

function disabled({ workflow, kind }: Use, state: string | undefined): Finding {
  const at = [workflow.root.get("on")?.at ?? { file: workflow.file, line: 1 }];
  const name = workflow.file.split("/").at(-1);
  if (state === undefined || state === "deleted") {
    return warn(
      "GitHub does not know this workflow, so no schedule starts it.",
      "Merge it into the default branch.",
      at,
    );
  }
  const scheduled = kind === "refresh" && workflow.schedules.length > 0;
  const why = state === "disabled_inactivity" ? "after 60 days without activity" : `(${state})`;
  return (scheduled ? fail : warn)(`This workflow is disabled ${why}.`, `\`gh workflow enable ${name}\``, at);
}

function describePlace({ secretName, environment }: SurveyedLocation): string {
  return environment === null
    ? `repository secret ${secretName}`
    : `${secretName} in environment \`${environment}\``;
}
