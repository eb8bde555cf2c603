import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  applyEnvironment,
  captureEnvironment,
  forgetSession,
  loadCriticalSection,
  loadSession,
  type OpenCriticalSection,
  type Session,
  saveCriticalSection,
  saveSession,
} from "../../src/action/session.ts";
import { MemoryChannel } from "./ports/channel.ts";

const SESSION: Session = {
  base: "/temp/base",
  home: "/temp/home",
  place: { secretName: "CODEX_AUTH_JSON", environment: "codex" },
  ownsHome: true,
  madeHome: true,
  madeConfig: false,
  refreshToken: "withheld",
  written: "stamp 1",
  beganMonotonicMs: 1234,
  madeRequirements: false,
  hostLock: null,
  environment: { PATH: "/usr/bin", HTTPS_PROXY: null },
};
const SECTION: OpenCriticalSection = {
  directory: "/temp/base/critical-1",
  process: { pid: 7, startedAt: "12345" },
  claim: { name: "CODEX_AUTH_CLAIM_00000000000000000000", holder: "0123456789abcdef0123456789abcdef" },
};

let channel: MemoryChannel;
beforeEach(() => {
  channel = new MemoryChannel();
});

describe("a session", () => {
  test("is read by the next phase as it was saved", () => {
    saveSession(channel, SESSION);
    channel.nextPhase();

    expect(loadSession(channel)).toEqual(SESSION);
  });

  test("is none where no phase before has begun one", () => {
    saveCriticalSection(channel, SECTION);
    channel.nextPhase();

    expect(loadSession(channel)).toBeNull();
  });

  test("is none after it was forgotten", () => {
    saveSession(channel, SESSION);
    forgetSession(channel);
    channel.nextPhase();

    expect(loadSession(channel)).toBeNull();
  });
});

describe("a critical section", () => {
  test.each([
    ["in which Codex runs", SECTION],
    ["in which nothing runs yet", { ...SECTION, process: null }],
  ])("%s, and which nobody has ended, is found by post beside the session", (_what, section) => {
    saveSession(channel, SESSION);
    saveCriticalSection(channel, section);
    channel.nextPhase();

    expect(loadCriticalSection(channel)).toEqual(section);
    expect(loadSession(channel)).toEqual(SESSION);
  });

  test("that has ended is none any more", () => {
    saveCriticalSection(channel, SECTION);
    saveCriticalSection(channel, null);
    channel.nextPhase();

    expect(loadCriticalSection(channel)).toBeNull();
  });

  test("that never began is none", () => {
    saveSession(channel, SESSION);
    channel.nextPhase();

    expect(loadCriticalSection(channel)).toBeNull();
  });
});

describe("the environment that post trusts", () => {
  const TRUSTED = [
    ...["PATH", "HOME", "TMPDIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"],
    ...["http_proxy", "https_proxy", "all_proxy", "no_proxy"],
    ...["NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED", "SSL_CERT_FILE", "SSL_CERT_DIR"],
  ];

  test.each(TRUSTED)("has the %s of the step's begin, whatever a later step made of it", (name) => {
    const captured = captureEnvironment({ [name]: "as it was" });
    const changed: NodeJS.ProcessEnv = { [name]: "a thief's" };
    const removed: NodeJS.ProcessEnv = {};

    applyEnvironment(captured, changed);
    applyEnvironment(captured, removed);

    expect(changed).toEqual({ [name]: "as it was" });
    expect(removed).toEqual({ [name]: "as it was" });
  });

  test.each(TRUSTED)("has no %s that only a later step has set", (name) => {
    const environment: NodeJS.ProcessEnv = { [name]: "a thief's", OTHER: "kept" };

    applyEnvironment(captureEnvironment({}), environment);

    expect(environment).toEqual({ OTHER: "kept" });
  });

  test("keeps a variable that was empty empty", () => {
    const environment: NodeJS.ProcessEnv = { NO_PROXY: "*" };

    applyEnvironment(captureEnvironment({ NO_PROXY: "" }), environment);

    expect(environment).toEqual({ NO_PROXY: "" });
  });

  test("survives the way through the runner's state, and leaves all other variables as they are", () => {
    const variables = fc.dictionary(fc.constantFrom(...TRUSTED, "CI", "A"), fc.string());

    fc.assert(
      fc.property(variables, variables, (atBegin, later) => {
        const environment: NodeJS.ProcessEnv = { ...later };
        saveSession(channel, { ...SESSION, environment: captureEnvironment(atBegin) });
        channel.nextPhase();

        applyEnvironment(loadSession(channel)?.environment ?? {}, environment);

        for (const name of TRUSTED) expect(environment[name]).toBe(atBegin[name]);
        for (const name of ["CI", "A"]) expect(environment[name]).toBe(later[name]);
      }),
    );
  });

  test("is captured without anything else: a step's secrets stay out of the runner's state", () => {
    saveSession(channel, { ...SESSION, environment: captureEnvironment({ PATH: "/bin", TOKEN: "CANARY" }) });

    expect([...channel.saved.values()].join()).not.toContain("CANARY");
  });
});
