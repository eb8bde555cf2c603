import { c as stepChannel, d as machineClock, f as watchCancellation, gt as Failure, h as captureEnvironment, i as takeInputs, it as writeWorkingCopy, l as stepLog, lt as guard, n as failStep, ot as readHanded, p as Login, r as surroundingsOfStep, t as endProcess, u as diskFiles, v as loadSession, w as saveNotice } from "./chunks/quiet.js";

// src/action/main.ts
async function main(collaborators) {
	const { inputs } = collaborators;
	if (inputs.homeLifetime === "persistent") {
		guard(inputs, collaborators.surroundings);
		return (await import("./chunks/host-job.js")).runOnHost(collaborators);
	}
	const { login, handed, settle } = await beginOrNotice(collaborators);
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
async function beginOrNotice(collaborators) {
	const { inputs, surroundings, channel } = collaborators;
	try {
		guard(inputs, surroundings);
		if (!inputs.reseed) return await begin(collaborators);
		const { beginAfresh } = await import("./chunks/begin-afresh.js");
		return await beginAfresh(collaborators);
	} catch (error) {
		if (error instanceof Failure) saveNotice(channel, error);
		throw error;
	}
}
async function begin(collaborators) {
	const { inputs, log, channel, environment } = collaborators;
	const restored = loadSession(channel) ?? await (await import("./chunks/restore.js")).restore(collaborators);
	const handed = readHanded(inputs.secret, log);
	const written = restored.ownsHome && restored.written === null ? await writeWorkingCopy(collaborators.files, restored, handed.withheld()) : restored.written;
	const session = {
		...restored,
		written,
		environment: captureEnvironment(environment)
	};
	const login = new Login(collaborators, handed, session);
	return {
		login,
		handed,
		settle: () => login.settle()
	};
}

// src/entry/main.ts
try {
	const cancellation = watchCancellation();
	const inputs = takeInputs();
	const surroundings = surroundingsOfStep();
	await main({
		inputs,
		surroundings,
		files: diskFiles,
		clock: machineClock,
		log: stepLog,
		channel: stepChannel,
		environment: process.env,
		tools: async (scrubbed) => {
			const { jobTools } = await import("./chunks/job-tools2.js");
			return jobTools(scrubbed, inputs);
		},
		cancellation,
		hostLock: async () => (await import("./chunks/host-lock.js")).jobHostLock,
		online: async (session, handed) => {
			const { goOnline } = await import("./chunks/go-online.js");
			return goOnline({
				inputs,
				surroundings,
				session,
				handed,
				cancellation
			});
		},
		reseed: async (session, handed) => {
			const { reseedOnline } = await import("./chunks/go-online.js");
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
	await failStep(error);
}
endProcess();

export {  };