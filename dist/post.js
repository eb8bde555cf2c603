import { B as reportOf, C as readHanded, Dt as Failure, F as loadSession, J as readWorkingCopy, P as loadCriticalSection, Q as renderRecovery, R as loadNotice, X as needsAPerson, Y as alertMarker, Z as renderAlert, _ as stepLog, _t as describeDuration, at as clearHome, b as watchCancellation, bt as scrubEnvironment, c as GitHubError, ct as loginDirectory, d as endProcess, f as failStep, g as stepChannel, gt as Secret, h as takeInputsForPost, i as readPrivateHome, j as applyEnvironment, k as removeRequirements, o as ledgerPath, ot as handedPath, p as surroundingsOfStep, r as privateHomeAt, rt as authPath, v as diskFiles, y as machineClock, z as loadReport } from "./chunks/quiet.js";

// src/action/alert.ts
async function raiseAlert(alert, { board, place, runUrl, clock, log }) {
	await withoutFailing(log, async () => {
		const open = await board.find(alertMarker(place));
		const issue = renderAlert(alert, {
			place,
			runUrl,
			now: clock.now(),
			since: open?.since ?? null
		});
		if (open) await board.update(open.number, issue);
		else await board.open(issue);
		log.info(open ? `Updated issue #${open.number} about the login.` : "Opened an issue about the login.");
	});
}
async function settleAlert({ board, place, runUrl, log }) {
	await withoutFailing(log, async () => {
		const open = await board.find(alertMarker(place));
		if (!open) return;
		await board.close(open.number, renderRecovery(runUrl));
		log.info(`Closed issue #${open.number}: the login is well again.`);
	});
}
async function withoutFailing(log, act) {
	try {
		await act();
	} catch (error) {
		if (!(error instanceof GitHubError)) throw error;
		const denied = error.status === 401 || error.status === 403 || error.status === 404;
		log.info(denied ? "The alert issue needs `issues: write` in the job's `permissions:`." : "The alert issue could not be written just now.");
	}
}

