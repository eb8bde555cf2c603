import { execFileSync } from "node:child_process";
import { Api } from "./api.ts";
import type { Context } from "./check.ts";
import { GithubJobs } from "./github-jobs.ts";
import { Scratch } from "./scratch.ts";

/** Where the facts are asked. */
export interface Target {
  /** `github.com`, another host, or `lab`. */
  readonly where: string;
  readonly context: Context;
  /** Ends what it has started on this machine. */
  stop(): Promise<void>;
}

/** On github.com. A stand-in on this machine needs no rest. */
const PACE_MS = 1000;
const LOOPBACK_PACE_MS = 20;

/** A repository on GitHub. @throws if there is no token, with what to do */
export function githubTarget(repository: string, sleep: Context["sleep"]): Target {
  const url = (process.env.GITHUB_API_URL ?? "https://api.github.com").replace(/\/+$/, "");
  const { protocol, hostname } = new URL(url);
  if (protocol !== "https:" && hostname !== "127.0.0.1")
    throw new Error(`GITHUB_API_URL is ${url}: the token goes to https only.`);
  // Cleaning up waits too, and an interruption does not end it.
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const paceMs = hostname === "127.0.0.1" ? LOOPBACK_PACE_MS : PACE_MS;
  const options = { url, repository, paceMs, sleep: pause };
  const api = new Api({ ...options, token: tokenFromEnvironment() });
  const { CONFORMANCE_JOB_TOKEN } = process.env;
  return {
    where: hostname.replace(/^api\./, ""),
    context: {
      api,
      jobApi: CONFORMANCE_JOB_TOKEN ? new Api({ ...options, token: CONFORMANCE_JOB_TOKEN }) : undefined,
      scratch: new Scratch(api),
      jobs: new GithubJobs(api, sleep),
      sleep,
    },
    stop: async () => {},
  };
}

function tokenFromEnvironment(): string {
  const given = process.env.GH_TOKEN || process.env.GITHUB_TOKEN;
  if (given) return given;
  try {
    return execFileSync("gh", ["auth", "token"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    throw new Error("There is no token: set GH_TOKEN, or log in with `gh auth login`.");
  }
}
