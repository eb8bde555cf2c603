import { beforeEach, expect, test } from "@jest/globals";
import { readClaim } from "../../src/core/claim/claim.ts";
import { claimName, seedMarkerName } from "../../src/core/claim/name.ts";
import { markSeed } from "../../src/login/seed-marker.ts";
import { PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";

const LOGIN = loginNamed("seeded");
const FIRST = new Date("2026-11-22T10:00:00.000Z");
const LATER = new Date("2026-11-22T11:00:00.000Z");

let jobs: RefreshJobs;

beforeEach(() => {
  jobs = new RefreshJobs();
});

function mark(updatedAt: Date): Promise<void> {
  return markSeed(jobs.store.variables, { login: LOGIN, place: PLACE, updatedAt });
}

function marker(): unknown {
  return readClaim(jobs.store.variables.kept.get(seedMarkerName(LOGIN, PLACE))?.value ?? "");
}

test("the mark of a seed says that the secret holds this login, and nobody is at work under it", async () => {
  await mark(FIRST);

  expect(marker()).toEqual({
    holder: "0".repeat(32),
    run: "seed",
    attempt: 1,
    secret: SECRET,
    ref: "default",
    state: "stored",
    before: null,
    next: claimName(LOGIN, PLACE),
    after: FIRST,
    released: true,
    wholeJob: false,
  });
});

test("a mark that is new is made by one request", async () => {
  const requests: string[] = [];
  jobs.store.variables.interfere = (request) => requests.push(request);

  await mark(FIRST);

  expect(requests).toEqual(["POST", "POST answer"]);
});

test("the mark of a seed that is repeated says since when the secret holds the login now", async () => {
  await mark(FIRST);
  await mark(LATER);

  expect(marker()).toMatchObject({ after: LATER });
});
