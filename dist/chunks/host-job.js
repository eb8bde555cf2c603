import "./rolldown-runtime.js";
import { A as jobIdentity, At as AuthJson, Bt as hideHostLogin, Dt as readHanded, Et as maskTokens, Ft as chooseHome, Ht as hostBaseDirectory, Kt as makeBase, Nt as authPath, Rt as guardDisk, Tt as describeDuration, Yt as realpathOfNearest, bt as hostRecordPath, et as reportOf, ht as forgetSession, it as remainingMs, mt as captureEnvironment, nn as Failure, nt as setOutputs, pt as believeSession, qt as makeHostHome, tt as saveReport, vt as saveSession, xt as parseHostRecord, yt as hostLockPath } from "./quiet.js";
import { n as poll } from "./retry2.js";
import { o as refuseForeignConfig } from "./protection2.js";
import { t as runJob } from "./user-job.js";

// src/core/host/live-login.ts
const BROKEN = [
	"login-empty",
	"login-truncated",
	"login-not-json",
	"login-byte-order-mark"
];
function judgeLiveLogin(text, record) {
	if (text === null) return { kind: "none" };
	try {
		const document = AuthJson.parse(text);
		return record?.dead?.generation === document.generation ? {
			kind: "dead",
			document,
			code: record.dead.code
		} : {
			kind: "alive",
			document
		};
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		if (BROKEN.includes(error.code)) return { kind: "broken" };
		throw new Failure("home-foreign-login", `The home holds a file that is no whole ChatGPT login. ${error.message} It is left as it is.`, "Look whose it is; `--force` replaces it.", { cause: error });
	}
}
function demandNewer(live, seed) {
	if (live.kind !== "dead") return;
	const { document, code } = live;
	if (seed.accessTokenIssuedAt.getTime() > document.accessTokenIssuedAt.getTime() && !seed.refreshToken.equals(document.refreshToken)) return;
	throw new Failure("seed-not-newer", `The login in the home is dead (${code}), and the one to seed is not newer.`, "Log in again: leave `--from` out, or pass the auth.json of a new login.");
}

// src/action/persistent-home.ts
const WAIT_MS = 6e5;
const POLL_MS = 5e3;
async function takePersistentHome(services, cancellation) {
	const { inputs, context, files, clock, log, channel, environment, hostLock } = services;
	const base = hostBaseDirectory(context.temporaryDirectory, inputs.secretName);
	const home = await chooseHome(files, {
		given: inputs.codexHome,
		base,
		workspace: context.workspace
	});
	const job = jobIdentity(context);
	const mark = await makeBase(files, base, job);
	await makeHostHome(files, home);
	const lock = await guardDisk(home, () => takeLock(services, {
		path: hostLockPath(home),
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
		environment: captureEnvironment(environment),
		hostLock: lock
	};
	saveSession(channel, session);
	try {
		await hideHostLogin(files, home);
		const { document, restoredFrom } = await seedWhereMissing(services, home);
		channel.exportVariable("CODEX_HOME", home);
		const report = reportOf(document, {
			role: "host",
			restoredFrom,
			rotated: false,
			stored: false,
			events: [],
			alert: null,
			rescue: null
		});
		saveReport(channel, report);
		setOutputs(channel, home, report);
		const left = describeDuration(remainingMs(document, clock.now()));
		log.info(restoredFrom === "secret" ? `Seeded this host with generation ${document.generation} (access token valid ${left}).` : `This host has a login of its own, generation ${document.generation} (access token valid ${left}); it is left as it is.`);
		return session;
	} catch (error) {
		if (lock.by === "this-step") await hostLock.letGo(lock.path, lock.content);
		forgetSession(channel);
		throw error;
	}
}
async function readLiveDocument(files, home, log) {
	const document = AuthJson.parse(await files.read(authPath(home)) ?? "");
	maskTokens(document, log);
	return document;
}
async function takeLock({ clock, log, hostLock }, { path, job, cancellation }) {
	const taken = await poll(clock, {
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
	const record = parseHostRecord(await files.read(hostRecordPath(home)));
	const live = judgeLiveLogin(await files.read(authPath(home)), record);
	if (live.kind === "alive") {
		maskTokens(live.document, log);
		return {
			document: live.document,
			restoredFrom: "home"
		};
	}
	const seed = readHanded(inputs.secret, log);
	demandNewer(live, seed);
	await guardDisk(home, () => files.write(authPath(home), seed.whole().reveal(), 384));
	return {
		document: seed,
		restoredFrom: "secret"
	};
}
function busy() {
	return new Failure("host-busy", "Another job is at work with this host's login.", "Give the jobs of this host one `concurrency:` group; two at once could spend the same refresh token.");
}

// src/action/job/host-job.ts
async function runOnHost(services) {
	const { inputs, files, channel, log, cancellation } = services;
	const hostLock = await services.hostLock();
	const session = await believeSession(services) ?? await takePersistentHome({
		...services,
		hostLock
	}, cancellation);
	const document = await readLiveDocument(files, session.home, log);
	const loginPath = await hideHostLogin(files, session.home);
	const loginDirectory = await realpathOfNearest(files, loginPath);
	const own = await refuseForeignConfig(services, {
		home: session.home,
		guarded: {
			loginDirectory,
			anchors: []
		}
	});
	if (inputs.run !== null && inputs.protectAuth === "profile" && !own?.protects) log.warning(`The config.toml in this host's home does not keep the model's commands out of the login: what \`run\` starts can read it. Use \`prompt\`, or add a permission profile with \`"${loginDirectory}" = "deny"\` as \`default_permissions\`.`);
	if (inputs.run !== null && !inputs.codexApps && !own?.appsAreOff) log.warning("The config.toml in this host's home does not switch off the account's connected apps and plugins: a model that `run` starts can use them. Use `prompt`, or add `[features]` with `apps = false`, `plugins = false` and `remote_plugin = false`.");
	if (inputs.run === null && inputs.prompt === null && inputs.codexVersion === null) return;
	await runJob(services, {
		session,
		loginPath,
		recordRequirements: () => saveSession(channel, {
			...session,
			madeRequirements: true
		})
	}, document);
}

export { runOnHost };