import type { Files } from "../ports.ts";
import { authPath, handedPath, ledgerPath } from "./home.ts";
import type { Inputs } from "./inputs.ts";
import type { Report } from "./report.ts";
import type { OpenCriticalSection, Session } from "./session.ts";

/** What a main has left behind, as far as it tells whether post has anything to finish. */
export interface LeftOver {
  readonly session: Session;
  readonly inputs: Pick<Inputs, "role" | "refreshToken" | "secret">;
  readonly files: Files;
  readonly section: OpenCriticalSection | null;
  readonly report: Report | null;
}

/** A quiet job's files are just as they were written: then nothing is loaded, nothing read, and nobody asked. */
export async function hasLeftAnything(left: LeftOver): Promise<boolean> {
  return isPending(left) || (await hasLedger(left)) || (await mayHaveChangedHome(left));
}

export function isPending({ section, report }: LeftOver): boolean {
  return section !== null || (report?.rotated === true && !report.published);
}

export async function hasLedger({ session, files }: LeftOver): Promise<boolean> {
  return (await files.stamp(ledgerPath(session.base))) !== null;
}

/** Whether Codex, or a login in the job, may have left another document in the home. */
export async function mayHaveChangedHome(left: LeftOver): Promise<boolean> {
  const { session, inputs, files, report } = left;
  if (inputs.role === "borrower" || report === null) return false;
  if (await hasWholeLogin(left)) return true;
  return session.ownsHome && (await files.stamp(authPath(session.home))) !== session.written;
}

/** Whether Codex may have rotated in the home itself: the inputs say so, or, where there are none, what main left. */
export async function hasWholeLogin({ session, inputs, files }: LeftOver): Promise<boolean> {
  if (inputs.refreshToken === "present") return true;
  return inputs.secret === null && (await files.stamp(handedPath(session.base))) !== null;
}
