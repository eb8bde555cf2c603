import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Ledger } from "../../src/core/claim/ledger.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { ledgerPath } from "../../src/login/home-layout.ts";
import { type LedgerFile, ledgerFile } from "../../src/login/ledger-file.ts";
import type { Files } from "../../src/ports/files.ts";
import type { EnvelopeCipher } from "../../src/ports/handoff.ts";
import { MemoryFiles } from "../action/ports/files.ts";
import { generation } from "../core/login/documents.ts";

const LEDGER: Ledger = {
  login: generation(1),
  predecessor: generation(0),
  before: new Date("2026-11-22T10:00:00Z"),
  claim: null,
  stored: false,
  writes: [],
};

/** Envelopes that say for whom and for what they are, and are opened by nobody else and for nothing else. */
const cipher: EnvelopeCipher = {
  seal: async (holder, label, text) =>
    Buffer.from([holder.generation, label, Buffer.from(text).toString("base64")].join("\n")),
  open: async (holder, label, envelope) => {
    const [generation, purpose, text = ""] = Buffer.from(envelope).toString().split("\n");
    if (generation !== holder.generation || purpose !== label) return null;
    return Buffer.from(text, "base64").toString();
  },
};

let memory: Files;
beforeEach(() => {
  memory = new MemoryFiles();
});

function of(holder: AuthJson, files: Files = memory): LedgerFile {
  return ledgerFile(files, cipher, { base: "/temp/base", holder });
}

describe("a job's ledger on disk", () => {
  test("is read by a later step that was handed the same document", async () => {
    await of(generation(0)).save(LEDGER);

    const read = await of(generation(0)).load();

    expect(read).toMatchObject({ before: LEDGER.before, stored: false });
    expect(read?.login.isSameGeneration(generation(1))).toBe(true);
    expect(read?.predecessor?.isSameGeneration(generation(0))).toBe(true);
  });

  test("is none before a step has written one", async () => {
    expect(await of(generation(0)).load()).toBeNull();
  });

  test("is none to the holder of another document", async () => {
    await of(generation(0)).save(LEDGER);

    expect(await of(generation(2)).load()).toBeNull();
  });

  test("is what was saved last", async () => {
    const file = of(generation(0));
    await file.save(LEDGER);

    await file.save({ ...LEDGER, stored: true });

    expect(await file.load()).toMatchObject({ stored: true });
  });

  test.each([
    ["a handoff's note", "note" as const, "{}"],
    ["something else", "ledger" as const, "CANARY"],
    ["nothing", "ledger" as const, ""],
  ])("is none where %s stands in its place", async (_what, label, text) => {
    await memory.write(ledgerPath("/temp/base"), await cipher.seal(generation(0), label, text), 0o600);

    expect(await of(generation(0)).load()).toBeNull();
  });

  test("lies sealed in the job's private directory, readable by its owner alone", async () => {
    const modes = new Map<string, number>();
    const files: Files = new MemoryFiles();
    const write = files.write.bind(files);
    files.write = async (path, content, mode) => {
      modes.set(path, mode);
      await write(path, content, mode);
    };

    await of(generation(0), files).save(LEDGER);

    expect([...modes]).toEqual([["/temp/base/ledger", 0o600]]);
    expect(await files.read("/temp/base/ledger")).not.toContain("CANARY");
  });
});
