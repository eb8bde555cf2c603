import { $ as loadReport, A as jobIdentity, C as catchEverything, D as failStep, E as endProcess, F as foreign, Gt as loginDirectory, H as hasLeftAnything, I as markdown, K as tellUnstoredLogin, L as watchCancellation, Lt as clearHome, N as stepChannel, P as stepLog, Qt as inputVariables, R as diskFiles, St as steers, Tt as describeDuration, U as holdsForeignLogin, Yt as realpathOfNearest, en as scrubEnvironment, ft as applyEnvironment, gt as loadSession, jt as loadNotice, k as takeInputsForPost, n as loadCriticalSection, nn as Failure, ot as environmentChange, p as leaveWorkspaceOut, pt as believeSession, rn as hasMark, t as hasOpenSection, ut as withoutRefresh, w as contextOfStep, z as machineClock } from "./chunks/quiet.js";

// src/action/summary.ts
const BAR_CELLS = 40;
function renderSummary({ report, now, refreshWindowMs }) {
	const alert = report.alert && hasMark(report.alert.code, "manual-action") ? report.alert : null;
	const events = [...new Set(report.events)].filter((event) => event !== alert?.message).map(markdown);
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
function headline({ role, restoredFrom, rotated, stored, alert }) {
	const source = {
		secret: "the secret",
		handoff: "the handoff of an earlier run",
		home: "an earlier step of this job"
	}[restoredFrom];
	if (role === "host") return restoredFrom === "secret" ? "This host was seeded from the secret." : "This host keeps a login of its own.";
	return `Restored from ${source}; ${rotated ? stored ? "**refreshed and stored**" : "**refreshed, but not stored yet**" : stored ? "**stored**" : role === "keeper" ? alert === null ? "**not due**, left as it was" : "**not refreshed**, left as it was" : "**borrowed**, left as it was"}.`;
}
function lifeBar(report, now, refreshWindowMs) {
	const from = Date.parse(report.accessTokenIssuedAt);
	const until = Date.parse(report.accessTokenExpiresAt);
	const cell = (time) => Math.max(0, Math.min(BAR_CELLS, Math.round((time - from) / Math.max(1, until - from) * BAR_CELLS)));
	const refreshedFrom = report.role === "host" ? null : until - refreshWindowMs;
	const used = cell(now.getTime());
	const due = Math.max(used, cell(refreshedFrom ?? until));
	return [
		"```text",
		`access token    ${"█".repeat(used) + "▒".repeat(due - used) + "░".repeat(BAR_CELLS - due)}  ${until > now.getTime() ? `${describeDuration(until - now.getTime())} left` : "expired"}`,
		`                █ gone   ▒ left${refreshedFrom === null ? "" : "   ░ refresh window"}`,
		`issued          ${day(from)}`,
		...refreshedFrom === null ? [] : [`refresh due     ${day(refreshedFrom)}`],
		`expires         ${day(until)}`,
		"```"
	].join("\n");
}
function next({ role, rotated, stored, accessTokenExpiresAt, alert }, now, refreshWindowMs) {
	if (role === "host") return "**Next:** Codex refreshes this login by itself, on this host.";
	const repairable = alert === null || !hasMark(alert.code, "not-stored-later");
	if (rotated && !stored && repairable) return "**Next:** dispatch the maintenance workflow now; it stores the login from the handoff.";
	if (alert && hasMark(alert.code, "manual-action")) {
		const over = Date.parse(accessTokenExpiresAt);
		return over > now.getTime() ? `**Next:** somebody must act before ${day(over)}; until then the access token still works.` : "**Next:** somebody must act; until then no job can use this login.";
	}
	const due = new Date(accessTokenExpiresAt).getTime() - refreshWindowMs;
	if (due > now.getTime()) return `**Next:** a refresh job that runs after ${day(due)} refreshes the login.`;
	return role === "keeper" ? "**Next:** the next refresh job refreshes the login." : "**Next:** run the maintenance workflow: it refreshes the login.";
}
function alertSection({ code, message, hint }) {
	return `> [!CAUTION]\n> **${markdown(message)}** (\`${code}\`)\n>\n> ${markdown(hint)}`;
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
				["stored", report.stored]
			].map(([name, value]) => `| \`${name}\` | ${foreign(String(value)).replaceAll("|", "\\|")} |`)
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
async function post(services) {
	await new PostStep(services).run();
}
async function postWithoutSession({ inputs, channel, log, alerts }) {
	const wasToldOfAny = loadSession(channel) !== null;
	if (!wasToldOfAny) log.info("No login was restored; nothing to clean up.");
	else log.warning("What this phase was told of the earlier ones is not borne out by this machine, so nothing is stored and nothing removed. Does a step empty RUNNER_TEMP?");
	const notice = loadNotice(channel);
	if (wasToldOfAny) failOnUnfinished(channel);
	if (!inputs.alertIssue || notice === null || !hasMark(notice.code, "manual-action")) return;
	const { raiseAlert } = await import("./chunks/alert.js");
	await raiseAlert(notice, await alerts());
}
function failOnUnfinished(channel) {
	const report = loadReport(channel);
	if (!hasOpenSection(channel) && !(report?.rotated && !report.stored)) return;
	throw new Failure("write-back-pending", "The refreshed login may not be stored, and this phase cannot tell: our files on this machine are gone, or were changed.", "Dispatch the maintenance workflow now. Remove the step that empties RUNNER_TEMP.");
}
const ORPHAN_MS = 5e4;
const ORPHAN_POLL_MS = 250;
var PostStep = class {
	#services;
	#failures = [];
	#report;
	constructor(services) {
		this.#services = services;
		this.#report = loadReport(services.channel);
	}
	async run() {
		const { session, channel, log } = this.#services;
		if (session.hostLock) return this.#leaveHost(session.hostLock);
		const left = {
			...this.#services,
			section: loadCriticalSection(channel, session),
			report: this.#report
		};
		if (await hasLeftAnything(left)) {
			const { finish } = await import("./chunks/finish-login.js");
			const { report, failures } = await finish(this.#services, left);
			this.#report = report;
			this.#failures.push(...failures);
		}
		if (await holdsForeignLogin(left)) tellUnstoredLogin(log);
		await this.#cleanUp();
		await this.#alert();
		await this.#summarize();
		const [first, ...others] = new Set(this.#failures);
		for (const other of others) log.error(other instanceof Error ? other.message : String(other));
		if (first !== void 0) throw first;
	}
	async #leaveHost(lock) {
		const { session } = this.#services;
		if (session.madeRequirements) await this.#liftRequirements(session.home);
		if (lock.by === "this-step") await this.#letGoOfHost(lock);
		await this.#summarize();
	}
	async #letGoOfHost(lock) {
		const { session, files, hostLock, clock } = this.#services;
		const host = await hostLock();
		const { poll } = await import("./chunks/retry.js");
		const isUsed = () => host.isUsed(session.home);
		await poll(clock, {
			withinMs: ORPHAN_MS,
			everyMs: ORPHAN_POLL_MS
		}, isUsed, (used) => !used);
		await host.letGo(lock.path, lock.content);
		await files.remove(session.base);
	}
	async #alert() {
		const { inputs, channel, alerts, steered } = this.#services;
		if (!inputs.alertIssue || steered) return;
		const alert = [
			...this.#failures.filter((candidate) => candidate instanceof Failure),
			this.#report?.alert ?? null,
			loadNotice(channel)
		].find((candidate) => candidate !== null && hasMark(candidate.code, "manual-action"));
		const isWell = this.#report?.rotated && this.#report.stored;
		if (!alert && !isWell) return;
		const { raiseAlert, settleAlert } = await import("./chunks/alert.js");
		if (alert) await raiseAlert(alert, await alerts());
		else await settleAlert(await alerts());
	}
	async #summarize() {
		const { inputs, channel, clock } = this.#services;
		if (this.#report === null) return;
		const { refreshWindowMs } = inputs;
		await channel.writeSummary(renderSummary({
			report: this.#report,
			now: clock.now(),
			refreshWindowMs
		}));
	}
	async #cleanUp() {
		const { session, files, log, context } = this.#services;
		if (session.madeRequirements) await this.#liftRequirements(session.base);
		if (!session.ownsHome) return;
		const removals = [
			() => files.remove(loginDirectory(session.base)),
			() => clearHome(files, {
				...session,
				identity: jobIdentity(context)
			}),
			() => files.remove(session.base)
		];
		for (const remove of removals) await remove().catch(() => log.warning("The Codex home could not be removed completely."));
	}
	async #liftRequirements(guarded) {
		const { files, machine } = this.#services;
		const { removeRequirements } = await import("./chunks/protection.js");
		await removeRequirements(await machine(), await realpathOfNearest(files, guarded));
	}
};

