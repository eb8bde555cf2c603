import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { access, appendFile, chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { pack } from "tar-stream";
import { LabClock } from "../../lab/clock.ts";
import { DROP } from "../../lab/loopback-server.ts";
import { NpmRegistry } from "../../lab/npm-registry.ts";
import type { Machine } from "../../lab/runner/runner.ts";
import { TESTED_CODEX_VERSION } from "../../src/core/codex/integrity.ts";
import { failureCodes, onlyJob, Stage } from "./stage.ts";

const VERSION = TESTED_CODEX_VERSION;

let registry: NpmRegistry;
let machine: Machine;
let stage: Stage;
let stepAside = (): void => {};
beforeAll(async () => {
  registry = await NpmRegistry.start(new LabClock());
});
beforeEach(async () => {
  registry.state = "sound";
  registry.server.requests.splice(0);
  stage = await Stage.set();
  machine = await stage.world.runner.persistentMachine();
});
afterEach(() => {
  stepAside();
  return stage.strike();
});
afterAll(() => registry.stop());

/** A job on a machine that has no Codex of its own. */
async function run(inputs: Record<string, string>, env: Record<string, string> = {}) {
  return stage.run(stage.refreshJob({ with: inputs, after: "      - run: codex --version" }), {
    machine,
    codex: "none",
    env: { npm_config_registry: registry.url, ...env },
  });
}

const installed = (): Promise<string[]> =>
  readdir(join(machine.toolCache, "codex-auth-roundtrip")).catch(() => []);

test("the version that is installed is the one that the tests run", () => {
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));

  expect(VERSION).toBe(devDependencies["@openai/codex"]);
});

