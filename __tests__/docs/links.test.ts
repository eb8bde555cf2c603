import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { anchorsOf, linksOf } from "./markdown.ts";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && !file.startsWith("node_modules"));

test("there are documents to check", () => {
  expect(files).toEqual(expect.arrayContaining(["README.md", "docs/design.md", "docs/troubleshooting.md"]));
});

test.each(files)("every link of %s leads somewhere", (file) => {
  const links = linksOf(readFileSync(file, "utf8")).filter((link) => !/^[a-z]+:/.test(link));

  const broken = links.filter((link) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    if (!existsSync(target)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(target, "utf8")).has(anchor);
  });
  expect(broken).toEqual([]);
});
