import "./rolldown-runtime.js";
import { n as getExecOutput } from "./exec.js";
import { gt as Failure, l as stepLog } from "./quiet.js";
import { delimiter, dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import { arch, platform } from "node:os";
import { access, constants, mkdir, mkdtemp, readFile, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { spawn } from "node:child_process";

// src/adapters/codex-locator.ts
async function locateCodex(path) {
	for (const directory of path.split(delimiter).filter((entry) => entry !== "")) for (const name of process.platform === "win32" ? ["codex.exe", "codex.cmd"] : ["codex"]) {
		const candidate = join(directory, name);
		if (!await isExecutable(candidate)) continue;
		return await nativeBehind(candidate) ?? candidate;
	}
	return null;
}
async function nativeBehind(candidate) {
	const packageRoot = await packageBehind(candidate);
	if (packageRoot === null) return null;
	const platformPackage = `codex-${process.platform}-${process.arch}`;
	for (const scope of [dirname(packageRoot), join(packageRoot, "node_modules", "@openai")]) {
		const vendor = join(scope, platformPackage, "vendor");
		for (const triple of await readdir(vendor).catch(() => [])) {
			const native = join(vendor, triple, "bin", process.platform === "win32" ? "codex.exe" : "codex");
			if (await isExecutable(native)) return native;
		}
	}
	return null;
}
async function packageBehind(candidate) {
	if (candidate.endsWith("codex.cmd")) return join(dirname(candidate), "node_modules", "@openai", "codex");
	const target = await realpath(candidate);
	return target.endsWith(join("@openai", "codex", "bin", "codex.js")) ? dirname(dirname(target)) : null;
}
async function isExecutable(path) {
	try {
		await access(path, constants.X_OK);
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}

// src/adapters/codex-program.ts
function npmCodexProgram({ environment, toolCache, log }) {
	const versionOf = async (command) => {
		const { stdout } = await getExecOutput(command, ["--version"], quietly).catch(() => ({ stdout: "" }));
		return /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? null;
	};
	const quietly = {
		silent: true,
		ignoreReturnCode: true,
		env: { ...environment }
	};
	return {
		locate: () => locateCodex(process.env.PATH ?? ""),
		install: async (version) => {
			const target = join(toolCache, "codex-auth-roundtrip", `codex-${version}-${platform()}-${arch()}`);
			const installed = await locateCodex(binOf(target));
			if (installed) return installed;
			log.info(`Installing @openai/codex ${version} with npm.`);
			await mkdir(join(toolCache, "codex-auth-roundtrip"), { recursive: true });
			const fresh = await mkdtemp(`${target}-`);
			try {
				const flags = [
					"--no-save",
					"--no-audit",
					"--no-fund",
					"--ignore-scripts",
					"--loglevel",
					"error"
				];
				const patience = [
					"--fetch-retry-mintimeout",
					"1000",
					"--fetch-retry-maxtimeout",
					"5000"
				];
				const { exitCode, stderr } = await getExecOutput("npm", [
					"install",
					...flags,
					...patience,
					"--prefix",
					fresh,
					`@openai/codex@${version}`
				], quietly).catch(() => ({
					exitCode: null,
					stderr: NO_NPM
				}));
				if (exitCode !== 0) throw installFailed(version, stderr);
				const program = await locateCodex(binOf(fresh));
				if (!program || await versionOf(program) !== version) throw installFailed(version, NO_PROGRAM);
				await rename(fresh, target).catch(() => {});
			} finally {
				await rm(fresh, {
					recursive: true,
					force: true
				});
			}
			const found = await locateCodex(binOf(target));
			if (!found) throw installFailed(version, "");
			return found;
		},
		version: versionOf,
		canSandbox: async (command, { home, directory, flags, environment: ofCodex }) => {
			const options = {
				...quietly,
				cwd: directory,
				env: {
					...ofCodex,
					CODEX_HOME: home
				}
			};
			const args = [
				"sandbox",
				...flags,
				"--",
				"true"
			];
			const { exitCode } = await getExecOutput(command, args, options).catch(() => ({ exitCode: 1 }));
			return exitCode === 0;
		}
	};
}
const NO_NPM = "npm was not found";
const NO_PROGRAM = "the program for this platform is missing";
function binOf(prefix) {
	return join(prefix, "node_modules", ".bin");
}
function installFailed(version, stderr) {
	const offline = /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|network/i.test(stderr);
	const unknown = /ETARGET|E404|No matching version/i.test(stderr);
	return new Failure("codex-install-failed", `Codex ${version} could not be installed: ${offline ? "the npm registry cannot be reached" : unknown ? "there is no such version" : stderr === NO_NPM ? "there is no npm on this machine" : stderr === NO_PROGRAM ? "npm came without the program for this platform, or could not verify it" : "npm failed"}.`, "Install it in an earlier step, so that `codex` is on PATH, or choose another `codex-version`.");
}

// src/adapters/randomness.ts
const systemRandomness = { bytes: (count) => randomBytes(count) };

// src/adapters/command-runner.ts
const LAST_WORDS_MS = 5e3;
const CANCEL_SIGNALS = ["SIGINT", "SIGTERM"];
const groupCommandRunner = { run: ({ file, args, directory, environment, output, input = "" }) => new Promise((resolve, reject) => {
	const child = spawn(file, args, {
		cwd: directory,
		env: { ...environment },
		stdio: [
			"pipe",
			"pipe",
			"pipe"
		],
		detached: process.platform !== "win32"
	});
	child.stdin.on("error", () => {});
	child.stdin.end(input);
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

// src/adapters/machine-policy.ts
const APPARMOR_SWITCH = "kernel.apparmor_restrict_unprivileged_userns";
function sudoMachinePolicy(environment, hosted) {
	const asRoot = (args, input = "") => {
		const [file = "", ...rest] = process.getuid?.() === 0 ? args : [
			"sudo",
			"-n",
			...args
		];
		return new Promise((resolve) => {
			const child = spawn(file, rest, {
				stdio: [
					"pipe",
					"ignore",
					"ignore"
				],
				env: { ...environment }
			});
			child.once("error", () => resolve(false));
			child.once("close", (exitCode) => resolve(exitCode === 0));
			child.stdin.on("error", () => {});
			child.stdin.end(input);
		});
	};
	return {
		allowUserNamespaces: async () => {
			if (!hosted) return;
			const path = `/proc/sys/${APPARMOR_SWITCH.replaceAll(".", "/")}`;
			if ((await readFile(path, "utf8").catch(() => "0")).trim() !== "0") await asRoot([
				"sysctl",
				"-w",
				`${APPARMOR_SWITCH}=0`
			]);
		},
		writeRequirements: async (path, content) => {
			if (process.platform !== "linux") return "impossible";
			if (await access(path).then(() => true, () => false)) return await readFile(path, "utf8").catch(() => null) === content ? "written" : "exists";
			return await asRoot([
				"mkdir",
				"-p",
				dirname(path)
			]) && await asRoot([
				"sh",
				"-c",
				"set -C; cat > \"$1\" && chmod 644 \"$1\"",
				"sh",
				path
			], content) ? "written" : "impossible";
		},
		removeRequirements: async (path) => {
			await asRoot([
				"rm",
				"-f",
				path
			]);
		}
	};
}

// src/entry/job-tools.ts
function jobTools(environment, { codexEnvironment }) {
	return {
		commands: groupCommandRunner,
		program: npmCodexProgram({
			environment: {
				...environment,
				...codexEnvironment
			},
			toolCache: toolCache(),
			log: stepLog
		}),
		machine: machinePolicy(environment),
		randomness: systemRandomness
	};
}
function machinePolicy(environment) {
	return sudoMachinePolicy(environment, process.env.RUNNER_ENVIRONMENT === "github-hosted");
}
function toolCache() {
	return process.env.RUNNER_TOOL_CACHE ?? process.env.RUNNER_TEMP ?? "";
}

export { npmCodexProgram as a, systemRandomness as i, machinePolicy as n, toolCache as r, jobTools as t };