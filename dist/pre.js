import { F as takeInputs, G as machineClock, H as stepChannel, M as endProcess, P as surroundingsOfStep, U as stepLog, W as diskFiles, X as restore, kt as Failure, xt as guard } from "./chunks/quiet.js";

// src/entry/pre.ts
try {
	const inputs = takeInputs();
	const surroundings = surroundingsOfStep();
	guard(inputs, surroundings);
	const collaborators = {
		inputs,
		surroundings,
		files: diskFiles,
		clock: machineClock,
		log: stepLog,
		channel: stepChannel,
		environment: process.env
	};
	if (inputs.homeLifetime === "persistent") {
		const [{ takePersistentHome }, { jobHostLock: hostLock }] = await Promise.all([import("./chunks/persistent-home.js"), import("./chunks/host-lock.js")]);
		const cancellation = { requested: () => false };
		await takePersistentHome({
			...collaborators,
			hostLock
		}, {
			patience: "none",
			cancellation
		});
	} else await restore(collaborators);
} catch (error) {
	const what = error instanceof Failure ? `${error.message} [${error.code}]` : "something unexpected went wrong.";
	stepLog.info(`Not restored before the job: ${what} If this step runs, it says more.`);
}
endProcess();

export {  };