import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import { codexVersion, installCodex } from "../../../lab/codex.ts";
import { MAIL, OpenAI, USE_CONNECTED_APPS } from "../../../lab/openai/openai.ts";
import { PhaseProcess } from "../../../lab/runner/phase-process.ts";

let scratch: string;
let openai: OpenAI;
let outputs: readonly string[];

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "lab-connector-"));
  openai = await OpenAI.start(new LabClock());
  outputs = [];
  openai.model = (turn) => {
    outputs = turn.outputs;
    return outputs.length > 0 ? [{ message: "OK" }] : [...USE_CONNECTED_APPS];
  };
});

afterEach(async () => {
  await openai.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** The real Codex, as somebody runs it by hand. */
async function exec(...flags: string[]): Promise<void> {
  const home = join(scratch, "home");
  await mkdir(home);
  await writeFile(join(home, "auth.json"), openai.login().document, { mode: 0o600 });
  const codex = await installCodex(join(scratch, "bin"), openai);
  const process_ = new PhaseProcess(
    {
      file: codex,
      args: ["exec", "--skip-git-repo-check", "--sandbox", "read-only", ...flags, "Read my mail"],
      cwd: scratch,
      env: { PATH: process.env.PATH ?? "", HOME: home, CODEX_HOME: home },
    },
    {
      timing: { sigintMs: 100, sigtermMs: 100, streamsMs: 1000, graceMs: 1000, minuteMs: 1000 },
      entrance: { prefix: [] },
      onLine: () => {},
    },
  );
  expect((await process_.ended).exitCode).toBe(0);
  process_.release();
}

test("with its features as it finds them, Codex connects to the account's apps, and its model reads the mail under read-only", async () => {
  await exec();

  expect(openai.connector.connections).toEqual([
    expect.objectContaining({ client: `codex-mcp-client ${codexVersion()}` }),
  ]);
  expect(openai.connector.calls.map(({ tool, arguments: given }) => [tool, given])).toEqual([
    ["gmail_search_emails", { query: "pin" }],
    ["gmail_search_emails", { query: "pin" }],
  ]);
  expect(outputs).toEqual([expect.stringContaining(MAIL), expect.stringContaining(MAIL)]);
});

test("with apps, plugins and remote plugins switched off, nobody comes, and the model finds no mail", async () => {
  await exec("--disable", "apps", "--disable", "plugins", "--disable", "remote_plugin");

  expect([openai.connector.connections, openai.connector.calls]).toEqual([[], []]);
  expect(outputs).toEqual([
    expect.stringContaining("connected apps: 0"),
    expect.stringContaining("unsupported call"),
  ]);
});
