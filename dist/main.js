import { C as catchEverything, Ct as recaptureEnvironment, D as surroundingsOfStep, E as failStep, F as watchCancellation, I as diskFiles, L as machineClock, N as stepChannel, O as takeInputs, P as stepLog, Pt as readHandedAgain, R as Login, Rt as saveNotice, Zt as loginDirectory, cn as Failure, dt as demandSameEnvironment, gt as withoutRefresh, h as pathOfJob, kt as mayRefresh, m as outsideWorkspace, mt as guard, p as leaveWorkspaceOut, pt as eventOf, rn as writeWorkingCopy, w as endPhase, yt as believeSession } from "./chunks/quiet.js";

// src/action/main.ts
async function main(given) {
	const { surroundings } = given;
	const inputs = withoutRefresh(given.inputs, surroundings);
	const collaborators = {
		...given,
		inputs
	};
	if (inputs.homeLifetime === "persistent") {
		await admit(given);
		return (await import("./chunks/host-job.js")).runOnHost(collaborators);
	}
	const { login, handed, settle } = await beginOrNotice(collaborators, given.inputs);
	try {
		await settle();
		if (inputs.run !== null || inputs.prompt !== null || inputs.codexVersion !== null) {
			const { runJob } = await import("./chunks/user-job.js");
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
		const { beginAfresh } = await import("./chunks/start-reseed.js");
		return await beginAfresh(collaborators);
	} catch (error) {
		if (error instanceof Failure) saveNotice(channel, error);
		throw error;
	}
}
async function admit(collaborators) {
	const { inputs, surroundings, environment, log } = collaborators;
	const { startedBy, visibility } = surroundings;
	guard(inputs, surroundings);
	const usesLogin = inputs.run !== null || inputs.prompt !== null;
	const isUnknown = visibility === "unknown" && usesLogin && !inputs.allowPublicRepository;
	if (startedBy.kind === "writers" && !isUnknown) return;
	const session = await believeSession(collaborators);
	if (session) demandSameEnvironment(session, environment);
	const { demandPrivate, demandWriters } = await import("./chunks/admission.js");
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
	if (mayRefresh(inputs)) log.warning(`This run was started by ${eventOf(surroundings)}, which anybody can cause: it goes on with the access token it has, and does not refresh the login.`);
}
async function begin(collaborators) {
	const { inputs, log, environment } = collaborators;
	const restored = await believeSession(collaborators) ?? await (await import("./chunks/restore.js")).restore(collaborators);
	const handed = readHandedAgain(inputs.secret, log);
	const written = restored.ownsHome && restored.written === null ? await writeWorkingCopy(collaborators.files, restored, handed.withheld()) : restored.written;
	const session = {
		...restored,
		written,
		environment: recaptureEnvironment(restored.environment, environment)
	};
	if (restored.ownsHome && !restored.madeConfig) await inspectConfig(collaborators, restored);
	const login = new Login(collaborators, handed, session);
	return {
		login,
		handed,
		settle: () => login.settle()
	};
}
async function inspectConfig(collaborators, { home, base }) {
	const { guardedPlaces, inspectOwnConfig } = await import("./chunks/protection.js");
	await inspectOwnConfig(collaborators, {
		home,
		guarded: await guardedPlaces(collaborators, {
			home,
			base,
			loginPath: loginDirectory(base)
		})
	});
}

// src/entry/main.ts
catchEverything();
try {
	const cancellation = watchCancellation();
	const inputs = takeInputs();
	const surroundings = surroundingsOfStep();
	leaveWorkspaceOut(inputs);
	await main({
		inputs,
		surroundings,
		files: diskFiles,
		clock: machineClock,
		log: stepLog,
		channel: stepChannel,
		environment: process.env,
		path: {
			ofJob: pathOfJob,
			outsideWorkspace
		},
		tools: async (scrubbed) => {
			const { jobTools } = await import("./chunks/wire-job2.js");
			return jobTools(scrubbed, inputs);
		},
		cancellation,
		runInformation: async () => {
			const { runInformationOf } = await import("./chunks/wire-online.js");
			return runInformationOf(inputs, surroundings);
		},
		hostLock: async () => (await import("./chunks/host-lock.js")).jobHostLock,
		online: async (session, handed) => {
			const { goOnline } = await import("./chunks/wire-online.js");
			return goOnline({
				inputs,
				surroundings,
				session,
				handed,
				cancellation
			});
		},
		reseed: async (session, handed) => {
			const { reseedOnline } = await import("./chunks/wire-online.js");
			return reseedOnline({
				inputs,
				surroundings,
				session,
				handed,
				cancellation
			});
		}
	});
} catch (error) {
	failStep(error);
}
endPhase();

export {  };