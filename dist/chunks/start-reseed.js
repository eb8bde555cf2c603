import "./rolldown-runtime.js";
import { Ct as saveSession, Pt as readWhatIsLeft, R as Login, St as recaptureEnvironment, ut as demandSameEnvironment, vt as believeSession } from "./quiet.js";
import { n as restore, t as makeHome } from "./restore2.js";

// src/action/start-reseed.ts
async function beginAfresh(services) {
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
	const login = new Login(services, document, session);
	return {
		login,
		handed: document,
		settle: () => login.takeOver(outcome)
	};
}

export { beginAfresh };