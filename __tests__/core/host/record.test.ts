import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  type HostRecord,
  hostLockPath,
  hostRecordPath,
  parseHostRecord,
  writeHostRecordText,
} from "../../../src/core/host/record.ts";

const PROOF = { at: "2026-11-22T09:48:00.000Z", by: "app-server", login: "3f9c0001" } as const;
const DEAD = { at: "2026-11-22T09:48:00.000Z", code: "refresh-token-reused", login: "3f9c0001" };

/** The record without one of its fields, or with it of another kind. */
function damaged(record: Record<string, unknown>, field: string): unknown[] {
  const { [field]: _, ...without } = record;
  return [without, { ...record, [field]: 5 }, { ...record, [field]: null }];
}

describe("a host's record", () => {
  test.each<HostRecord>([
    { lastProof: null, dead: null },
    { lastProof: PROOF, dead: null },
    { lastProof: { ...PROOF, by: "exec" }, dead: DEAD },
  ])("is read as it was written: %j", (record) => {
    expect(parseHostRecord(writeHostRecordText(record))).toEqual(record);
  });

  test("is a file that people can read, and ends with its line", () => {
    expect(writeHostRecordText({ lastProof: null, dead: DEAD })).toMatch(
      /^\{\n {2}"lastProof": null,\n[\s\S]*\}\n$/,
    );
  });

  test.each([null, "", "{", "null", "no JSON"])("is none where %j stands", (text) => {
    expect(parseHostRecord(text)).toBeNull();
  });

  test.each(["{}", "[]", '{"lastProof":{},"dead":{}}', '{"lastProof":7,"dead":"x"}'])(
    "that says %s tells nothing, and is ours all the same",
    (text) => {
      expect(parseHostRecord(text)).toEqual({ lastProof: null, dead: null });
    },
  );

  test.each(["at", "by", "login"])("has no proof whose %s is missing or of another kind", (field) => {
    const read = damaged(PROOF, field).map((lastProof) =>
      parseHostRecord(JSON.stringify({ lastProof, dead: DEAD })),
    );

    expect(read).toEqual(read.map(() => ({ lastProof: null, dead: DEAD })));
  });

  test("has no proof by something that we do not know", () => {
    const text = JSON.stringify({ lastProof: { ...PROOF, by: "hearsay" }, dead: null });

    expect(parseHostRecord(text)?.lastProof).toBeNull();
  });

  test.each(["at", "code", "login"])("calls nothing dead whose %s is missing or of another kind", (field) => {
    const read = damaged(DEAD, field).map((dead) =>
      parseHostRecord(JSON.stringify({ lastProof: PROOF, dead })),
    );

    expect(read).toEqual(read.map(() => ({ lastProof: PROOF, dead: null })));
  });

  test("lies beside the login, under a name of ours, and so does the lock", () => {
    const home = join("/opt", "svc", ".codex");

    expect(hostRecordPath(home)).toBe(join(home, ".codex-auth-roundtrip-host.json"));
    expect(hostLockPath(home)).toBe(join(home, ".codex-auth-roundtrip-host.lock"));
  });
});
