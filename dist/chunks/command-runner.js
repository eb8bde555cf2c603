import "./rolldown-runtime.js";
import { spawn } from "node:child_process";

// src/adapters/command-runner.ts
/** As the runner does for its own steps: a process that the command left behind may hold the pipes for ever. */
const LAST_WORDS_MS = 5e3;
const CANCEL_SIGNALS = ["SIGINT", "SIGTERM"];
/** Runs a command in its own process group; cancel signals to this process go to the whole group at once. */
const groupCommandRunner = { run: ({ file, args, directory, environment, output }) => new Promise((resolve, reject) => {
	const child = spawn(file, args, {
		cwd: directory,
		env: { ...environment },
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		detached: process.platform !== "win32"
	});
	for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) from.on("data", (chunk) => {
		to.write(chunk);
		output(chunk.toString("utf8"));
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
	const end = () => {
		finish();
		resolve({
			exitCode: child.exitCode,
			signal: child.signalCode
		});
	};
	child.once("close", end);
	child.once("exit", () => setTimeout(end, LAST_WORDS_MS).unref());
}) };
function signalGroup(pid, signal) {
	if (pid === void 0) return;
	try {
		process.kill(process.platform === "win32" ? pid : -pid, signal);
	} catch {}
}

export { groupCommandRunner };