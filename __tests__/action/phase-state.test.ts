import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  applyEnvironment,
  believeSession,
  captureEnvironment,
  forgetSession,
  loadSession,
  type Session,
  saveSession,
} from "../../src/action/phase-state.ts";
import { hostLockPath } from "../../src/core/host/record.ts";
import { Secret } from "../../src/core/login/secret.ts";
import { baseDirectory, hostBaseDirectory } from "../../src/login/home-layout.ts";
import {
  hasOpenSection,
  loadCriticalSection,
  type OpenCriticalSection,
  saveCriticalSection,
} from "../../src/login/section-state.ts";
import { MemoryChannel } from "./ports/channel.ts";
import { MemoryFiles } from "./ports/files.ts";

const BASE = "/temp/codex-auth-CODEX_AUTH_JSON-codex";
const SESSION: Session = {
  base: BASE,
  mark: "mark 1",
  home: `${BASE}/home`,
  place: { secretName: "CODEX_AUTH_JSON", environment: "codex" },
  ownsHome: true,
  madeConfig: false,
  refreshToken: "withheld",
  written: "stamp 1",
  beganMonotonicMs: 1234,
  madeRequirements: false,
  hostLock: null,
  environment: { PATH: "/usr/bin", HTTPS_PROXY: null },
};
const SECTION: OpenCriticalSection = {
  directory: `${BASE}/login/critical-0a1b`,
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

describe("a session that a phase is told of is believed", () => {
  const INPUTS = {
    secret: new Secret("the login"),
    secretName: "CODEX_AUTH_JSON",
    environment: "codex",
    codexHome: null,
    homeLifetime: "ephemeral",
  } as const;

  async function believe(
    session: unknown,
    inputs: Partial<Parameters<typeof believeSession>[0]["inputs"]> = {},
    mark: unknown = { identity: "job 1", mark: "mark 1" },
    base = BASE,
  ): Promise<Session | null> {
    const files = new MemoryFiles();
    if (mark !== null) files.contents.set(`${base}/mark.json`, JSON.stringify(mark));
    channel.saveState("session", JSON.stringify(session));
    channel.nextPhase();
    const context = { temporaryDirectory: "/temp" };
    return believeSession({ channel, files, inputs: { ...INPUTS, ...inputs }, context });
  }

  test("where its paths are the derived ones and its mark is the one in our directory", async () => {
    expect(await believe(SESSION)).toEqual(SESSION);
  });

  test("with the home that the input names", async () => {
    const elsewhere = { ...SESSION, home: "/codex" };

    expect(await believe(elsewhere, { codexHome: "/codex" })).toEqual(elsewhere);
    expect(await believe(elsewhere, { codexHome: "/another" })).toBeNull();
    expect(await believe(elsewhere)).toBeNull();
  });

  test("by a post without inputs, where all else agrees", async () => {
    const none = { secret: null, environment: null, codexHome: null };

    expect(await believe(SESSION, none)).toEqual(SESSION);
    expect(await believe({ ...SESSION, base: "/home/user" }, none)).toBeNull();
    expect(await believe({ ...SESSION, mark: "another" }, none)).toBeNull();
  });

  test("but not with a directory that is not derived, although the mark lies in it", async () => {
    const none = { secret: null, environment: null, codexHome: null };
    const elsewhere = { ...SESSION, base: "/home/user", home: "/home/user/home" };

    expect(await believe(elsewhere, none, undefined, "/home/user")).toBeNull();
    expect(await believe(elsewhere, {}, undefined, "/home/user")).toBeNull();
  });

  const NO_INPUTS = { secret: null, environment: null, codexHome: null };

  /** A session about such a secret, with all that follows from that, believed by a phase with these inputs. */
  async function believeOf(
    place: { secretName: string; environment: string | null },
    inputs: Parameters<typeof believe>[1],
  ): Promise<Session | null> {
    const base = baseDirectory("/temp", place);
    return believe({ ...SESSION, place, base, home: `${base}/home` }, inputs, undefined, base);
  }

  test.each([
    { secretName: "OTHER", environment: "codex" },
    { secretName: "CODEX_AUTH_JSON", environment: null },
    { secretName: "CODEX_AUTH_JSON", environment: "production" },
  ])("but not about another secret than that of the inputs: %j", async (place) => {
    expect(await believeOf(place, {})).toBeNull();
    expect(await believeOf(place, place)).not.toBeNull();
    expect(await believeOf(place, NO_INPUTS)).not.toBeNull();
  });

  test.each(["../x", "x/..", "x y", ""])("but not about a secret named %j", async (secretName) => {
    expect(await believeOf({ secretName, environment: null }, NO_INPUTS)).toBeNull();
  });

  describe("on a persistent host", () => {
    const HOST = "/opt/svc/.codex";
    const HOST_BASE = hostBaseDirectory("/temp", "CODEX_AUTH_JSON");
    const ON_HOST: Session = {
      ...SESSION,
      base: HOST_BASE,
      home: HOST,
      hostLock: { path: hostLockPath(HOST), content: "job 1", by: "this-step" },
    };
    const HOST_INPUTS = { homeLifetime: "persistent", secret: null, codexHome: HOST } as const;

    const believeHost = (change: object, inputs: Parameters<typeof believe>[1] = HOST_INPUTS) =>
      believe({ ...ON_HOST, ...change }, inputs, undefined, HOST_BASE);

    test.each<[string, object]>([
      ["that took the lock", {}],
      ["that found it taken by an earlier one", { hostLock: { ...ON_HOST.hostLock, by: "earlier-step" } }],
    ])("of the step %s", async (_, change) => {
      expect(await believeHost(change)).toEqual({ ...ON_HOST, ...change });
    });

    test.each<[string, object]>([
      ["whose lock is elsewhere", { hostLock: { ...ON_HOST.hostLock, path: "/etc/passwd" } }],
      ["whose lock has no content", { hostLock: { path: hostLockPath(HOST), by: "this-step" } }],
      ["whose lock is somebody's", { hostLock: { ...ON_HOST.hostLock, by: "somebody" } }],
      ["of another directory", { base: BASE }],
    ])("but not one %s", async (_, change) => {
      expect(await believeHost(change)).toBeNull();
    });

    test("but not of another home, although there is no secret to compare with", async () => {
      expect(await believeHost({}, { ...HOST_INPUTS, codexHome: "/opt/other" })).toBeNull();
    });
  });

  test.each<[string, object]>([
    ["another directory", { base: "/home/user", home: "/home/user/home" }],
    ["a directory beside ours", { base: `${BASE}/..`, home: `${BASE}/../home` }],
    ["another home", { home: "/home/user/.codex" }],
    ["another mark", { mark: "mark 2" }],
    ["another secret", { place: { secretName: "OTHER", environment: "codex" } }],
    [
      "a secret that is a path",
      { place: { secretName: "../x", environment: null }, base: "/x", home: "/x/home" },
    ],
    ["a host's lock elsewhere", { hostLock: { path: "/etc/passwd", content: "", by: "this-step" } }],
    ["no mark", { mark: undefined }],
    ["a flag that is none", { ownsHome: "yes" }],
    ["an environment that is none", { environment: { PATH: 1 } }],
    ["an environment of which only a part is one", { environment: { HOME: "/root", PATH: 1 } }],
    ["a text for an environment", { environment: "PATH" }],
    ["nothing for an environment", { environment: null }],
    ["a place without a name", { place: { environment: "codex" } }],
    ["no place", { place: null }],
  ])("but not with %s", async (_, change) => {
    expect(await believe({ ...SESSION, ...change })).toBeNull();
  });

  test.each<[string, unknown]>([
    ["gone", null],
    ["another", { identity: "job 1", mark: "mark 2" }],
    ["spoilt", "spoilt"],
  ])("but not where the mark is %s", async (_, mark) => {
    expect(await believe(SESSION, {}, mark)).toBeNull();
  });

  test.each(["", "{", "null", "[]", "7", '"session"', "{}"])("but not where it is %j", async (text) => {
    channel.saveState("session", text);
    channel.saveState("critical-section", text);
    channel.nextPhase();

    expect(loadSession(channel)).toBeNull();
    expect(loadCriticalSection(channel, SESSION)).toBeNull();
  });
});

describe("a critical section", () => {
  test.each([
    "/home/user",
    `${BASE}/login`,
    `${BASE}/login/critical-0a/..`,
    `${BASE}/login/other`,
    `${BASE}/login/x/critical-0a`,
  ])("in %s is none of ours", (directory) => {
    saveCriticalSection(channel, { ...SECTION, directory });
    channel.nextPhase();

    expect(loadCriticalSection(channel, SESSION)).toBeNull();
    expect(hasOpenSection(channel)).toBe(true);
  });

  test.each([
    ["in which Codex runs", SECTION],
    ["in which nothing runs yet", { ...SECTION, process: null }],
  ])("%s, and which nobody has ended, is found by post beside the session", (_what, section) => {
    saveSession(channel, SESSION);
    saveCriticalSection(channel, section);
    channel.nextPhase();

    expect(loadCriticalSection(channel, SESSION)).toEqual(section);
    expect(loadSession(channel)).toEqual(SESSION);
  });

  test("that has ended is none any more", () => {
    saveCriticalSection(channel, SECTION);
    saveCriticalSection(channel, null);
    channel.nextPhase();

    expect(loadCriticalSection(channel, SESSION)).toBeNull();
  });

  test("that never began is none", () => {
    saveSession(channel, SESSION);
    channel.nextPhase();

    expect(loadCriticalSection(channel, SESSION)).toBeNull();
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
