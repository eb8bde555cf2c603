import { gt as Failure } from "./quiet.js";
import { join } from "node:path";

// src/core/codex-arguments.ts
function execArguments(question) {
	const { model, effort, outputSchemaPath, finalMessagePath, protection, extra } = question;
	return [
		"exec",
		"--skip-git-repo-check",
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

// src/action/job.ts
const SHELLS = {
	bash: {
		command: "bash --noprofile --norc -eo pipefail {0}",
		extension: "sh"
	},
	sh: {
		command: "sh -e {0}",
		extension: "sh"
	},
	pwsh: {
		command: "pwsh -command . '{0}'",
		extension: "ps1"
	},
	python: {
		command: "python {0}",
		extension: "py"
	}
};
async function runCommands({ files, commands }, job) {
	const { command, extension } = SHELLS[job.shell] ?? {
		command: job.shell,
		extension: "sh"
	};
	const [file = "", ...template] = command.split(/\s+/);
	if (!template.some((word) => word.includes("{0}"))) throw new Failure("input-invalid", "The input `shell` has no {0} for the script.", "Write bash, sh, pwsh, python, or a command with {0}.");
	const path = join(job.base, `run.${extension}`);
	await files.write(path, `${job.script}\n`, 448);
	try {
		const { exitCode, signal } = await commands.run({
			file,
			args: template.map((word) => word.replaceAll("{0}", path)),
			directory: job.directory,
			environment: job.environment,
			output: job.output
		}).catch((error) => {
			if (!isSystemError(error)) throw error;
			throw new Failure("run-failed", `The command in \`run\` could not be started: there is no ${file}, or no directory ${job.directory}.`, "Check the inputs `shell` and `working-directory`. The login itself is taken care of.", { cause: error });
		});
		if (exitCode === 0) return;
		const end = signal ? `was ended by ${signal}` : `exited with code ${exitCode}`;
		throw new Failure("run-failed", `The command in \`run\` ${end}.`, "See its output above. The login itself is taken care of.");
	} finally {
		await files.remove(path);
	}
}
function isSystemError(error) {
	return error instanceof Error && "code" in error;
}

export { switchesProfileOff as a, refuseUnprotectingArguments as i, runCommands as n, writableRootsIn as o, execArguments as r, isSystemError as t };