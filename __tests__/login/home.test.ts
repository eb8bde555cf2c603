import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Secret } from "../../src/core/login/secret.ts";
import {
  chooseHome,
  claimHome,
  clearHome,
  hideHostLogin,
  lastWritten,
  readConfig,
  realpathOfNearest,
  writeConfig,
  writeWorkingCopy,
} from "../../src/login/home.ts";
import { authPath, handedPath, loginDirectory } from "../../src/login/home-layout.ts";
import type { Files } from "../../src/ports/files.ts";
import { MemoryFiles, systemError } from "../action/ports/files.ts";

const HOME = "/temp/home";
const BASE = "/temp/base";
const MARKER = `${HOME}/.codex-auth-roundtrip.json`;
const COPY = new Secret('{"tokens":{"access_token":"CANARY"}}');

let files: MemoryFiles;
beforeEach(() => {
  files = new MemoryFiles();
});

/** From now on the disk refuses one operation. */
function refuse(operation: keyof Files, error: unknown): void {
  files.interfere = (asked) => {
    if (asked === operation) throw error;
  };
}

describe("the home", () => {
  test("is beside our private files where none is given", async () => {
    const home = await chooseHome(files, { given: null, base: BASE, workspace: "/work/app" });

    expect(home).toBe("/temp/base/home");
  });

  test.each([
    { given: "/codex", workspace: "/work/app", home: "/codex" },
    { given: "/work", workspace: "/work/app", home: "/work" },
    { given: "/work/app2", workspace: "/work/app", home: "/work/app2" },
    { given: "/work/app/../other/", workspace: "/work/app", home: "/work/other" },
    { given: "/work/app/home", workspace: null, home: "/work/app/home" },
  ])("may be $given where the workspace is $workspace", async ({ given, workspace, home }) => {
    const chosen = await chooseHome(files, { given, base: BASE, workspace });

    expect(chosen).toBe(home);
  });

  test.each([
    { given: "/work/app", workspace: "/work/app" },
    { given: "/work/app/.codex", workspace: "/work/app" },
    { given: "/work/app/..codex", workspace: "/work/app" },
    { given: "/work/other/../app/home", workspace: "/work/app" },
    { given: "/link/home", workspace: "/work/app" },
    { given: "/work/app/home", workspace: "/link" },
    { given: null, workspace: "/temp" },
  ])("is refused at $given in the workspace $workspace", async ({ given, workspace }) => {
    await files.link("/work/app", "/link");
    files.makeDirectory("/work/app");

    const chosen = chooseHome(files, { given, base: BASE, workspace });

    await expect(chosen).rejects.toMatchObject({
      code: "home-in-workspace",
      message: expect.stringContaining("inside the workspace"),
      hint: expect.stringMatching(/`codex-home`.*`runner\.temp`/),
    });
  });

  test("is refused wherever below the workspace it is", async () => {
    const name = fc.stringMatching(/^[a-z.][a-z.]{0,8}$/).filter((text) => text !== "." && text !== "..");
    await fc.assert(
      fc.asyncProperty(fc.array(name, { maxLength: 4 }), async (names) => {
        const given = ["/work/app", ...names].join("/");
        const chosen = chooseHome(files, { given, base: BASE, workspace: "/work/app" });
        await expect(chosen).rejects.toMatchObject({ code: "home-in-workspace" });
      }),
      { numRuns: 30 },
    );
  });
});

describe("a path that need not exist", () => {
  test("has the links in the part that exists resolved", async () => {
    files.makeDirectory("/mnt/disk");
    await files.link("/mnt/disk", "/data");

    expect(await realpathOfNearest(files, "/data/a/b")).toBe("/mnt/disk/a/b");
  });

  test("is what it is on a system that resolves nothing", async () => {
    refuse("realpath", systemError("EACCES"));

    expect(await realpathOfNearest(files, "/data/a")).toBe("/data/a");
  });
});

