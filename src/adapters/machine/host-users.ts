import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, renameSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import type { HostUsers } from "../../ports/cli.ts";
import { makeDirectories } from "./file-operations.ts";
import { refuseSharedPlace } from "./host-disk.ts";

/** A refresh takes 45 s at most, and `codex exec` five minutes. */
const TIMEOUT_MS = 10 * 60_000;
const MOST_OUTPUT = 1024 * 1024;

export const hostUsers: HostUsers = {
  become: (name, { uid, gid }) => {
    process.setgroups?.([gid]);
    process.setgid?.(gid);
    process.setuid?.(uid);
    process.env.HOME = userInfo().homedir;
    for (const variable of ["USER", "LOGNAME"]) process.env[variable] = name;
    // Root's own, which this user cannot write.
    for (const variable of ["TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"]) delete process.env[variable];
  },
  run: (owner, [program = "", ...args], environment) =>
    new Promise((resolve) => {
      const rights = process.getuid?.() === 0 ? owner : null;
      const options = { env: environment, timeout: TIMEOUT_MS, maxBuffer: MOST_OUTPUT, cwd: "/", ...rights };
      const child = execFile(program, args, options, (error, stdout, stderr) => {
        if (error === null) resolve({ exitCode: 0, output: `${stdout}${stderr}` });
        else if (typeof error.code === "number")
          resolve({ exitCode: error.code, output: `${stdout}${stderr}` });
        // What could not be started, or was ended.
        else resolve({ exitCode: null, output: stderr || error.message });
      });
      child.stdin?.end();
    }),
  installProgram: async (from, to) => {
    refuseSharedPlace(dirname(to), null);
    const temporary = `${to}.${process.pid}.tmp`;
    // Whatever the umask is: others run it.
    if (makeDirectories(dirname(to))) chmodSync(dirname(to), 0o755);
    try {
      copyFileSync(from, temporary);
      chmodSync(temporary, 0o755);
      renameSync(temporary, to);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  },
};
