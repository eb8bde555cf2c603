import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The address of the remote `origin` of the checkout that holds a directory. @returns `null` where there is none, or no git */
export async function gitOrigin(directory: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["remote", "get-url", "origin"], { cwd: directory });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}
