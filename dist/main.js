import { A as diskFiles, O as stepChannel, b as surroundingsOfStep, d as main, j as machineClock, k as stepLog, u as watchCancellation, v as endProcess, x as takeInputs, y as failStep } from "./chunks/quiet.js";

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
	failStep(error);
}
endProcess();

export {  };