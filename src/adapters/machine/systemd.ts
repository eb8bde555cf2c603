import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { Failure } from "../../core/failure/failure.ts";
import type { Systemd } from "../../ports/cli.ts";
import { codeOf } from "./file-operations.ts";
import { diskFiles } from "./files.ts";
import { refuseSharedPlace } from "./host-disk.ts";

const run = promisify(execFile);
const TIMEOUT_MS = 30_000;

export const hostSystemd: Systemd = {
  // As sd_booted(3) finds out.
  isRunning: async () => existsSync("/run/systemd/system/"),
  objectToCalendar: async (calendar) => {
    try {
      await run("systemd-analyze", ["calendar", "--", calendar], { timeout: TIMEOUT_MS });
      return null;
    } catch (error) {
      return codeOf(error) === "ENOENT" ? null : firstLineOf(error);
    }
  },
  writeUnit: async (path, text) => {
    refuseSharedPlace(dirname(path), null);
    await diskFiles.write(path, text, 0o644);
  },
  enable: async (timer) => {
    for (const args of [["daemon-reload"], ["enable", "--now", timer]]) {
      try {
        await run("systemctl", args, { timeout: TIMEOUT_MS });
      } catch (error) {
        throw new Failure(
          "timer-failed",
          `\`systemctl ${args.join(" ")}\` failed: ${firstLineOf(error)}`,
          "The units are written; enable the timer by hand.",
          { cause: error },
        );
      }
    }
  },
};

function firstLineOf(error: unknown): string {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return stderr.split("\n")[0] || "it gave no reason.";
}
