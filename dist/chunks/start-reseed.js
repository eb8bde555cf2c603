import "./rolldown-runtime.js";
import { B as StepLogin, _t as recaptureEnvironment, at as demandSameEnvironment, kt as readWhatIsLeft, pt as believeSession, vt as saveSession } from "./quiet.js";
import { n as restore, t as makeHome } from "./restore2.js";

// src/action/start-reseed.ts
async function beginWithReseed(services) {
	const { inputs, log, channel, environment } = services;
	const handed = readWhatIsLeft(inputs.secret, log);
	const prepare = handed === null ? makeHome : restore;
	const restored = await believeSession(services) ?? await prepare(services);
	const session = {
		...restored,
		environment: recaptureEnvironment(restored.environment, environment)
	};
	saveSession(channel, session);
	demandSameEnvironment(session, environment);
	const outcome = await services.reseed(session, handed);
	const document = handed ?? outcome.ledger.document;
	const login = new StepLogin(services, document, session);
	return {
		login,
		handed: document,
		settle: () => login.takeOver(outcome)
	};
}

export { beginWithReseed };