describe("a job's first step", () => {
  test("makes the home, for its owner alone, and leaves there whose it is", async () => {
    const claim = await claimHome(files, { home: HOME, identity: "job 1" });

    expect(claim).toBe("nobody");
    expect(files.modes.get(HOME)).toBe(0o700);
    expect(files.below(HOME)).toEqual([MARKER]);
    expect(files.modes.get(MARKER)).toBe(0o600);
  });

  test("takes a directory that is there already, closes it to others and keeps what is in it", async () => {
    files.makeDirectory(HOME);
    await files.write(`${HOME}/config.toml`, "theirs");

    const claim = await claimHome(files, { home: HOME, identity: "job 1" });

    expect(claim).toBe("nobody");
    expect(files.modes.get(HOME)).toBe(0o700);
    expect(await files.read(`${HOME}/config.toml`)).toBe("theirs");
  });

  test.each([
    ["nobody", null],
    ["another job", '{"identity":"job 2"}\n'],
    ["somebody whose marker is damaged", '{"identity":"job 1'],
    ["somebody whose marker says nothing", "null"],
  ])("leaves a login alone that was put there by %s", async (_whom, marker) => {
    await files.write(authPath(HOME), "theirs CANARY");
    if (marker !== null) await files.write(MARKER, marker);
    const before = new Map(files.contents);

    const claimed = claimHome(files, { home: HOME, identity: "job 1" });

    await expect(claimed).rejects.toMatchObject({
      code: "home-has-login",
      message: expect.stringMatching(/already holds a login/),
      hint: expect.stringContaining("`codex-home`"),
    });
    expect(files.contents).toEqual(before);
  });

  test("claims a home again that another job has left without its login", async () => {
    await claimHome(files, { home: HOME, identity: "job 1" });

    const claim = await claimHome(files, { home: HOME, identity: "job 2" });
    const laterStep = await claimHome(files, { home: HOME, identity: "job 2" });

    expect(claim).toBe("nobody");
    expect(laterStep).toBe("earlier-step");
  });

  test.each(["read", "makePrivateDirectory", "write"] as const)(
    "says so where the disk refuses to %s",
    async (operation) => {
      const fault = systemError("EACCES");
      refuse(operation, fault);

      const claimed = claimHome(files, { home: HOME, identity: "job 1" });

      await expect(claimed).rejects.toMatchObject({
        code: "home-unwritable",
        message: `The Codex home ${HOME} cannot be used (EACCES).`,
        hint: expect.stringMatching(/owner.*free space.*`codex-home`/),
        cause: fault,
      });
    },
  );

  test("is blamed for nothing where too many files are open", async () => {
    refuse("read", systemError("EMFILE"));

    const claimed = claimHome(files, { home: HOME, identity: "job 1" });

    await expect(claimed).rejects.toMatchObject({
      code: "system-error",
      message: expect.stringContaining("EMFILE"),
      hint: expect.stringContaining("ulimit"),
    });
  });

  test("says so where only the login cannot be looked for", async () => {
    files.interfere = (operation, path) => {
      if (operation === "read" && path === authPath(HOME)) throw systemError("EISDIR");
    };

    const claimed = claimHome(files, { home: HOME, identity: "job 1" });

    await expect(claimed).rejects.toMatchObject({
      code: "home-unwritable",
      message: expect.stringContaining("(EISDIR)"),
    });
  });

  test.each([new Error("CANARY"), "CANARY"])("quotes nothing of an error that has no code", async (error) => {
    refuse("read", error);

    const claimed = claimHome(files, { home: HOME, identity: "job 1" });

    await expect(claimed).rejects.toMatchObject({
      code: "home-unwritable",
      message: `The Codex home ${HOME} cannot be used (error).`,
    });
  });
});

describe("a job's later step", () => {
  test("attaches to the home that an earlier one made, login and all", async () => {
    await claimHome(files, { home: HOME, identity: "job 1" });
    await writeWorkingCopy(files, { home: HOME, base: BASE }, COPY);

    const claim = await claimHome(files, { home: HOME, identity: "job 1" });

    expect(claim).toBe("earlier-step");
    expect(await files.read(authPath(HOME))).toBe(COPY.reveal());
  });
});

describe("a working copy", () => {
  test("is found in the home, and lies where a sandbox can be kept out of", async () => {
    await writeWorkingCopy(files, { home: HOME, base: BASE }, COPY);

    const place = `${loginDirectory(BASE)}/auth.json`;
    expect(authPath(HOME)).toBe("/temp/home/auth.json");
    expect(files.linkAt(authPath(HOME))).toBe(place);
    expect(await files.read(authPath(HOME))).toBe(COPY.reveal());
    expect(files.modes.get(place)).toBe(0o600);
    expect(files.modes.get(loginDirectory(BASE))).toBe(0o700);
  });

  test("is known by its stamp to every step of the job, until somebody else writes", async () => {
    expect(await lastWritten(files, { base: BASE })).toBeNull();

    const stamp = await writeWorkingCopy(files, { home: HOME, base: BASE }, COPY);

    expect(stamp).not.toBeNull();
    expect(await lastWritten(files, { base: BASE })).toBe(stamp);
    expect(await files.stamp(authPath(HOME))).toBe(stamp);
    expect(files.below(BASE).every((path) => files.modes.get(path) === 0o600)).toBe(true);

    await files.write(`${loginDirectory(BASE)}/auth.json`, "by Codex, through the link");

    expect(await files.stamp(authPath(HOME))).not.toBe(await lastWritten(files, { base: BASE }));
  });

  test("takes the place of the one before", async () => {
    await writeWorkingCopy(files, { home: HOME, base: BASE }, new Secret("older CANARY"));

    await writeWorkingCopy(files, { home: HOME, base: BASE }, COPY);

    expect(await files.read(authPath(HOME))).toBe(COPY.reveal());
  });

  test.each(["makePrivateDirectory", "write", "link", "stamp"] as const)(
    "says so where the disk refuses to %s",
    async (operation) => {
      refuse(operation, systemError("ENOSPC"));

      const written = writeWorkingCopy(files, { home: HOME, base: BASE }, COPY);

      await expect(written).rejects.toMatchObject({
        code: "home-unwritable",
        message: expect.stringContaining("(ENOSPC)"),
      });
    },
  );
});

