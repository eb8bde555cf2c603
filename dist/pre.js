import { A as machineClock, D as stepChannel, H as guard, M as restore, O as stepLog, Y as Failure, _ as endProcess, b as takeInputs, k as diskFiles, y as surroundingsOfStep } from "./chunks/quiet.js";

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