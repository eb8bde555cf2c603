import "./rolldown-runtime.js";
import { spawn } from "node:child_process";

// src/adapters/command-runner.ts
const CANCEL_SIGNALS = ["SIGINT", "SIGTERM"];
/** Runs a command in its own process group; cancel signals to this process go to the whole group at once. */
const groupCommandRunner = { run: ({ file, args, directory, environment }) => new Promise((resolve, reject) => {
	const child = spawn(file, args, {
		cwd: directory,
		env: { ...environment },
		stdio: [
			"ignore",
			"inherit",
			"inherit"
		],
		detached: process.platform !== "win32"
	});
	const listeners = CANCEL_SIGNALS.map((signal) => {
		const pass = () => signalGroup(child.pid, signal);
		process.on(signal, pass);
		return () => process.off(signal, pass);
	});
	const finish = () => {
		for (const stopListening of listeners) stopListening();
	};
	child.once("error", (error) => {
		finish();
		reject(error);
	});
	child.once("exit", (exitCode, signal) => {
		finish();
		resolve({
			exitCode,
			signal
		});
	});
}) };
function signalGroup(pid, signal) {
	if (pid === void 0) return;
	try {
		process.kill(process.platform === "win32" ? pid : -pid, signal);
	} catch {}
}

export { groupCommandRunner };