// Packs the command line for npm: `npx codex-auth-roundtrip`. dist/ is bundled, so the package needs no other.
// npm run pack -- DIRECTORY
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const destination = resolve(process.argv[2] ?? ".");
const { name, version, license, author, type, bin, engines, repository, keywords } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);
const description = "Seeds and checks a ChatGPT login of the Codex CLI for GitHub Actions and for servers.";
const manifest = { name, version, description, license, author, type, bin, engines, repository, keywords };
// The action's phases are in dist/, too; they run on GitHub's runners only.
const FILES = ["dist/cli.js", "dist/command-line.js", "README.md", "LICENSE", "CHANGELOG.md"];

const directory = mkdtempSync(join(tmpdir(), "pack-"));
try {
  for (const file of FILES) {
    mkdirSync(join(directory, file, ".."), { recursive: true });
    cpSync(join(root, file), join(directory, file));
  }
  writeFileSync(join(directory, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  mkdirSync(destination, { recursive: true });
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", destination], {
      cwd: directory,
      encoding: "utf8",
    }),
  );
  console.log(`${join(destination, packed.filename)}: ${packed.entryCount} files, ${packed.size} bytes`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