// src/action/summary.ts
const BAR_CELLS = 40;
function renderSummary({ report, now, refreshWindowMs }) {
	const alert = report.alert && needsAPerson(report.alert.code) ? report.alert : null;
	const events = report.events.filter((event) => event !== alert?.message);
	return `${[
		"### Codex login",
		headline(report),
		...alert ? [alertSection(alert)] : [],
		lifeBar(report, now, refreshWindowMs),
		...events.length > 0 ? [events.map((event) => `- ${event}`).join("\n")] : [],
		...report.rescue ? [rescueSection(report.rescue)] : [],
		next(report, now, refreshWindowMs),
		statusSection(report)
	].join("\n\n")}\n`;
}
function headline({ role, restoredFrom, rotated, published, alert }) {
	const source = {
		secret: "the secret",
		handover: "the hand-over of an earlier run",
		home: "an earlier step of this job"
	}[restoredFrom];
	if (role === "host") return restoredFrom === "secret" ? "This host was seeded from the secret." : "This host keeps a login of its own.";
	return `Restored from ${source}; ${rotated ? published ? "**refreshed and stored**" : "**refreshed, but not stored yet**" : published ? "**stored**" : role === "keeper" ? alert === null ? "**not due**, left as it was" : "**not refreshed**, left as it was" : "**borrowed**, left as it was"}.`;
}
function lifeBar(report, now, refreshWindowMs) {
	const from = Date.parse(report.accessTokenIssuedAt);
	const until = Date.parse(report.accessTokenExpiresAt);
	const cell = (time) => Math.max(0, Math.min(BAR_CELLS, Math.round((time - from) / Math.max(1, until - from) * BAR_CELLS)));
	const used = cell(now.getTime());
	const due = Math.max(used, cell(until - refreshWindowMs));
	return [
		"```text",
		`access token    ${"█".repeat(used) + "▒".repeat(due - used) + "░".repeat(BAR_CELLS - due)}  ${until > now.getTime() ? `${describeDuration(until - now.getTime())} left` : "expired"}`,
		"                █ gone   ▒ left   ░ left, and a keeper refreshes",
		`issued          ${day(from)}`,
		`refreshed from  ${day(until - refreshWindowMs)}`,
		`expires         ${day(until)}`,
		"```"
	].join("\n");
}
function next({ role, rotated, published, accessTokenExpiresAt, alert }, now, refreshWindowMs) {
	if (rotated && !published) return "**Next:** dispatch the maintenance workflow now; it stores the login from the hand-over.";
	if (alert && needsAPerson(alert.code)) {
		const over = Date.parse(accessTokenExpiresAt);
		return over > now.getTime() ? `**Next:** somebody must act before ${day(over)}; until then the access token still works.` : "**Next:** somebody must act; until then no job can use this login.";
	}
	const due = new Date(accessTokenExpiresAt).getTime() - refreshWindowMs;
	if (due > now.getTime()) return `**Next:** a keeper that runs after ${day(due)} refreshes the login.`;
	return role === "keeper" ? "**Next:** the next keeper refreshes the login." : "**Next:** a keeper must refresh the login: run the maintenance workflow.";
}
function alertSection({ code, message, hint }) {
	return `> [!CAUTION]\n> **${message}** (\`${code}\`)\n>\n> ${hint}`;
}
function rescueSection(rescue) {
	return [
		"This stores the login by hand. It holds only what GitHub can open:",
		"",
		"```sh",
		rescue,
		"```"
	].join("\n");
}
function statusSection(report) {
	return [
		"<details><summary>Redacted status</summary>",
		"",
		...[
			"| | this login |",
			"|---|---|",
			...[
				...Object.entries(report.status),
				["access_token_expires_at", report.accessTokenExpiresAt],
				["rotated", report.rotated],
				["published", report.published]
			].map(([name, value]) => `| \`${name}\` | \`${String(value)}\` |`)
		],
		"",
		"</details>"
	].join("\n");
}
function day(time) {
	const iso = new Date(time).toISOString();
	return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

// src/action/post.ts
async function post(collaborators) {
	await new PostStep(collaborators).run();
}
const ORPHAN_MS = 5e4;
const ORPHAN_POLL_MS = 250;
var PostStep = class {
	#collaborators;
	#failures = [];
	#report;
	constructor(collaborators) {
		this.#collaborators = collaborators;
		this.#report = loadReport(collaborators.channel);
	}
	async run() {
		const { session, channel, log } = this.#collaborators;
		if (session.hostLock) return this.#leaveHost(session.hostLock);
		const section = loadCriticalSection(channel);
		if (this.#isPending(section) || await this.#hasLedger() || await this.#mayPublishHome()) await this.#finish(section);
		await this.#cleanUp();
		await this.#alert();
		await this.#summarize();
		const [first, ...others] = this.#failures;
		for (const other of others) log.error(other instanceof Error ? other.message : String(other));
		if (first !== void 0) throw first;
	}
	async #finish(section) {
		const handed = await this.#handedDocument(section);
		if (handed === null) return this.#complainOfBlindness(section);
		if (section) await this.#try(handed, (online) => online.recover(section));
		if (await this.#hasLedger()) await this.#try(handed, (online) => online.publishPending());
		if (await this.#mayPublishHome()) await this.#try(handed, async (online) => {
			if (await this.#hasWholeLogin()) await online.waitForHome();
			return (await online.publishChangedHome())?.publication ?? null;
		});
	}
	async #hasLedger() {
		const { session, files } = this.#collaborators;
		return await files.stamp(ledgerPath(session.base)) !== null;
	}
	#isPending(section) {
		return section !== null || this.#report?.rotated === true && !this.#report.published;
	}
	async #leaveHost(lock) {
		const { session, files, machine, hostLock, clock } = this.#collaborators;
		if (session.madeRequirements) await removeRequirements(await machine());
		const host = await hostLock();
		const deadlineMs = clock.monotonicMs() + ORPHAN_MS;
		while (await host.isUsed(session.home) && clock.monotonicMs() < deadlineMs) await clock.sleep(ORPHAN_POLL_MS);
		await host.letGo(lock.path, lock.content);
		await files.remove(session.base);
		await this.#summarize();
	}
	async #alert() {
		const { inputs, channel, alerts } = this.#collaborators;
		if (!inputs.alertIssue) return;
		const alert = [
			...this.#failures.filter((candidate) => candidate instanceof Failure),
			this.#report?.alert ?? null,
			loadNotice(channel)
		].find((candidate) => candidate !== null && needsAPerson(candidate.code));
		if (alert) await raiseAlert(alert, await alerts());
		else if (this.#report?.rotated && this.#report.published) await settleAlert(await alerts());
	}
	async #summarize() {
		const { inputs, channel, clock } = this.#collaborators;
		if (this.#report === null) return;
		const { refreshWindowMs } = inputs;
		await channel.writeSummary(renderSummary({
			report: this.#report,
			now: clock.now(),
			refreshWindowMs
		}));
	}
	async #handedDocument(section) {
		const { inputs, session, log, files } = this.#collaborators;
		if (inputs.secret) return this.#readQuietly(inputs.secret, log);
		const left = section && await readPrivateHome(files, privateHomeAt(section.directory));
		if (left) return left.handed;
		const text = await files.read(handedPath(session.base));
		return text === null ? null : this.#readQuietly(new Secret(text), log);
	}
	#readQuietly(secret, log) {
		try {
			return readHanded(secret, log);
		} catch (error) {
			if (error instanceof Failure) return null;
			throw error;
		}
	}
	#complainOfBlindness(section) {
		if (!this.#isPending(section)) return;
		this.#failures.push(new Failure("publish-pending", "The refreshed login could not be stored, and this phase got no inputs to try again. The hand-over has it.", "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside nested composite actions GitHub hands post no inputs."));
	}
	async #mayPublishHome() {
		const { session, inputs, files } = this.#collaborators;
		if (inputs.role === "borrower" || this.#report === null) return false;
		if (await this.#hasWholeLogin()) return true;
		if (!session.ownsHome) return false;
		if (await files.stamp(authPath(session.home)) === session.written) return false;
		const text = await files.read(authPath(session.home));
		return text !== null && readWorkingCopy(text)?.refreshToken.isEmpty === false;
	}
	async #hasWholeLogin() {
		const { session, inputs, files } = this.#collaborators;
		if (inputs.refreshToken === "present") return true;
		return inputs.secret === null && await files.stamp(handedPath(session.base)) !== null;
	}
	async #try(handed, act) {
		try {
			const outcome = await act(await this.#collaborators.online(this.#collaborators.session, handed));
			if (outcome) this.#settle(outcome);
		} catch (error) {
			this.#failures.push(error);
		}
	}
	#settle(outcome) {
		const { log } = this.#collaborators;
		const { document } = outcome.ledger;
		const published = outcome.kind === "published";
		const before = this.#report;
		this.#report = reportOf(document, {
			role: "keeper",
			restoredFrom: before?.restoredFrom ?? "secret",
			rotated: true,
			published,
			events: [...before?.events ?? [], published ? "Stored in post." : outcome.failure.message],
			alert: null,
			rescue: published ? null : outcome.rescue
		});
		if (outcome.kind === "published") {
			log.info(`Published generation ${document.generation}.`);
			return;
		}
		if (outcome.rescue) log.info(`To store this job's document by hand:\n${outcome.rescue}`);
		if (outcome.kind === "refused") {
			this.#failures.push(outcome.failure);
			return;
		}
		const where = outcome.handedOver ? "The hand-over in the Actions cache has it." : "The hand-over could not be saved either.";
		this.#failures.push(new Failure("publish-pending", `The refreshed login could not be stored. ${where} ${outcome.failure.message}`, `Repair the cause, then dispatch maintenance now: it heals the secret from the hand-over. ${outcome.failure.hint}`, { cause: outcome.failure }));
	}
	async #cleanUp() {
		const { session, files, log, machine } = this.#collaborators;
		if (session.madeRequirements) await removeRequirements(await machine());
		if (!session.ownsHome) return;
		const removals = [
			() => files.remove(loginDirectory(session.base)),
			() => clearHome(files, session),
			() => files.remove(session.base)
		];
		for (const remove of removals) await remove().catch(() => log.warning("The Codex home could not be removed completely."));
	}
};

// src/entry/post.ts
try {
	const session = loadSession(stepChannel);
	if (session === null) stepLog.info("Nothing was restored, so nothing is to be done.");
	else {
		applyEnvironment(session.environment, process.env);
		const cancellation = watchCancellation();
		const { inputs, failure } = takeInputsForPost();
		await post({
			session,
			inputs,
			files: diskFiles,
			clock: machineClock,
			log: stepLog,
			channel: stepChannel,
			online: async (_, handed) => {
				const { goOnline } = await import("./chunks/go-online.js");
				return goOnline({
					inputs,
					surroundings: surroundingsOfStep(),
					session,
					handed,
					cancellation
				});
			},
			machine: async () => (await import("./chunks/job-tools2.js")).machinePolicy(scrubEnvironment(process.env, [])),
			hostLock: async () => (await import("./chunks/host-lock.js")).jobHostLock,
			alerts: async () => {
				const { alertsOf } = await import("./chunks/go-online.js");
				return alertsOf(inputs, surroundingsOfStep());
			}
		});
		if (failure) throw failure;
	}
} catch (error) {
	await failStep(error);
}
endProcess();

export {  };