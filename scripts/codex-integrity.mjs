// Writes src/core/codex/integrity.ts: by what the tested Codex is known on a machine.
//   node scripts/codex-integrity.mjs          fetch the published packages of all platforms, and write it (1 GB)
//   node scripts/codex-integrity.mjs --check  is it that of package-lock.json, and of the Codex in node_modules?
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";

const MODULE = "src/core/codex/integrity.ts";
const PLATFORMS = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-arm64", "win32-x64"];

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const { version } = packages["node_modules/@openai/codex"];
const lockedAs = (platform) => packages[`node_modules/@openai/codex-${platform}`].integrity;

if (process.argv.includes("--check")) check();
else {
  writeFileSync(MODULE, render(PLATFORMS.map((platform) => [platform, fetchDigest(platform)])));
  execFileSync("npx", ["biome", "check", "--write", MODULE], { stdio: "inherit" });
}

function check() {
  const text = readFileSync(MODULE, "utf8");
  const stale = PLATFORMS.filter((platform) => !text.includes(lockedAs(platform)));
  const installed = `${process.platform}-${process.arch}`;
  const directory = join("node_modules", "@openai", `codex-${installed}`);
  if (existsSync(directory) && !text.includes(digestOf(directory))) stale.push(`the files of ${installed}`);
  if (!text.includes(`"${version}"`)) stale.push(`version ${version}`);
  if (stale.length === 0) return;
  console.error(
    `${MODULE} is stale (${stale.join(", ")}): run \`node scripts/codex-integrity.mjs\` and commit it.`,
  );
  process.exitCode = 1;
}

function fetchDigest(platform) {
  const directory = mkdtempSync(join(tmpdir(), "codex-integrity-"));
  try {
    const flags = ["--silent", "--pack-destination", directory];
    execFileSync("npm", ["pack", ...flags, `@openai/codex@${version}-${platform}`]);
    const archive = join(directory, readdirSync(directory)[0]);
    const integrity = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (integrity !== lockedAs(platform)) throw new Error(`${platform} is not what package-lock.json names.`);
    execFileSync("tar", ["-xzf", archive, "-C", directory]);
    return digestOf(join(directory, "package"));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** As src/adapters/codex/package-files.ts does it. */
function digestOf(packageDirectory) {
  const vendor = join(packageDirectory, "vendor");
  const directory = join(vendor, readdirSync(vendor)[0]);
  const lines = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((path) => !path.startsWith("codex-resources/voice/"))
    .sort()
    .map((path) => {
      const hash = createHash("sha256")
        .update(readFileSync(join(directory, path)))
        .digest("hex");
      return `${path}\0${hash}\n`;
    });
  return createHash("sha256").update(lines.join("")).digest("hex");
}

function render(digests) {
  return `// Written by scripts/codex-integrity.mjs.

/** The version that this release was tested with; installed where a machine has none of its own. */
export const TESTED_CODEX_VERSION = "${version}";

/** Of that version, by platform: npm's integrity of the package, and the digest of its programs (adapters/codex/package-files.ts). */
export const CODEX_FILES: Readonly<Record<string, { readonly package: string; readonly files: string }>> = {
${digests.map(([platform, files]) => `"${platform}": { package: "${lockedAs(platform)}", files: "${files}" },`).join("\n")}
};
`;
}
