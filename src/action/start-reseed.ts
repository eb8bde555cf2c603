import { readWhatIsLeft } from "../login/read-login.ts";
import { believeSession, recaptureEnvironment, saveSession } from "./phase-state.ts";
import { demandSameEnvironment } from "./preflight.ts";
import { makeHome, restore } from "./restore.ts";
import type { MainServices } from "./services.ts";
import { type Beginning, StepLogin } from "./step-login.ts";

/** What the secret holds may be no login at all: then there is nothing to restore before the person has logged in. */
export async function beginWithReseed(services: MainServices): Promise<Beginning> {
  const { inputs, log, channel, environment } = services;
  const handed = readWhatIsLeft(inputs.secret, log);
  const prepare = handed === null ? makeHome : restore;
  const restored = (await believeSession(services)) ?? (await prepare(services));
  const session = { ...restored, environment: recaptureEnvironment(restored.environment, environment) };
  saveSession(channel, session);
  demandSameEnvironment(session, environment);
  const outcome = await services.reseed(session, handed);
  const login = handed ?? outcome.ledger.login;
  const stepLogin = new StepLogin(services, login, session);
  return { login: stepLogin, handed: login, settle: () => stepLogin.takeOver(outcome) };
}
