import { A as stepLog, I as applyEnvironment, L as loadSession, M as machineClock, S as takeInputs, Y as scrubEnvironment, b as failStep, d as watchCancellation, j as diskFiles, k as stepChannel, t as post, x as surroundingsOfStep, y as endProcess } from "./chunks/quiet.js";

// src/entry/post.ts
try {
	const session = loadSession(stepChannel);
	if (session === null) stepLog.info("Nothing was restored, so nothing is to be done.");
	else {
		applyEnvironment(session.environment, process.env);
		const cancellation = watchCancellation();
		const inputs = takeInputs();
		const surroundings = surroundingsOfStep();
		await post({
			session,
			inputs,
			files: diskFiles,
			clock: machineClock,
			log: stepLog,
			channel: stepChannel,
			online: async (_, handed) => {
				const { goOnline } = await import("./chunks/go-online.js");
				return goOnline({
					inputs,
					surroundings,
					session,
					handed,
					cancellation
				});
			},
			machine: async () => (await import("./chunks/job-tools2.js")).machinePolicy(scrubEnvironment(process.env, [])),
			alerts: async () => {
				const { alertsOf } = await import("./chunks/go-online.js");
				return alertsOf(inputs, surroundings);
			}
		});
	}
} catch (error) {
	failStep(error);
}
endProcess();

export {  };