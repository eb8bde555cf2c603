import { D as loadSession, E as applyEnvironment, S as machineClock, b as stepLog, d as surroundingsOfStep, f as takeInputs, l as endProcess, s as watchCancellation, t as post, u as failStep, x as diskFiles, y as stepChannel } from "./chunks/quiet.js";

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
			}
		});
	}
} catch (error) {
	failStep(error);
}
endProcess();

export {  };