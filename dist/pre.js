import "./chunks/rolldown-runtime.js";
import { s as info } from "./chunks/core.js";
import { t as guard } from "./chunks/guards.js";
import { N as Failure, i as machineClock, n as stepLog, r as diskFiles, s as restore, t as stepChannel } from "./chunks/step-channel.js";
import { i as takeInputs, r as surroundingsOfStep, t as endProcess } from "./chunks/step.js";

// src/entry/pre.ts
try {
	const inputs = takeInputs();
	const surroundings = await surroundingsOfStep();
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