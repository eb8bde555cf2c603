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
function statFields(stat) {
	return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
async function startTimeOf(pid) {
	const fields = statFields(await (0, node_fs_promises.readFile)(`/proc/${pid}/stat`, "utf8").catch(() => null) ?? "");
	return fields[0] === "Z" ? null : fields[19] ?? null;
}

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