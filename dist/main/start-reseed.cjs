"use strict";

const require_main = require("../main.cjs");
const require_restore = require("./restore.cjs");

// src/action/start-reseed.ts
async function beginWithReseed(services) {
	const { inputs, log, channel, environment } = services;
	const handed = require_main.readWhatIsLeft(inputs.secret, log);
	const prepare = handed === null ? require_restore.makeHome : require_restore.restore;
	const restored = await require_main.believeSession(services) ?? await prepare(services);
	const session = {
		...restored,
		environment: require_main.recaptureEnvironment(restored.environment, environment)
	};
	require_main.saveSession(channel, session);
	require_main.demandSameEnvironment(session, environment);
	const outcome = await services.reseed(session, handed);
	const login = handed ?? outcome.ledger.login;
	const stepLogin = new require_main.StepLogin(services, login, session);
	return {
		login: stepLogin,
		handed: login,
		settle: () => stepLogin.takeOver(outcome)
	};
}

exports.beginWithReseed = beginWithReseed;