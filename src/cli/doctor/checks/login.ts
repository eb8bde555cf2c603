import { foreign } from "../../../core/text/escape.ts";
import { localDirectory } from "../workflow/checkout.ts";
import { isExpression, mentionOf, secretNamesIn, stepOfToken } from "../workflow/expression.ts";
import { jobOf, placeKey, refreshJobsOf, type Use } from "../workflow/use.ts";
import type { Job, Step } from "../workflow/workflow.ts";
import { type Check, type Finding, fail, warn } from "./check.ts";
import { ourSteps, unknownInputs } from "./inputs.ts";
import type { Subject } from "./subject.ts";
import { sharedVariables } from "./variables.ts";

/** One login is read and written under one name, in one scope, by nobody else. */
export const loginChecks: readonly Check<Subject>[] = [
  {
    id: "secret-name",
    title: "The secret is written where it is read",
    find: ({ uses }) => refreshJobsOf(uses).map(otherName),
    passed: ({ uses }) => list(uses.map(({ secretName }) => secretName)),
  },
  {
    id: "environment",
    title: "Each job names its secret's environment",
    find: ({ uses }) => uses.map(otherEnvironment),
    passed: ({ uses }) =>
      list(uses.map(({ environment }) => environment && `\`${environment}\``)) || "repository secret",
  },
  {
    id: "secret-by-hand",
    title: "No other step reads the login's secret",
    find: (subject) => {
      const { checkout, uses, logins: reads, inputs } = subject;
      if (reads.length === 0) return [];
      const shared = sharedVariables(uses).map(([, value]) => value);
      const misspelt = ourSteps(subject).flatMap((step) =>
        unknownInputs(step, inputs).map(([, value]) => value),
      );
      const passage = [...uses.flatMap((use) => use.passage), ...shared, ...misspelt];
      const handed = checkout.workflows.flatMap(({ jobs }) => jobs.map((job) => allHandedOver(job, subject)));
      const read = checkout.workflows
        .flatMap(({ root }) => root.linesMatching(mentionOf(reads), passage))
        .map((at) =>
          fail(
            `${reads.join(", ")} is read outside this action; two consumers of one login invalidate each other.`,
            "Use this action there as well; `refresh: never` is enough to run Codex.",
            at,
          ),
        );
      return [...read, ...handed];
    },
    passed: ({ logins }) => list(logins.map((name) => `secrets.${name}`)) || "none is named",
  },
  {
    id: "write-token",
    title: "Each refresh job can write the secret",
    find: ({ uses }) => refreshJobsOf(uses).map(badCredential),
    passed: ({ uses }) => credentials(uses),
  },
  {
    id: "app-token",
    title: "The write token outlives the job",
    find: ({ uses }) => refreshJobsOf(uses).map(revokedToken),
    passed: () => "no step revokes it",
  },
  {
    id: "persistent-host",
    title: "A persistent host has a login of its own",
    find: ({ uses }) => (uses.some(isPersistent) ? sharedWithHost(uses) : null),
    passed: () => "not shared",
  },
];

/** `secrets: inherit`, to a workflow that is not in this checkout. */
function allHandedOver({ uses, secrets, value }: Job, { uses: ours, logins }: Subject): Finding | null {
  const callee = uses?.text ?? "";
  if (!secrets.inherited || callee === "" || localDirectory(callee) !== null) return null;
  return (ours.every(({ environment }) => environment) ? warn : fail)(
    `${foreign(callee)} gets every secret, ${list(logins)} included, and what it does with it cannot be seen here.`,
    "Name the secrets that it needs, one by one, without the login's.",
    (value.get("secrets") ?? value).at,
  );
}

function otherName(use: Use): Finding | null {
  const { secretName, reads } = use;
  if (secretName === null || reads.length === 0 || reads.includes(secretName)) return null;
  return fail(
    `The login is read from ${reads.join(", ")} and would be written to ${secretName}.`,
    `Add \`secret-name: ${reads[0]}\`.`,
    (use.input("secret-name") ?? use.input("codex-auth-json") ?? use).at,
  );
}

