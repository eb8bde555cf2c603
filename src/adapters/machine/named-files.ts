import {
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import type { NamedFiles, NamedPlace, Refusal } from "../../ports/files.ts";
import { codeOf, orNull, replaceFile, withOpen } from "./file-operations.ts";

/** Windows knows none of these flags. */
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECTORY = 0 } = constants;
const PROC = "/proc/self/fd";

/** On Linux the kernel tells which file a descriptor is, whatever has happened to the path since. */
export const namedFiles = namedFilesBy(
  process.platform === "linux" && existsSync(PROC) ? "descriptor" : "path",
);

/**
 * The machine's disk. A file is opened first and judged by its descriptor: its true path must be the one that was named.
 * By path, the path is resolved after the opening, and must lead to the same file; who swaps links fast enough may still
 * deceive that.
 */
export function namedFilesBy(means: "descriptor" | "path"): NamedFiles {
  const truePathOf = means === "descriptor" ? pathOfDescriptor : pathOfName;
  return {
    read: async (path, { limitBytes, ...place }) =>
      orRefusal(() => {
        demandKind(lstatSync(path), "file");
        // A FIFO that was put there just now does not hold us up, and a link is not followed.
        return withOpen(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, (file) => {
          const entry = fstatSync(file);
          demandKind(entry, "file");
          // What the kernel says of a process is no file, whatever it looks like: `/proc/self/environ`.
          if (entry.dev === orNull(() => statSync("/proc/self").dev)) throw new Refused("not-a-file");
          demandPlace(truePathOf(file, path), expectedPath(path, place.root), place);
          if (entry.size > limitBytes) throw new Refused("too-large");
          return { kind: "read", bytes: readAll(file, limitBytes) } as const;
        });
      }),
    write: async (path, content, place) =>
      orRefusal(() => {
        const directory = dirname(path);
        const expected = dirname(expectedPath(path, place.root));
        if (means === "path") {
          demandPlace(realpathSync.native(directory), expected, place);
          replace(join(expected, basename(path)), content);
          return { kind: "written" } as const;
        }
        return withOpen(directory, O_RDONLY | O_DIRECTORY, (opened) => {
          demandPlace(truePathOf(opened, directory), expected, place);
          // By way of the descriptor: the directory that was judged, whatever bears its name now.
          replace(join(PROC, String(opened), basename(path)), content);
          return { kind: "written" } as const;
        });
      }),
    directory: async (path, place) =>
      orRefusal(() => {
        demandKind(statSync(path), "directory");
        const real = realpathSync.native(path);
        demandPlace(real, expectedPath(path, place.root), place);
        return { kind: "directory", real } as const;
      }),
    linkTo: async (directory, names, target) =>
      names.find((name) => {
        const real = orNull(() => realpathSync.native(join(directory, name)));
        return real !== null && isWithin(real, [target]);
      }) ?? null,
    hasOtherNames: async (path) => hasOtherNames(orNull(() => realpathSync.native(path)) ?? path),
  };
}

class Refused extends Error {
  readonly kind: Refusal["kind"];

  constructor(kind: Refusal["kind"]) {
    super(kind);
    this.kind = kind;
  }
}

function orRefusal<Result>(act: () => Result): Result | Refusal {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refused) return { kind: error.kind };
    switch (codeOf(error)) {
      case "ELOOP":
        return { kind: "link" };
      case "ENOENT":
      case "ENOTDIR":
        return { kind: "missing" };
      default:
        return { kind: "unusable" };
    }
  }
}

/**
 * Where a path must really lie. Below the workspace nothing on the way may be a link. Elsewhere its directory was chosen
 * by whoever wrote the workflow, and only the file itself may be none.
 */
function expectedPath(path: string, root: string): string {
  const realRoot = realpathSync.native(root);
  for (const known of [root, realRoot]) {
    const inside = relative(known, path);
    if (inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside))
      return join(realRoot, inside);
  }
  return join(realpathSync.native(dirname(path)), basename(path));
}

function demandKind(
  entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean },
  kind: "file" | "directory",
): void {
  if (entry.isSymbolicLink()) throw new Refused("link");
  if (!(kind === "file" ? entry.isFile() : entry.isDirectory())) throw new Refused("not-a-file");
}

function demandPlace(real: string, expected: string, { kept }: NamedPlace): void {
  if (!isSamePath(real, expected)) throw new Refused("link");
  if (isWithin(real, kept)) throw new Refused("kept");
}

function isSamePath(one: string, other: string): boolean {
  if (one === other) return true;
  // There a name may be spelt otherwise than it is stored.
  const folds = process.platform === "win32" || process.platform === "darwin";
  const fold = (path: string): string => path.normalize("NFC").toLowerCase();
  return folds && fold(one) === fold(other);
}

/** By identity: a path can be spelt in many ways. */
function isWithin(real: string, kept: readonly string[]): boolean {
  const ids = kept.map(identityOf).filter((id) => id !== null);
  for (let path = real; ; path = dirname(path)) {
    const id = identityOf(path);
    if (id !== null && ids.includes(id)) return true;
    if (path === dirname(path)) return false;
  }
}

function identityOf(path: string): string | null {
  const entry = orNull(() => statSync(path, { bigint: true }));
  return entry && `${entry.dev} ${entry.ino}`;
}

function pathOfDescriptor(file: number): string {
  return readlinkSync(join(PROC, String(file)));
}

function pathOfName(file: number, path: string): string {
  const real = realpathSync.native(path);
  const [opened, named] = [fstatSync(file, { bigint: true }), statSync(real, { bigint: true })];
  if (opened.dev !== named.dev || opened.ino !== named.ino) throw new Refused("link");
  return real;
}

/** Of a file that may grow while it is read. */
function readAll(file: number, limitBytes: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(65_536);
    const count = readSync(file, chunk, 0, chunk.length, null);
    if (count === 0) return Buffer.concat(chunks);
    total += count;
    if (total > limitBytes) throw new Refused("too-large");
    chunks.push(chunk.subarray(0, count));
  }
}

/** Atomic; a name that is a link by now is replaced, not followed. */
function replace(path: string, content: string): void {
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before) demandKind(before, "file");
  replaceFile(path, content, { mode: 0o644 });
}

function hasOtherNames(path: string): boolean {
  const entry = orNull(() => lstatSync(path));
  if (entry?.isFile()) return entry.nlink > 1;
  if (!entry?.isDirectory()) return false;
  return (orNull(() => readdirSync(path)) ?? []).some((name) => hasOtherNames(join(path, name)));
}
