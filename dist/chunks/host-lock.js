import "./rolldown-runtime.js";
import { nn as Failure } from "./quiet.js";
import { i as systemProcesses, r as startTimeOf } from "./processes.js";
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";

// src/adapters/machine/host-lock.ts
const TRIES = 3;
const jobHostLock = {
	take: async (path, job) => {
		const self = {
			...await holder(),
			job
		};
		const content = await takeHostLock(path, self);
		if (content !== null) return {
			content,
			by: "this-step"
		};
		const seen = read(path);
		return seen !== null && isOf(self, seen) ? {
			content: seen,
			by: "earlier-step"
		} : null;
	},
	isUsed: async (home) => (await systemProcesses.usingHome(home)).length > 0,
	letGo: (path, content) => releaseHostLock(path, content)
};
async function holder() {
	const startedAt = await startTimeOf(process.ppid);
	if (process.ppid > 0 && (startedAt !== null || process.platform !== "linux")) return {
		pid: process.ppid,
		startedAt
	};
	throw new Failure("input-invalid", "`home-lifetime: persistent` does not work in a container job: the host's processes cannot be seen from there.", "Run the job on the host itself, without `container:`.");
}
const asOurselves = (act) => act();
async function takeHostLock(path, holder, access = asOurselves) {
	const ours = `${JSON.stringify({
		...holder,
		nonce: randomBytes(6).toString("hex")
	})}\n`;
	const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
	access(() => writeFileSync(temporary, ours, {
		flag: "wx",
		mode: 384
	}));
	try {
		for (let tries = 1; tries <= TRIES; tries++) {
			if (access(() => linked(temporary, path))) return ours;
			if (!await removeDead(path, access)) return null;
		}
		return null;
	} finally {
		access(() => rmSync(temporary, { force: true }));
	}
}
async function releaseHostLock(path, ours, access = asOurselves) {
	access(() => {
		if (read(path) === ours) unlinkSync(path);
	});
}
function linked(from, to) {
	try {
		linkSync(from, to);
		return true;
	} catch (error) {
		if (error.code === "EEXIST") return false;
		throw error;
	}
}
async function removeDead(path, access) {
	const seen = access(() => read(path));
	if (seen === null) return true;
	if (await isHeld(seen)) return false;
	return access(() => {
		const aside = `${path}.${randomBytes(6).toString("hex")}.dead`;
		try {
			renameSync(path, aside);
		} catch {}
		const moved = read(aside);
		if (moved !== null && moved !== seen) linked(aside, path);
		rmSync(aside, { force: true });
		return moved === seen;
	});
}
function isOf({ pid, startedAt, job }, content) {
	try {
		const seen = JSON.parse(content);
		return seen.pid === pid && seen.startedAt === startedAt && seen.job === job;
	} catch {
		return false;
	}
}
async function isHeld(content) {
	try {
		const { pid, startedAt } = JSON.parse(content);
		return await systemProcesses.isAlive({
			pid,
			startedAt
		});
	} catch {
		return false;
	}
}
function read(path) {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return null;
	}
}

export { jobHostLock };