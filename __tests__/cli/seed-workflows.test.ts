import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { redact } from "../../src/cli/redact.ts";
import { type Fit, fitWorkflow } from "../../src/cli/seed/fit-workflow.ts";
import { lastLine, readLoginPrompt } from "../../src/cli/seed/login-prompt.ts";

const EXAMPLES = join(import.meta.dirname, "..", "..", "examples");
const COMBINED = readFileSync(join(EXAMPLES, "combined.yml"), "utf8");
const AS_IT_IS: Fit = { environment: "codex", secretName: "CODEX_AUTH_JSON", credential: "token" };

const fitted = (change: Partial<Fit>): string => fitWorkflow(COMBINED, { ...AS_IT_IS, ...change });
const job = (text: string) => parse(text).jobs.codex;
const inputs = (text: string): Record<string, string> => job(text).steps[1].with;

describe("an example made to fit", () => {
  test.each(readdirSync(EXAMPLES).filter((name) => name.endsWith(".yml")))(
    "%s is left alone by a login that it fits already",
    (name) => {
      const text = readFileSync(join(EXAMPLES, name), "utf8");

      expect(fitWorkflow(text, AS_IT_IS)).toBe(text);
    },
  );

  test.each(["prod", "codex ci/é", "null", "a: b # c"])("takes the environment %j", (environment) => {
    const text = fitted({ environment });

    expect(job(text).environment).toEqual({ name: environment, deployment: false });
    expect(inputs(text).environment).toBe(environment);
  });

  test("loses the environment, and what is said of it, with a repository secret", () => {
    const text = fitted({ environment: null });

    expect(job(text).environment).toBeUndefined();
    expect(inputs(text)).not.toHaveProperty("environment");
    expect(text).not.toMatch(/deployment|environment's secrets|Environments/);
    expect(text).toContain('"Secrets: read and write" and "Variables: read and write"');
    expect({ ...parse(text), jobs: null }).toEqual({ ...parse(COMBINED), jobs: null });
    expect(Object.keys(job(text))).toEqual(["runs-on", "steps"]);
  });

  test("takes the secret's name, where it is read and where it is written", () => {
    const text = fitted({ secretName: "LOGIN" });

    expect(inputs(text)).toMatchObject({
      "codex-auth-json": expect.stringContaining("{{ secrets.LOGIN }}"),
      "secret-name": "LOGIN",
    });
    expect(text).not.toContain("CODEX_AUTH_JSON");
  });

  test("takes the permissions that the token of maintenance needs", () => {
    const text = fitWorkflow(readFileSync(join(EXAMPLES, "maintenance.yml"), "utf8"), {
      ...AS_IT_IS,
      environment: null,
    });

    expect(text).toContain('"Secrets: read and write" and "Variables: read and write".');
    expect(text).not.toContain("access copy.");
  });

  test("leaves a Codex job as it is: it has a copy's name, and writes nothing", () => {
    const text = readFileSync(join(EXAMPLES, "codex.yml"), "utf8");

    expect(fitWorkflow(text, { environment: "prod", secretName: "LOGIN", credential: "app" })).toBe(text);
  });

  test("takes an App in place of the token", () => {
    const text = fitted({ credential: "app", environment: null });

    expect(inputs(text)).toMatchObject({
      "client-id": expect.stringContaining("secrets.CODEX_APP_CLIENT_ID"),
      "private-key": expect.stringContaining("secrets.CODEX_APP_PRIVATE_KEY"),
    });
    expect(inputs(text)).not.toHaveProperty("secret-write-token");
    expect(text).not.toContain("fine-grained");
  });

  test("keeps the steps of others", () => {
    const other =
      "on: push\njobs:\n  a:\n    environment: prod\n    steps:\n      - uses: actions/checkout@v5\n";

    expect(fitWorkflow(other, { ...AS_IT_IS, environment: "codex" })).toBe(other);
  });
});

describe("what Codex prints", () => {
  // Measured with 0.169.0, without colours.
  const DEVICE = [
    "",
    "1. Open this link in your browser and sign in to your account",
    "   https://auth.openai.com/codex/device",
    "",
    "2. Enter this one-time code (expires in 15 minutes)",
    "   CJZS-VXKVF",
    "",
  ].join("\n");

  test("is read as soon as link and code are complete, and not before", () => {
    const first = [...DEVICE].findIndex(
      (_, index) => readLoginPrompt("device", DEVICE.slice(0, index)) !== null,
    );

    expect(DEVICE.slice(0, first)).toMatch(/CJZS-VXKVF/);
    expect(readLoginPrompt("device", DEVICE)?.lines.slice(0, 2)).toEqual([
      "1. Open    https://auth.openai.com/codex/device",
      "2. Enter   CJZS-VXKVF",
    ]);
  });

  test("fits into the box of a terminal with 80 columns", () => {
    const lines = readLoginPrompt("device", DEVICE)?.lines ?? [];

    expect(lines.filter((line) => line.length > 74)).toEqual([]);
  });

  test("names the link for a browser, not Codex's own server", () => {
    const words =
      "Starting local login server on http://localhost:1455.\nIf your browser did not open, navigate to this URL to authenticate:\n\nhttps://auth.openai.com/oauth/authorize?a=b\n\nOn a";

    expect(readLoginPrompt("browser", words)?.lines).toContain("https://auth.openai.com/oauth/authorize?a=b");
  });

  test("is quoted without tokens", () => {
    expect(lastLine("first\n\nError: bad token eyJhbGciOiJ.eyJleHAiOjF9.sig\n")).toBe("Error: bad token ***");
    expect(redact("--token=github_pat_11AAA_bbb ghp_abcdef rt_0123456789")).toBe("--token=*** *** ***");
  });
});
