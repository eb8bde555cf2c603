import { writeWorkingCopy } from "../login/home.ts";
import { loginDirectory } from "../login/home-layout.ts";
import { readHandedAgain } from "../login/read-login.ts";
import { acceptedBy, type Inputs, mayRefresh } from "./inputs.ts";
import { believeSession, recaptureEnvironment, type Session } from "./phase-state.ts";
import { demandSameEnvironment, eventOf, guard, withoutRefresh } from "./preflight.ts";
import { placeOf } from "./run-context.ts";
import type { MainServices } from "./services.ts";
import { type Beginning, StepLogin } from "./step-login.ts";

/**
 * Main: restores if pre did not, refreshes when due, and runs the user's job. What a quiet job does not need is loaded
 * only when it is needed.
 *
 * @throws {Failure}
 */
export async function main(given: MainServices): Promise<void> {
  const { context, channel } = given;
  const inputs = withoutRefresh(given.inputs, context);
  const services = { ...given, inputs };
  channel.setOutputs({ available: "false" });
  if (isMissing(inputs) && context.secretsWithheld !== null) {
    const { refuse, skip } = await import("./missing-login.ts");
    return inputs.whenMissing === "skip" ? skip(given) : refuse(services);
  }
  let login: StepLogin | null = null;
  try {
    if (given.inputs.accessCopies !== null)
      (await import("./copies.ts")).readDestinations(given.inputs, context);
    await admit(given);
    if (inputs.homeLifetime === "persistent") {
      await (await import("./job/host-job.ts")).runOnHost(services);
      return;
    }
    if (isMissing(inputs)) throw (await import("./missing-login.ts")).explainMissing(inputs, context);
    const beginning = await beginStep(services);
    login = beginning.login;
    await beginning.settle();
    channel.setOutputs({ available: "true" });
    if (inputs.run !== null || inputs.prompt !== null || inputs.codexVersion !== null) {
      const { runJob } = await import("./job/user-job.ts");
      await runJob(services, login, beginning.handed);
    }
    login.demandCopies();
  } catch (thrown) {
    throw await keepFailure(services, thrown, login);
  }
}

/**
 * Keeps what main fails of, for post and for the summary.
 *
 * @returns it, in the words that say the most; also where nothing can be kept, on a full disk say
 */
export async function keepFailure(
  {
    channel,
    log,
    inputs,
    context,
  }: Pick<MainServices, "channel" | "log"> &
    Partial<Pick<MainServices, "context">> & { inputs: Inputs | null },
  thrown: unknown,
  login: StepLogin | null,
): Promise<unknown> {
  const has = inputs?.refreshToken === "present" || login?.hasRefreshed ? "refreshed" : "not-refreshed";
  let error = thrown;
  try {
    const { explainError, tellEarlyFailure } = await import("./explain-error.ts");
    const place = inputs && context && mayRefresh(inputs) ? placeOf(context, inputs) : null;
    error = explainError(thrown, inputs?.secret ?? null, has, place);
    if (login === null) await tellEarlyFailure(channel, error);
    else login.recordFailure(error);
  } catch {
    log.warning("What this step fails of could not be written into the job's summary and state.");
  }
  return error;
}

async function beginStep(services: MainServices): Promise<Beginning> {
  if (!services.inputs.reseed) return begin(services);
  const { beginWithReseed } = await import("./start-reseed.ts");
  return beginWithReseed(services);
}

/** Whether there is no login, and nobody will bring one. */
function isMissing({ secret, homeLifetime, reseed }: Inputs): boolean {
  return secret === null && homeLifetime === "ephemeral" && !reseed;
}

/** What must be so before the login is used at all. Asks nobody where the event says everything. @throws {Failure} */
async function admit(services: MainServices): Promise<void> {
  const { inputs, context, environment, log } = services;
  const { startedBy, visibility } = context;
  guard(inputs, context);
  const usesLogin = inputs.run !== null || inputs.prompt !== null;
  const isUnknown = visibility === "unknown" && usesLogin && !inputs.allowPublicRepository;
  if (startedBy.kind === "with-access" && !isUnknown) return;
  const session = await believeSession(services);
  if (session) demandSameEnvironment(session, environment);
  const { demandPrivate, demandWriteAccess } = await import("./admission.ts");
  const asking = { ...services, information: await services.runInformation() };
  if (isUnknown) await demandPrivate(asking);
  if (startedBy.kind === "with-access") return;
  await demandWriteAccess(asking, { ...context, ...startedBy });
  if (mayRefresh(inputs))
    log.warning(
      `This run was started by ${eventOf(context)}, which anybody can cause: it goes on with the access token it has, and does not refresh the login.`,
    );
}

async function begin(services: MainServices): Promise<Beginning> {
  const { inputs, log, environment } = services;
  const restored =
    (await believeSession(services)) ?? (await (await import("./restore.ts")).restore(services));
  const handed = readHandedAgain(inputs.secret, log, acceptedBy(inputs));
  // A pre that made the home and could not fill it has left that to us.
  const isEmpty = restored.ownsHome && restored.written === null;
  const written = isEmpty
    ? await writeWorkingCopy(services.files, restored, handed.withheld())
    : restored.written;
  const session = {
    ...restored,
    written,
    environment: recaptureEnvironment(restored.environment, environment),
  };
  if (restored.ownsHome && !restored.madeConfig) await inspectConfig(services, restored);
  const login = new StepLogin(services, handed, session);
  return { login, handed, settle: () => login.settle() };
}

/** A config.toml that was in the home before us. @throws {Failure} `config-refused` */
async function inspectConfig(services: MainServices, { home, base }: Session): Promise<void> {
  const [{ guardedPlaces }, { inspectOwnConfig }] = await Promise.all([
    import("./job/protection.ts"),
    import("./job/own-config.ts"),
  ]);
  const guarded = await guardedPlaces(services, { home, base, loginPath: loginDirectory(base) });
  await inspectOwnConfig(services, { home, guarded });
}
