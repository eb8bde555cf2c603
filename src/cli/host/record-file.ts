import {
  type HostRecord,
  hostRecordPath,
  parseHostRecord,
  writeHostRecordText,
} from "../../core/host/record.ts";
import type { HostDisk, Owner } from "../../ports/cli.ts";

/** @returns `null` for none, or one that is not ours */
export async function readHostRecord(
  disk: HostDisk,
  home: string,
  owner: Owner | null,
): Promise<HostRecord | null> {
  return parseHostRecord(await disk.read(hostRecordPath(home), owner));
}

export async function writeHostRecord(
  disk: HostDisk,
  home: string,
  { record, owner }: { record: HostRecord; owner: Owner | null },
): Promise<void> {
  await disk.write(hostRecordPath(home), writeHostRecordText(record), owner);
}
