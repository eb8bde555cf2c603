import { beforeEach, describe, expect, test } from "@jest/globals";
import { hostLockPath } from "../../src/core/host/record.ts";
import { codeOf, DONE, HOUR_MS, Step } from "./step.ts";

const HOST = "/opt/svc/.codex";
/** Where its login lies, behind a link. */
const LOGIN = `${HOST}/login/auth.json`;
const HOST_BASE = "/temp/codex-auth-host-CODEX_AUTH_JSON";
const LOCK = hostLockPath(HOST);

let step: Step;
/** What the user's command finds. */
let during: { auth: string | undefined; home: string | undefined; locked: boolean } | null;

beforeEach(() => {
  step = new Step(240 * HOUR_MS, { "home-lifetime": "persistent", "codex-home": HOST });
  during = null;
  step.command = ({ environment }) => {
    during = { auth: text(LOGIN), home: environment.CODEX_HOME, locked: step.hostLock.held.has(LOCK) };
    return DONE;
  };
});

function text(path: string): string | undefined {
  const content = step.files.contents.get(path);
  return content === undefined ? undefined : String(content);
}

describe("a host's lock", () => {
  test("is held from main to post, and nothing of the job is left", async () => {
    await step.main();
    const lockedBetween = step.hostLock.held.has(LOCK);
    await step.files.write(`${HOST_BASE}/run.sh`, "left by a killed command");

    await step.post();

    expect(lockedBetween).toBe(true);
    expect(step.hostLock.held.size).toBe(0);
    expect(step.files.paths.filter((path) => path.startsWith(HOST_BASE))).toEqual([]);
  });

  test("of an earlier step is joined by a later one, whose post leaves it to the first", async () => {
    await step.main();
    const [path, content] = [...step.hostLock.held][0] ?? [];
    const later = new Step(240 * HOUR_MS, { "home-lifetime": "persistent", "codex-home": HOST });
    later.hostLock.held.set(String(path), String(content));

    const main = await later.main();
    await later.post();

    expect(main).toBe("success");
    expect(later.said("Waiting for it")).toEqual([]);
    expect(later.hostLock.held.get(LOCK)).toBe(content);
  });

  test("is left to the earlier step also where the later one fails", async () => {
    await step.main();
    const [path, content] = [...step.hostLock.held][0] ?? [];
    const later = new Step(240 * HOUR_MS, {
      "home-lifetime": "persistent",
      "codex-home": HOST,
      "codex-auth-json": "",
    });
    later.hostLock.held.set(String(path), String(content));

    const main = await later.main();

    expect(codeOf(main)).toBe("secret-empty");
    expect(later.hostLock.held.get(LOCK)).toBe(content);
  });

  test("is waited for while another job holds it", async () => {
    step.hostLock.held.set(LOCK, "another job");
    const freeMs = step.clock.monotonicMs() + 9 * 60_000;
    step.hostLock.beforeTake = () => {
      if (step.clock.monotonicMs() >= freeMs) step.hostLock.held.delete(LOCK);
    };

    const main = await step.main();

    expect(main).toBe("success");
    expect(during?.locked).toBe(true);
    expect(step.said("Another job is at work with this host's login. Waiting for it")).toHaveLength(1);
  });

  test("is waited for ten minutes, not longer, and left to the other job", async () => {
    step.hostLock.held.set(LOCK, "another job");
    const beganMs = step.clock.monotonicMs();

    const main = await step.main();

    expect(codeOf(main)).toBe("host-busy");
    expect(main).toMatchObject({ hint: expect.stringContaining("`concurrency:`") });
    expect(step.clock.monotonicMs() - beganMs).toBe(600_000);
    expect(step.hostLock.held.get(LOCK)).toBe("another job");
    expect(text(LOGIN)).toBeUndefined();
    expect(step.session).toBeNull();
    expect(during).toBeNull();
  });

  test("is not waited for in a cancelled job", async () => {
    step.hostLock.held.set(LOCK, "another job");
    step.isCancelled = true;
    const beganMs = step.clock.monotonicMs();

    const main = await step.main();

    expect(codeOf(main)).toBe("host-busy");
    expect(step.clock.monotonicMs()).toBe(beganMs);
  });

  test("is not let go of while an orphan of the job still uses the home", async () => {
    await step.main();
    const beganMs = step.clock.monotonicMs();
    let lockedAtEnd = false;
    step.processes.start(HOST, 20_000, () => {
      lockedAtEnd = step.hostLock.held.has(LOCK);
    });

    await step.post();

    expect(lockedAtEnd).toBe(true);
    expect(step.clock.monotonicMs() - beganMs).toBe(20_000);
    expect(step.hostLock.held.size).toBe(0);
  });

  test("is let go of after 50 s, whoever still uses the home", async () => {
    await step.main();
    const beganMs = step.clock.monotonicMs();
    step.processes.start(HOST, HOUR_MS);

    await step.post();

    expect(step.clock.monotonicMs() - beganMs).toBe(50_000);
    expect(step.hostLock.held.size).toBe(0);
  });

  test("is not another job's to lose: post lets go of its own only", async () => {
    await step.main();
    step.hostLock.held.set(LOCK, "another job, which took over");

    await step.post();

    expect(step.hostLock.held.get(LOCK)).toBe("another job, which took over");
  });
});
