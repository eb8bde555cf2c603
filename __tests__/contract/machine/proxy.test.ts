import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "@jest/globals";
import { node24 } from "../../../lab/runner/programs.ts";
import { proxyVariables, useProxy } from "../../../src/adapters/machine/proxy.ts";

const PROXY = pathToFileURL(
  join(import.meta.dirname, "..", "..", "..", "src", "adapters", "machine", "proxy.ts"),
).href;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening(server: Server, host: string): Promise<string> {
  servers.push(server);
  server.listen(0, host);
  await once(server, "listening");
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

/** A proxy that lets nothing through, and remembers what it was asked for. */
async function proxy(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer().on("connect", ({ url, headers }, socket) => {
    asked.push(`${url} ${Buffer.from(headers["proxy-authorization"]?.slice(6) ?? "", "base64")}`.trim());
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  return { url: await listening(server, "127.0.0.1"), asked };
}

const CATCH =
  'process.on("uncaughtException", ({ code, message }) => { console.log(code + ": " + message); process.exit(); });';

/** What a process of the runner's Node says that uses the proxy and then runs this. */
async function say(code: string, environment: Record<string, string>, failing?: "catch"): Promise<string> {
  const script = `const { useProxy } = await import("${PROXY}"); ${failing ? CATCH : ""} console.log(useProxy(process.env)); ${code}; process.exit();`;
  const child = spawn(node24(), ["--no-warnings", "--input-type=module", "--eval", script], {
    cwd: import.meta.dirname,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  await once(child, "close");
  return said;
}

describe("the runner's Node", () => {
  const REQUESTS = {
    fetch: 'await fetch("https://api.invalid/").catch(() => {})',
    Octokit:
      'const { request } = await import("@octokit/request"); await request("GET https://api.invalid/zen").catch(() => {})',
    "node:https":
      'const { get } = await import("node:https"); await new Promise((done) => get("https://api.invalid/").on("error", done))',
    "@actions/cache":
      'const { restoreCache } = await import("@actions/cache"); await restoreCache(["a"], "key").catch(() => {})',
  };

  test.each(Object.entries(REQUESTS))("sends what %s asks for through the proxy", async (_, code) => {
    const { url, asked } = await proxy();

    await say(code, {
      PATH: "/usr/bin:/bin",
      HTTPS_PROXY: url.replace("//", "//user:p%40ss@"),
      ...{
        ACTIONS_CACHE_SERVICE_V2: "True",
        ACTIONS_RESULTS_URL: "https://api.invalid/",
        ACTIONS_RUNTIME_TOKEN: "t",
      },
    });

    expect(new Set(asked)).toEqual(new Set(["api.invalid:443 user:p@ss"]));
  });

  test("sends past it what is on this machine or named in NO_PROXY", async () => {
    const { url, asked } = await proxy();
    const here = await listening(
      createServer((_, response) => response.end("here")),
      "127.0.0.1",
    );

    const said = await say(
      `console.log(await (await fetch("${here}")).text());` +
        'for (const name of ["b.a.invalid", "a.invalid", "c.invalid"]) await fetch("https://" + name).catch(() => {})',
      { http_proxy: url, https_proxy: url, NO_PROXY: "x.invalid, a.invalid" },
    );

    expect(said).toBe("null\nhere\n");
    expect(asked).toEqual(["c.invalid:443"]);
  });
});

describe("the variables", () => {
  test("are read as the toolkit reads them", () => {
    const variables = proxyVariables({
      HTTPS_PROXY: "proxy:3128",
      http_proxy: "https://a",
      HTTP_PROXY: "http://b",
    });

    expect(variables).toEqual({
      https_proxy: "http://proxy:3128",
      http_proxy: "https://a",
      no_proxy: "localhost,127.0.0.1,[::1]",
    });
  });

  test("name no proxy where NO_PROXY excepts everything", () => {
    expect(proxyVariables({ https_proxy: "http://a", no_proxy: "b,*" }).https_proxy).toBeUndefined();
  });

  test("without a proxy nothing is said, on any Node", () => {
    expect(useProxy({ ALL_PROXY: "http://a", NO_PROXY: "b" })).toBeNull();
  });

  test("a Node that cannot use the proxy says what to do", async () => {
    const said = await say(
      'const http = await import("node:http"); delete http.default.setGlobalProxyFromEnv; (await import("node:module")).syncBuiltinESMExports(); console.log(useProxy({ HTTPS_PROXY: "http://a" }))',
      {},
    );

    expect(said).toContain("Set NODE_USE_ENV_PROXY=1 from the start, or use Node 24.14 or newer.");
  });
});

test.each(["http://user:secret@[", "foo:secret:bar", "ftp://user:secret@host"])(
  "an address that is none is refused without being quoted: %s",
  async (address) => {
    const said = await say("", { http_proxy: address, https_proxy: address }, "catch");

    expect(said).toMatch(/^input-invalid: The proxy that .* is not an address/);
    expect(said).not.toContain("secret");
  },
);
