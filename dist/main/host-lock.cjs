"use strict";

const require_main = require("../main.cjs");
const require_processes = require("./processes.cjs");
let node_fs = require("node:fs");
let node_crypto = require("node:crypto");

// src/adapters/machine/host-lock.ts
const ATTEMPTS = 3;
const jobHostLock = {
	take: async (path, job) => {
		const self = {
			...holder(),
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
	isUsed: async (home) => (await require_processes.systemProcesses.usingHome(home)).length > 0,
	letGo: (path, content) => releaseHostLock(path, content)
};
function holder() {
	const startedAt = require_processes.startTimeOf(process.ppid);
	if (process.ppid > 0 && (startedAt !== null || process.platform !== "linux")) return {
		pid: process.ppid,
		startedAt
	};
	throw new require_main.Failure("input-invalid", "`home-lifetime: persistent` does not work in a container job: the host's processes cannot be seen from there.", "Run the job on the host itself, without `container:`.");
}
const asOurselves = (act) => act();
async function takeHostLock(path, holder, access = asOurselves) {
	const ours = `${JSON.stringify({
		...holder,
		nonce: (0, node_crypto.randomBytes)(6).toString("hex")
	})}\n`;
	const temporary = `${path}.${(0, node_crypto.randomBytes)(6).toString("hex")}.tmp`;
	access(() => (0, node_fs.writeFileSync)(temporary, ours, {
		flag: "wx",
		mode: 384
	}));
	try {
		for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
			if (access(() => linked(temporary, path))) return ours;
			if (!await removeDead(path, access)) return null;
		}
		return null;
	} finally {
		access(() => (0, node_fs.rmSync)(temporary, { force: true }));
	}
}
async function releaseHostLock(path, ours, access = asOurselves) {
	access(() => {
		if (read(path) === ours) (0, node_fs.unlinkSync)(path);
	});
}
function linked(from, to) {
	try {
		(0, node_fs.linkSync)(from, to);
		return true;
	} catch (error) {
		if (require_main.codeOf(error) === "EEXIST") return false;
		throw error;
	}
}
async function removeDead(path, access) {
	const seen = access(() => read(path));
	if (seen === null) return true;
	if (await isHeld(seen)) return false;
	return access(() => {
		const aside = `${path}.${(0, node_crypto.randomBytes)(6).toString("hex")}.dead`;
		require_main.orNull$1(() => (0, node_fs.renameSync)(path, aside));
		const moved = read(aside);
		if (moved !== null && moved !== seen) linked(aside, path);
		(0, node_fs.rmSync)(aside, { force: true });
		return moved === seen;
	});
}
function isOf({ pid, startedAt, job }, content) {
	const seen = parse(content);
	return seen !== null && seen.pid === pid && seen.startedAt === startedAt && seen.job === job;
}
async function isHeld(content) {
	const seen = parse(content);
	return seen !== null && await require_processes.systemProcesses.isAlive(seen);
}
function parse(content) {
	return require_main.orNull$1(() => JSON.parse(content));
}
function read(path) {
	return require_main.orNull$1(() => (0, node_fs.readFileSync)(path, "utf8"));
}

exports.jobHostLock = jobHostLock;