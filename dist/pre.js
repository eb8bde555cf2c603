import { F as Failure, R as info, d as surroundingsOfStep, f as takeInputs, g as machineClock, h as diskFiles, k as guard, l as endProcess, m as stepLog, p as stepChannel, v as restore } from "./chunks/quiet.js";

// src/entry/pre.ts
try {
	const inputs = takeInputs();
	const surroundings = surroundingsOfStep();
	guard(inputs, surroundings);
	await restore({
		inputs,
		surroundings,
		files: diskFiles,
		clock: machineClock,
		log: stepLog,
		channel: stepChannel,
		environment: process.env
	});
} catch (error) {
	const what = error instanceof Failure ? `${error.message} [${error.code}]` : "something unexpected went wrong.";
	info(`Not restored before the job: ${what} If this step runs, it says more.`);
}
endProcess();

export {  };