import { describe, expect, test } from "@jest/globals";
import { Failure, type FailureCode } from "../../src/core/failure/failure.ts";
import { goOnWithAccessToken } from "../../src/login/go-on-with-access-token.ts";
import { FakeClock } from "../action/ports/clock.ts";
import { MemoryLog } from "../action/ports/log.ts";
import { loginNamed } from "../action/step.ts";

const MINUTE_MS = 60_000;

describe("a job that could not refresh", () => {
  const clock = new FakeClock("2026-11-22T11:00:00.000Z");
  const login = loginNamed("one", { issuedAt: clock.now(), validMs: 30 * MINUTE_MS });

  test.each<[string, string, FailureCode, Partial<{ insistence: "forced"; minimumLifetimeMs: number }>]>([
    ["goes on", "while its access token lives for long enough", "claim-busy", {}],
    ["stops", "when its access token ends too soon", "claim-busy", { minimumLifetimeMs: 30 * MINUTE_MS + 1 }],
    ["stops", "when a refresh was demanded", "claim-busy", { insistence: "forced" }],
    ["stops", "when somebody must act before any job goes on", "login-shared", {}],
  ])("%s %s", (end, _, code, change) => {
    const because = new Failure(code, "why", "what to do");
    const log = new MemoryLog();
    const services = {
      clock,
      log,
      insistence: "when-due",
      minimumLifetimeMs: 30 * MINUTE_MS,
      ...change,
    } as const;
    const act = () => goOnWithAccessToken(services, login, because);

    if (end === "stops") expect(act).toThrow(because);
    else expect(act()).toEqual({ kind: "not-refreshed", login, because });

    expect(log.masked).toContain(login.accessToken.reveal());
  });
});
