import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";

const ROOT = resolve(import.meta.dirname, "../..");
/** What the files of a folder may import, beside their own folder. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ["core"],
  login: ["core", "ports"],
  action: ["core", "ports", "login"],
  cli: ["core", "ports", "login"],
  adapters: ["core", "ports"],
  entry: ["core", "ports", "login", "action", "cli", "adapters"],
};

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
}

/** Paths from the root that a file imports, now or later, as values or as types. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/(?:from\s+|import\(\s*|import\s+)"(\.{1,2}\/[^"]+)"/g)].map(
    ([, specifier = ""]) => relative(ROOT, resolve(ROOT, dirname(file), specifier)),
  );
}

const graph = new Map(filesIn("src").map((file) => [file, importsOf(file)] as const));
const folderOf = (file: string): string => file.split("/")[1] ?? "";

/** A way from a file back to itself; `null` when there is none. */
function circleThrough(start: string): readonly string[] | null {
  const seen = new Set<string>();
  const walk = (file: string, way: readonly string[]): readonly string[] | null => {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found) return found;
    }
    return null;
  };
  return walk(start, [start]);
}

describe("The architecture", () => {
  test("has files, and imports that this test can read", () => {
    expect(graph.size).toBeGreaterThan(100);
    expect(graph.get("src/entry/pre.ts")).toContain("src/action/restore.ts");
    expect(graph.get("src/entry/post.ts")).toContain("src/entry/wire-online.ts");
  });

  test.each(Object.keys(MAY_IMPORT))("src/%s imports only what its place allows", (folder) => {
    const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
    const others = [...graph]
      .filter(([file]) => folderOf(file) === folder)
      .flatMap(([file, imports]) =>
        imports.filter((path) => !allowed.includes(folderOf(path))).map((path) => `${file} imports ${path}`),
      );
    expect(others).toEqual([]);
  });

  test("has no folder that is not listed here", () => {
    expect([...new Set([...graph.keys()].map(folderOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  test("has no circles", () => {
    const circles = [...graph.keys()].map(circleThrough).filter((circle) => circle !== null);
    expect(circles.map((circle) => circle.join(" → "))).toEqual([]);
  });

  test("has a lab that knows nothing of src/", () => {
    const own = filesIn("lab").flatMap((file) =>
      importsOf(file)
        .filter((path) => !path.startsWith("lab/"))
        .map((path) => `${file} imports ${path}`),
    );
    expect(own).toEqual([]);
  });
});
