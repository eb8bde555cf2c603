"use strict";

const require_rolldown_runtime = require("./rolldown-runtime.cjs");
const require_main = require("../main.cjs");
let node_path = require("node:path");

// src/action/job/protection.ts
var protection_exports = /* @__PURE__ */ require_rolldown_runtime.__exportAll({
	guardedPlaces: () => guardedPlaces,
	inspectOwnConfig: () => inspectOwnConfig
});
async function guardedPlaces({ inputs, context, files, environment }, { home, base, loginPath, programs = [] }, more = []) {
	const known = /* @__PURE__ */ new Map();
	const real = (path) => {
		const found = known.get(path) ?? require_main.realpathOfNearest(files, path);
		known.set(path, found);
		return found;
	};
	const root = context.workspace ?? process.cwd();
	const directory = (0, node_path.resolve)(root, inputs.workingDirectory ?? "");
	const temporary = inputs.codexEnvironment.TMPDIR ?? environment.TMPDIR;
	const named = [
		root,
		directory,
		"/tmp",
		...temporary ? [temporary] : [],
		...more
	];
	const roots = await Promise.all(named.map((path) => real((0, node_path.resolve)(directory, path))));
	const realRoot = await real(root);
	const isTool = (path) => (0, node_path.isAbsolute)(path) && !require_main.isBelow(realRoot, path) && roots.some((writable) => require_main.isBelow(writable, path));
	const tools = (environment.PATH ?? "").split(node_path.delimiter).filter(isTool);
	const { RUNNER_TOOL_CACHE: cache = base, RUNNER_TEMP: temp } = environment;
	const installed = [cache, temp === void 0 ? base : (0, node_path.join)(temp, "codex-auth-roundtrip")];
	const ofRunner = [environment.GITHUB_STATE, environment.GITHUB_EVENT_PATH].filter((path) => path !== void 0);
	const held = [
		base,
		home,
		...installed,
		...programs,
		...tools,
		...ofRunner.map((path) => (0, node_path.dirname)(path))
	];
	return {
		loginDirectory: await real(loginPath),
		anchors: require_main.anchorsOf([...await Promise.all(held.map(real)), ...await ownFiles(files, realRoot)], roots)
	};
}
async function ownFiles(files, workspace) {
	const own = await files.realpath((0, node_path.dirname)((0, node_path.dirname)(process.argv[1] ?? "")));
	if (own === null) return [];
	if (!require_main.isBelow(own, workspace)) return [own];
	const parts = [
		"action.yml",
		"action.yaml",
		"dist",
		"package.json"
	].map((name) => files.realpath((0, node_path.join)(own, name)));
	return (await Promise.all(parts)).filter((path) => path !== null);
}
async function protectByConfig({ inputs, files }, { home, guarded }) {
	if (await require_main.readConfig(files, home) !== null) return false;
	await require_main.writeConfig(files, home, require_main.renderConfig(inputs, guarded));
	return true;
}
async function inspectOwnConfig({ inputs, files, log }, place) {
	const own = await refuseForeignConfig({
		inputs,
		files
	}, place);
	if (own !== null) warnOfOwnConfig({
		inputs,
		log
	}, own, place.guarded);
}
function warnOfOwnConfig({ inputs, log }, own, { loginDirectory: login }) {
	if (inputs.protectAuth !== "off" && inputs.sandbox !== "danger-full-access" && !own.protects) log.warning(`The Codex home has a config.toml of its own, which does not keep the model's commands out of the login. Give it a permission profile with \`filesystem = { "${login}" = "deny" }\` as \`default_permissions\`, or use \`prompt\`, which brings its own.`);
	if (!inputs.codexApps && !own.appsAreOff) log.warning("The Codex home has a config.toml of its own, which does not switch off the account's connected apps and plugins: a model that runs in `run` or in a later step can use them. Add `[features]` with `apps = false`, `plugins = false` and `remote_plugin = false`, or set `codex-apps: true` if you want them.");
}
async function refuseForeignConfig({ inputs, files }, { home, guarded }) {
	const existing = await require_main.readConfig(files, home);
	if (existing === null || existing === require_main.renderConfig(inputs, guarded)) return null;
	const own = await readOwn(existing, guarded);
	const [first] = own.sendsLoginTo;
	if (first === void 0) return own;
	throw new require_main.Failure("config-refused", `The config.toml in the Codex home would send the login to somebody else: ${JSON.stringify(first)} is neither an address of OpenAI's nor of this machine.`, "Find out who wrote it, and remove the setting. A provider with a key of its own (without `requires_openai_auth`) gets no login and is accepted.");
}
const STEERING_FILES = [".env", "environments.toml"];
async function refusePlantedSettings(files, { home, base }) {
	if (home !== require_main.homeDirectory(null, base)) return;
	for (const name of STEERING_FILES) {
		if (await files.stamp((0, node_path.join)(home, name)) === null) continue;
		throw new require_main.Failure("config-refused", `A step of this job has put ${name} into the Codex home, by which Codex would send the login, or what it does, elsewhere.`, "Find out which step wrote it. Variables for Codex belong into `codex-env`; for a home with settings of your own there is `codex-home`.");
	}
}
async function readOwn(text, { loginDirectory }) {
	const { readOwnConfig } = await Promise.resolve().then(() => require("./user-config.cjs"));
	return readOwnConfig(text, loginDirectory);
}
async function pathOfCommands(files, { base, command, path, trusted }) {
	if (path === trusted) return path;
	if (process.platform !== "linux") return path;
	const bundled = (0, node_path.join)((0, node_path.dirname)((0, node_path.dirname)(command)), "codex-resources", "bwrap");
	const inPath = trusted.split(node_path.delimiter).map((directory) => (0, node_path.join)(directory, "bwrap"));
	for (const candidate of [...inPath, bundled]) {
		const bubblewrap = await files.realpath(candidate);
		if (bubblewrap === null) continue;
		const directory = (0, node_path.join)(base, "sandbox");
		await files.makePrivateDirectory(directory);
		await files.link(bubblewrap, (0, node_path.join)(directory, "bwrap"));
		return [directory, path].join(node_path.delimiter);
	}
	return trusted;
}
const REQUIREMENTS = "/etc/codex/requirements.toml";
async function prepareMachine({ inputs, log }, { guarded, machine }) {
	if (inputs.sandbox === "danger-full-access") log.warning("With `sandbox: danger-full-access` nothing keeps the model's commands away from the login.");
	else await machine.allowUserNamespaces();
	if (inputs.protectAuth !== "enforced") return { madeRequirements: false };
	switch (await machine.writeRequirements(REQUIREMENTS, require_main.renderRequirements(guarded.loginDirectory, inputs))) {
		case "written": return { madeRequirements: true };
		case "exists": throw new require_main.Failure("protection-impossible", `${REQUIREMENTS} exists already, and is not merged with ours.`, "Remove it, or use `protect-auth: profile`.");
		case "impossible": throw new require_main.Failure("protection-impossible", "`protect-auth: enforced` needs Linux and sudo without a password, as on GitHub's own runners.", "Use `protect-auth: profile` here.");
	}
}

Object.defineProperty(exports, "guardedPlaces", {
  enumerable: true,
  get: function () {
    return guardedPlaces;
  }
});
Object.defineProperty(exports, "pathOfCommands", {
  enumerable: true,
  get: function () {
    return pathOfCommands;
  }
});
Object.defineProperty(exports, "prepareMachine", {
  enumerable: true,
  get: function () {
    return prepareMachine;
  }
});
Object.defineProperty(exports, "protectByConfig", {
  enumerable: true,
  get: function () {
    return protectByConfig;
  }
});
Object.defineProperty(exports, "protection_exports", {
  enumerable: true,
  get: function () {
    return protection_exports;
  }
});
Object.defineProperty(exports, "refuseForeignConfig", {
  enumerable: true,
  get: function () {
    return refuseForeignConfig;
  }
});
Object.defineProperty(exports, "refusePlantedSettings", {
  enumerable: true,
  get: function () {
    return refusePlantedSettings;
  }
});