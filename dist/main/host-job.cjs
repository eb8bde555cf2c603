"use strict";

const require_main = require("../main.cjs");
const require_retry = require("./retry.cjs");
const require_protection = require("./protection.cjs");
const require_user_job = require("./user-job.cjs");
let node_crypto = require("node:crypto");

// src/core/host/live-login.ts
const BROKEN = [
	"login-empty",
	"login-truncated",
	"login-placeholder",
	"login-is-a-path",
	"login-not-json",
	"login-byte-order-mark"
];
function judgeLiveLogin(text, record) {
	if (text === null) return { kind: "none" };
	try {
		const document = require_main.AuthJson.parse(text);
		return record?.dead?.login === digestOf(document) ? {
			kind: "dead",
			document,
			code: record.dead.code
		} : {
			kind: "alive",
			document
		};
	} catch (error) {
		if (!(error instanceof require_main.Failure)) throw error;
		if (BROKEN.includes(error.code)) return { kind: "broken" };
		throw new require_main.Failure("home-foreign-login", `The auth.json in the home is not a complete ChatGPT login. ${error.message} It is left as it is.`, "Check who owns it; pass `--force` to replace it.", { cause: error });
	}
}
function digestOf({ refreshToken, accessToken }) {
	return (0, node_crypto.createHash)("sha256").update(`${refreshToken.reveal()}\n${accessToken.reveal()}`).digest("hex");
}
function demandNewer(live, seed) {
	if (live.kind !== "dead") return;
	const { document, code } = live;
	if (seed.accessTokenIssuedAt.getTime() > document.accessTokenIssuedAt.getTime() && !seed.refreshToken.equals(document.refreshToken)) return;
	throw new require_main.Failure("seed-not-newer", `The login in the home is dead (${code}), and the one to seed is not newer.`, "Log in again: leave `--from` out, or pass the auth.json of a new login.");
}

// src/action/persistent-home.ts
const WAIT_MS = 6e5;
const POLL_MS = 5e3;
async function takePersistentHome(services, cancellation) {
	const { inputs, context, files, clock, log, channel, environment, hostLock } = services;
	const base = require_main.hostBaseDirectory(context.temporaryDirectory, inputs.secretName);
	const home = await require_main.chooseHome(files, {
		given: inputs.codexHome,
		base,
		workspace: context.workspace
	});
	const job = require_main.jobIdentity(context);
	const mark = await require_main.makeBase(files, base, job);
	await require_main.makeHostHome(files, home);
	const lock = await require_main.guardDisk(home, () => takeLock(services, {
		path: require_main.hostLockPath(home),
		job,
		cancellation
	}));
	const session = {
		base,
		mark,
		home,
		place: {
			secretName: inputs.secretName,
			environment: inputs.environment
		},
		refreshToken: "withheld",
		madeConfig: false,
		ownsHome: false,
		written: null,
		beganMonotonicMs: clock.monotonicMs(),
		madeRequirements: false,
		environment: require_main.captureEnvironment(environment),
		hostLock: lock
	};
	require_main.saveSession(channel, session);
	try {
		await require_main.hideHostLogin(files, home);
		const { document, restoredFrom } = await seedWhereMissing(services, home);
		channel.exportVariable("CODEX_HOME", home);
		const report = require_main.reportOf(document, {
			role: "host",
			restoredFrom,
			rotated: false,
			stored: false,
			events: [],
			alert: null,
			rescue: null
		});
		require_main.saveReport(channel, report);
		require_main.setOutputs(channel, home, report);
		const left = require_main.describeDuration(require_main.remainingMs(document, clock.now()));
		log.info(restoredFrom === "secret" ? `Seeded this host with generation ${document.generation} (access token valid ${left}).` : `This host has a login of its own, generation ${document.generation} (access token valid ${left}); it is left as it is.`);
		return session;
	} catch (error) {
		if (lock.by === "this-step") await hostLock.letGo(lock.path, lock.content);
		require_main.forgetSession(channel);
		throw error;
	}
}
async function readLiveDocument(files, home, log) {
	const document = require_main.AuthJson.parse(await files.read(require_main.authPath(home)) ?? "");
	require_main.maskTokens(document, log);
	return document;
}
async function takeLock({ clock, log, hostLock }, { path, job, cancellation }) {
	const taken = await require_retry.poll(clock, {
		withinMs: WAIT_MS,
		everyMs: POLL_MS,
		waiting: () => log.info("Another job is at work with this host's login. Waiting for it, ten minutes at most."),
		cancelled: () => cancellation.requested()
	}, () => hostLock.take(path, job), (lock) => lock !== null);
	if (taken === null) throw busy();
	return {
		path,
		...taken
	};
}
async function seedWhereMissing({ inputs, files, log }, home) {
	const record = require_main.parseHostRecord(await files.read(require_main.hostRecordPath(home)));
	const live = judgeLiveLogin(await files.read(require_main.authPath(home)), record);
	if (live.kind === "alive") {
		require_main.maskTokens(live.document, log);
		return {
			document: live.document,
			restoredFrom: "home"
		};
	}
	const seed = require_main.readHanded(inputs.secret, log);
	demandNewer(live, seed);
	await require_main.guardDisk(home, () => files.write(require_main.authPath(home), seed.whole().reveal(), 384));
	return {
		document: seed,
		restoredFrom: "secret"
	};
}
function busy() {
	return new require_main.Failure("host-busy", "Another job is at work with this host's login.", "Give the jobs of this host one `concurrency:` group; two at once could spend the same refresh token.");
}

// src/action/job/host-job.ts
async function runOnHost(services) {
	const { inputs, files, channel, log, cancellation } = services;
	const hostLock = await services.hostLock();
	const session = await require_main.believeSession(services) ?? await takePersistentHome({
		...services,
		hostLock
	}, cancellation);
	const document = await readLiveDocument(files, session.home, log);
	const loginPath = await require_main.hideHostLogin(files, session.home);
	const loginDirectory = await require_main.realpathOfNearest(files, loginPath);
	const own = await require_protection.refuseForeignConfig(services, {
		home: session.home,
		guarded: {
			loginDirectory,
			anchors: []
		}
	});
	if (inputs.run !== null && inputs.protectAuth === "profile" && !own?.protects) log.warning(`The config.toml in this host's home does not keep the model's commands out of the login: what \`run\` starts can read it. Use \`prompt\`, or add a permission profile with \`"${loginDirectory}" = "deny"\` as \`default_permissions\`.`);
	if (inputs.run !== null && !inputs.codexApps && !own?.appsAreOff) log.warning("The config.toml in this host's home does not switch off the account's connected apps and plugins: a model that `run` starts can use them. Use `prompt`, or add `[features]` with `apps = false`, `plugins = false` and `remote_plugin = false`.");
	if (inputs.run === null && inputs.prompt === null && inputs.codexVersion === null) return;
	await require_user_job.runJob(services, {
		session,
		loginPath,
		recordRequirements: () => require_main.saveSession(channel, {
			...session,
			madeRequirements: true
		})
	}, document);
}

exports.runOnHost = runOnHost;