import { beforeEach, describe, expect, test } from "@jest/globals";
import { readClaim, writeClaim } from "../../src/core/claim/claim.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { PLACE, SECRET } from "./refresh-jobs.ts";
import { BASE, codeOf, DONE, HOUR_MS, Step } from "./step.ts";

const SILENT = new GitHubError("GitHub's API did not answer.", { status: null });

let step: Step;
let seen: (string | null)[];

beforeEach(() => {
  step = new Step(24 * HOUR_MS, { "refresh-token": "present" });
  seen = [];
  step.command = () => {
    seen.push(step.auth);
    return DONE;
  };
});

/** Instead of the claim by which the job would have the rotated login for itself. */
function atClaimForJob(act: (name: string, value: string) => Promise<"exists">): void {
  const { variables } = step.store;
  const create = variables.create.bind(variables);
  const first = claimName(step.login, PLACE);
  variables.create = async (name, value) => (name === first ? create(name, value) : act(name, value));
}

function fillScope(): void {
  atClaimForJob(async () => {
    throw new GitHubError("GitHub's API answered 422.", { status: 422 });
  });
  const { variables } = step.store;
  const list = variables.list.bind(variables);
  const full = Array.from({ length: 500 }, (_, index) => ({
    name: `X${index}`,
    value: "",
    createdAt: new Date(0),
  }));
  variables.list = async () => [...(await list()), ...full];
}

function claimElsewhere(): void {
  const { variables } = step.store;
  const { kept } = variables;
  atClaimForJob(async (name, value) => {
    const claim = readClaim(value);
    if (claim === null) throw new Error("that is no claim");
    const theirs = writeClaim({ ...claim, holder: "e".repeat(32) });
    kept.set(name, { name, value: theirs, createdAt: step.clock.rightNow() });
    return "exists";
  });
}

function silenceClaims(): void {
  const { variables } = step.store;
  const read = variables.read.bind(variables);
  const first = claimName(step.login, PLACE);
  atClaimForJob(async () => {
    throw SILENT;
  });
  variables.read = async (name) => {
    if (name !== first) throw SILENT;
    return read(name);
  };
}

/** What the job, its outputs and its summary say is so. */
async function expectStored(): Promise<void> {
  expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  expect(step.report).toMatchObject({ rotated: true, stored: true });
  expect(step.channel.outputs.get("rotated")).toBe("true");
  expect(await step.post()).toBe("success");
  expect(step.channel.summaries.join("")).toContain("**refreshed and stored**");
  expect(step.said("This step refreshed nothing")).toEqual([]);
}

describe("a job that asks for the whole login, and has rotated and stored it,", () => {
  test.each([
    ["another job has claimed it since", claimElsewhere, "claim-busy"],
    ["GitHub does not answer any more", silenceClaims, "github-unreachable"],
  ])("goes on with its new access token alone where %s", async (_, happen, code) => {
    happen();
    await step.pre();

    expect(await step.main()).toBe("success");

    expect(seen).toEqual([step.stored.withheld().reveal()]);
    expect(step.said(new RegExp(`^warning: .*goes on with the access token.*\\[${code}\\]$`))).toHaveLength(
      1,
    );
    await expectStored();
  });

  test.each([
    ["there is no room for another claim", fillScope, "claim-limit"],
    [
      "the disk takes no note of it",
      () => {
        const { save } = step.handoff;
        step.handoff.save = async (...request) => {
          step.files.interfere = (operation, path) => {
            if (operation === "write" && path === `${BASE}/ledger`)
              throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write" });
          };
          return save.apply(step.handoff, request);
        };
      },
      "home-unwritable",
    ],
  ])("stops where %s, and says that it is stored", async (_, happen, code) => {
    happen();
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe(code);
    expect(end).toMatchObject({ message: expect.not.stringContaining("Nothing was refreshed") });
    expect(seen).toEqual([]);
    expect(step.said(`Stored login ${step.stored.generation}.`)).toHaveLength(1);
    step.files.interfere = () => {};
    await expectStored();
  });
});

test("a job whose rotated login is not stored yet has its access token alone: another job may store and claim it", async () => {
  step.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw new GitHubError("no", { status: 403 });
  };
  await step.pre();

  expect(await step.main()).toBe("success");

  expect(seen.map((text) => text?.includes(step.issuer.living))).toEqual([false]);
  expect(step.report).toMatchObject({ rotated: true, stored: false });
  step.store.interfere = () => {};
  expect(await step.post()).toBe("success");
  expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
});
