"use strict";

const require_main = require("../main.cjs");
const require_restore = require("./restore.cjs");

// src/action/start-reseed.ts
async function beginAfresh(collaborators) {
	const { inputs, log, channel, environment } = collaborators;
	const handed = require_main.readWhatIsLeft(inputs.secret, log);
	const prepare = handed === null ? require_restore.makeHome : require_restore.restore;
	const restored = await require_main.believeSession(collaborators) ?? await prepare(collaborators);
	const session = {
		...restored,
		environment: require_main.recaptureEnvironment(restored.environment, environment)
	};
	require_main.saveSession(channel, session);
	require_main.demandSameEnvironment(session, environment);
	const outcome = await collaborators.reseed(session, handed);
	const document = handed ?? outcome.ledger.document;
	const login = new require_main.Login(collaborators, document, session);
	return {
		login,
		handed: document,
		settle: () => login.takeOver(outcome)
	};
}

exports.beginAfresh = beginAfresh;