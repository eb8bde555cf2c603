import { Jt as Failure } from "./quiet.js";

// src/core/codex-arguments.ts
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
const AGAINST_PROTECTION = /^(--sandbox(=.*)?|-s.*|--dangerously-bypass-.*|--full-auto|--yolo|--profile(=.*)?|-p.*|--approve-for-me)$/;
const SETTINGS_AGAINST_PROTECTION = /^[\s"']*(default_permissions|permissions|sandbox_mode|sandbox_workspace_write|shell_environment_policy|profiles?|projects)\b/;
function refuseUnprotectingArguments(extra) {
	for (const [index, word] of extra.entries()) {
		const setting = /^(-c|--config)$/.test(extra[index - 1] ?? "") ? word : word.replace(/^(-c|--config)=?/, "");
		const isSetting = setting !== word || /^(-c|--config)$/.test(extra[index - 1] ?? "");
		if (!AGAINST_PROTECTION.test(word) && !(isSetting && SETTINGS_AGAINST_PROTECTION.test(setting))) continue;
		throw new Failure("input-invalid", "`codex-args` holds a flag that would let the model's commands read the login.", "Choose the sandbox with the input `sandbox`; to give up the protection on purpose, set `protect-auth: off`.");
	}
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

export { writableRootsIn as a, wantsEvents as i, refuseUnprotectingArguments as n, switchesProfileOff as r, execArguments as t };