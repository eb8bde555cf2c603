import { createSign } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Repository } from "../github/github.ts";

/** What the runner gives an action that it performs itself. */
export interface BuiltInCall {
  readonly inputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** What a checkout finds in the repository. */
  readonly files: Readonly<Record<string, string>>;
  readonly repository: Repository;
  readonly apiUrl: string;
  /** The server's. */
  readonly now: Date;
  /** Prints a line as a process would, commands included. */
  readonly print: (line: string) => void;
  readonly setOutput: (name: string, value: string) => void;
  readonly saveState: (name: string, value: string) => void;
}

/** An action of somebody else's that the lab plays. It fails by throwing. */
export interface BuiltInAction {
  readonly inputs: Readonly<Record<string, string | undefined>>;
  main(call: BuiltInCall): Promise<void>;
  readonly post?: (call: BuiltInCall) => Promise<void>;
}

/** actions/checkout: the workspace is a repository and holds its files. */
const checkout: BuiltInAction = {
  inputs: { repository: "", ref: "", path: "", "persist-credentials": "true", "fetch-depth": "1" },
  async main({ workspace, files, inputs }) {
    const root = join(workspace, inputs.path ?? "");
    await mkdir(root, { recursive: true });
    await initializeGit(join(root, ".git"));
    for (const [path, content] of Object.entries(files)) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  },
};

/** What makes a directory a repository to git, and to Codex the root of its project. */
async function initializeGit(directory: string): Promise<void> {
  for (const name of ["objects", "refs"]) await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, "HEAD"), "ref: refs/heads/main\n");
  await writeFile(join(directory, "config"), "[core]\n\trepositoryformatversion = 0\n");
}

/** actions/create-github-app-token: its token is revoked in its own post, before the post of an action with a pre. */
const createGithubAppToken: BuiltInAction = {
  inputs: {
    "client-id": "",
    "app-id": "",
    "private-key": "",
    owner: "",
    repositories: "",
    "skip-token-revoke": "false",
    "permission-actions": "",
    "permission-contents": "",
    "permission-environments": "",
    "permission-issues": "",
    "permission-secrets": "",
  },
  async main({ inputs, apiUrl, repository, now, print, setOutput, saveState }) {
    const key = (inputs["private-key"] ?? "").replaceAll("\\n", "\n");
    const jwt = signAppJwt(inputs["client-id"] || (inputs["app-id"] ?? ""), key, now);
    const installation = await api(apiUrl, "GET", `/repos/${repository.fullName}/installation`, jwt);
    const permissions = Object.entries(inputs)
      .filter(([name, value]) => name.startsWith("permission-") && value !== "")
      .map(([name, value]) => [name.slice("permission-".length), value]);
    const token = await api(
      apiUrl,
      "POST",
      `/app/installations/${String(installation.id)}/access_tokens`,
      jwt,
      {
        repositories: [repository.fullName.split("/")[1]],
        ...(permissions.length > 0 ? { permissions: Object.fromEntries(permissions) } : {}),
      },
    );
    print(`::add-mask::${String(token.token)}`);
    setOutput("token", String(token.token));
    setOutput("installation-id", String(installation.id));
    if (inputs["skip-token-revoke"] !== "true") saveState("token", String(token.token));
  },
  async post({ state, apiUrl, print }) {
    if (!state.token) return print("Token was not set");
    await api(apiUrl, "DELETE", "/installation/token", state.token);
    print("Token revoked");
  },
};

export const BUILT_IN_ACTIONS: Readonly<Record<string, BuiltInAction>> = {
  "actions/checkout": checkout,
  "actions/create-github-app-token": createGithubAppToken,
};

function signAppJwt(issuer: string, privateKey: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ iat: seconds - 60, exp: seconds + 540, iss: issuer })}`;
  return `${body}.${createSign("RSA-SHA256").update(body).sign(privateKey, "base64url")}`;
}

async function api(
  url: string,
  method: string,
  path: string,
  bearer: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(url + path, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${bearer}`,
      "user-agent": "lab-runner",
      "x-github-api-version": "2022-11-28",
      connection: "close",
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
