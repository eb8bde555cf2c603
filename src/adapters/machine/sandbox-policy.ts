import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { MachinePolicy } from "../../ports/machine.ts";

/** Ubuntu's switch, as on GitHub's Ubuntu images (docs/facts.md §1). */
const APPARMOR_SWITCH = "kernel.apparmor_restrict_unprivileged_userns";

/**
 * What only root may set, through `sudo` without a password.
 *
 * @param environment for `sudo`: scrubbed
 */
export function sudoMachinePolicy(
  environment: Readonly<Record<string, string>>,
  hosted: boolean,
): MachinePolicy {
  const asRoot = (args: readonly string[], input = ""): Promise<boolean> => {
    const [file = "", ...rest] = process.getuid?.() === 0 ? args : ["sudo", "-n", ...args];
    return new Promise((resolve) => {
      const child = spawn(file, rest, { stdio: ["pipe", "ignore", "ignore"], env: { ...environment } });
      child.once("error", () => resolve(false));
      child.once("close", (exitCode) => resolve(exitCode === 0));
      child.stdin.on("error", () => {}); // it may have ended before it read anything
      child.stdin.end(input);
    });
  };
  return {
    allowUserNamespaces: async () => {
      if (!hosted) return;
      const path = `/proc/sys/${APPARMOR_SWITCH.replaceAll(".", "/")}`;
      const restricted = (await readFile(path, "utf8").catch(() => "0")).trim() !== "0";
      if (restricted) await asRoot(["sysctl", "-w", `${APPARMOR_SWITCH}=0`]);
    },
    writeRequirements: async (path, content) => {
      if (process.platform !== "linux") return "impossible";
      // An earlier step of this job has written the very same, or one that was killed has left it.
      if (existsSync(path))
        return (await readFile(path, "utf8").catch(() => null)) === content ? "written" : "exists";
      const written =
        (await asRoot(["mkdir", "-p", dirname(path)])) &&
        (await asRoot(["sh", "-c", 'set -C; cat > "$1" && chmod 644 "$1"', "sh", path], content));
      return written ? "written" : "impossible";
    },
    removeRequirements: async (path, guarded) => {
      const content = await readFile(path, "utf8").catch(() => "");
      if (content.startsWith("# Written by codex-auth-roundtrip") && content.includes(guarded))
        await asRoot(["rm", "-f", path]);
    },
  };
}
