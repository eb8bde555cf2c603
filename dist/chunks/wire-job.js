import "./rolldown-runtime.js";
import { n as getExecOutput } from "./exec.js";
import { P as stepLog, f as isOutsideWorkspace, h as pathOfJob, nn as Failure, v as isBelow } from "./quiet.js";
import { n as CODEX_FILES, r as TESTED_CODEX_VERSION, t as withoutCode } from "./code-variables.js";
import { n as signalProcess, t as descendants } from "./processes.js";
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { randomBytes } from "node:crypto";
import { arch, constants, platform } from "node:os";
import { accessSync, closeSync, constants as constants$1, existsSync, fstatSync, lstatSync, openSync, readSync, readdirSync, readlinkSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { access, constants as constants$2, mkdir, mkdtemp, readFile, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";

// src/adapters/codex/locator.ts
async function locateCodex(path, replaceable = [], passedOver = () => {}) {
	const roots = await Promise.all(replaceable.map((root) => realpath(root).catch(() => root)));
	const isReplaceable = async (found) => {
		const places = [
			found,
			await realpath(dirname(found)),
			await realpath(found)
		];
		return !isAbsolute(found) || places.some((place) => roots.some((root) => isBelow(root, place)));
	};
	for (const directory of path.split(delimiter).filter((entry) => entry !== "")) for (const name of process.platform === "win32" ? ["codex.exe", "codex.cmd"] : ["codex"]) {
		const candidate = join(directory, name);
		if (!await isExecutable(candidate)) continue;
		const native = await nativeBehind(candidate);
		if (!await isReplaceable(candidate) && (native === null || !await isReplaceable(native))) return native ?? candidate;
		passedOver();
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
		await access(path, constants$2.X_OK);
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}

// src/adapters/codex/program.ts
function npmCodexProgram({ environment, toolCache, temporaryDirectory, path, replaceable, log }) {
	const ours = join(toolCache, OURS);
	const versionOf = async (command) => {
		const { stdout } = await getExecOutput(command, ["--version"], quietly).catch(() => ({ stdout: "" }));
		return /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? null;
	};
	const quietly = {
		silent: true,
		ignoreReturnCode: true,
		env: { ...environment }
	};
	const install = async (version) => {
		const parent = version === "0.169.0" ? ours : join(temporaryDirectory, OURS);
		const target = join(parent, `codex-${version}-${platform()}-${arch()}`);
		const present = await locateCodex(binOf(target));
		if (present) {
			if (await isStored(version, present)) return present;
			log.warning(`The Codex ${version} in this machine's tool cache is not the one that was published. It is not run; another takes its place.`);
		}
		log.info(`Installing @openai/codex ${version} with npm.`);
		await mkdir(parent, { recursive: true });
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
			if (!program) throw installFailed(version, NO_PROGRAM);
			if (!await isStored(version, program)) throw installFailed(version, NOT_STORED);
			if (await versionOf(program) !== version) throw installFailed(version, NO_PROGRAM);
			if (present) await rm(target, {
				recursive: true,
				force: true
			});
			const isInPlace = await rename(fresh, target).then(() => true, () => false);
			const found = await locateCodex(binOf(target));
			if (found && (isInPlace || await isStored(version, found))) return found;
			throw installFailed(version, "");
		} finally {
			await rm(fresh, {
				recursive: true,
				force: true
			});
		}
	};
	return {
		locate: async () => {
			const found = await locateCodex(path(), replaceable, () => log.info("There is a `codex` inside the workspace on PATH. It is not used: a model could have replaced it, and the login is given to it."));
			return found !== null && isBelow(ours, found) ? install(TESTED_CODEX_VERSION) : found;
		},
		install,
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
const OURS = "codex-auth-roundtrip";
async function isStored(version, program) {
	if (version !== "0.169.0") return true;
	const expected = CODEX_FILES[`${platform()}-${arch()}`];
	const { digestOfFiles } = await import("./package-files.js");
	return expected !== void 0 && await digestOfFiles(dirname(dirname(await realpath(program)))) === expected.files;
}
const NO_NPM = "npm was not found";
const NO_PROGRAM = "the program for this platform is missing";
const NOT_STORED = "not what was stored";
function binOf(prefix) {
	return join(prefix, "node_modules", ".bin");
}
function installFailed(version, stderr) {
	const offline = /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|network/i.test(stderr);
	const unknown = /ETARGET|E404|No matching version/i.test(stderr);
	return new Failure("codex-install-failed", `Codex ${version} could not be installed: ${offline ? "the npm registry cannot be reached" : unknown ? "there is no such version" : stderr === NO_NPM ? "there is no npm on this machine" : stderr === NOT_STORED ? "what npm brought is not what OpenAI published; something stands between this machine and the registry" : stderr === NO_PROGRAM ? "npm came without the program for this platform, or could not verify it" : "npm failed"}.`, "Install it in an earlier step, so that `codex` is on PATH, or choose another `codex-version`.");
}

// src/adapters/machine/command-runner.ts
const LAST_WORDS_MS = 5e3;
const FINISH_MS = 1e3;
const AFTER_SIGTERM_MS = 1e3;
const AFTER_SIGKILL_MS = 1e3;
const POLL_MS = 50;
const CANCEL_SIGNALS = ["SIGINT", "SIGTERM"];
const MARKER = "CODEX_AUTH_ROUNDTRIP_COMMAND";
const groupCommandRunner = { run: ({ file, args, directory, environment, output, input = "" }) => new Promise((resolvePromise, reject) => {
	const marker = `${process.pid}-${process.hrtime.bigint()}`;
	const { child, ended } = start({
		file,
		args,
		directory,
		environment: {
			...environment,
			[MARKER]: marker
		}
	});
	child.stdin?.on("error", () => {});
	child.stdin?.end(input);
	child.stdout?.on("data", (chunk) => output("stdout", chunk));
	child.stderr?.on("data", (chunk) => output("stderr", chunk));
	const closed = new Promise((close) => child.once("close", () => close()));
	const listeners = CANCEL_SIGNALS.map((signal) => {
		const pass = () => signalGroup(child.pid, signal);
		process.on(signal, pass);
		return () => process.off(signal, pass);
	});
	ended.then(async ({ exitCode, signal, letGo }) => {
		await endAll({
			root: child.pid ?? -1,
			marker: `${MARKER}=${marker}`
		});
		letGo();
		const patience = new AbortController();
		await Promise.race([closed, setTimeout(LAST_WORDS_MS, null, { signal: patience.signal }).catch(() => {})]);
		patience.abort();
		return {
			exitCode,
			signal
		};
	}).finally(() => {
		for (const stopListening of listeners) stopListening();
		child.stdout?.destroy();
		child.stderr?.destroy();
	}).then(resolvePromise, reject);
}) };
const COLLECTOR = `
my ($prctl, $program) = splice @ARGV, 0, 2;
open(my $ours, "+<&=", 3) or exit 126;
fcntl($ours, 2, 1);
syscall($prctl + 0, 36, 1, 0, 0, 0);
$SIG{INT} = $SIG{TERM} = $SIG{CHLD} = sub {};
my $pid = fork;
exit 126 unless defined $pid;
if ($pid == 0) {
  /^KEPT_(PERL.*)/ and $ENV{$1} = delete $ENV{$_} for keys %ENV;
  exec { $program } @ARGV;
  exit 127;
}
my $status;
until (defined $status) {
  my $ready = "";
  vec($ready, 3, 1) = 1;
  endAll() if select($ready, undef, undef, 0.1) > 0;
  while ((my $gone = waitpid(-1, 1)) > 0) { $status = $? if $gone == $pid }
}
syswrite($ours, "$status\n");
open(STDIN, "<", "/dev/null"); open(STDOUT, ">", "/dev/null"); open(STDERR, ">", "/dev/null");
until (defined sysread($ours, my $word, 1)) { last unless $! == 4 }
endAll();
sub endAll {
  for (1 .. 100) {
    1 while waitpid(-1, 1) > 0;
    my @children = children() or last;
    kill 9, @children;
    select(undef, undef, undef, 0.01);
  }
  exit 1;
}
sub children {
  opendir(my $proc, "/proc") or return;
  my @found;
  for my $pid (grep { /^\\d+$/ } readdir $proc) {
    open(my $stat, "<", "/proc/$pid/stat") or next;
    push @found, $pid if join("", <$stat>) =~ /.*\\) \\S (\\d+) /s and $1 == $$;
  }
  return @found;
}
`;
const PERL = "/usr/bin/perl";
const PRCTL = {
	x64: "157",
	arm64: "167"
};
function start(command) {
	const prctl = platform() === "linux" && isProgram(PERL) ? PRCTL[arch()] : void 0;
	return prctl === void 0 ? startAlone(command) : startCollected(command, prctl);
}
function startAlone({ file, args, directory, environment }) {
	const child = spawn(file, args, {
		cwd: directory,
		env: { ...environment },
		stdio: [
			"pipe",
			"pipe",
			"pipe"
		],
		detached: platform() !== "win32"
	});
	return {
		child,
		ended: new Promise((end, reject) => {
			child.once("error", reject);
			child.once("exit", (exitCode, signal) => end({
				exitCode,
				signal,
				letGo: () => {}
			}));
		})
	};
}
function startCollected({ file, args, directory, environment }, prctl) {
	const program = findProgram(file, {
		directory,
		path: environment.PATH ?? ""
	});
	if (program === null) return startAlone({
		file,
		args,
		directory,
		environment
	});
	const kept = Object.entries(environment).map(([name, value]) => [name.startsWith("PERL") ? `KEPT_${name}` : name, value]);
	const child = spawn(PERL, [
		"-e",
		COLLECTOR,
		prctl,
		program,
		file,
		...args
	], {
		cwd: directory,
		env: Object.fromEntries(kept),
		stdio: [
			"pipe",
			"pipe",
			"pipe",
			"pipe"
		],
		detached: true
	});
	const control = child.stdio[3];
	const letGo = () => void control.destroy();
	return {
		child,
		ended: new Promise((end, reject) => {
			let said = "";
			control.on("error", () => {});
			control.on("data", (chunk) => {
				said += chunk.toString("latin1");
				if (said.endsWith("\n")) end({
					...readStatus(Number(said)),
					letGo
				});
			});
			child.once("error", reject);
			child.once("exit", (exitCode, signal) => end({
				exitCode,
				signal,
				letGo
			}));
		})
	};
}
function readStatus(status) {
	const number = status & 127;
	if (number === 0) return {
		exitCode: status >> 8,
		signal: null
	};
	return {
		exitCode: null,
		signal: Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? "SIGKILL"
	};
}
function findProgram(file, { directory, path }) {
	return (file.includes("/") ? [resolve(directory, file)] : path.split(delimiter).map((place) => resolve(directory, join(place, file)))).find(isProgram) ?? null;
}
function isProgram(path) {
	try {
		accessSync(path, constants$1.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
async function endAll(descent) {
	if (await areGone(descent, FINISH_MS)) return;
	for (const found of descendants(descent)) signalProcess(found, "SIGTERM");
	if (await areGone(descent, AFTER_SIGTERM_MS)) return;
	await areGone(descent, AFTER_SIGKILL_MS, "SIGKILL");
}
async function areGone(descent, patienceMs, signal) {
	const deadlineMs = performance.now() + patienceMs;
	for (;;) {
		const alive = descendants(descent);
		if (alive.length === 0) return true;
		if (performance.now() >= deadlineMs) return false;
		if (signal) for (const found of alive) signalProcess(found, signal);
		await setTimeout(POLL_MS);
	}
}
function signalGroup(pid, signal) {
	if (pid === void 0) return;
	try {
		process.kill(platform() === "win32" ? pid : -pid, signal);
	} catch {}
}

// src/adapters/machine/named-files.ts
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECTORY = 0 } = constants$1;
const PROC = "/proc/self/fd";
const namedFiles = namedFilesBy(process.platform === "linux" && existsSync(PROC) ? "descriptor" : "path");
function namedFilesBy(means) {
	const truePathOf = means === "descriptor" ? pathOfDescriptor : pathOfName;
	return {
		read: async (path, { limitBytes, ...place }) => orRefusal(() => {
			demandKind(lstatSync(path), "file");
			return withOpen(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, (file) => {
				const entry = fstatSync(file);
				demandKind(entry, "file");
				if (entry.dev === orNull(() => statSync("/proc/self").dev)) throw new Refused("not-a-file");
				demandPlace(truePathOf(file, path), expectedPath(path, place.root), place);
				if (entry.size > limitBytes) throw new Refused("too-large");
				return {
					kind: "read",
					bytes: readAll(file, limitBytes)
				};
			});
		}),
		write: async (path, content, place) => orRefusal(() => {
			const directory = dirname(path);
			const expected = dirname(expectedPath(path, place.root));
			if (means === "path") {
				demandPlace(realpathSync.native(directory), expected, place);
				replace(join(expected, basename(path)), content);
				return { kind: "written" };
			}
			return withOpen(directory, O_RDONLY | O_DIRECTORY, (opened) => {
				demandPlace(truePathOf(opened, directory), expected, place);
				replace(join(PROC, String(opened), basename(path)), content);
				return { kind: "written" };
			});
		}),
		directory: async (path, place) => orRefusal(() => {
			demandKind(statSync(path), "directory");
			const real = realpathSync.native(path);
			demandPlace(real, expectedPath(path, place.root), place);
			return {
				kind: "directory",
				real
			};
		}),
		linkTo: async (directory, names, target) => names.find((name) => {
			const real = orNull(() => realpathSync.native(join(directory, name)));
			return real !== null && isWithin(real, [target]);
		}) ?? null,
		hasOtherNames: async (path) => hasOtherNames(orNull(() => realpathSync.native(path)) ?? path)
	};
}
var Refused = class extends Error {
	kind;
	constructor(kind) {
		super(kind);
		this.kind = kind;
	}
};
function orRefusal(act) {
	try {
		return act();
	} catch (error) {
		if (error instanceof Refused) return { kind: error.kind };
		switch (error.code) {
			case "ELOOP": return { kind: "link" };
			case "ENOENT":
			case "ENOTDIR": return { kind: "missing" };
			default: return { kind: "unusable" };
		}
	}
}
function expectedPath(path, root) {
	const realRoot = realpathSync.native(root);
	for (const known of [root, realRoot]) {
		const inside = relative(known, path);
		if (inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return join(realRoot, inside);
	}
	return join(realpathSync.native(dirname(path)), basename(path));
}
function demandKind(entry, kind) {
	if (entry.isSymbolicLink()) throw new Refused("link");
	if (!(kind === "file" ? entry.isFile() : entry.isDirectory())) throw new Refused("not-a-file");
}
function demandPlace(real, expected, { kept }) {
	if (!isSamePath(real, expected)) throw new Refused("link");
	if (isWithin(real, kept)) throw new Refused("kept");
}
function isSamePath(one, other) {
	if (one === other) return true;
	const folds = process.platform === "win32" || process.platform === "darwin";
	const fold = (path) => path.normalize("NFC").toLowerCase();
	return folds && fold(one) === fold(other);
}
function isWithin(real, kept) {
	const ids = kept.map(identityOf).filter((id) => id !== null);
	for (let path = real;; path = dirname(path)) {
		const id = identityOf(path);
		if (id !== null && ids.includes(id)) return true;
		if (path === dirname(path)) return false;
	}
}
function identityOf(path) {
	const entry = orNull(() => statSync(path, { bigint: true }));
	return entry && `${entry.dev} ${entry.ino}`;
}
function pathOfDescriptor(file) {
	return readlinkSync(join(PROC, String(file)));
}
function pathOfName(file, path) {
	const real = realpathSync.native(path);
	const [opened, named] = [fstatSync(file, { bigint: true }), statSync(real, { bigint: true })];
	if (opened.dev !== named.dev || opened.ino !== named.ino) throw new Refused("link");
	return real;
}
function withOpen(path, flags, act) {
	const file = openSync(path, flags);
	try {
		return act(file);
	} finally {
		closeSync(file);
	}
}
function readAll(file, limitBytes) {
	const chunks = [];
	let total = 0;
	for (;;) {
		const chunk = /* @__PURE__ */ new Uint8Array(65536);
		const count = readSync(file, chunk, 0, chunk.length, null);
		if (count === 0) return Buffer.concat(chunks);
		total += count;
		if (total > limitBytes) throw new Refused("too-large");
		chunks.push(chunk.subarray(0, count));
	}
}
function replace(path, content) {
	const before = lstatSync(path, { throwIfNoEntry: false });
	if (before) demandKind(before, "file");
	const temporary = `${path}.${process.pid}-${process.hrtime.bigint()}.tmp`;
	try {
		writeFileSync(temporary, content, {
			flag: "wx",
			mode: 420
		});
		renameSync(temporary, path);
	} catch (error) {
		rmSync(temporary, { force: true });
		throw error;
	}
}
function hasOtherNames(path) {
	const entry = orNull(() => lstatSync(path));
	if (entry?.isFile()) return entry.nlink > 1;
	if (!entry?.isDirectory()) return false;
	return (orNull(() => readdirSync(path)) ?? []).some((name) => hasOtherNames(join(path, name)));
}
function orNull(act) {
	try {
		return act();
	} catch {
		return null;
	}
}

// src/adapters/machine/randomness.ts
const systemRandomness = { bytes: (count) => randomBytes(count) };

// src/adapters/machine/sandbox-policy.ts
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
		removeRequirements: async (path, guarded) => {
			const content = await readFile(path, "utf8").catch(() => "");
			if (content.startsWith("# Written by codex-auth-roundtrip") && content.includes(guarded)) await asRoot([
				"rm",
				"-f",
				path
			]);
		}
	};
}

// src/entry/wire-job.ts
function jobTools(environment, inputs) {
	return {
		commands: groupCommandRunner,
		program: codexProgram(withoutCode({
			...environment,
			...inputs.codexEnvironment
		}, isOutsideWorkspace), inputs),
		machine: machinePolicy(environment),
		named: namedFiles,
		randomness: systemRandomness
	};
}
function machinePolicy(environment) {
	return sudoMachinePolicy(environment, process.env.RUNNER_ENVIRONMENT === "github-hosted");
}
function codexProgram(environment, { workingDirectory }) {
	const { RUNNER_TEMP: temporaryDirectory = "", RUNNER_TOOL_CACHE, GITHUB_WORKSPACE } = process.env;
	const workspace = GITHUB_WORKSPACE ?? process.cwd();
	return npmCodexProgram({
		environment,
		toolCache: RUNNER_TOOL_CACHE ?? temporaryDirectory,
		temporaryDirectory,
		path: pathOfJob,
		replaceable: [workspace, resolve(workspace, workingDirectory ?? "")],
		log: stepLog
	});
}

export { systemRandomness as i, jobTools as n, machinePolicy as r, codexProgram as t };