"use strict";

let node_fs = require("node:fs");
let node_fs_promises = require("node:fs/promises");

// src/adapters/machine/processes.ts
const systemProcesses = {
	isAlive: async ({ pid, startedAt }) => {
		const present = await startTimeOf(pid);
		if (present !== null) return startedAt === null || startedAt === present;
		if (startedAt !== null || process.platform === "linux") return false;
		try {
			process.kill(pid, 0);
			return true;
		} catch {
			return false;
		}
	},
	usingHome: async (home) => {
		const found = [];
		for (const entry of await (0, node_fs_promises.readdir)("/proc").catch(() => [])) {
			if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
			if (!(await (0, node_fs_promises.readFile)(`/proc/${entry}/environ`, "utf8").catch(() => "")).split("\0").includes(`CODEX_HOME=${home}`)) continue;
			const startedAt = await startTimeOf(Number(entry));
			if (startedAt !== null) found.push({
				pid: Number(entry),
				startedAt
			});
		}
		return found;
	}
};
function descendants({ root, marker }) {
	const all = livingProcesses();
	if (all === null) return isAlive(-root) ? [{
		pid: -root,
		startedAt: ""
	}] : [];
	const found = /* @__PURE__ */ new Set([root]);
	for (const { pid, group, session } of all) if (group === root || session === root || hasMarker(pid, marker)) found.add(pid);
	for (let known = 0; known < found.size;) {
		known = found.size;
		for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
	}
	return all.filter(({ pid }) => found.has(pid) && pid !== root && pid !== process.pid);
}
function signalProcess({ pid, startedAt }, signal) {
	if (pid > 0 && readStat(pid)?.startedAt !== startedAt) return;
	try {
		process.kill(pid, signal);
	} catch {}
}
function livingProcesses() {
	if (process.platform !== "linux") return null;
	return (0, node_fs.readdirSync)("/proc").filter((entry) => /^\d+$/.test(entry)).map((entry) => readStat(Number(entry))).filter((stat) => stat !== null);
}
function readStat(pid) {
	const fields = statFields(readQuietly(`/proc/${pid}/stat`));
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
function hasMarker(pid, marker) {
	return readQuietly(`/proc/${pid}/environ`).split("\0").includes(marker);
}
function readQuietly(path) {
	try {
		return (0, node_fs.readFileSync)(path, "latin1");
	} catch {
		return "";
	}
}
function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
function statFields(stat) {
	return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
async function startTimeOf(pid) {
	const fields = statFields(await (0, node_fs_promises.readFile)(`/proc/${pid}/stat`, "utf8").catch(() => null) ?? "");
	return fields[0] === "Z" ? null : fields[19] ?? null;
}

Object.defineProperty(exports, "descendants", {
  enumerable: true,
  get: function () {
    return descendants;
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