import { M as guard, R as Failure, S as machineClock, b as stepLog, d as surroundingsOfStep, f as takeInputs, l as endProcess, w as restore, x as diskFiles, y as stepChannel } from "./chunks/quiet.js";

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