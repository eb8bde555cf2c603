import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { installCodex } from "../../lab/codex.ts";
import { World } from "../../lab/world.ts";
import { blocksOf } from "./markdown.ts";

const [byHand = ""] = blocksOf(readFileSync("docs/setup.md", "utf8"), "sh").filter((block) =>
  block.includes("gh secret set CODEX_AUTH_JSON"),
);
const hasTools = ["gh", "jq", "bash"].every((tool) => spawnSync(tool, ["--version"]).status === 0);
const whereToolsAre = hasTools ? test : test.skip;

let world: World;
let machine: string;
let socket: Server;

beforeEach(async () => {
  world = await World.start();
  // GitHub accepts requests without this header, which gh before 2023-04 does not send; the lab requires it.
  world.github.server.intercept((request, next) => {
    request.headers["x-github-api-version"] ??= "2022-11-28";
    return next();
  });
  machine = await mkdtemp(join(tmpdir(), "seeding-"));
  socket = await socketTo(new URL(world.github.server.url), join(machine, "github.sock"));
});
afterEach(async () => {
  socket.close();
  await world.stop();
  await rm(machine, { recursive: true, force: true });
});

whereToolsAre(
  "the commands of docs/setup.md put a new login and the write token into the environment, and leave nothing",
  async () => {
    const repository = world.github.repository("octo/app", { visibility: "private" });
    repository.createEnvironment("codex");
    const administrator = world.github.token(repository, { environments: "write", metadata: "read" });

    const { code, output } = await run(byHand, administrator, "the write token\n");

    expect({ code, output }).toMatchObject({ code: 0 });
    const stored = JSON.parse(repository.secret("CODEX_AUTH_JSON", { environment: "codex" })?.value ?? "{}");
    expect(world.openai.generationOf(stored.tokens?.refresh_token)).toBe(0);
    expect(repository.secret("CODEX_SECRET_WRITE_TOKEN", { environment: "codex" })?.value).toBe(
      "the write token",
    );
    expect(await readdir(join(machine, "tmp"))).toEqual([]);
  },
);

whereToolsAre("nothing is stored when nobody has logged in", async () => {
  const repository = world.github.repository("octo/app", { visibility: "private" });
  repository.createEnvironment("codex");
  const administrator = world.github.token(repository, { environments: "write", metadata: "read" });
  const withoutLogin = byHand.replace(/^CODEX_HOME=.*$/m, "true");

  await run(withoutLogin, administrator, "the write token\n");

  expect(repository.secret("CODEX_AUTH_JSON", { environment: "codex" })).toBeUndefined();
});

/** Runs the commands as in a terminal; approves the login as soon as its code is printed. */
async function run(
  commands: string,
  token: string,
  input: string,
): Promise<{ code: number; output: string }> {
  const config = join(machine, "gh");
  await mkdir(config, { recursive: true });
  await mkdir(join(machine, "tmp"));
  await writeFile(join(config, "config.yml"), `http_unix_socket: ${join(machine, "github.sock")}\n`);
  await installCodex(join(machine, "bin"), world.openai);
  const script = commands.replace("OWNER/REPO", "octo/app").replace(/ login$/m, " login --device-auth");
  const shell = spawn("bash", ["-c", script], {
    env: {
      PATH: `${join(machine, "bin")}:${process.env.PATH}`,
      HOME: machine,
      TMPDIR: join(machine, "tmp"),
      GH_CONFIG_DIR: config,
      GH_TOKEN: token,
      NO_PROXY: "127.0.0.1",
    },
  });
  shell.stdin.end(input);
  let output = "";
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      for (const code of world.openai.pendingDeviceCodes) world.openai.approveDeviceLogin(code);
    });
  }
  const [code] = (await once(shell, "close")) as [number];
  return { code, output };
}

/** The socket that gh uses instead of api.github.com. */
async function socketTo({ port, hostname }: URL, path: string): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  server.listen(path);
  await once(server, "listening");
  return server;
}
