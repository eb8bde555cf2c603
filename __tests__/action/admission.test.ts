import { beforeEach, describe, expect, test } from "@jest/globals";
import { codeOf, HOUR_MS, Step } from "./step.ts";

let step: Step;
let ran: boolean;
beforeEach(() => {
  step = new Step();
  ran = false;
  step.command = () => {
    ran = true;
    return { exitCode: 0, signal: null };
  };
});

function startedByComment(...actors: string[]): void {
  step.context = {
    ...step.context,
    eventName: "issue_comment",
    startedBy: { kind: "anybody", actors },
  };
}

describe("a run that anybody can start", () => {
  test.each([
    ["ann", [], "@ann, who has started it by `issue_comment`, may not write to this repository"],
    ["some-bot[bot]", [], "@some-bot[bot], who has started it"],
    ["ann", null, "GitHub does not say whether @ann, who has started it by `issue_comment`, may write"],
    ["x](http://evil)", [], "Somebody with an impossible name, who has started it"],
    ["(ann", [], "Somebody with an impossible name"],
    ["", [], "Somebody with an impossible name"],
  ] as const)("tells why it does not use the login for %j", async (actor, mayWrite, words) => {
    startedByComment(actor);
    step.mayWrite = mayWrite;

    const { main } = await step.play();

    expect(main).toMatchObject({
      code: "actor-not-allowed",
      message: expect.stringContaining(`not used in this run: ${words}`),
      hint: expect.stringMatching(/`allow-users`.*`allow-bots: true`/),
    });
  });

  test("runs the job for somebody who may write, and refreshes nothing although it is due", async () => {
    startedByComment("ann");
    step.mayWrite = ["ann"];

    const { main, post } = await step.play();

    expect([main, post]).toEqual(["success", "success"]);
    expect(ran).toBe(true);
    expect(step.wentOnline).toBe(false);
    expect(step.said("does not refresh the login")).toHaveLength(1);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });

  test("asks about everybody whom it names, and refuses for one", async () => {
    startedByComment("ann", "stranger");
    step.mayWrite = ["ann"];

    const { main } = await step.play();

    expect(codeOf(main)).toBe("actor-not-allowed");
    expect(step.asked).toEqual(["ann", "stranger"]);
    expect(ran).toBe(false);
  });

  test("puts no login anywhere before that, and none afterwards for somebody who may not", async () => {
    startedByComment("stranger");

    await step.pre();
    expect(step.auth).toBeNull();
    await step.main();
    expect(step.auth).toBeNull();
    expect(await step.post()).toBe("success");
  });

  test("is not asked how public its repository is, where its event says so", async () => {
    startedByComment("ann");
    step.mayWrite = ["ann"];
    step.visibility = "public";

    expect((await step.play()).main).toBe("success");
  });

  test("does not warn in a Codex job that it does not refresh", async () => {
    startedByComment("ann");
    step.mayWrite = ["ann"];
    step.inputs.refresh = "never";

    await step.play();

    expect(step.said(/^warning:/)).toEqual([]);
  });

  test("also asks for a step whose login only later steps use", async () => {
    startedByComment("stranger");
    step.inputs.run = "";

    const { main } = await step.play();

    expect(codeOf(main)).toBe("actor-not-allowed");
  });

  test("is refused where GitHub does not say, after three attempts", async () => {
    startedByComment("ann");
    step.mayWrite = null;

    const { main } = await step.play();

    expect(codeOf(main)).toBe("actor-not-allowed");
    expect(step.asked).toHaveLength(3);
  });

  test("is refused where nobody is named", async () => {
    startedByComment();

    expect((await step.play()).main).toMatchObject({
      code: "actor-not-allowed",
      message: expect.stringContaining("`issue_comment` does not say who has caused it"),
    });
  });

  test.each([
    ["ann", { "allow-users": "bob, ann" }],
    ["ann", { "allow-users": "*" }],
    ["dependabot[bot]", { "allow-bots": "true" }],
  ])("asks nobody about %s with %j", async (actor, inputs) => {
    startedByComment(actor);
    Object.assign(step.inputs, inputs);

    const { main } = await step.play();

    expect(main).toBe("success");
    expect(step.asked).toEqual([]);
    expect(ran).toBe(true);
  });

  test("never quotes a name that GitHub does not give", async () => {
    startedByComment("x](http://evil) ::error::");

    const { main } = await step.play();

    expect(String(main)).not.toContain("evil");
  });

  test("stores nothing that a login in the job has left", async () => {
    startedByComment("ann");
    step.mayWrite = ["ann"];
    const fresh = step.issuer.login(240 * HOUR_MS);
    step.command = async ({ environment }) => {
      await step.files.write(`${environment.CODEX_HOME}/auth.json`, fresh.whole().reveal());
      return { exitCode: 0, signal: null };
    };

    await step.play();

    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });
});

describe("a run whose event does not say how public the repository is", () => {
  beforeEach(() => {
    step.context = { ...step.context, visibility: "unknown" };
    step.inputs.refresh = "never";
  });

  test.each([
    ["public", "public-repository"],
    [null, "public-repository"],
    ["private", null],
  ] as const)("asks before the user's job: %s", async (answer, code) => {
    step.visibility = answer;

    const { main } = await step.play();

    expect(codeOf(main)).toBe(code);
    expect(ran).toBe(code === null);
  });

  test.each([
    ["public", /^This repository is public/, /API key/],
    [null, /^Neither this run's event nor GitHub's API says whether/, /`github-token`.*new run/],
  ] as const)("tells what is known of it: %s", async (answer, message, hint) => {
    step.visibility = answer;

    const { main } = await step.play();

    expect(main).toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test("asks before a prompt, too", async () => {
    Object.assign(step.inputs, { run: "", prompt: "Tidy up." });
    step.visibility = "public";

    expect(codeOf((await step.play()).main)).toBe("public-repository");
  });

  test("does not also ask who has started it, where only people with access can", async () => {
    await step.play();

    expect(step.asked).toEqual([]);
    expect(step.said(/^warning:/)).toEqual([]);
  });

  test.each(["public", null] as const)("asks before a refresh: %s", async (answer) => {
    Object.assign(step.inputs, { refresh: "auto", run: "" });
    step.visibility = answer;

    const { main } = await step.play();

    expect(codeOf(main)).toBe("public-repository");
    expect(step.issuer.living).toBe("rt-CANARY-0");
  });

  test("asks nobody where a public one is allowed, or where nothing uses the login", async () => {
    step.visibility = "public";
    step.inputs["allow-public-repository"] = "true";
    expect((await step.play()).main).toBe("success");

    step = new Step(240 * HOUR_MS, { run: "" });
    step.context = { ...step.context, visibility: "unknown" };
    step.visibility = "public";
    expect((await step.play()).main).toBe("success");
  });

  test("asks nobody where a step has changed where requests go", async () => {
    await step.pre();
    step.environment.HTTPS_PROXY = "http://evil";
    step.visibility = "private";

    expect(codeOf(await step.main())).toBe("environment-changed");
  });
});
