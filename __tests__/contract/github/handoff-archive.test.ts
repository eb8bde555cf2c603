import { access, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import zlib from "node:zlib";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { MAXIMUM_ARCHIVE_BYTES, MEMBER, readMember } from "../../../src/adapters/github/handoff-archive.ts";
import { MAXIMUM_ENVELOPE_BYTES } from "../../../src/core/handoff/envelope.ts";

const BLOCK = 512;
const envelope = Buffer.from("codex-auth-roundtrip envelope v1 note\nwhatever");

interface Member {
  readonly name?: string;
  readonly content?: Buffer | string;
  /** What the header says, when it is not the truth. */
  readonly size?: number;
  /** `0` file, `1` link, `2` symbolic link, `5` directory, `L` long name, `x` extended header. */
  readonly type?: string;
  readonly link?: string;
}

/** A tar archive by hand: no library of ours would make most of these. */
function tar(...members: Member[]): Buffer {
  return Buffer.concat([...members.map(block), Buffer.alloc(2 * BLOCK)]);
}

function block({ name = MEMBER, content = envelope, size, type = "0", link = "" }: Member): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write("0000644\0" + "0000000\0" + "0000000\0", 100);
  header.write(`${(size ?? bytes.length).toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

const gzip = (bytes: Buffer): Buffer => zlib.gzipSync(bytes);
const readsZstd = typeof zlib.zstdCompressSync === "function";

let root: string;
let before: string;
beforeAll(() => {
  before = process.cwd();
});
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "archive-")));
  process.chdir(root);
});
afterEach(async () => {
  process.chdir(before);
  await rm(root, { recursive: true, force: true });
});

/** Reads it in an empty directory, and sees that the directory stays so. */
async function read(archive: Uint8Array): Promise<string | null> {
  const member = await readMember(archive);
  expect(await readdir(root, { recursive: true })).toEqual([]);
  return member && Buffer.from(member).toString("utf8");
}

describe("an archive of ours", () => {
  test("gives its one member, packed with gzip", async () => {
    expect(await read(gzip(tar({})))).toBe(envelope.toString());
  });

  (readsZstd ? test : test.skip)("gives its one member, packed with zstd", async () => {
    expect(await read(zlib.zstdCompressSync(tar({})))).toBe(envelope.toString());
  });

  (readsZstd ? test.skip : test)("packed with zstd is not known where Node cannot read it", async () => {
    await expect(readMember(Buffer.from("28b52ffd00", "hex"))).rejects.toThrow("zstd");
  });

  test("gives it as tar names it with a dot", async () => {
    expect(await read(gzip(tar({ name: `./${MEMBER}` })))).toBe(envelope.toString());
  });

  test("gives one as large as an envelope may be", async () => {
    const content = Buffer.alloc(MAXIMUM_ENVELOPE_BYTES, "x");

    expect(await read(gzip(tar({ content })))).toBe(content.toString());
  });
});

describe("nothing is taken from", () => {
  test.each<[string, () => Buffer]>([
    ["nothing", () => Buffer.alloc(0)],
    ["a word", () => Buffer.from("CANARY")],
    ["a page of HTML", () => Buffer.from("<html></html>")],
    ["an archive that is not packed", () => tar({})],
    ["a packed word", () => gzip(Buffer.from("CANARY"))],
    ["packed noise", () => gzip(Buffer.alloc(4 * BLOCK, "noise"))],
    ["an empty archive", () => gzip(tar())],
    ["half an archive", () => gzip(tar({})).subarray(0, 60)],
    ["gzip without its checksum", () => gzip(tar({})).subarray(0, -8)],
    [
      "an archive that ends within its member",
      () => gzip(tar({ content: Buffer.alloc(2000, "x") }).subarray(0, 1500)),
    ],
    ["a header that announces more than there is", () => gzip(tar({ size: 60_000 }).subarray(0, 2 * BLOCK))],
    [
      "a header with a wrong sum",
      () => {
        const bytes = tar({});
        bytes.write("X", 10);
        return gzip(bytes);
      },
    ],
    ["a member of another name", () => gzip(tar({ name: "auth.json" }))],
    ["a name that only begins so", () => gzip(tar({ name: `${MEMBER}2` }))],
    ["a member below a directory", () => gzip(tar({ name: `x/${MEMBER}` }))],
    ["an absolute path", () => gzip(tar({ name: `${root}/${MEMBER}` }))],
    ["a path that climbs", () => gzip(tar({ name: `../${MEMBER}` }))],
    ["a path that climbs from here", () => gzip(tar({ name: `./../${MEMBER}` }))],
    ["a symbolic link of our name", () => gzip(tar({ type: "2", link: "/etc/passwd", content: "" }))],
    ["a hard link of our name", () => gzip(tar({ type: "1", link: "/etc/passwd", content: "" }))],
    ["a directory of our name", () => gzip(tar({ type: "5", content: "" }))],
    ["a device of our name", () => gzip(tar({ type: "3", content: "" }))],
    [
      "a member larger than an envelope",
      () => gzip(tar({ content: Buffer.alloc(MAXIMUM_ENVELOPE_BYTES + 1) })),
    ],
    [
      "a name that an extended header makes another",
      () => {
        const record = "path=../evil\n";
        return gzip(tar({ type: "x", name: "pax", content: `${record.length + 3} ${record}` }, {}));
      },
    ],
    [
      "a long name that climbs",
      () => gzip(tar({ type: "L", name: "././@LongLink", content: `../../${MEMBER}\0` }, {})),
    ],
    ["a gzip bomb", () => gzip(Buffer.alloc(64 * 1024 * 1024))],
    ["our member in a gzip bomb", () => gzip(Buffer.concat([tar({}), Buffer.alloc(64 * 1024 * 1024)]))],
    [
      "one byte more than an archive may have",
      () => gzip(Buffer.concat([tar({}), Buffer.alloc(MAXIMUM_ARCHIVE_BYTES)])),
    ],
  ])("%s", async (_what, archive) => {
    expect(await read(archive())).toBeNull();
  });

  test.each<[string, () => Buffer]>(
    [
      ["a zstd bomb", () => zlib.zstdCompressSync(Buffer.alloc(64 * 1024 * 1024))],
      [
        "our member in a zstd bomb",
        () => zlib.zstdCompressSync(Buffer.concat([tar({}), Buffer.alloc(64 * 1024 * 1024)])),
      ],
      ["half a zstd frame", () => zlib.zstdCompressSync(tar({})).subarray(0, 60)],
      ["zstd's first four bytes", () => Buffer.from("28b52ffd", "hex")],
    ].map(([what, archive]) => [what, archive] as [string, () => Buffer]),
  )("%s", async (_what, archive) => {
    if (!readsZstd) return;
    expect(await read(archive())).toBeNull();
  });
});

describe("of several members", () => {
  test("ours is taken, and the others are written nowhere", async () => {
    const planted = join(tmpdir(), `planted-${process.pid}`);
    const archive = gzip(
      tar(
        { name: planted, content: "CANARY" },
        { name: "../planted", content: "CANARY" },
        { name: "link", type: "2", link: "/etc", content: "" },
        { name: "link/planted", content: "CANARY" },
        {},
        { name: "after", content: "CANARY" },
      ),
    );

    expect(await read(archive)).toBe(envelope.toString());
    await expect(access(planted)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(access(join(root, "..", "planted"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("the first of two of our name is taken", async () => {
    expect(await read(gzip(tar({ content: "first" }, { content: "second" })))).toBe("first");
  });
});
