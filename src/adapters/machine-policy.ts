import { access, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { getExecOutput } from "@actions/exec";
import type { MachinePolicy } from "../ports.ts";

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
  const asRoot = async (args: readonly string[], input = ""): Promise<boolean> => {
    const command = process.getuid?.() === 0 ? [...args] : ["sudo", "-n", ...args];
    const [file = "", ...rest] = command;
    const options = {
      silent: true,
      ignoreReturnCode: true,
      input: Buffer.from(input),
      env: { ...environment },
    };
    return getExecOutput(file, rest, options).then(
      ({ exitCode }) => exitCode === 0,
      () => false,
    );
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
      const exists = await access(path).then(
        () => true,
        () => false,
      );
      if (exists) return "exists";
      const written =
        (await asRoot(["mkdir", "-p", dirname(path)])) &&
        (await asRoot(["sh", "-c", 'set -C; cat > "$1" && chmod 644 "$1"', "sh", path], content));
      return written ? "written" : "impossible";
    },
    removeRequirements: async (path) => {
      await asRoot(["rm", "-f", path]);
    },
  };
}
