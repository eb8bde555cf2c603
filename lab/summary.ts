import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { World } from "./world.ts";

// Prints the job summary of a maintenance that is well, as GitHub is given it: Markdown, for a picture in the docs.
const examples = join(dirname(dirname(fileURLToPath(import.meta.url))), "examples");
const ENVIRONMENT = { environment: "codex" };
const COPY = "CODEX_ACCESS_JSON";

const world = await World.start();
try {
  const repository = world.github.repository("octo/app", { visibility: "private" });
  repository.createEnvironment(ENVIRONMENT.environment);
  const writeToken = world.github.token(repository, { environments: "write", secrets: "write" });
  repository.setSecret("CODEX_SECRET_WRITE_TOKEN", writeToken, ENVIRONMENT);
  const login = JSON.stringify(JSON.parse(world.openai.login().document));
  repository.setSecret("CODEX_AUTH_JSON", login, ENVIRONMENT);
  repository.setSecret(COPY, "no copy yet");
  world.age(repository, "CODEX_AUTH_JSON", 3, ENVIRONMENT);
  const workflow = readFileSync(join(examples, "maintenance.yml"), "utf8");
  const { conclusion, jobs, log } = await world.runner.dispatch({ repository, workflow }).finished;
  const [summary] = Object.values(jobs).map((job) => job.summary);
  if (conclusion !== "success" || !summary) throw new Error(log);
  process.stdout.write(summary);
} finally {
  await world.stop();
}
