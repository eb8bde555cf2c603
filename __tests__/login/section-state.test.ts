import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  hasOpenSection,
  loadCriticalSection,
  type OpenCriticalSection,
  saveCriticalSection,
} from "../../src/login/section-state.ts";
import { MemoryChannel } from "../action/ports/channel.ts";

const BASE = "/temp/base";
const SECTION: OpenCriticalSection = {
  directory: `${BASE}/login/critical-00ff`,
  process: { pid: 4711, startedAt: "1000" },
  claim: { name: `CODEX_AUTH_CLAIM_${"0".repeat(20)}`, holder: "a".repeat(32) },
};

let channel: MemoryChannel;

beforeEach(() => {
  channel = new MemoryChannel();
});

/** What post makes of what main has saved. */
function loaded(): OpenCriticalSection | null {
  channel.nextPhase();
  return loadCriticalSection(channel, { base: BASE });
}

describe("a critical section that main has begun", () => {
  test.each<[string, OpenCriticalSection]>([
    ["in which Codex was started", SECTION],
    [
      "in which Codex was started by a system that does not tell when",
      { ...SECTION, process: { pid: 1, startedAt: null } },
    ],
    ["in which Codex was not started yet", { ...SECTION, process: null }],
    ["in which there is no private home yet", { ...SECTION, directory: null, process: null }],
  ])("is known to post: %s", (_, section) => {
    saveCriticalSection(channel, section);

    expect(loaded()).toEqual(section);
    expect(hasOpenSection(channel)).toBe(true);
  });

  test("and ended is over", () => {
    saveCriticalSection(channel, SECTION);
    saveCriticalSection(channel, null);

    expect(loaded()).toBeNull();
    expect(hasOpenSection(channel)).toBe(false);
  });
});

describe("what is no critical section of ours", () => {
  test.each<[string, unknown]>([
    ["a directory that is not in our base", { ...SECTION, directory: "/home/user/critical-00ff" }],
    ["a directory below another one", { ...SECTION, directory: `${BASE}/login/x/critical-00ff` }],
    ["a directory beside those of the login", { ...SECTION, directory: `${BASE}/critical-00ff` }],
    ["a directory of another kind", { ...SECTION, directory: `${BASE}/login/reseed-00ff` }],
    ["a directory whose name goes on", { ...SECTION, directory: `${BASE}/login/critical-00ff.old` }],
    ["a directory whose name begins otherwise", { ...SECTION, directory: `${BASE}/login/my-critical-00ff` }],
    ["a directory without a number", { ...SECTION, directory: `${BASE}/login/critical-` }],
    ["a directory that is no text", { ...SECTION, directory: 1 }],
    ["a process that is none", { ...SECTION, process: { pid: "1", startedAt: null } }],
    ["a claim with another name", { ...SECTION, claim: { name: "OTHER", holder: "a" } }],
    ["a claim without a holder", { ...SECTION, claim: { name: SECTION.claim.name } }],
    ["no claim", { directory: null, process: null }],
  ])("is not believed, but known to have been said: %s", (_, said) => {
    channel.saveState("critical-section", JSON.stringify(said));

    expect(loaded()).toBeNull();
    expect(hasOpenSection(channel)).toBe(true);
  });
});
