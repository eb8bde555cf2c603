import { H as stepLog, N as surroundingsOfStep, P as takeInputs, U as diskFiles, V as stepChannel, W as machineClock, Y as restore, gt as guard, j as endProcess, wt as Failure } from "./chunks/quiet.js";

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