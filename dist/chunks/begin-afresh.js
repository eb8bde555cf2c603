import "./rolldown-runtime.js";
import { b as saveSession, h as captureEnvironment, p as Login, st as readWhatIsLeft, v as loadSession } from "./quiet.js";
import { n as restore, t as makeHome } from "./restore2.js";

// src/action/begin-afresh.ts
async function beginAfresh(collaborators) {
	const { inputs, log, channel, environment } = collaborators;
	const handed = readWhatIsLeft(inputs.secret, log);
	const prepare = handed === null ? makeHome : restore;
	const session = {
		...loadSession(channel) ?? await prepare(collaborators),
		environment: captureEnvironment(environment)
	};
	saveSession(channel, session);
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