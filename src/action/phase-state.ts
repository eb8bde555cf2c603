import { steers } from "../core/environment/steering.ts";
import { hostLockPath } from "../core/host/record.ts";
import {
  type Checked,
  fields,
  isNumber,
  isText,
  isTruth,
  oneOf,
  orNull,
  parseChecked,
  textThat,
} from "../core/phase-state/shape.ts";
import { readMark } from "../login/home.ts";
import { baseDirectory, homeDirectory, hostBaseDirectory } from "../login/home-layout.ts";
import type { Files } from "../ports/files.ts";
import type { StepChannel } from "../ports/runner.ts";
import type { Inputs } from "./inputs.ts";
import type { RunContext } from "./run-context.ts";

const SESSION = fields({
  /** Our private directory of this job. */
  base: isText,
  /** What stands in the mark there: state that somebody else wrote does not know it. */
  mark: isText,
  home: isText,
  /** Which secret this is about: a post without inputs must still file the handoff where others look. */
  place: fields({ secretName: textThat((name) => /^\w+$/.test(name)), environment: orNull(isText) }),
  /** What the job's copy of the login holds. */
  refreshToken: oneOf("withheld", "present"),
  /** Whether this step made the home's login: the one that removes it. */
  ownsHome: isTruth,
  madeConfig: isTruth,
  /** Stamp of the file as we wrote it last into the home. */
  written: orNull(isText),
  /** When our first phase began, on the monotonic clock. */
  beganMonotonicMs: isNumber,
  /** Whether post must remove /etc/codex/requirements.toml. */
  madeRequirements: isTruth,
  /** The lock on a persistent host's home; `null` for a home that ends with the job. */
  hostLock: orNull(fields({ path: isText, content: isText, by: oneOf("this-step", "earlier-step") })),
  /** Variables as they were at the start, which later steps may change through `GITHUB_ENV`. */
  environment: (value): value is Readonly<Record<string, string | null>> =>
    typeof value === "object" && value !== null && Object.values(value).every(orNull(isText)),
});

/** What one of our steps remembers from phase to phase. Paths and fingerprints; nothing of the login. */
export type Session = Checked<typeof SESSION>;
export type HostLockOfStep = NonNullable<Session["hostLock"]>;

/** Where programs are found, and files are laid: ordinary steps change these, so they are taken again in main. */
const PATHS = ["PATH", "HOME", "TMPDIR"] as const;

type Captured = Session["environment"];

/** The variables that decide which programs are found, and all that steer requests. */
export function captureEnvironment(environment: NodeJS.ProcessEnv): Captured {
  const steering = Object.entries(environment).filter(([name]) => steers(name));
  return {
    ...Object.fromEntries(steering.map(([name, value]) => [name, value ?? null])),
    ...pathsOf(environment),
  };
}

/** As {@link captureEnvironment}, where an earlier phase has captured what steers: that stays. */
export function recaptureEnvironment(captured: Captured, environment: NodeJS.ProcessEnv): Captured {
  return { ...captured, ...pathsOf(environment) };
}

function pathsOf(environment: NodeJS.ProcessEnv): Captured {
  return Object.fromEntries(PATHS.map((name) => [name, environment[name] ?? null]));
}

/** Puts the captured variables back, over what steps in between have set. */
export function applyEnvironment(captured: Captured, environment: NodeJS.ProcessEnv): void {
  const names = new Set([...Object.keys(captured), ...Object.keys(environment).filter(steers)]);
  for (const name of names) {
    const value = captured[name];
    if (value == null) delete environment[name];
    else environment[name] = value;
  }
}

export function saveSession(channel: StepChannel, session: Session): void {
  channel.saveState("session", JSON.stringify(session));
}

/** Main begins again. */
export function forgetSession(channel: StepChannel): void {
  channel.saveState("session", "");
}

/** @returns `null` where no phase before has begun one, or what stands there is none */
export function loadSession(channel: StepChannel): Session | null {
  return parseChecked<Session>(channel.state("session"), SESSION);
}

/**
 * The session that an earlier phase of this step has saved, if the machine bears it out: its paths are the ones that this
 * phase derives again, and the mark in our directory is the one that it names. A variable of the runner's environment, or
 * a line in the runner's file, may have come from anybody.
 */
export async function believeSession({
  channel,
  files,
  inputs,
  context: { temporaryDirectory },
}: {
  readonly channel: StepChannel;
  readonly files: Pick<Files, "read">;
  readonly inputs: Pick<Inputs, "secret" | "secretName" | "environment" | "codexHome" | "homeLifetime">;
  readonly context: Pick<RunContext, "temporaryDirectory">;
}): Promise<Session | null> {
  const session = loadSession(channel);
  if (session === null) return null;
  const { base, home, place, hostLock } = session;
  const derived = hostLock
    ? hostBaseDirectory(temporaryDirectory, place.secretName)
    : baseDirectory(temporaryDirectory, place);
  if (base !== derived || (hostLock && hostLock.path !== hostLockPath(home))) return null;
  // A post inside nested composite actions is given no inputs to compare with.
  const hasInputs = inputs.secret !== null || inputs.homeLifetime === "persistent";
  const agrees =
    place.secretName === inputs.secretName &&
    place.environment === inputs.environment &&
    home === homeDirectory(inputs.codexHome, base);
  if (hasInputs && !agrees) return null;
  return session.mark === (await readMark(files, base))?.mark ? session : null;
}
