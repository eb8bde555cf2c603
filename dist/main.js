import { D as stepLog, E as stepChannel, O as diskFiles, _ as failStep, g as endProcess, k as machineClock, m as main, p as watchCancellation, v as surroundingsOfStep, y as takeInputs } from "./chunks/quiet.js";

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
		online: async (session, handed) => {
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
} catch (error) {
	failStep(error);
}
endProcess();

export {  };