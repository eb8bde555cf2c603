import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { World } from "./world.ts";

// Prints the job summary of a maintenance that is well, as GitHub is given it: Markdown, for a picture in the docs.
const examples = join(dirname(dirname(fileURLToPath(import.meta.url))), "examples");
const ENVIRONMENT = { environment: "codex" };
const COPY = "CODEX_ACCESS_JSON";
const HOUR_S = 3600;

/** A limit of the plan that is `percent` used, lasts `hours`, and ends after `left` of them. */
function usage(percent: number, hours: number, left: number): object {
  return {
    used_percent: percent,
    limit_window_seconds: hours * HOUR_S,
    reset_after_seconds: left * HOUR_S,
    reset_at: Math.floor(Date.now() / 1000) + left * HOUR_S,
  };
}

const world = await World.start();
try {
  const repository = world.github.repository("octo/app", { visibility: "private" });
  repository.createEnvironment(ENVIRONMENT.environment);
  const writeToken = world.github.token(repository, { environments: "write", secrets: "write" });
  repository.setSecret("CODEX_SECRET_WRITE_TOKEN", writeToken, ENVIRONMENT);
  const login = JSON.stringify(JSON.parse(world.openai.login().document));
  repository.setSecret("CODEX_AUTH_JSON", login, ENVIRONMENT);
  repository.setSecret(COPY, "no copy yet");
  world.openai.usage = {
    plan_type: "plus",
    rate_limit: {
      allowed: true,
      limit_reached: false,
      primary_window: usage(12, 5, 3),
      secondary_window: usage(34, 7 * 24, 90),
    },
  };
  world.age(repository, "CODEX_AUTH_JSON", 3, ENVIRONMENT);
  const workflow = readFileSync(join(examples, "maintenance.yml"), "utf8");
  const { conclusion, jobs, log } = await world.runner.dispatch({ repository, workflow }).finished;
  const [summary] = Object.values(jobs).map((job) => job.summary);
  if (conclusion !== "success" || !summary) throw new Error(log);
  process.stdout.write(summary);
} finally {
  await world.stop();
}
