import { expect, test } from "@jest/globals";
import { writeClaim } from "../../src/core/claim/claim.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { markSeed } from "../../src/login/seed-marker.ts";
import { PLACE, SECRET } from "./refresh-jobs.ts";
import { BASE, codeOf, DONE, loginNamed, Step } from "./step.ts";

/** A step of the job, or anybody else, writes the secret after main has stored the refreshed login. */
function writtenBy(act: (step: Step) => void | Promise<void>): Step {
  const step = new Step();
  step.command = async () => {
    step.clock.advance(60_000);
    await act(step);
    return DONE;
  };
  return step;
}

test("a copy that a step has put over the refreshed login fails the job, and says what to do", async () => {
  const step = writtenBy(({ store, auth }) => void store.set(SECRET, auth ?? ""));

  const { main, post } = await step.play();

  expect(main).toBe("success");
  expect(codeOf(post)).toBe("secret-changed-elsewhere");
  expect(String(post)).toContain("after this job stored the refreshed login");
});

test("a quiet job asks nobody, and a job that rotated asks once", async () => {
  const quiet = new Step(240 * 3_600_000);
  await quiet.play();
  expect(quiet.wentOnline).toBe(false);

  const step = new Step();
  await step.pre();
  await step.main();
  const asked: string[] = [];
  step.store.interfere = (request, name) => void asked.push(`${request} ${name}`);
  step.store.variables.interfere = (request) => void asked.push(request);
  expect(await step.post()).toBe("success");
  expect(asked).toEqual([`GET ${SECRET}`]);
});

test("another refresh of ours that went on from this login is no surprise", async () => {
  const step = writtenBy(async () => {
    const mine = step.stored;
    const next = loginNamed("next");
    await step.store.variables.create(
      claimName(mine, PLACE),
      writeClaim({
        holder: "e".repeat(32),
        run: "99",
        attempt: 1,
        secret: SECRET,
        ref: "default",
        state: "rotated",
        before: null,
        next: claimName(next, PLACE),
        after: null,
        released: false,
        wholeJob: false,
      }),
    );
    step.store.set(SECRET, next.line().reveal());
  });

  expect(await step.play()).toEqual({ main: "success", post: "success" });
});

test("nor is a seed, which leaves its marker", async () => {
  const step = writtenBy(async ({ store }) => {
    const login = loginNamed("seeded");
    store.set(SECRET, login.line().reveal());
    const updatedAt = store.secrets.get(SECRET)?.updatedAt ?? new Date(0);
    await markSeed(store.variables, { login, place: PLACE, updatedAt });
  });

  expect(await step.play()).toEqual({ main: "success", post: "success" });
});

test("what GitHub does not say fails nobody", async () => {
  const step = new Step();
  await step.pre();
  await step.main();
  step.store.interfere = () => {
    throw new GitHubError("It answered 502.", { status: 502 });
  };

  expect(await step.post()).toBe("success");
});

test("a pending write whose ledger is gone is red", async () => {
  const step = new Step();
  step.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw new GitHubError("It answered 502.", { status: 502 });
  };
  await step.pre();
  expect(await step.main()).toBe("success");
  step.store.interfere = () => {};
  for (const path of [...step.files.contents.keys()])
    if (path.startsWith(`${BASE}/`) && path.includes("ledger")) step.files.contents.delete(path);

  const post = await step.post();

  expect(codeOf(post)).toBe("write-back-pending");
  expect(String(post)).toContain("what main has kept of it on this machine is gone");
  expect(post).toMatchObject({ hint: expect.stringMatching(/maintenance workflow now.*RUNNER_TEMP/) });
});

test("a write that another step's post has done is not missed", async () => {
  const step = new Step();
  step.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw new GitHubError("It answered 502.", { status: 502 });
  };
  await step.pre();
  await step.main();
  step.store.interfere = () => {};
  const first = step.beginAnother();
  await step.pre();
  expect(await step.main()).toBe("success");
  expect(await step.post()).toBe("success");
  step.channel = first;

  expect(await step.post()).toBe("success");
  expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
});
