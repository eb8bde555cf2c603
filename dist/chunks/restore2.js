import "./rolldown-runtime.js";
import { A as jobIdentity, Dt as readHanded, Ft as chooseHome, Gt as loginDirectory, It as claimHome, Kt as makeBase, Lt as clearHome, Nt as authPath, Pt as baseDirectory, Tt as describeDuration, Yt as realpathOfNearest, Zt as writeWorkingCopy, it as remainingMs, mt as captureEnvironment, nn as Failure, vt as saveSession } from "./quiet.js";
import { a as protectByConfig, t as guardedPlaces } from "./protection2.js";
import { dirname } from "node:path";

// src/action/restore.ts
async function restore(services) {
	const { inputs, files, clock, log, channel } = services;
	const document = readHanded(inputs.secret, log);
	const empty = await makeHome(services);
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
async function makeHome(services) {
	const { inputs, context, files, clock, channel, environment } = services;
	const beganMonotonicMs = clock.monotonicMs();
	const identity = jobIdentity(context);
	const place = {
		secretName: inputs.secretName,
		environment: inputs.environment
	};
	const base = baseDirectory(context.temporaryDirectory, place);
	const home = await chooseHome(files, {
		given: inputs.codexHome,
		base,
		workspace: context.workspace
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
			return await protectByConfig(services, {
				home,
				guarded: await guardedPlaces(services, {
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