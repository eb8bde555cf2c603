import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import { join } from "node:path";
import type { Bench } from "./job.ts";
import { SECRET } from "./job.ts";
import { type Ended, timed } from "./process.ts";

/** `jq -c . auth.json | gh secret set NAME`, against the lab's GitHub through gh's own `http_unix_socket`. */
export class ShellRecipe {
  readonly version: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #file: string;
  readonly #server: Server;

  private constructor(
    version: string,
    environment: Readonly<Record<string, string>>,
    file: string,
    server: Server,
  ) {
    this.version = version;
    this.#environment = environment;
    this.#file = file;
    this.#server = server;
  }

  /** @returns `null` where gh or jq is not installed */
  static async prepare(bench: Bench, document: string): Promise<ShellRecipe | null> {
    const version = versionOf("gh");
    if (version === null || versionOf("jq") === null) return null;
    const { port } = new URL(bench.world.github.server.url);
    const socket = join(bench.root, "github.sock");
    const server = createServer((incoming, outgoing) => {
      const { method, url, headers } = incoming;
      // Our lab insists on a header that GitHub does not, and gh does not send.
      const forwarded = { ...headers, "x-github-api-version": "2022-11-28" };
      const options = {
        port,
        host: "127.0.0.1",
        method: method ?? "GET",
        path: url ?? "/",
        headers: forwarded,
      };
      const upstream = request(options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      upstream.on("error", () => outgoing.destroy());
      incoming.pipe(upstream);
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const config = join(bench.root, "gh");
    await mkdir(config);
    await writeFile(join(config, "config.yml"), `http_unix_socket: ${socket}\n`);
    const file = join(bench.root, "auth.json");
    await writeFile(file, `${JSON.stringify(JSON.parse(document), null, 2)}\n`);
    const environment = {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      HOME: bench.root,
      GH_CONFIG_DIR: config,
      GH_TOKEN: bench.writeToken,
      GH_NO_UPDATE_NOTIFIER: "1",
    };
    return new ShellRecipe(version, environment, file, server);
  }

  async write(): Promise<Ended> {
    const script = `set -eo pipefail; jq -c . '${this.#file}' | gh secret set ${SECRET} --repo octo/app`;
    const ended = await timed("bash", ["-c", script], { environment: this.#environment });
    if (ended.exitCode !== 0) throw new Error(`bench: the shell recipe failed\n${ended.output}`);
    return ended;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function versionOf(program: string): string | null {
  try {
    return execFileSync(program, ["--version"], { encoding: "utf8" }).split("\n")[0] ?? null;
  } catch {
    return null;
  }
}
