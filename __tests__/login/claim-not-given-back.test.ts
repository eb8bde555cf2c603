import { beforeEach, describe, expect, test } from "@jest/globals";
import { ledgerOf } from "../../src/core/claim/ledger.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { claimForJob, claimLogin } from "../../src/login/claim-login.ts";
import { recover } from "../../src/login/finish-killed-main.ts";
import type { CurrentPosition } from "../../src/login/position.ts";
import { rotate } from "../../src/login/rotate.ts";
import type { Section } from "../../src/login/section.ts";
import { loadCriticalSection } from "../../src/login/section-state.ts";
import { RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { openSectionOf } from "./open-job.ts";

const MINUTE_MS = 60_000;

let jobs: RefreshJobs;
let isCancelled: boolean;
let section: Section;
let position: CurrentPosition;

beforeEach(() => {
  jobs = new RefreshJobs();
  isCancelled = false;
  section = openSectionOf(jobs, { cancellation: { requested: () => isCancelled } });
  const updatedAt = jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
  position = { kind: "current", login: jobs.login, predecessor: null, updatedAt, takeover: 0, origin: null };
});

/** GitHub hears no DELETE of a claim. */
function loseDeletes(): void {
  jobs.store.variables.interfere = (request) => {
    if (request === "DELETE") throw new GitHubError("GitHub's API did not answer.", { status: null });
  };
}

function atClaim(act: () => void): void {
  const { variables } = jobs.store;
  const create = variables.create.bind(variables);
  variables.create = async (name, value) => {
    const made = await create(name, value);
    act();
    return made;
  };
}

/** What post finds, and what it does. */
async function post(): Promise<void> {
  jobs.store.variables.interfere = () => {};
  jobs.channel.nextPhase();
  const left = loadCriticalSection(jobs.channel, { base: section.base });
  if (left !== null) expect(await recover(section, left)).toBeNull();
}

describe("a claim that GitHub did not take back is given back by post:", () => {
  test("of a job that is cancelled as it claims", async () => {
    loseDeletes();
    atClaim(() => {
      isCancelled = true;
    });

    await expect(claimLogin(section, position)).rejects.toMatchObject({ code: "cancelled" });
    expect(jobs.claim()).toMatchObject({ state: "open" });
    await post();

    expect(jobs.claim()).toBeNull();
  });

  test("of a job whose secret was written meanwhile, and which then finds the claim to be busy: it is its own", async () => {
    loseDeletes();
    atClaim(() => {
      jobs.clock.advance(MINUTE_MS);
      jobs.store.set(SECRET, jobs.login.line().reveal());
    });
    await claimLogin(section, position);

    expect(await claimLogin(section, position)).toMatchObject({ kind: "busy" });
    await post();

    expect(jobs.claim()).toBeNull();
  });

  test("of a job that was to have the whole login, which somebody has written since", async () => {
    loseDeletes();
    const ledger = ledgerOf({
      login: jobs.login,
      predecessor: null,
      before: position.updatedAt,
      stored: true,
    });
    jobs.store.set(SECRET, jobs.login.line().reveal());

    await expect(claimForJob(section, ledger, { updatedAt: new Date(0) })).rejects.toMatchObject({
      code: "claim-busy",
    });
    await post();

    expect(jobs.claim()).toBeNull();
  });

  test.each(["did not start", "could not be started"])("of a job whose Codex %s", async (how) => {
    loseDeletes();
    const refresh = async ({ started }: { started: (process: never) => Promise<void> }): Promise<never> => {
      if (how === "could not be started") throw new GitHubError("no", { status: 403 });
      await started({ pid: 1, startedAt: null } as never);
      return { account: "unstarted", stderr: "no such command" } as never;
    };
    section = openSectionOf(jobs, { refresher: async () => ({ refresh }) });
    const own = await claimLogin(section, position);
    if (own.kind !== "claimed") throw new Error(`it is ${own.kind}`);

    await rotate(section, ledgerOf({ ...own, before: own.updatedAt, stored: true }), own).catch(() => {});
    await post();

    expect(jobs.claim()).toBeNull();
  });

  test("that GitHub says exists, after an answer of its own was lost, and does not show", async () => {
    const { variables } = jobs.store;
    const [create, read] = [variables.create.bind(variables), variables.read.bind(variables)];
    let asked = 0;
    variables.create = async (name, value) => {
      const made = await create(name, value);
      if (++asked === 1) throw new GitHubError("GitHub's API did not answer.", { status: null });
      return made;
    };
    variables.read = async () => null;

    expect(await claimLogin(section, position)).toMatchObject({ kind: "busy" });
    variables.read = read;
    await post();

    expect(jobs.claim()).toBeNull();
  });
});

test("the first claim that GitHub did not take back is what post gives back: no other of its name was made", async () => {
  const { claims } = section;
  const own = await claimLogin(section, position);
  if (own.kind !== "claimed") throw new Error(`it is ${own.kind}`);
  const { name, claim } = own.held;
  const { variables } = jobs.store;
  variables.read = async () => {
    throw new GitHubError("GitHub's API did not answer.", { status: null });
  };

  await claims.giveBack({ name, holder: claim.holder });
  await claims.giveBack({ name, holder: "f".repeat(32) });

  expect(claims.left).toEqual({ name, holder: claim.holder });
});

test("a claim that was given back leaves post nothing to finish", async () => {
  atClaim(() => {
    isCancelled = true;
  });

  await expect(claimLogin(section, position)).rejects.toMatchObject({ code: "cancelled" });

  expect(jobs.channel.saved.get("critical-section")).toBe("");
});
