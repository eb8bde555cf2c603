import "./rolldown-runtime.js";
import { Ct as recaptureEnvironment, Ft as readWhatIsLeft, R as Login, dt as demandSameEnvironment, wt as saveSession, yt as believeSession } from "./quiet.js";
import { n as restore, t as makeHome } from "./restore2.js";

// src/action/start-reseed.ts
async function beginAfresh(collaborators) {
	const { inputs, log, channel, environment } = collaborators;
	const handed = readWhatIsLeft(inputs.secret, log);
	const prepare = handed === null ? makeHome : restore;
	const restored = await believeSession(collaborators) ?? await prepare(collaborators);
	const session = {
		...restored,
		environment: recaptureEnvironment(restored.environment, environment)
	};
	saveSession(channel, session);
	demandSameEnvironment(session, environment);
	const outcome = await collaborators.reseed(session, handed);
	const document = handed ?? outcome.ledger.document;
	const login = new Login(collaborators, document, session);
	return {
		login,
		handed: document,
		settle: () => login.takeOver(outcome)
	};
}

export { beginAfresh };