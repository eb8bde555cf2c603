import { isAbsolute, join, relative, sep } from "node:path";

// src/core/codex-config.ts
const PROFILE = "codex-auth-roundtrip";
const BASE_PROFILE = {
	"read-only": ":read-only",
	"workspace-write": ":workspace"
};
function anchorsOf(directories, writableRoots) {
	const anchors = directories.flatMap((directory) => writableRoots.flatMap((root) => {
		const inside = relative(root, directory);
		if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return [];
		const [first = ""] = inside.split(sep);
		return [join(root, first)];
	}));
	return [...new Set(anchors)].sort();
}
function renderConfig(sandbox, guarded) {
	if (sandbox === "danger-full-access") return null;
	return [
		"# Written by codex-auth-roundtrip: commands that the model runs cannot read the login.",
		"cli_auth_credentials_store = \"file\"",
		`default_permissions = ${quote(PROFILE)}`,
		"",
		`[permissions.${PROFILE}]`,
		`extends = ${quote(BASE_PROFILE[sandbox])}`,
		"",
		`[permissions.${PROFILE}.filesystem]`,
		...filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)} = ${quote(access)}`),
		"",
		"[shell_environment_policy]",
		"ignore_default_excludes = false",
		""
	].join("\n");
}
function protectionFlags(sandbox, guarded) {
	if (sandbox === "danger-full-access") return ["--sandbox", sandbox];
	const rules = filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)}=${quote(access)}`);
	const profile = `{extends=${quote(BASE_PROFILE[sandbox])},filesystem={${rules.join(",")}}}`;
	return [
		`default_permissions=${quote(PROFILE)}`,
		`permissions.${PROFILE}=${profile}`,
		"shell_environment_policy.ignore_default_excludes=false"
	].flatMap((setting) => ["-c", setting]);
}
function renderRequirements(loginDirectory) {
	return [
		"# Written by codex-auth-roundtrip for one job, and removed after it.",
		"[permissions.filesystem]",
		`deny_read = [${quote(loginDirectory)}]`,
		""
	].join("\n");
}
function configProtects(config, loginDirectory) {
	if (/^\s*sandbox_mode\s*=/m.test(config)) return false;
	return config.split("\n").some((line) => line.includes(loginDirectory) && /=\s*"deny"/.test(line)) && /^\s*default_permissions\s*=/m.test(config);
}
function filesystemRules(sandbox, { loginDirectory, anchors }) {
	return [...(sandbox === "workspace-write" ? anchors : []).map((path) => [path, "read"]), [loginDirectory, "deny"]];
}
function quote(text) {
	return JSON.stringify(text);
}

export { renderRequirements as a, renderConfig as i, configProtects as n, protectionFlags as r, anchorsOf as t };