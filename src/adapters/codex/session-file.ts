import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

const TAIL_BYTES = 512 * 1024;

/** As `CodexProgram.sessionTail`: `$CODEX_HOME/sessions/2026/11/26/rollout-TIME-THREAD.jsonl` (measured with 0.169.0). */
export async function sessionTail(home: string, threadId: string): Promise<string | null> {
  if (!/^[0-9a-f-]{8,64}$/i.test(threadId)) return null;
  try {
    const sessions = join(home, "sessions");
    const names = await readdir(sessions, { recursive: true });
    const name = names.find((candidate) => candidate.endsWith(`-${threadId}.jsonl`));
    return name === undefined ? null : await readTail(join(sessions, name));
  } catch {
    return null;
  }
}

/** The model may have put something else there, where it has no sandbox: a FIFO must not hold us. */
async function readTail(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return null;
    const length = Math.min(stat.size, TAIL_BYTES);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, stat.size - length);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}
