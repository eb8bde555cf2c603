import { D as diskFiles, E as stepLog, M as applyEnvironment, N as loadSession, O as machineClock, T as stepChannel, _ as surroundingsOfStep, g as failStep, h as endProcess, p as watchCancellation, t as post, v as takeInputs } from "./chunks/quiet.js";

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