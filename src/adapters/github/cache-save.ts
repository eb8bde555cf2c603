import type { Clock } from "../../ports/machine.ts";
import { MEMBER } from "./handoff-archive.ts";

const SAVE_TIMEOUT_MS = 15_000;

/** More than a megabyte, so only what saves loads it. */
export function importCacheClient(): Promise<typeof import("@actions/cache")> {
  return import("@actions/cache");
}

/**
 * `@actions/cache` packs what it finds relative to the working directory, under `GITHUB_WORKSPACE`.
 * It hardly ever throws: what was not saved is -1 (docs/facts.md §2, "Cache").
 */
export async function saveFrom(
  directory: string,
  key: string,
  clock: Clock,
): Promise<{ readonly isSaved: boolean; readonly complaint: string | null }> {
  const { saveCache } = await importCacheClient();
  const heard = hearOut();
  const before = { directory: process.cwd(), workspace: process.env.GITHUB_WORKSPACE };
  process.chdir(directory);
  process.env.GITHUB_WORKSPACE = directory;
  try {
    // For every system: a note from Windows must be found under Linux. After the timeout it is
    // left at work, and still prints.
    const saving = saveCache([MEMBER], key, undefined, true).finally(heard.release);
    const isSaved = await Promise.race([
      saving.then((id) => id !== -1),
      clock.sleep(SAVE_TIMEOUT_MS).then(() => false),
    ]);
    return { isSaved, complaint: heard.complaint() };
  } finally {
    process.chdir(before.directory);
    if (before.workspace === undefined) delete process.env.GITHUB_WORKSPACE;
    else process.env.GITHUB_WORKSPACE = before.workspace;
  }
}

/** As the library reports what went wrong. */
const COMPLAINT = /^(?:::(?:warning|error)::|Failed to save: |Attempt \d+ of \d+ failed with error: )(.+)/s;
const hearers = new Set<(text: string) => void>();
let letSpeak = (): void => {};

/**
 * Keeps what the library prints out of the log: it prints what the service says as it is, line ends and all, and the
 * runner would obey that.
 */
function hearOut(): { readonly complaint: () => string | null; readonly release: () => void } {
  let complaint: string | null = null;
  const hear = (text: string): void => {
    // An address may be signed.
    complaint ??= COMPLAINT.exec(text)?.[1]?.replace(/\?\S+/g, "?…") ?? null;
  };
  if (hearers.size === 0) letSpeak = hush([process.stdout, process.stderr]);
  hearers.add(hear);
  return {
    complaint: () => complaint,
    release: () => {
      hearers.delete(hear);
      if (hearers.size === 0) letSpeak();
    },
  };
}

function hush(streams: readonly NodeJS.WriteStream[]): () => void {
  const restores = streams.map((stream) => {
    const { write } = stream;
    stream.write = (chunk: Uint8Array | string) => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      for (const hear of hearers) hear(text);
      return true;
    };
    return () => {
      stream.write = write;
    };
  });
  return () => {
    for (const restore of restores) restore();
  };
}
