import { D as diskFiles, E as stepLog, O as machineClock, T as stepChannel, _ as surroundingsOfStep, g as failStep, h as endProcess, m as main, p as watchCancellation, v as takeInputs } from "./chunks/quiet.js";

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