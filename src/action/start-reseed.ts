import { readWhatIsLeft } from "../login/read-login.ts";
import { believeSession, recaptureEnvironment, saveSession } from "./phase-state.ts";
import { demandSameEnvironment } from "./preflight.ts";
import { makeHome, restore } from "./restore.ts";
import type { MainCollaborators } from "./services-of-phases.ts";
import type { Beginning } from "./step-login.ts";
import { Login } from "./step-login.ts";

/** What the secret holds may be no login at all: then there is nothing to restore before the person has logged in. */
export async function beginAfresh(collaborators: MainCollaborators): Promise<Beginning> {
  const { inputs, log, channel, environment } = collaborators;
  const handed = readWhatIsLeft(inputs.secret, log);
  const prepare = handed === null ? makeHome : restore;
  const restored = (await believeSession(collaborators)) ?? (await prepare(collaborators));
  const session = { ...restored, environment: recaptureEnvironment(restored.environment, environment) };
  saveSession(channel, session);
  demandSameEnvironment(session, environment);
  const outcome = await collaborators.reseed(session, handed);
  const document = handed ?? outcome.ledger.document;
  const login = new Login(collaborators, document, session);
  return { login, handed: document, settle: () => login.takeOver(outcome) };
}
