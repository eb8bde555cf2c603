import { readFile, readdir } from "node:fs/promises";

// src/adapters/processes.ts
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
		for (const entry of await readdir("/proc").catch(() => [])) {
			if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
			if (!(await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "")).split("\0").includes(`CODEX_HOME=${home}`)) continue;
			const startedAt = await startTimeOf(Number(entry));
			if (startedAt !== null) found.push({
				pid: Number(entry),
				startedAt
			});
		}
		return found;
	}
};
async function startTimeOf(pid) {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
	const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
	return fields[0] === "Z" ? null : fields[19] ?? null;
}

export { systemProcesses as n, startTimeOf as t };