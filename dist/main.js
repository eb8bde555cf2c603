import { c as main, d as surroundingsOfStep, f as takeInputs, g as machineClock, h as diskFiles, l as endProcess, m as stepLog, p as stepChannel, s as watchCancellation, u as failStep } from "./chunks/quiet.js";

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
		commands: async () => (await import("./chunks/command-runner.js")).groupCommandRunner,
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