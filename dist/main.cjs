"use strict";

const require_quiet = require("./chunks/quiet.cjs");

// src/action/main.ts
async function main(given) {
	const { surroundings } = given;
	const inputs = require_quiet.withoutRefresh(given.inputs, surroundings);
	const collaborators = {
		...given,
		inputs
	};
	if (inputs.homeLifetime === "persistent") {
		await admit(given);
		return (await Promise.resolve().then(() => require("./chunks/host-job.cjs"))).runOnHost(collaborators);
	}
	const { login, handed, settle } = await beginOrNotice(collaborators, given.inputs);
	try {
		await settle();
		if (inputs.run !== null || inputs.prompt !== null || inputs.codexVersion !== null) {
			const { runJob } = await Promise.resolve().then(() => require("./chunks/user-job.cjs"));
			await runJob(collaborators, login, handed);
		}
	} catch (error) {
		login.recordFailure(error);
		throw error;
	}
}
async function beginOrNotice(collaborators, given) {
	const { inputs, channel } = collaborators;
	try {
		await admit({
			...collaborators,
			inputs: given
		});
		if (!inputs.reseed) return await begin(collaborators);
		const { beginAfresh } = await Promise.resolve().then(() => require("./chunks/begin-afresh.cjs"));
		return await beginAfresh(collaborators);
	} catch (error) {
		if (error instanceof require_quiet.Failure) require_quiet.saveNotice(channel, error);
		throw error;
	}
}
async function admit(collaborators) {
	const { inputs, surroundings, environment, log } = collaborators;
	const { startedBy, visibility } = surroundings;
	require_quiet.guard(inputs, surroundings);
	const usesLogin = inputs.run !== null || inputs.prompt !== null;
	const isUnknown = visibility === "unknown" && usesLogin && !inputs.allowPublicRepository;
	if (startedBy.kind === "writers" && !isUnknown) return;
	const session = await require_quiet.believeSession(collaborators);
	if (session) require_quiet.demandSameEnvironment(session, environment);
	const { demandPrivate, demandWriters } = await Promise.resolve().then(() => require("./chunks/admission.cjs")).then((n) => n.admission_exports);
	const asking = {
		...collaborators,
		information: await collaborators.runInformation()
	};
	if (isUnknown) await demandPrivate(asking);
	if (startedBy.kind === "writers") return;
	await demandWriters(asking, {
		...surroundings,
		...startedBy
	});
	if (require_quiet.mayRefresh(inputs)) log.warning(`This run was started by ${require_quiet.eventOf(surroundings)}, which anybody can cause: it goes on with the access token it has, and does not refresh the login.`);
}
async function begin(collaborators) {
	const { inputs, log, environment } = collaborators;
	const restored = await require_quiet.believeSession(collaborators) ?? await (await Promise.resolve().then(() => require("./chunks/restore.cjs"))).restore(collaborators);
	const handed = require_quiet.readHandedAgain(inputs.secret, log);
	const written = restored.ownsHome && restored.written === null ? await require_quiet.writeWorkingCopy(collaborators.files, restored, handed.withheld()) : restored.written;
	const session = {
		...restored,
		written,
		environment: require_quiet.recaptureEnvironment(restored.environment, environment)
	};
	if (restored.ownsHome && !restored.madeConfig) await inspectConfig(collaborators, restored);
	const login = new require_quiet.Login(collaborators, handed, session);
	return {
		login,
		handed,
		settle: () => login.settle()
	};
}
async function inspectConfig(collaborators, { home, base }) {
	const { guardedPlaces, inspectOwnConfig } = await Promise.resolve().then(() => require("./chunks/protection.cjs")).then((n) => n.protection_exports);
	await inspectOwnConfig(collaborators, {
		home,
		guarded: await guardedPlaces(collaborators, {
			home,
			base,
			loginPath: require_quiet.loginDirectory(base)
		})
	});
}

// src/entry/main.ts
require_quiet.runPhase(async () => {
	const cancellation = require_quiet.watchCancellation();
	const inputs = require_quiet.takeInputs();
	const surroundings = require_quiet.surroundingsOfStep();
	require_quiet.leaveWorkspaceOut(inputs);
	await main({
		inputs,
		surroundings,
		files: require_quiet.diskFiles,
		clock: require_quiet.machineClock,
		log: require_quiet.stepLog,
		channel: require_quiet.stepChannel,
		environment: process.env,
		path: {
			ofJob: require_quiet.pathOfJob,
			outsideWorkspace: require_quiet.outsideWorkspace
		},
		tools: async (scrubbed) => {
			const { jobTools } = await Promise.resolve().then(() => require("./chunks/job-tools.cjs"));
			return jobTools(scrubbed, inputs);
		},
		cancellation,
		runInformation: async () => {
			const { runInformationOf } = await Promise.resolve().then(() => require("./chunks/go-online.cjs"));
			return runInformationOf(inputs, surroundings);
		},
		hostLock: async () => (await Promise.resolve().then(() => require("./chunks/host-lock.cjs"))).jobHostLock,
		online: async (session, handed) => {
			const { goOnline } = await Promise.resolve().then(() => require("./chunks/go-online.cjs"));
			return goOnline({
				inputs,
				surroundings,
				session,
				handed,
				cancellation
			});
		},
		reseed: async (session, handed) => {
			const { reseedOnline } = await Promise.resolve().then(() => require("./chunks/go-online.cjs"));
			return reseedOnline({
				inputs,
				surroundings,
				session,
				handed,
				cancellation
			});
		}
	});
}, require_quiet.endPhase);
