"use strict";

const require_main = require("../main.cjs");
const require_protection = require("./protection.cjs");
let node_path = require("node:path");

// src/action/restore.ts
async function restore(services) {
	const { inputs, files, clock, log, channel } = services;
	const login = require_main.readHanded(inputs.secret, log);
	const empty = await makeHome(services);
	if (!empty.ownsHome) {
		log.info("An earlier step of this job has restored the login; this one attaches to it.");
		return empty;
	}
	const session = {
		...empty,
		written: await require_main.writeWorkingCopy(files, empty, login.withheld())
	};
	require_main.saveSession(channel, session);
	const left = require_main.describeDuration(require_main.remainingMs(login, clock.now()));
	log.info(`Restored generation ${login.generation} (access token valid ${left}, refresh token withheld).`);
	return session;
}
async function makeHome(services) {
	const { inputs, context, files, clock, channel, environment } = services;
	const beganMonotonicMs = clock.monotonicMs();
	const identity = require_main.jobIdentity(context);
	const place = {
		secretName: inputs.secretName,
		environment: inputs.environment
	};
	const base = require_main.baseDirectory(context.temporaryDirectory, place);
	const home = await require_main.chooseHome(files, {
		given: inputs.codexHome,
		base,
		workspace: context.workspace
	});
	const mark = await require_main.makeBase(files, base, identity);
	const isOwner = await require_main.claimHome(files, {
		home,
		identity
	}) === "nobody";
	if (!isOwner) await refuseOtherSecret(files, {
		home,
		base
	});
	const protect = async () => {
		try {
			return await require_protection.protectByConfig(services, {
				home,
				guarded: await require_protection.guardedPlaces(services, {
					home,
					base,
					loginPath: require_main.loginDirectory(base)
				})
			});
		} catch (error) {
			await require_main.clearHome(files, {
				home,
				identity,
				madeConfig: false
			}).catch(() => {});
			throw error;
		}
	};
	const session = {
		base,
		mark,
		home,
		place,
		refreshToken: inputs.refreshToken,
		madeConfig: isOwner && await protect(),
		ownsHome: isOwner,
		written: null,
		beganMonotonicMs,
		madeRequirements: false,
		hostLock: null,
		environment: require_main.captureEnvironment(environment)
	};
	require_main.saveSession(channel, session);
	channel.exportVariable("CODEX_HOME", home);
	return session;
}
async function refuseOtherSecret(files, { home, base }) {
	const directory = (0, node_path.dirname)(await require_main.realpathOfNearest(files, require_main.authPath(home)));
	const known = [home, require_main.loginDirectory(base)].map((path) => require_main.realpathOfNearest(files, path));
	if ((await Promise.all(known)).includes(directory)) return;
	throw new require_main.Failure("home-has-login", "The Codex home holds the login of another secret, which an earlier step of this job put there. It is left as it is.", "Give each secret's steps a `codex-home` of their own, or leave it empty.");
}

exports.makeHome = makeHome;
exports.restore = restore;