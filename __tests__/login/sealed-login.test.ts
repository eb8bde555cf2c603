import { beforeEach, describe, expect, test } from "@jest/globals";
import { openBox } from "../../simulation/models/open.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { SealedLogin } from "../../src/login/sealed-login.ts";
import type { PublicKey, SealedBox } from "../../src/ports/secrets.ts";
import { PLACE, RefreshJobs } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";
import { openJob } from "./open-job.ts";

const LOGIN = loginNamed("one");
const FAULT = new TypeError("a fault");

let jobs: RefreshJobs;
/** The keys for which something was sealed. */
let keys: string[];
/** Why nothing can be sealed for a key. */
let refusals: Map<string, Error>;

beforeEach(() => {
  jobs = new RefreshJobs();
  keys = [];
  refusals = new Map();
});

function key(id: string): PublicKey {
  return { id, key: new Uint8Array(32) };
}

function sealedLogin(given: PublicKey | null = null, handed = LOGIN): SealedLogin {
  const box: SealedBox = {
    seal: async (content, publicKey) => {
      const refusal = refusals.get(publicKey.id);
      if (refusal) throw refusal;
      keys.push(publicKey.id);
      return openBox.seal(content, publicKey);
    },
  };
  return new SealedLogin({ ...openJob(jobs), box, place: PLACE, handed }, { login: LOGIN, key: given });
}

describe("a login that is sealed", () => {
  test("is sealed once, for the key of the scope", async () => {
    const sealed = sealedLogin();

    const payload = await sealed.seal();

    expect(openBox.open(payload)).toBe(LOGIN.line().reveal());
    expect(await sealed.seal()).toBe(payload);
    expect(keys).toEqual(["1"]);
  });

  test("is sealed for the key that is known already", async () => {
    await sealedLogin(key("known")).seal();

    expect(keys).toEqual(["known"]);
  });

  test("is written as the secret was written that the run was handed", async () => {
    const handed = AuthJson.parse(LOGIN.content("base64").reveal());

    const payload = await sealedLogin(null, handed).seal();

    expect(openBox.open(payload)).toBe(LOGIN.content("base64").reveal());
  });

  test("is sealed for a key that is asked for again where the first one was none", async () => {
    refusals.set("1", new GitHubError("This is no key.", { status: null }));
    const sealed = sealedLogin();

    await expect(sealed.seal()).rejects.toBeInstanceOf(GitHubError);
    jobs.store.key = key("2");

    expect(await sealed.seal()).toMatchObject({ keyId: "2" });
  });

  test("is sealed for a new key once GitHub has replaced the old one, which happens once", async () => {
    const sealed = sealedLogin(key("known"));
    await sealed.seal();

    expect(sealed.forgetKey()).toBe("first-time");
    await sealed.seal();

    expect(keys).toEqual(["known", "1"]);
    expect(sealed.forgetKey()).toBe("again");
    await sealed.seal();
    expect(keys).toEqual(["known", "1", "1"]);
  });
});

describe("the command that a person may run instead", () => {
  const before = new Date("2026-11-22T10:00:00.000Z");

  test("holds what was sealed, and the time that the secret must have", async () => {
    const sealed = sealedLogin();
    const { encryptedValue } = await sealed.seal();

    const command = await sealed.rescue(before);

    expect(command).toContain(encryptedValue);
    expect(command).toContain("2026-11-22T10:00:00Z");
    expect(keys).toEqual(["1"]);
  });

  test("does not exist where nothing can be sealed", async () => {
    refusals.set("1", new GitHubError("This is no key.", { status: null }));

    expect(await sealedLogin().rescue(before)).toBeNull();
  });

  test("is not left out because of a fault of ours", async () => {
    refusals.set("1", FAULT);

    await expect(sealedLogin().rescue(before)).rejects.toBe(FAULT);
  });
});
