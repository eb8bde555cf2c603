import { describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { SECRET } from "./refresh-jobs.ts";
import { codeOf, loginNamed, Step, watchHome } from "./step.ts";

function refuse(step: Step, refused: "PUT" | "GET", status = 502): void {
  step.store.interfere = (request, name) => {
    if (request === refused && name === SECRET) throw new GitHubError(`It answered ${status}.`, { status });
  };
}

describe("a rotation that the store does not take", () => {
  test("is built upon when the handoff has it", async () => {
    const step = new Step();
    const seen = watchHome(step);
    refuse(step, "PUT");
    await step.pre();

    const end = await step.main();

    expect(end).toBe("success");
    expect(seen.auth).toBe(step.handedOver()?.withheld().reveal());
    expect(step.handedOver()?.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.report).toMatchObject({
      rotated: true,
      stored: false,
      alert: { code: "github-unreachable" },
      rescue: expect.stringContaining("gh api --method PUT"),
    });
    expect(step.said(/^warning: .*post tries again.*\[github-unreachable\]$/)).toHaveLength(1);
    expect(step.said("gh api --method PUT")).toEqual([]);
  });

  test("stops the job when the handoff does not have it either, and shows how to store it by hand", async () => {
    const step = new Step();
    const seen = watchHome(step);
    refuse(step, "PUT");
    step.handoff.save = async () => "failed" as never;
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("github-unreachable");
    expect(seen.auth).toBeNull();
    expect(step.channel.outputs.get("rotated")).toBe("true");
    expect(step.report).toMatchObject({ rescue: expect.stringContaining("gh api --method PUT") });
    expect(step.said("gh api --method PUT")).toHaveLength(1);
    expect((await step.loadLedger())?.login.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test("fails the job when somebody else has written the store meanwhile, which is left alone", async () => {
    const step = new Step();
    const seen = watchHome(step);
    const foreign = loginNamed("foreign");
    step.issuer.interfere = () => {
      step.clock.advance(60_000);
      step.store.set(SECRET, foreign.line().reveal());
      return "decides";
    };
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("secret-changed-elsewhere");
    expect(step.stored.isSameGeneration(foreign)).toBe(true);
    expect(seen.auth).toBeNull();
    expect(step.report).toMatchObject({
      rotated: true,
      stored: false,
      alert: { code: "secret-changed-elsewhere" },
      rescue: expect.stringContaining("gh api --method PUT"),
    });
    expect(step.said("gh api --method PUT")).toHaveLength(1);
  });

  test("is told without a command where there is none to give", async () => {
    const step = new Step();
    step.issuer.interfere = () => {
      step.clock.advance(60_000);
      step.store.secrets.delete(SECRET);
      step.store.publicKey = async () => {
        throw new GitHubError("It answered 502.", { status: 502 });
      };
      return "decides";
    };
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("secret-not-found");
    expect(step.said("by hand")).toEqual([]);
  });
});
