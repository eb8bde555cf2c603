import { B as guard, D as stepLog, E as stepChannel, K as Failure, O as diskFiles, g as endProcess, j as restore, k as machineClock, v as surroundingsOfStep, y as takeInputs } from "./chunks/quiet.js";

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
	stepLog.info(`Not restored before the job: ${what} If this step runs, it says more.`);
}
endProcess();

export {  };