import "./rolldown-runtime.js";
import { A as jobIdentity, Bt as baseDirectory, Ht as claimHome, Nt as readHanded, Q as remainingMs, Qt as makeBase, Ut as clearHome, Vt as chooseHome, Zt as loginDirectory, bt as captureEnvironment, cn as Failure, jt as describeDuration, rn as writeWorkingCopy, tn as realpathOfNearest, wt as saveSession, zt as authPath } from "./quiet.js";
import { a as protectByConfig, t as guardedPlaces } from "./protection2.js";
import { dirname } from "node:path";

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
	const place = {
		secretName: inputs.secretName,
		environment: inputs.environment
	};
	const base = baseDirectory(surroundings.temporaryDirectory, place);
	const home = await chooseHome(files, {
		given: inputs.codexHome,
		base,
		workspace: surroundings.workspace
	});
	const mark = await makeBase(files, base, identity);
	const isOwner = await claimHome(files, {
		home,
		identity
	}) === "nobody";
	if (!isOwner) await refuseOtherSecret(files, {
		home,
		base
	});
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
		environment: captureEnvironment(environment)
	};
	saveSession(channel, session);
	channel.exportVariable("CODEX_HOME", home);
	return session;
}
async function refuseOtherSecret(files, { home, base }) {
	const directory = dirname(await realpathOfNearest(files, authPath(home)));
	const known = [home, loginDirectory(base)].map((path) => realpathOfNearest(files, path));
	if ((await Promise.all(known)).includes(directory)) return;
	throw new Failure("home-has-login", "The Codex home holds the login of another secret, which an earlier step of this job put there. It is left as it is.", "Give each secret's steps a `codex-home` of their own, or leave it empty.");
}

export { restore as n, makeHome as t };