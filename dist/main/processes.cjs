"use strict";

const require_main = require("../main.cjs");
let node_fs = require("node:fs");

// src/adapters/machine/processes.ts
const systemProcesses = {
	isAlive: async ({ pid, startedAt }) => {
		const present = startTimeOf(pid);
		if (present !== null) return startedAt === null || startedAt === present;
		return startedAt === null && process.platform !== "linux" && sendSignal(pid, 0);
	},
	usingHome: async (home) => livingProcesses().filter(({ pid }) => pid !== process.pid && hasVariable(pid, `CODEX_HOME=${home}`)).map(({ pid, startedAt }) => ({
		pid,
		startedAt
	}))
};
function descendants({ root, marker }) {
	if (process.platform !== "linux") return sendSignal(-root, 0) ? [{
		pid: -root,
		startedAt: ""
	}] : [];
	const all = livingProcesses();
	const found = /* @__PURE__ */ new Set([root]);
	for (const { pid, group, session } of all) if (group === root || session === root || hasVariable(pid, marker)) found.add(pid);
	for (let known = 0; known < found.size;) {
		known = found.size;
		for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
	}
	return all.filter(({ pid }) => found.has(pid) && pid !== root && pid !== process.pid);
}
function signalProcess({ pid, startedAt }, signal) {
	if (pid <= 0 || startTimeOf(pid) === startedAt) sendSignal(pid, signal);
}
function sendSignal(pid, signal) {
	return require_main.orNull$1(() => process.kill(pid, signal)) ?? false;
}
function livingProcesses() {
	return (require_main.orNull$1(() => (0, node_fs.readdirSync)("/proc")) ?? []).filter((entry) => /^\d+$/.test(entry)).map((entry) => readStat(Number(entry))).filter((stat) => stat !== null);
}
function readStat(pid) {
	const stat = readQuietly(`/proc/${pid}/stat`);
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const [state, parent, group, session] = fields;
	const startedAt = fields[19];
	if (startedAt === void 0 || state === "Z" || state === "X") return null;
	return {
		pid,
		parent: Number(parent),
		group: Number(group),
		session: Number(session),
		startedAt
	};
}
function hasVariable(pid, variable) {
	return readQuietly(`/proc/${pid}/environ`).split("\0").includes(variable);
}
function readQuietly(path) {
	return require_main.orNull$1(() => (0, node_fs.readFileSync)(path, "utf8")) ?? "";
}
function startTimeOf(pid) {
	return readStat(pid)?.startedAt ?? null;
}

Object.defineProperty(exports, "descendants", {
  enumerable: true,
  get: function () {
    return descendants;
  }
});
Object.defineProperty(exports, "sendSignal", {
  enumerable: true,
  get: function () {
    return sendSignal;
  }
});
Object.defineProperty(exports, "signalProcess", {
  enumerable: true,
  get: function () {
    return signalProcess;
  }
});
Object.defineProperty(exports, "startTimeOf", {
  enumerable: true,
  get: function () {
    return startTimeOf;
  }
});
Object.defineProperty(exports, "systemProcesses", {
  enumerable: true,
  get: function () {
    return systemProcesses;
  }
});