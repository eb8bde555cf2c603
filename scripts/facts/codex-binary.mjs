import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * @param {string} asked a version (`0.148.0`), a tag of npm (`latest`), or the path of a native binary
 * @returns {{ path: string, remove: () => void }} the native binary, and what removes it if it was fetched
 * @throws what is wrong with the value, as a sentence
 */
export function codexBinary(asked) {
  if (/^(\d+\.\d+\.\d+\S*|[a-z]+)$/.test(asked) && !existsSync(asked)) return fetched(versionOf(asked));
  const path = resolve(asked);
  if (!existsSync(path)) throw new Error(`There is no ${path}.`);
  if (path.endsWith(".js"))
    throw new Error(
      `${path} is npm's launcher. The native binary lies beside it: …/vendor/<triple>/bin/codex`,
    );
  return { path, remove: () => {} };
}

/** What npm's registry calls by this name today. */
function versionOf(asked) {
  const version = npm(["view", `@openai/codex@${asked}`, "version"]).trim();
  if (!/^\d+\.\d+\.\d+\S*$/.test(version)) throw new Error(`npm has no @openai/codex@${asked}.`);
  return version;
}

/** The package of this platform, unpacked in a directory of its own: nothing of it is installed or run by npm. */
function fetched(version) {
  const directory = mkdtempSync(join(existsSync("/var/tmp") ? "/var/tmp" : tmpdir(), "codex-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    npm([
      "pack",
      "--silent",
      "--pack-destination",
      directory,
      `@openai/codex@${version}-${process.platform}-${process.arch}`,
    ]);
    execFileSync("tar", ["-xzf", join(directory, readdirSync(directory)[0]), "-C", directory]);
    const vendor = join(directory, "package", "vendor");
    const path = join(vendor, readdirSync(vendor)[0], "bin", "codex");
    if (!existsSync(path)) throw new Error(`@openai/codex@${version} has no ${path}.`);
    return { path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function npm(words) {
  try {
    return execFileSync("npm", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch {
    throw new Error(`npm ${words.join(" ")} failed: is there such a version, and is the registry reachable?`);
  }
}
