import { basename, dirname } from "node:path";
import { isClaimName } from "../core/claim/claim.ts";
import type { OwnClaim } from "../core/claim/ledger.ts";
import {
  type Checked,
  fields,
  isNumber,
  isText,
  orNull,
  parseChecked,
  textThat,
} from "../core/phase-state/shape.ts";
import type { StepChannel } from "../ports/runner.ts";
import { loginDirectory } from "./home-layout.ts";

const SECTION = fields({
  /** The private home; `null` before there is one: then nothing can have been sent. */
  directory: orNull(isText),
  process: orNull(fields({ pid: isNumber, startedAt: orNull(isText) })),
  /** By which GitHub tells that this job may store what it rotates, or what a person has logged in. */
  claim: fields({ name: textThat(isClaimName), holder: isText }),
});

/** A critical section that has begun and not ended: what post needs to finish it. */
export type OpenCriticalSection = Checked<typeof SECTION>;

export function saveCriticalSection(channel: StepChannel, section: OpenCriticalSection | null): void {
  channel.saveState("critical-section", section ? JSON.stringify(section) : "");
}

/** @param left a claim under which nothing happened, and which GitHub has not taken back: it is all that is left for post */
export function closeCriticalSection(
  channel: StepChannel,
  { left }: { readonly left: OwnClaim | null },
): void {
  saveCriticalSection(channel, left && { directory: null, process: null, claim: left });
}

/** @param base of the session, in which alone a critical section lies */
export function loadCriticalSection(
  channel: StepChannel,
  { base }: { readonly base: string },
): OpenCriticalSection | null {
  const section = parseChecked<OpenCriticalSection>(channel.state("critical-section"), SECTION);
  if (section === null || section.directory === null) return section;
  if (dirname(section.directory) !== loginDirectory(base)) return null;
  return /^critical-[0-9a-f]+$/.test(basename(section.directory)) ? section : null;
}

/** Whether main said that a critical section was open, in whatever form. */
export function hasOpenSection(channel: StepChannel): boolean {
  return channel.state("critical-section") !== "";
}