// src/entry/restart-clean.ts
const AGAIN = "begun-again";
function restartSteeredAs(captured) {
	if (process.platform === "win32" || process.argv.includes(AGAIN)) return;
	if (typeof process.execve !== "function") return;
	const { argv, execArgv, execPath } = process;
	const kept = Object.entries(process.env).filter(([name]) => !steers(name));
	const steering = Object.entries(captured).filter(([name, value]) => steers(name) && value !== null);
	const environment = Object.fromEntries([...kept, ...steering]);
	process.execve(execPath, [
		execPath,
		...execArgv,
		...argv.slice(1),
		AGAIN
	], {
		...environment,
		...inputVariables()
	});
}

// src/entry/post.ts
async function isUnfinished(session, inputs) {
	const section = loadCriticalSection(stepChannel, session);
	return hasLeftAnything({
		session,
		inputs,
		section,
		report: loadReport(stepChannel),
		files: diskFiles
	});
}
catchEverything();
try {
	const cancellation = watchCancellation();
	const { inputs, failure } = takeInputsForPost();
	const context = contextOfStep();
	const session = await believeSession({
		channel: stepChannel,
		files: diskFiles,
		inputs,
		context
	});
	const steered = session ? environmentChange(session, process.env) : null;
	if (session && steered && await isUnfinished(session, inputs)) restartSteeredAs(session.environment);
	if (session) applyEnvironment(session.environment, process.env);
	leaveWorkspaceOut(inputs);
	const alerts = async () => {
		const { alertsOf } = await import("./chunks/wire-online.js");
		return alertsOf(inputs, context);
	};
	if (session === null) await postWithoutSession({
		inputs,
		channel: stepChannel,
		log: stepLog,
		alerts
	});
	else {
		await post({
			session,
			context,
			steered,
			inputs: withoutRefresh(inputs, context),
			files: diskFiles,
			clock: machineClock,
			log: stepLog,
			channel: stepChannel,
			goOnline: async (_, handed) => {
				const { goOnline } = await import("./chunks/wire-online.js");
				return goOnline({
					inputs,
					context,
					session,
					handed,
					cancellation
				});
			},
			machine: async () => (await import("./chunks/wire-job2.js")).machinePolicy(scrubEnvironment(process.env, [])),
			hostLock: async () => (await import("./chunks/host-lock.js")).jobHostLock,
			alerts
		});
		if (failure) throw failure;
	}
} catch (error) {
	failStep(error);
}
endProcess();

export {  };