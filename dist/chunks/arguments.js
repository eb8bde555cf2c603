import { nn as Failure } from "./quiet.js";

// src/core/codex/arguments.ts
function execArguments(question) {
	const { model, effort, outputSchemaPath, finalMessagePath, protection, extra } = question;
	return [
		"exec",
		"--skip-git-repo-check",
		...wantsEvents(extra) ? [] : ["--json"],
		...model ? ["--model", model] : [],
		...effort ? ["-c", `model_reasoning_effort=${JSON.stringify(effort)}`] : [],
		...outputSchemaPath ? ["--output-schema", outputSchemaPath] : [],
		"--output-last-message",
		finalMessagePath,
		...protection,
		...extra,
		"-"
	];
}
function wantsEvents(extra) {
	return extra.includes("--json") || extra.includes("--experimental-json");
}
const NEVER = {
	flags: /^--?(enable|disable|oss|local-provider|profile|ignore-user-config|.*(auth|login|credential|access-token|api-key|provider|remote|-url).*)$/,
	shortFlags: /^-p/,
	settings: /auth|login|credential|token_env|bearer|forced|provider|profile|feature|plugin|marketplace|connector|_url$|endpoint|^(apps?|apps_.*|orchestrator|cloud|otel|experimental_thread_store)$/
};
const UNPROTECTING = {
	flags: /^--?(full-auto|yolo|ignore-rules|.*(sandbox|dangerous|permission|approv|trust|hook|mcp|unsafe|escalat).*)$/,
	shortFlags: /^-[sa]/,
	settings: /permission|sandbox|approv|trust|guardian|auto_review|hook|notify|mcp|^(shell_.*|projects|agents|skills|network.*|windows|requirements|rules|zsh_path|js_repl_.*)$/
};
function refuseArguments(extra, scope) {
	for (const [index, word] of extra.entries()) {
		if (touches(NEVER, word, extra[index - 1])) throw new Failure("input-invalid", "`codex-args` holds a flag or a setting that touches authentication, providers or Codex's features.", "Remove it. For the account's connected apps and plugins there is the input `codex-apps`.");
		if (scope === "protected" && touches(UNPROTECTING, word, extra[index - 1])) throw new Failure("input-invalid", "`codex-args` holds a flag or a setting that touches permissions, approvals or trust: the model's commands could read the login.", "Choose the sandbox with the input `sandbox`; to give up the protection on purpose, set `protect-auth: off`.");
	}
}
function touches(kind, word, before) {
	const setting = settingIn(word, before);
	if (setting !== null) {
		const key = rootOf(setting);
		return key === null || kind.settings.test(key);
	}
	const [flag = ""] = word.split("=", 1);
	return word.startsWith("--") && kind.flags.test(flag.toLowerCase()) || kind.shortFlags.test(word);
}
function settingIn(word, before) {
	if (before === "-c" || before === "--config") return word;
	if (word.startsWith("--config=")) return word.slice(9);
	return /^-c./s.test(word) ? word.slice(2).replace(/^=/, "") : null;
}
function rootOf(setting) {
	return /^\s*([\w-]+)\s*[.=]/.exec(setting)?.[1]?.toLowerCase() ?? null;
}
function writableRootsIn(extra) {
	return extra.flatMap((word, index) => {
		if (/^(--add-dir|--cd|-C)$/.test(extra[index - 1] ?? "")) return [word];
		const joined = /^(?:--add-dir=|--cd=|-C=?)(.+)$/s.exec(word)?.[1];
		return joined === void 0 ? [] : [joined];
	});
}
function switchesProfileOff(script) {
	const commands = script.replaceAll(/\\\r?\n/g, " ");
	return /\bcodex\b[^\n]*\s(--sandbox|-s|--full-auto|--yolo|--dangerously-bypass-[a-z-]+)(?=[\s=]|$)/m.test(commands);
}

export { writableRootsIn as a, wantsEvents as i, refuseArguments as n, switchesProfileOff as r, execArguments as t };