import { A as stepLog, M as machineClock, S as takeInputs, b as failStep, d as watchCancellation, f as main, j as diskFiles, k as stepChannel, x as surroundingsOfStep, y as endProcess } from "./chunks/quiet.js";

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