import { Failure } from "../core/failure/failure.ts";
import { readWorkingCopy } from "../core/login/auth-json.ts";
import { lastWritten } from "../login/home.ts";
import { authPath, handedPath, ledgerPath } from "../login/home-layout.ts";
import type { OpenCriticalSection } from "../login/section-state.ts";
import type { Files } from "../ports/files.ts";
import type { Log } from "../ports/runner.ts";
import type { Inputs } from "./inputs.ts";
import type { Report } from "./job-report.ts";
import type { Session } from "./phase-state.ts";

/** What a main has left behind, as far as it tells whether post has anything to finish. */
export interface LeftOver {
  readonly session: Session;
  readonly inputs: Pick<Inputs, "secret">;
  readonly files: Files;
  readonly section: OpenCriticalSection | null;
  readonly report: Report | null;
}

/** Whether post has anything to finish. In a quiet job nothing is loaded, nothing read, and nobody asked. */
export async function hasLeftAnything(left: LeftOver): Promise<boolean> {
  return isPending(left) || (await hasLedger(left)) || (await mayHaveRotatedInHome(left));
}

export function isPending({ section, report }: LeftOver): boolean {
  return section !== null || (report?.rotated === true && !report.stored);
}

export async function hasLedger({ session, files }: LeftOver): Promise<boolean> {
  return (await files.stamp(ledgerPath(session.base))) !== null;
}

/**
 * Whether Codex may have rotated in the home itself: only where the whole login was put there. Otherwise nothing is ever
 * taken from the home, whatever it holds. A post without inputs goes by what main has left.
 */
export async function mayHaveRotatedInHome(left: LeftOver): Promise<boolean> {
  const { session, inputs, files, report } = left;
  if (session.refreshToken === "withheld") return false;
  // A main that was killed has reported nothing, and may have left the whole login, claimed for the job.
  if (report === null && !(await hasLedger(left))) return false;
  return inputs.secret !== null || (await files.stamp(handedPath(session.base))) !== null;
}

/** Whether the home holds a login that may refresh itself. */
export async function holdsRefreshToken(files: Files, { home }: Pick<Session, "home">): Promise<boolean> {
  const text = await files.read(authPath(home));
  return text !== null && readWorkingCopy(text)?.refreshToken.isEmpty === false;
}

/** With the refresh token withheld: whether somebody has put a login of his own into the home. */
export async function holdsForeignLogin({ session, files }: LeftOver): Promise<boolean> {
  if (!session.ownsHome || session.refreshToken === "present") return false;
  const stamp = await files.stamp(authPath(session.home));
  if (stamp === session.written || stamp === (await lastWritten(files, session))) return false;
  return holdsRefreshToken(files, session);
}

/** Whether another of our steps has put a newer login into the home since this one did. */
export async function wasRenewed(
  files: Files,
  session: Pick<Session, "home" | "base" | "written">,
): Promise<boolean> {
  const stamp = await files.stamp(authPath(session.home));
  return stamp !== null && stamp !== session.written && stamp === (await lastWritten(files, session));
}

export function tellUnstoredLogin(log: Log): void {
  log.warning(
    "The Codex home holds a login that this action did not put there. It is not stored: with `refresh-token: withheld` nothing is taken from the home. To store a login that you made, use `npx codex-auth-roundtrip seed`.",
  );
}

/** @throws {Failure} `input-invalid` where an earlier step of the job has put the whole login into the home */
export async function refuseMixedModes(files: Files, { base }: Pick<Session, "base">): Promise<void> {
  if ((await files.stamp(handedPath(base))) === null) return;
  throw new Failure(
    "input-invalid",
    "An earlier step of this job put the whole login into the home (`refresh-token: present`), and this one withholds it.",
    "Give all steps of a job that use one login the same `refresh-token`.",
  );
}
