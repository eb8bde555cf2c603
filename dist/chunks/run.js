import { F as foreign, nn as Failure } from "./quiet.js";
import { join } from "node:path";

// src/core/text/relay.ts
const LONGEST_LINE = 1048576;
const LF = 10;
const CR = 13;
const STARS = Buffer.from("***");
const NOTHING = Buffer.alloc(0);
var RelayedLines = class {
	#hidden;
	#lines = /* @__PURE__ */ new Map();
	#open = null;
	constructor(hidden) {
		this.#hidden = hidden;
	}
	write(source, bytes) {
		const out = [];
		const chunk = Buffer.from(bytes);
		let begin = 0;
		for (let at = 0; at < chunk.length; at++) {
			if (chunk[at] !== LF && chunk[at] !== CR) continue;
			this.#hold(source, chunk.subarray(begin, at));
			this.#endLine(source, chunk.subarray(at, at + 1), out);
			begin = at + 1;
		}
		this.#hold(source, chunk.subarray(begin));
		if (this.#line(source).heldBytes > LONGEST_LINE) this.#letPieceOut(source, out);
		return Buffer.concat(out);
	}
	end() {
		const out = [];
		for (const [source, { heldBytes }] of this.#lines) if (heldBytes > 0) this.#endLine(source, NOTHING, out);
		return Buffer.concat(out);
	}
	#line(source) {
		const line = this.#lines.get(source) ?? {
			held: [],
			heldBytes: 0,
			isBegun: false,
			isSwallowed: false
		};
		this.#lines.set(source, line);
		return line;
	}
	#hold(source, bytes) {
		const line = this.#line(source);
		if (bytes.length === 0) return;
		line.held.push(bytes);
		line.heldBytes += bytes.length;
	}
	#takeHeld(source) {
		const line = this.#line(source);
		const held = Buffer.concat(line.held);
		line.held = [];
		line.heldBytes = 0;
		return held;
	}
	#endLine(source, end, out) {
		const shown = this.#showLine(source, this.#takeHeld(source));
		Object.assign(this.#line(source), {
			isBegun: false,
			isSwallowed: false
		});
		if (shown !== null) this.#put(source, Buffer.concat([shown, end]), out);
	}
	#showLine(source, held) {
		const { isBegun, isSwallowed } = this.#line(source);
		if (isSwallowed) return NOTHING;
		const mask = source === "said" ? null : readMask(held);
		if (mask === null) return this.#hide(held);
		for (const value of mask.values) this.#hidden.add(value);
		return mask.before.length > 0 || isBegun ? Buffer.concat([this.#hide(mask.before), STARS]) : null;
	}
	#letPieceOut(source, out) {
		const line = this.#line(source);
		const held = this.#takeHeld(source);
		if (line.isSwallowed) return;
		line.isBegun = true;
		const mask = source === "said" ? null : readMask(held);
		if (mask !== null) {
			line.isSwallowed = true;
			this.#put(source, Buffer.concat([this.#hide(mask.before), STARS]), out);
			return;
		}
		const longest = Math.max(0, ...[...this.#hidden].map((value) => Buffer.byteLength(value) - 1));
		const cut = Math.max(0, held.length - longest);
		const at = this.#hiddenRanges(held).find(({ start, end }) => start < cut && end > cut)?.start ?? cut;
		this.#put(source, this.#hide(held.subarray(0, at)), out);
		this.#hold(source, held.subarray(at));
	}
	#put(source, bytes, out) {
		if (bytes.length === 0) return;
		if (this.#open !== null && this.#open !== source) out.push(Buffer.of(LF));
		out.push(bytes);
		const last = bytes.at(-1);
		this.#open = last === LF || last === CR ? null : source;
	}
	#hide(text) {
		const ranges = this.#hiddenRanges(text);
		if (ranges.length === 0) return text;
		const parts = [];
		let shown = 0;
		for (const { start, end } of ranges) {
			parts.push(text.subarray(shown, start), STARS);
			shown = end;
		}
		return Buffer.concat([...parts, text.subarray(shown)]);
	}
	#hiddenRanges(text) {
		const found = [];
		for (const value of this.#hidden) {
			const bytes = Buffer.from(value);
			for (let at = text.indexOf(bytes); at >= 0; at = text.indexOf(bytes, at + 1)) found.push({
				start: at,
				end: at + bytes.length
			});
		}
		found.sort((left, right) => left.start - right.start);
		const joined = [];
		for (const range of found) {
			const last = joined.at(-1);
			if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
			else joined.push(range);
		}
		return joined;
	}
};
const AT_BEGIN = /^[\s\u0085]*::add-mask(?: .*?)?::/is;
const ANYWHERE = /##\[add-mask(?: [^\]]*)?\]/i;
function readMask(line) {
	const text = line.toString("latin1");
	if (!/add-mask/i.test(text)) return null;
	const begin = AT_BEGIN.test(line.toString("utf8")) ? /::add-mask(?: .*?)?::/is.exec(text) : null;
	const command = begin ?? ANYWHERE.exec(text);
	if (command === null) return null;
	const data = line.subarray(command.index + command[0].length).toString("utf8");
	const value = data.replace(/%(0D|0A|3B|5D|25)/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
	const values = [
		data,
		value,
		...value.split(/[\r\n]+/)
	];
	return {
		before: begin === null ? line.subarray(0, command.index) : NOTHING,
		values: [...new Set(values)].filter((part) => part.trim() !== "")
	};
}

// src/action/job/relay.ts
async function withRelay({ log, randomness }, act) {
	const outlet = log.relay;
	const lines = new RelayedLines(outlet.hidden);
	let isOpen = true;
	const write = (source, bytes) => {
		if (isOpen) outlet.write(lines.write(source, bytes));
	};
	outlet.open(Buffer.from(randomness.bytes(16)).toString("hex"));
	try {
		return await act({
			write,
			say: (text) => write("said", Buffer.from(text.endsWith("\n") ? text : `${text}\n`))
		});
	} finally {
		isOpen = false;
		outlet.write(lines.end());
		outlet.close();
	}
}

// src/action/job/run.ts
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
			throw new Failure("run-failed", `The command in \`run\` could not be started: there is no ${foreign(file)}, or no directory ${foreign(job.directory)}.`, "Check the inputs `shell` and `working-directory`.", { cause: error });
		});
		if (exitCode === 0) return;
		const end = signal ? `was ended by ${signal}` : `exited with code ${exitCode}`;
		throw new Failure("run-failed", `The command in \`run\` ${end}.`, "See its output above.");
	} finally {
		await files.remove(path);
	}
}
function isSystemError(error) {
	return error instanceof Error && "code" in error;
}

export { runCommands as n, withRelay as r, isSystemError as t };