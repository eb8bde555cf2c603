import { isExpression, mentionOf, secretNamesIn, stepOfToken } from "../workflow/expression.ts";
import { jobOf, placeKey, refreshJobsOf, type Use } from "../workflow/use.ts";
import type { Step } from "../workflow/workflow.ts";
import { type Check, type Finding, fail, verdict, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** One login is read and written under one name, in one scope, by nobody else. */
export const loginChecks: readonly Check<Subject>[] = [
  {
    id: "secret-name",
    title: "The secret is written where it is read",
    run: ({ uses }) =>
      verdict(refreshJobsOf(uses).flatMap(otherName), list(uses.map(({ secretName }) => secretName))),
  },
  {
    id: "environment",
    title: "Each job names its secret's environment",
    run: ({ uses }) => verdict(uses.flatMap(otherEnvironment), environments(uses)),
  },
  {
    id: "secret-by-hand",
    title: "No other step reads the login's secret",
    run: ({ checkout, uses }) => {
      const reads = [...new Set(uses.flatMap((use) => use.reads))];
      const passed = reads.length === 0 ? "none is named" : reads.map((name) => `secrets.${name}`).join(", ");
      if (reads.length === 0) return verdict([], passed);
      const passage = uses.flatMap((use) => use.passage);
      const found = checkout.workflows.flatMap(({ root }) =>
        root
          .linesMatching(mentionOf(reads), passage)
          .map((at) =>
            fail(
              `${reads.join(", ")} is read outside this action; two consumers of one login invalidate each other.`,
              "Use this action there as well; `refresh: never` is enough to run Codex.",
              [at],
            ),
          ),
      );
      return verdict(found, passed);
    },
  },
  {
    id: "write-token",
    title: "Each refresh job can write the secret",
    run: ({ uses }) => verdict(refreshJobsOf(uses).flatMap(badCredential), credentials(uses)),
  },
  {
    id: "app-token",
    title: "The write token outlives the job",
    run: ({ uses }) => verdict(refreshJobsOf(uses).flatMap(revokedToken), "no step revokes it"),
  },
  {
    id: "persistent-host",
    title: "A persistent host has a login of its own",
    run: ({ uses }) => (uses.some(isPersistent) ? verdict(sharedWithHost(uses), "not shared") : null),
  },
];

function otherName(use: Use): readonly Finding[] {
  const { secretName, reads } = use;
  if (secretName === null || reads.length === 0 || reads.includes(secretName)) return [];
  return [
    fail(
      `The login is read from ${reads.join(", ")} and would be written to ${secretName}.`,
      `Add \`secret-name: ${reads[0]}\`.`,
      [(use.input("secret-name") ?? use.input("codex-auth-json") ?? use).at],
    ),
  ];
}

function otherEnvironment(use: Use): readonly Finding[] {
  const job = jobOf(use);
  const wanted = use.environment;
  if (wanted === null || (job.environment && isExpression(job.environment.name))) return [];
  if (wanted !== "" && !job.environment) {
    return [
      fail(
        `Job \`${job.id}\` names no environment, so it gets none of the secrets of \`${wanted}\`.`,
        `Add \`environment: { name: ${wanted}, deployment: false }\` to the job.`,
        [job.at],
      ),
    ];
  }
  if (wanted !== "" && job.environment && job.environment.name.toLowerCase() !== wanted.toLowerCase()) {
    return [
      fail(
        `Job \`${job.id}\` runs in environment \`${job.environment.name}\`, but our step writes to \`${wanted}\`.`,
        "Give both the same name.",
        [job.environment.at, (use.input("environment") ?? use).at],
      ),
    ];
  }
  if (wanted === "" && job.environment && use.kind === "refresh") {
    return [
      warn(
        `The job reads the secrets of \`${job.environment.name}\`, but our step writes a repository secret.`,
        `Add \`environment: ${job.environment.name}\` to our step's \`with:\` if the secret is stored there.`,
        [use.at],
      ),
    ];
  }
  return [];
}

function badCredential(use: Use): readonly Finding[] {
  const token = use.input("secret-write-token");
  const [client, key] = [use.input("client-id"), use.input("private-key")];
  if (token && /\bgithub\s*\.\s*token\b|\bsecrets\s*\.\s*GITHUB_TOKEN\b/i.test(token.text ?? "")) {
    return [
      fail(
        "GITHUB_TOKEN cannot write secrets, whatever `permissions:` says.",
        "Pass a fine-grained token, or `client-id` and `private-key` of a GitHub App.",
        [token.at],
      ),
    ];
  }
  if (token && (client || key)) {
    return [
      fail("Both a token and a GitHub App are given.", "Keep one of the two.", [(client ?? key ?? use).at]),
    ];
  }
  if (token || (client && key)) return [];
  const half = client ?? key;
  return [
    half
      ? fail(`The GitHub App needs \`${client ? "private-key" : "client-id"}\` as well.`, "Pass both.", [
          half.at,
        ])
      : fail(
          "This refresh job has nothing to write the secret with.",
          "Pass `secret-write-token`, or write `refresh: never`.",
          [use.at],
        ),
  ];
}

/** actions/create-github-app-token revokes its token in its post, which runs before ours. */
function revokedToken(use: Use): readonly Finding[] {
  const token = use.input("secret-write-token");
  const id = stepOfToken(token?.text ?? "");
  if (!token || id === null) return [];
  const siblings: readonly Step[] = [...jobOf(use).steps, ...use.composites.flatMap(({ steps }) => steps)];
  const minting = siblings.find((step) => step.id === id);
  if (!/\/create-github-app-token@/i.test(minting?.uses?.text ?? "")) return [];
  if (minting?.with.get("skip-token-revoke")?.text === "true") return [];
  return [
    fail(
      "create-github-app-token revokes this token before our post step can use it.",
      "Pass `client-id` and `private-key` to this action, or set `skip-token-revoke: true` there.",
      [token.at],
    ),
  ];
}

function sharedWithHost(uses: readonly Use[]): readonly Finding[] {
  return uses.filter(isPersistent).flatMap((host) => {
    const key = placeKey(host);
    const same = uses.filter((use) => key !== null && placeKey(use) === key);
    const shared = same.filter((use) => !isPersistent(use));
    const elsewhere = same.filter((use) => isPersistent(use) && jobOf(use).runsOn !== jobOf(host).runsOn);
    return [
      ...(shared.length > 0
        ? [
            fail(
              `The host in \`${jobOf(host).id}\` keeps a login that other jobs use, too.`,
              "Seed a second login under another `secret-name` for the host.",
              [host.at, ...shared.map(({ at }) => at)],
            ),
          ]
        : []),
      ...(elsewhere.length > 0
        ? [
            warn(
              "Two kinds of runners keep the same login.",
              "Seed one login for each host, under its own `secret-name`.",
              [host.at, ...elsewhere.map(({ at }) => at)],
            ),
          ]
        : []),
    ];
  });
}

function isPersistent({ kind }: Use): boolean {
  return kind === "persistent";
}

function environments(uses: readonly Use[]): string {
  const named = [...new Set(uses.map(({ environment }) => environment).filter((name) => name))];
  return named.length > 0 ? named.map((name) => `\`${name}\``).join(", ") : "repository secret";
}

function credentials(uses: readonly Use[]): string {
  const names = refreshJobsOf(uses).flatMap((use) =>
    ["secret-write-token", "private-key"].flatMap((input) => secretNamesIn(use.input(input)?.text ?? "")),
  );
  return names.length > 0 ? list(names) : "given";
}

function list(names: readonly (string | null)[]): string {
  return [...new Set(names.filter((name) => name !== null))].join(", ");
}