describe("a machine without Codex", () => {
  test("gets the tested version, once, for `run` and for later steps", async () => {
    const first = await run({ run: "codex --version > version.txt" });
    const second = await run({ run: "codex --version" });

    expect([first.conclusion, second.conclusion]).toEqual(["success", "success"]);
    expect(onlyJob(first).log).toContain(`codex-cli ${VERSION}`);
    expect(registry.downloads.sort()).toEqual([VERSION, `${VERSION}-linux-x64`]);
    expect(await installed()).toEqual([`codex-${VERSION}-linux-x64`]);
    expect(onlyJob(first).log).toContain(`Installing @openai/codex ${VERSION} with npm.`);
    expect(onlyJob(second).log).not.toContain("Installing");
  });

  test("is told when the version that it asks for does not exist", async () => {
    const result = await run({ "codex-version": "0.1.2" });

    expect(failureCodes(result)).toEqual(["codex-install-failed"]);
    expect(onlyJob(result).log).toContain("Codex 0.1.2 could not be installed: there is no such version.");
    expect(await installed()).toEqual([]);
  });

  test("is told when the registry cannot be reached, before a minute is over", async () => {
    const result = await run({ run: "true" }, { npm_config_registry: "http://127.0.0.1:9/" });

    expect(failureCodes(result)).toEqual(["codex-install-failed"]);
    expect(onlyJob(result).log).toContain("the npm registry cannot be reached");
  });

  test("installs nothing of which npm says that it is not what was published", async () => {
    registry.state = "corrupt";

    const result = await run({ run: "true" });

    expect(failureCodes(result)).toEqual(["codex-install-failed"]);
    expect(await installed()).toEqual([]);
  });

  test("does not take a package without the native binary for Codex", async () => {
    stepAside = registry.server.intercept((request, next) =>
      request.path.endsWith(`${VERSION}-linux-x64.tgz`) ? { status: 404, body: {} } : next(),
    );

    const result = await run({ run: "true" });

    expect(failureCodes(result)).toEqual(["codex-install-failed"]);
    expect(await installed()).toEqual([]);
  });

  test("runs no Codex that lies in the tool cache and is not the published one, and replaces it", async () => {
    const directory = join(machine.toolCache, "codex-auth-roundtrip", `codex-${VERSION}-linux-x64`);
    const planted = join(directory, "node_modules", ".bin", "codex");
    const witness = join(machine.root, "tmp", "ran");
    await mkdir(dirname(planted), { recursive: true });
    await writeFile(planted, `#!/bin/sh\ntouch ${witness}\necho codex-cli ${VERSION}\n`);
    await chmod(planted, 0o755);

    const result = await run({ run: "codex --version", refresh: "force" });

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).annotations.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("is not the one that was published. It is not run"),
    );
    await expect(access(witness)).rejects.toThrow("ENOENT");
    expect(registry.downloads.sort()).toEqual([VERSION, `${VERSION}-linux-x64`]);
  });

  test("notices one changed byte in a program beside Codex", async () => {
    await run({ run: "codex --version" });
    const [directory = ""] = await installed();
    const vendor = "node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl";
    const file = join(
      machine.toolCache,
      "codex-auth-roundtrip",
      directory,
      vendor,
      "codex-resources",
      "bwrap",
    );
    const stored = await readFile(file);
    await appendFile(file, "\n");

    const result = await run({ run: "codex --version" });

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).log).toContain("is not the one that was published");
    expect((await readFile(file)).equals(stored)).toBe(true);
  });

  test("runs nothing that a registry serves in place of what was published", async () => {
    const witness = join(machine.root, "tmp", "ran");
    const archive = pack();
    archive.entry(
      { name: "package/package.json" },
      JSON.stringify({ name: "@openai/codex", version: `${VERSION}-linux-x64`, os: ["linux"], cpu: ["x64"] }),
    );
    archive.entry(
      { name: "package/vendor/x86_64-unknown-linux-musl/bin/codex", mode: 0o755 },
      `#!/bin/sh\ntouch ${witness}\necho codex-cli ${VERSION}\n`,
    );
    archive.finalize();
    const body = gzipSync(await buffer(archive));
    const integrity = `sha512-${createHash("sha512").update(body).digest("base64")}`;
    stepAside = registry.server.intercept(async (request, next) => {
      if (request.path.endsWith(`${VERSION}-linux-x64.tgz`))
        return { status: 200, headers: { "content-type": "application/octet-stream" }, body };
      const answer = await next();
      if (answer === DROP || !decodeURIComponent(request.path).endsWith("/@openai/codex")) return answer;
      const packument = JSON.parse(JSON.stringify(answer.body));
      packument.versions[`${VERSION}-linux-x64`].dist.integrity = integrity;
      return { ...answer, body: packument };
    });

    const result = await run({ run: "true" });

    expect(failureCodes(result)).toEqual(["codex-install-failed"]);
    expect(onlyJob(result).log).toContain("what npm brought is not what OpenAI published");
    await expect(access(witness)).rejects.toThrow("ENOENT");
    expect(await installed()).toEqual([]);
  });

  test("asks no registry that the checkout names", async () => {
    const result = await stage.run(
      stage.refreshJob({ before: "      - uses: actions/checkout@v4", with: { "codex-version": "0.1.2" } }),
      {
        machine,
        codex: "none",
        env: { npm_config_userconfig: join(machine.home, ".npmrc") },
        files: { ".npmrc": `registry=${registry.url}checkout/\n` },
        beforePhase: ({ env }) => {
          env.npm_config_registry = registry.url;
        },
      },
    );

    expect(failureCodes(result)).toEqual(["codex-install-failed"]);
    expect(
      registry.server.requests.map(({ path }) => path).filter((path) => path.includes("checkout")),
    ).toEqual([]);
  });
});

test.each(["latest", "v0.169.0", "^0.169.0", "0.169", "file:../evil"])(
  "codex-version: %s is refused",
  async (version) => {
    const result = await run({ "codex-version": version });

    expect(failureCodes(result)).toEqual(["input-invalid"]);
    await expect(access(join(machine.toolCache, "codex-auth-roundtrip"))).rejects.toThrow("ENOENT");
    expect(registry.server.requests).toEqual([]);
  },
);
