import { A as stepChannel, C as takeInputs, I as restore, M as diskFiles, N as machineClock, S as surroundingsOfStep, b as endProcess, ct as Failure, j as stepLog, tt as guard } from "./chunks/quiet.js";

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