test("the handed document is left for post where the model's commands cannot read", () => {
  const path = handedPath(BASE);

  expect(path.startsWith(`${loginDirectory(BASE)}/`)).toBe(true);
  expect(path).not.toBe(authPath(loginDirectory(BASE)));
  expect(loginDirectory(BASE)).toBe("/temp/base/login");
});

describe("a config.toml", () => {
  test("is read as it was written, and only its owner may", async () => {
    expect(await readConfig(files, HOME)).toBeNull();

    await writeConfig(files, HOME, "model = 1");

    expect(await readConfig(files, HOME)).toBe("model = 1");
    expect(files.below(HOME)).toEqual([`${HOME}/config.toml`]);
    expect(files.modes.get(`${HOME}/config.toml`)).toBe(0o600);
  });

  test.each([
    ["read", () => readConfig(files, HOME)],
    ["write", () => writeConfig(files, HOME, "model = 1")],
  ] as const)("that the disk refuses to %s makes the home unusable", async (operation, use) => {
    refuse(operation, systemError("EIO"));

    await expect(use()).rejects.toMatchObject({
      code: "home-unwritable",
      message: expect.stringContaining("(EIO)"),
    });
  });
});

describe("when the job is over", () => {
  beforeEach(async () => {
    await claimHome(files, { home: HOME, identity: "job 1" });
    await writeWorkingCopy(files, { home: HOME, base: BASE }, COPY);
    await writeConfig(files, HOME, "model = 1");
    await files.write(`${HOME}/history.jsonl`, "theirs");
  });

  test("a home that we made is removed with all that is in it", async () => {
    await clearHome(files, { home: HOME, identity: "job 1", madeConfig: true });

    expect(files.below(HOME)).toEqual([]);
    expect(files.modes.has(HOME)).toBe(false);
  });

  test.each([
    ["another job's", JSON.stringify({ identity: "job 2", made: true })],
    ["not ours", "{}"],
    ["nothing that can be read", "spoilt"],
    ["gone", null],
  ])("a home whose marker is %s is left as it is", async (_, marker) => {
    if (marker === null) await files.remove(`${HOME}/.codex-auth-roundtrip.json`);
    else await files.write(`${HOME}/.codex-auth-roundtrip.json`, marker);
    const before = files.below(HOME);

    await clearHome(files, { home: HOME, identity: "job 1", madeConfig: true });

    expect(files.below(HOME)).toEqual(before);
  });

  test.each([
    { madeConfig: true, left: ["history.jsonl"] },
    { madeConfig: false, left: ["config.toml", "history.jsonl"] },
  ])(
    "a home that was there before keeps $left where we made its config: $madeConfig",
    async ({ madeConfig, left }) => {
      await files.remove(`${HOME}/auth.json`);
      await claimHome(files, { home: HOME, identity: "job 2" });
      await clearHome(files, { home: HOME, identity: "job 2", madeConfig });

      expect(files.below(HOME)).toEqual(left.map((name) => `${HOME}/${name}`));
      expect(files.modes.has(HOME)).toBe(true);
    },
  );
});

describe("a host's login", () => {
  test("is hidden in a directory of its own, behind a link", async () => {
    await files.write("/svc/auth.json", "login");

    expect(await hideHostLogin(files, "/svc")).toBe("/svc/login");
    expect(files.below("/svc")).toEqual(["/svc/auth.json", "/svc/login/auth.json"]);
    expect(await files.read("/svc/auth.json")).toBe("login");
    expect(files.modes.get("/svc/login")).toBe(0o700);
    expect(await hideHostLogin(files, "/svc")).toBe("/svc/login");
  });

  test("that its owner keeps elsewhere stays there", async () => {
    await files.write("/vault/codex/auth.json", "login");
    files.makeDirectory("/svc");
    await files.link("/vault/codex/auth.json", "/svc/auth.json");

    expect(await hideHostLogin(files, "/svc")).toBe("/vault/codex");
    expect(files.linkAt("/svc/auth.json")).toBe("/vault/codex/auth.json");
  });

  test("stays where it is on a system without links", async () => {
    await files.write("/svc/auth.json", "login");
    files.interfere = (operation) => {
      if (operation === "moveBehindLink") throw systemError("EPERM");
    };

    expect(await hideHostLogin(files, "/svc")).toBe("/svc/auth.json");
  });
});