function otherEnvironment(use: Use): Finding | null {
  const job = jobOf(use);
  const wanted = use.environment;
  if (wanted === null || (job.environment && isExpression(job.environment.name))) return null;
  if (wanted !== "" && !job.environment) {
    return fail(
      `Job \`${job.id}\` names no environment, so it gets none of the secrets of \`${wanted}\`.`,
      `Add \`environment: { name: ${wanted}, deployment: false }\` to the job.`,
      job.at,
    );
  }
  if (wanted !== "" && job.environment && job.environment.name.toLowerCase() !== wanted.toLowerCase()) {
    return fail(
      `Job \`${job.id}\` runs in environment \`${job.environment.name}\`, but our step writes to \`${wanted}\`.`,
      "Give both the same name.",
      job.environment.at,
      (use.input("environment") ?? use).at,
    );
  }
  if (wanted === "" && job.environment && use.kind === "refresh") {
    return warn(
      `The job reads the secrets of \`${job.environment.name}\`, but our step writes a repository secret.`,
      `Add \`environment: ${job.environment.name}\` to our step's \`with:\` if the secret is stored there.`,
      use.at,
    );
  }
  return null;
}

function badCredential(use: Use): Finding | null {
  const token = use.input("secret-write-token");
  const [client, key] = [use.input("client-id"), use.input("private-key")];
  if (token && /\bgithub\s*\.\s*token\b|\bsecrets\s*\.\s*GITHUB_TOKEN\b/i.test(token.text ?? "")) {
    return fail(
      "GITHUB_TOKEN cannot write secrets, whatever `permissions:` says.",
      "Pass a fine-grained token, or `client-id` and `private-key` of a GitHub App.",
      token.at,
    );
  }
  const half = client ?? key;
  if (token && half) return fail("Both a token and a GitHub App are given.", "Keep one of the two.", half.at);
  if (token || (client && key)) return null;
  if (half)
    return fail(
      `The GitHub App needs \`${client ? "private-key" : "client-id"}\` as well.`,
      "Pass both.",
      half.at,
    );
  return fail(
    "This refresh job has nothing to write the secret with.",
    "Pass `secret-write-token`, or write `refresh: never`.",
    use.at,
  );
}

/** actions/create-github-app-token revokes its token in its post, which runs before ours. */
function revokedToken(use: Use): Finding | null {
  const token = use.input("secret-write-token");
  const id = stepOfToken(token?.text ?? "");
  if (!token || id === null) return null;
  const siblings: readonly Step[] = [...jobOf(use).steps, ...use.composites.flatMap(({ steps }) => steps)];
  const minting = siblings.find(({ value }) => value.get("id")?.text === id);
  if (!/\/create-github-app-token@/i.test(minting?.uses?.text ?? "")) return null;
  if (minting?.with.get("skip-token-revoke")?.text === "true") return null;
  return fail(
    "create-github-app-token revokes this token before our post step can use it.",
    "Pass `client-id` and `private-key` to this action, or set `skip-token-revoke: true` there.",
    token.at,
  );
}

function sharedWithHost(uses: readonly Use[]): readonly Finding[] {
  return uses.filter(isPersistent).flatMap((host) => {
    const key = placeKey(host);
    const same = uses.filter((use) => key !== null && placeKey(use) === key);
    const shared = same.filter((use) => !isPersistent(use)).map(({ at }) => at);
    const elsewhere = same.filter((use) => isPersistent(use) && jobOf(use).runsOn !== jobOf(host).runsOn);
    const found: Finding[] = [];
    if (shared.length > 0)
      found.push(
        fail(
          `The host in \`${jobOf(host).id}\` keeps a login that other jobs use, too.`,
          "Seed a second login under another `secret-name` for the host.",
          host.at,
          ...shared,
        ),
      );
    if (elsewhere.length > 0)
      found.push(
        warn(
          "Two kinds of runners keep the same login.",
          "Seed one login for each host, under its own `secret-name`.",
          host.at,
          ...elsewhere.map(({ at }) => at),
        ),
      );
    return found;
  });
}

function isPersistent({ kind }: Use): boolean {
  return kind === "persistent";
}

function credentials(uses: readonly Use[]): string {
  const names = refreshJobsOf(uses).flatMap((use) =>
    ["secret-write-token", "private-key"].flatMap((input) => secretNamesIn(use.input(input)?.text ?? "")),
  );
  return names.length > 0 ? list(names) : "given";
}

function list(names: readonly (string | null)[]): string {
  return [...new Set(names.filter((name) => name))].join(", ");
}
