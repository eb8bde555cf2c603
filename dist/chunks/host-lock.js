import "./rolldown-runtime.js";
import { gt as Failure } from "./quiet.js";
import { n as systemProcesses, t as startTimeOf } from "./processes.js";
import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";

// src/adapters/host-lock.ts
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
		const seen = await read(path);
		return seen !== null && isOf(self, seen) ? {
			content: seen,
			by: "earlier-step"
		} : null;
	},
	isUsed: async (home) => (await systemProcesses.usingHome(home)).length > 0,
	letGo: releaseHostLock
};
async function holder() {
	const startedAt = await startTimeOf(process.ppid);
	if (process.ppid > 0 && (startedAt !== null || process.platform !== "linux")) return {
		pid: process.ppid,
		startedAt
	};
	throw new Failure("input-invalid", "`home-lifetime: persistent` does not work in a container job: the host's processes cannot be seen from there.", "Run the job on the host itself, without `container:`.");
}
async function takeHostLock(path, holder, write = (temporary, content) => writeFile(temporary, content, {
	flag: "wx",
	mode: 384
})) {
	const ours = `${JSON.stringify({
		...holder,
		nonce: randomBytes(6).toString("hex")
	})}\n`;
	const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
	await write(temporary, ours);
	try {
		for (let tries = 1; tries <= TRIES; tries++) {
			if (await linked(temporary, path)) return ours;
			if (!await removeDead(path)) return null;
		}
		return null;
	} finally {
		await rm(temporary, { force: true });
	}
}
async function releaseHostLock(path, ours) {
	if (await read(path) === ours) await unlink(path);
}
async function linked(from, to) {
	try {
		await link(from, to);
		return true;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
		throw error;
	}
}
async function removeDead(path) {
	const seen = await read(path);
	if (seen === null) return true;
	if (await isHeld(seen)) return false;
	const aside = `${path}.${randomBytes(6).toString("hex")}.dead`;
	await rename(path, aside).catch(() => {});
	const moved = await read(aside);
	if (moved !== null && moved !== seen) await linked(aside, path);
	await rm(aside, { force: true });
	return moved === seen;
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
async function read(path) {
	return readFile(path, "utf8").catch(() => null);
}

export { jobHostLock };