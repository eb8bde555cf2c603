import { Failure } from "../core/failure/failure.ts";
import { describeLocation } from "../core/github/secret-location.ts";
import { renderFailure } from "./failure-summary.ts";
import { type Inputs, mayRefresh } from "./inputs.ts";
import { placeOf, type RunContext } from "./run-context.ts";
import type { MainServices } from "./services.ts";

/** Says that there is no login, and that this is as it should be. Later steps go by the output `available`, which main has set. */
export async function skip({
  context,
  log,
  channel,
}: Pick<MainServices, "context" | "log" | "channel">): Promise<void> {
  const sentence = `Skipped: ${whyWithheld(context)} Nothing was run, and the output \`available\` is \`false\`.`;
  log.notice(sentence);
  await channel.writeSummary(`### Codex login\n\n${sentence}\n`);
}

/** The same, where the workflow wants it to fail. Nobody is alerted: the login is well. @throws {Failure} `secret-empty` */
export async function refuse({
  inputs,
  context,
  channel,
}: Pick<MainServices, "inputs" | "context" | "channel">): Promise<never> {
  const failure = explainMissing(inputs, context);
  await channel.writeSummary(renderFailure(failure));
  throw failure;
}

/** Why `codex-auth-json` is empty, as far as the event and the inputs tell. */
export function explainMissing(inputs: Inputs, context: RunContext): Failure {
  const { secretsWithheld } = context;
  if (secretsWithheld !== null) {
    const instead =
      secretsWithheld === "dependabot"
        ? " Or store an access copy as a Dependabot secret of the same name."
        : "";
    return new Failure(
      "secret-empty",
      `The input \`codex-auth-json\` is empty: ${whyWithheld(context)}`,
      `Set \`when-missing: skip\` if such runs are to do without Codex, and guard later steps with \`if: steps.ID.outputs.available == 'true'\`.${instead}`,
    );
  }
  const environment =
    inputs.environment === null
      ? "it is an environment's, and the job does not name that `environment:`"
      : "the job does not name the `environment:` that the step names";
  const which = mayRefresh(inputs)
    ? ` It should hold the ${describeLocation(placeOf(context, inputs))}.`
    : "";
  return new Failure(
    "secret-empty",
    `The input \`codex-auth-json\` is empty: GitHub found no such secret for this job, or an empty one.${which}`,
    `Check the name in \`\${{ secrets.… }}\` of this input. If the secret exists: ${environment}; it stands in another repository, or in an organization that does not share it with this one; it is a Dependabot secret; or a reusable workflow was called without \`secrets:\`. If it does not exist, seed it.`,
  );
}

function whyWithheld({ secretsWithheld }: Pick<RunContext, "secretsWithheld">): string {
  return secretsWithheld === "dependabot"
    ? "Dependabot has started this run, and GitHub gives it none of the secrets of Actions."
    : "this run is for a pull request from a fork, and GitHub gives it no secrets.";
}
