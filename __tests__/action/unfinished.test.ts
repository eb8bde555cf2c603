import { beforeEach, describe, expect, test } from "@jest/globals";
import { reportOf } from "../../src/action/job-report.ts";
import {
  hasLeftAnything,
  holdsForeignLogin,
  isPending,
  type LeftOver,
  mayHaveRotatedInHome,
  refuseMixedModes,
  wasRenewed,
} from "../../src/action/unfinished.ts";
import { Secret } from "../../src/core/login/secret.ts";
import { writeWorkingCopy } from "../../src/login/home.ts";
import { handedPath, ledgerPath } from "../../src/login/home-layout.ts";
import type { OpenCriticalSection } from "../../src/login/section-state.ts";
import { LinkedDisk } from "./ports/linked-disk.ts";
import { SECRET } from "./refresh-jobs.ts";
import { AUTH, BASE, HOME, loginNamed } from "./step.ts";

const PLACE = { home: HOME, base: BASE };
const login = loginNamed("given");
const made = loginNamed("made");

let files: LinkedDisk;
/** Stamp of the copy that this step has written. */
let written: string | null;
beforeEach(async () => {
  files = new LinkedDisk();
  written = await writeWorkingCopy(files, PLACE, login.withheld());
});

/** What main left, by default in a quiet job. */
function left({
  mode = "withheld",
  ownsHome = true,
  report = { rotated: false, stored: false },
  section = null,
  secret = new Secret("the login"),
}: {
  mode?: "withheld" | "present";
  ownsHome?: boolean;
  report?: { rotated: boolean; stored: boolean } | null;
  section?: OpenCriticalSection | null;
  secret?: Secret | null;
} = {}): LeftOver {
  const session = {
    ...{ ...PLACE, written, ownsHome, refreshToken: mode, mark: "", madeConfig: false },
    ...{ beganMonotonicMs: 0, madeRequirements: false, hostLock: null, environment: {} },
    place: { secretName: SECRET, environment: null },
  };
  const rest: Omit<Parameters<typeof reportOf>[1], "rotated" | "stored"> = {
    job: "refresh",
    restoredFrom: "secret",
    unrefreshed: "not-due",
    usage: null,
    events: [],
    alert: null,
    rescue: null,
  };
  return {
    session,
    inputs: { secret },
    files,
    section,
    report: report && reportOf(login, { ...rest, ...report }),
  };
}

const OPEN: OpenCriticalSection = { directory: null, process: null, claim: { name: "", holder: "" } };
const ROTATED = { rotated: true, stored: false };
const STORED = { rotated: true, stored: true };

async function keepLedger(): Promise<void> {
  await files.write(ledgerPath(BASE), "sealed");
}

async function keepHanded(): Promise<void> {
  await files.write(handedPath(BASE), "the handed login");
}

describe("post has something to finish", () => {
  test.each([
    ["a quiet main", {}, false],
    ["a main that never reported", { report: null }, false],
    ["a main that was killed while it refreshed", { report: null, section: OPEN }, true],
    ["a rotation that is not stored", { report: ROTATED }, true],
    ["a rotation that is stored", { report: STORED }, false],
    ["a renewal without a rotation", { report: { rotated: false, stored: true } }, false],
  ])("after %s, by the state alone: %j", async (_, state, pending) => {
    const leftOver = left(state);

    expect(isPending(leftOver)).toBe(pending);
    expect(await hasLeftAnything(leftOver)).toBe(pending);
  });

  test("wherever the ledger is on the disk", async () => {
    await keepLedger();

    expect(await hasLeftAnything(left())).toBe(true);
    expect(isPending(left())).toBe(false);
  });

  test("where Codex may have rotated in the home", async () => {
    expect(await hasLeftAnything(left({ mode: "present" }))).toBe(true);
  });
});

describe("Codex may have rotated in the home", () => {
  test.each([
    ["main reported, and post has the secret", { report: STORED }, [], true],
    ["main reported, and has left the handed login", { secret: null }, [keepHanded], true],
    ["main reported, and post has no login", { secret: null }, [], false],
    ["main was killed, and has left a ledger", { report: null }, [keepLedger], true],
    ["main never began", { report: null }, [], false],
    ["main never began, and post has no login", { report: null, secret: null }, [], false],
    ["main was killed, and post has no login", { report: null, secret: null }, [keepLedger], false],
    ["main was killed, and has left both", { report: null, secret: null }, [keepLedger, keepHanded], true],
  ])("with the refresh token present where %s", async (_, state, keep, may) => {
    for (const act of keep) await act();

    expect(await mayHaveRotatedInHome(left({ mode: "present", ...state }))).toBe(may);
    expect(await mayHaveRotatedInHome(left({ mode: "withheld", ...state }))).toBe(false);
  });
});

describe("a login that somebody else has put into the home", () => {
  test("is seen where the refresh token is withheld", async () => {
    files.overwrite(AUTH, made.whole().reveal());

    expect(await holdsForeignLogin(left())).toBe(true);
  });

  test.each([
    ["the home is another step's to look after", { ownsHome: false }],
    ["the refresh token is present", { mode: "present" }],
    ["both", { ownsHome: false, mode: "present" }],
  ] as const)("is not looked for where %s", async (_, state) => {
    files.overwrite(AUTH, made.whole().reveal());

    expect(await holdsForeignLogin(left(state))).toBe(false);
  });

  test("is none where this step has put a whole login there", async () => {
    written = await writeWorkingCopy(files, PLACE, made.whole());
    await files.write(`${BASE}/written`, "forgotten");

    expect(await holdsForeignLogin(left())).toBe(false);
  });

  test("is none where a later step of ours has put a whole login there", async () => {
    await writeWorkingCopy(files, PLACE, made.whole());

    expect(await holdsForeignLogin(left())).toBe(false);
  });

  test("is none where there is no file any more", async () => {
    await files.remove(AUTH);

    expect(await holdsForeignLogin(left())).toBe(false);
  });
});

describe("a later step of ours has put a newer login into the home", () => {
  const session = () => ({ ...PLACE, written });

  test("where the file is what our steps wrote last, and not what this one wrote", async () => {
    await writeWorkingCopy(files, PLACE, made.withheld());

    expect(await wasRenewed(files, session())).toBe(true);
  });

  test.each<[string, () => unknown]>([
    ["nobody has written since", () => {}],
    ["somebody else has written since", () => files.overwrite(AUTH, made.whole().reveal())],
    ["the file is gone", () => files.remove(AUTH)],
  ])("but not where %s", async (_, act) => {
    await act();

    expect(await wasRenewed(files, session())).toBe(false);
  });

  test("nor where there is neither a file nor a note of one", async () => {
    await files.remove(BASE);

    expect(await wasRenewed(files, session())).toBe(false);
  });
});

describe("steps of one job", () => {
  test("may withhold the refresh token where no earlier one put the whole login there", async () => {
    await expect(refuseMixedModes(files, PLACE)).resolves.toBeUndefined();
  });

  test("may not withhold what an earlier one has put there", async () => {
    await keepHanded();

    await expect(refuseMixedModes(files, PLACE)).rejects.toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining("`refresh-token: present`"),
      hint: expect.stringContaining("the same `refresh-token`"),
    });
  });
});
