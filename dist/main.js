import { B as StepLogin, C as catchEverything, Ct as mayRefresh, D as failStep, Gt as loginDirectory, L as watchCancellation, Mt as saveNotice, N as stepChannel, O as takeInputs, Ot as readHandedAgain, P as stepLog, R as diskFiles, T as endPhase, Zt as writeWorkingCopy, _t as recaptureEnvironment, at as demandSameEnvironment, ct as guard, h as pathOfJob, m as outsideWorkspace, nn as Failure, p as leaveWorkspaceOut, pt as believeSession, st as eventOf, ut as withoutRefresh, w as contextOfStep, z as machineClock } from "./chunks/quiet.js";

// src/action/main.ts
async function main(given) {
	const { context } = given;
	const inputs = withoutRefresh(given.inputs, context);
	const services = {
		...given,
		inputs
	};
	if (inputs.homeLifetime === "persistent") {
		await admit(given);
		return (await import("./chunks/host-job.js")).runOnHost(services);
	}
	const { login, handed, settle } = await beginOrNotice(services, given.inputs);
	try {
		await settle();
		if (inputs.run !== null || inputs.prompt !== null || inputs.codexVersion !== null) {
			const { runJob } = await import("./chunks/user-job2.js");
			await runJob(services, login, handed);
		}
	} catch (error) {
		login.recordFailure(error);
		throw error;
	}
}
async function beginOrNotice(services, given) {
	const { inputs, channel } = services;
	try {
		await admit({
			...services,
			inputs: given
		});
		if (!inputs.reseed) return await begin(services);
		const { beginWithReseed } = await import("./chunks/start-reseed.js");
		return await beginWithReseed(services);
	} catch (error) {
		if (error instanceof Failure) saveNotice(channel, error);
		throw error;
	}
}
async function admit(services) {
	const { inputs, context, environment, log } = services;
	const { startedBy, visibility } = context;
	guard(inputs, context);
	const usesLogin = inputs.run !== null || inputs.prompt !== null;
	const isUnknown = visibility === "unknown" && usesLogin && !inputs.allowPublicRepository;
	if (startedBy.kind === "writers" && !isUnknown) return;
	const session = await believeSession(services);
	if (session) demandSameEnvironment(session, environment);
	const { demandPrivate, demandWriters } = await import("./chunks/admission.js");
	const asking = {
		...services,
		information: await services.runInformation()
	};
	if (isUnknown) await demandPrivate(asking);
	if (startedBy.kind === "writers") return;
	await demandWriters(asking, {
		...context,
		...startedBy
	});
	if (mayRefresh(inputs)) log.warning(`This run was started by ${eventOf(context)}, which anybody can cause: it goes on with the access token it has, and does not refresh the login.`);
}
async function begin(services) {
	const { inputs, log, environment } = services;
	const restored = await believeSession(services) ?? await (await import("./chunks/restore.js")).restore(services);
	const handed = readHandedAgain(inputs.secret, log);
	const written = restored.ownsHome && restored.written === null ? await writeWorkingCopy(services.files, restored, handed.withheld()) : restored.written;
	const session = {
		...restored,
		written,
		environment: recaptureEnvironment(restored.environment, environment)
	};
	if (restored.ownsHome && !restored.madeConfig) await inspectConfig(services, restored);
	const login = new StepLogin(services, handed, session);
	return {
		login,
		handed,
		settle: () => login.settle()
	};
}
async function inspectConfig(services, { home, base }) {
	const { guardedPlaces, inspectOwnConfig } = await import("./chunks/protection.js");
	await inspectOwnConfig(services, {
		home,
		guarded: await guardedPlaces(services, {
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
	const context = contextOfStep();
	leaveWorkspaceOut(inputs);
	await main({
		inputs,
		context,
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
			return runInformationOf(inputs, context);
		},
		hostLock: async () => (await import("./chunks/host-lock.js")).jobHostLock,
		goOnline: async (session, handed) => {
			const { goOnline } = await import("./chunks/wire-online.js");
			return goOnline({
				inputs,
				context,
				session,
				handed,
				cancellation
			});
		},
		reseed: async (session, handed) => {
			const { reseedOnline } = await import("./chunks/wire-online.js");
			return reseedOnline({
				inputs,
				context,
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