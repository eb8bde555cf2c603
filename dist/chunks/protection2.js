import "./rolldown-runtime.js";
import { a as renderRequirements, i as renderConfig, n as configProtects, r as protectionFlags, t as anchorsOf } from "./codex-config.js";
import { gt as Failure, nt as realpathOfNearest, rt as writeConfig, tt as readConfig } from "./quiet.js";
import { join, resolve } from "node:path";

// src/action/protection.ts
async function guardedPlaces({ inputs, surroundings, files, environment }, { home, base, loginPath }, more = []) {
	const real = (path) => realpathOfNearest(files, path);
	const root = surroundings.workspace ?? process.cwd();
	const directory = resolve(root, inputs.workingDirectory ?? "");
	const temporary = inputs.codexEnvironment.TMPDIR ?? environment.TMPDIR;
	const roots = [
		root,
		directory,
		"/tmp",
		...temporary ? [temporary] : [],
		...more
	];
	return {
		loginDirectory: await real(loginPath),
		anchors: anchorsOf(await Promise.all([base, home].map(real)), await Promise.all(roots.map((path) => real(resolve(directory, path)))))
	};
}
async function protectByConfig({ inputs, files, log }, { home, guarded }) {
	if (inputs.protectAuth === "off") return false;
	const { loginDirectory: login } = guarded;
	const existing = await readConfig(files, home);
	const config = renderConfig(inputs.sandbox, guarded);
	if (existing === null) {
		if (config !== null) await writeConfig(files, home, config);
		return config !== null;
	}
	if (config !== null && !configProtects(existing, login)) log.warning(`The Codex home has a config.toml of its own, which does not keep the model's commands out of the login. Give it a permission profile with \`filesystem = { "${login}" = "deny" }\` as \`default_permissions\`, or use \`prompt\`, which brings its own.`);
	return false;
}
const REQUIREMENTS = "/etc/codex/requirements.toml";
async function prepareMachine({ inputs, log }, { guarded, machine }) {
	if (inputs.sandbox === "danger-full-access") log.warning("With `sandbox: danger-full-access` nothing keeps the model's commands away from the login.");
	else await machine.allowUserNamespaces();
	if (inputs.protectAuth !== "enforced") return { madeRequirements: false };
	switch (await machine.writeRequirements(REQUIREMENTS, renderRequirements(guarded.loginDirectory))) {
		case "written": return { madeRequirements: true };
		case "exists": throw new Failure("protection-impossible", `${REQUIREMENTS} exists already, and is not merged with ours.`, "Remove it, or use `protect-auth: profile`.");
		case "impossible": throw new Failure("protection-impossible", "`protect-auth: enforced` needs Linux and sudo without a password, as on GitHub's own runners.", "Use `protect-auth: profile` here.");
	}
}
async function warnUnlessSandboxed({ inputs, files, log, program }, probe) {
	if (inputs.protectAuth === "off" || inputs.sandbox === "danger-full-access") return;
	const { command, directory, guarded, environment } = probe;
	const home = join(probe.home, ".sandbox-probe");
	await files.makePrivateDirectory(home);
	const flags = protectionFlags(inputs.sandbox, guarded);
	const works = await program.canSandbox(command, {
		home,
		directory,
		flags,
		environment
	});
	await files.remove(home);
	if (works) return;
	log.warning("This machine cannot run Codex's sandbox (user namespaces or bubblewrap are missing, or the Codex home lies below the temporary directory), and without it Codex does not answer a protected prompt. With `protect-auth: off` it would, and the model could read the login.");
}
async function removeRequirements(machine) {
	await machine.removeRequirements(REQUIREMENTS);
}

export { warnUnlessSandboxed as a, removeRequirements as i, prepareMachine as n, protectByConfig as r, guardedPlaces as t };