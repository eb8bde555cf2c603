import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join, relative } from "node:path";
import { buffer } from "node:stream/consumers";
import { createGzip, gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import type { LabClock } from "./clock.ts";
import { type LabRequest, type LabResponse, LoopbackServer } from "./loopback-server.ts";

/** A published version: what `npm install` reads of a packument, and the archive itself. */
interface Published {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: Buffer;
  /** As npm writes it: `sha512-` and base64. */
  readonly integrity: string;
}

/** 50 MB that no command of a test needs. */
const LEFT_OUT = /codex-resources\/voice\//;
const CORRUPT = gzipSync("not what was published");
const NOT_FOUND: LabResponse = { status: 404, body: { error: "Not found" } };

let packed: Promise<readonly Published[]> | undefined;

/**
 * An npm registry that has one package: the real @openai/codex of this checkout, with its native binary for this
 * platform, which npm knows as the version `X.Y.Z-OS-ARCH` of the same package. [ran, npm 11]
 */
export class NpmRegistry {
  readonly server: LoopbackServer;
  /** `corrupt`: archives arrive with other bytes than their integrity says. */
  state: "sound" | "corrupt" = "sound";
  readonly #published: readonly Published[];

  private constructor(server: LoopbackServer, published: readonly Published[]) {
    this.server = server;
    this.#published = published;
  }

  /** Packs the first time it is called in a process, which takes a second or two. */
  static async start(clock: LabClock): Promise<NpmRegistry> {
    packed ??= packCodex();
    const published = await packed;
    const answer = (request: LabRequest): LabResponse => registry.#answer(request);
    const registry: NpmRegistry = new NpmRegistry(await LoopbackServer.start(answer, clock), published);
    return registry;
  }

  /** For `npm_config_registry`. */
  get url(): string {
    return `${this.server.url}/`;
  }

  /** Versions whose archive was fetched, oldest first. */
  get downloads(): string[] {
    return this.server.requests.flatMap(({ path }) => /\/-\/codex-(.+)\.tgz$/.exec(path)?.[1] ?? []);
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  #answer({ path }: LabRequest): LabResponse {
    const version = /^\/@openai\/codex\/-\/codex-(.+)\.tgz$/.exec(path)?.[1];
    if (version !== undefined) {
      const found = this.#published.find(({ manifest }) => manifest.version === version);
      if (!found) return NOT_FOUND;
      const body = this.state === "sound" ? found.tarball : CORRUPT;
      return { status: 200, headers: { "content-type": "application/octet-stream" }, body };
    }
    return decodeURIComponent(path) === "/@openai/codex"
      ? { status: 200, body: this.#packument() }
      : NOT_FOUND;
  }

  #packument(): object {
    const versions = this.#published.map(({ manifest, integrity }) => {
      const url = `${this.url}@openai/codex/-/codex-${manifest.version}.tgz`;
      return [manifest.version, { ...manifest, dist: { integrity, tarball: url } }] as const;
    });
    const latest = this.#published[0]?.manifest.version;
    return { name: "@openai/codex", "dist-tags": { latest }, versions: Object.fromEntries(versions) };
  }
}

async function packCodex(): Promise<readonly Published[]> {
  const launcher = dirname(createRequire(import.meta.url).resolve("@openai/codex/package.json"));
  const native = dirname(
    createRequire(join(launcher, "package.json")).resolve(
      `@openai/codex-${platform()}-${arch()}/package.json`,
    ),
  );
  return [await publish(launcher), await publish(native)];
}

async function publish(directory: string): Promise<Published> {
  const manifest = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
  const archive = pack();
  // Compressing 350 MB would take longer than a whole scenario.
  const tarball = buffer(archive.pipe(createGzip({ level: 0 })));
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || LEFT_OUT.test(path)) continue;
    const { mode } = await stat(path);
    archive.entry({ name: `package/${relative(directory, path)}`, mode }, await readFile(path));
  }
  archive.finalize();
  const bytes = await tarball;
  const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  return { manifest, tarball: bytes, integrity };
}
