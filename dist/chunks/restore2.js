import "./rolldown-runtime.js";
import { $ as makeBase, G as chooseHome, K as claimHome, P as remainingMs, Q as loginDirectory, b as saveSession, h as captureEnvironment, ht as describeDuration, it as writeWorkingCopy, o as jobIdentity, ot as readHanded, q as clearHome } from "./quiet.js";
import { r as protectByConfig, t as guardedPlaces } from "./protection2.js";
import { join } from "node:path";

// src/action/restore.ts
async function restore(collaborators) {
	const { inputs, files, clock, log, channel } = collaborators;
	const document = readHanded(inputs.secret, log);
	const empty = await makeHome(collaborators);
	if (!empty.ownsHome) {
		log.info("An earlier step of this job has restored the login; this one attaches to it.");
		return empty;
	}
	const session = {
		...empty,
		written: await writeWorkingCopy(files, empty, document.withheld())
	};
	saveSession(channel, session);
	const left = describeDuration(remainingMs(document, clock.now()));
	log.info(`Restored generation ${document.generation} (access token valid ${left}, refresh token withheld).`);
	return session;
}
async function makeHome(collaborators) {
	const { inputs, surroundings, files, clock, channel, environment } = collaborators;
	const beganMonotonicMs = clock.monotonicMs();
	const identity = jobIdentity(surroundings);
	const { environment: scope, secretName } = inputs;
	const base = join(surroundings.temporaryDirectory, scope === null ? `codex-auth-${secretName}` : `codex-auth-${secretName}-${encodeURIComponent(scope)}`);
	const home = await chooseHome(files, {
		given: inputs.codexHome,
		base,
		workspace: surroundings.workspace
	});
	await makeBase(files, base);
	const { madeHome, owner } = await claimHome(files, {
		home,
		identity
	});
	const isOwner = owner === "nobody";
	const protect = async () => {
		try {
			return await protectByConfig(collaborators, {
				home,
				guarded: await guardedPlaces(collaborators, {
					home,
					base,
					loginPath: loginDirectory(base)
				})
			});
		} catch (error) {
			await clearHome(files, {
				home,
				madeHome,
				madeConfig: false
			}).catch(() => {});
			throw error;
		}
	};
	const session = {
		base,
		home,
		place: {
			secretName: inputs.secretName,
			environment: inputs.environment
		},
		refreshToken: inputs.refreshToken,
		madeHome,
		madeConfig: isOwner && await protect(),
		ownsHome: isOwner,
		written: null,
		beganMonotonicMs,
		madeRequirements: false,
		hostLock: null,
		environment: captureEnvironment(environment)
	};
	saveSession(channel, session);
	channel.exportVariable("CODEX_HOME", home);
	return session;
}

export { restore as n, makeHome as t };