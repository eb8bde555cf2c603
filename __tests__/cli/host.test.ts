import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Desk, type Ended } from "./command-line.ts";

const RECORD = ".codex-auth-roundtrip-host.json";
const LOCK = ".codex-auth-roundtrip-host.lock";
const onlyAsRoot = process.getuid?.() === 0 ? test : test.skip;
const onlyWithSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0 ? test : test.skip;

let desk: Desk;
let home: string;
beforeEach(async () => {
  desk = await Desk.set();
  home = desk.path("srv/svc/.codex");
});
afterEach(() => desk.clear({ except: ["srv", "seeds"] }));

interface AuthJsonFields {
  tokens: { refresh_token: string; account_id: string };
}

const live = (): AuthJsonFields => JSON.parse(readFileSync(join(home, "auth.json"), "utf8"));
const mode = (path: string): string => (lstatSync(path).mode & 0o777).toString(8);

function host(command: string, ...more: string[]): Promise<Ended> {
  return desk.run(["host", command, "--home", home, ...more]);
}

/** A login of the account, in a file. */
function seedFile(account = "svc", seconds?: number): Promise<string> {
  const login = desk.world.openai.login({
    account,
    ...(seconds === undefined ? {} : { accessTokenLifetimeSeconds: seconds }),
  });
  return desk.file(`seeds/${account}-${Math.random()}.json`, login.document);
}

describe("host seed", () => {
  test("logs in again and puts the whole login there, for its owner alone", async () => {
    const ended = await desk.runAndLogIn(["host", "seed", "--home", home, "--json"], { account: "svc" });

    expect(ended.exitCode).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ seeded: true, account_id: "svc", replaced: null });
    expect(live().tokens.refresh_token).toBe(desk.world.openai.livingRefreshToken("svc"));
    expect([mode(home), mode(join(home, "auth.json"))]).toEqual(["700", "600"]);
    expect(existsSync(join(home, LOCK))).toBe(false);
  });

  test("twice keeps the file that was refreshed in between, and asks nobody to log in", async () => {
    const file = await seedFile();
    await host("seed", "--from", file);
    await host("refresh");
    const refreshed = readFileSync(join(home, "auth.json"), "utf8");

    const again = await host("seed", "--from", file);
    const asJson = await host("seed", "--json");

    expect([again.exitCode, asJson.exitCode]).toEqual([0, 0]);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ seeded: false });
    expect(readFileSync(join(home, "auth.json"), "utf8")).toBe(refreshed);
    expect(live().tokens.refresh_token).toBe(desk.world.openai.livingRefreshToken("svc"));
    expect(desk.world.openai.generationOf(live().tokens.refresh_token)).toBe(1);
  });

  test("narrows what is open to others, also where it keeps the login", async () => {
    await host("seed", "--from", await seedFile());
    chmodSync(home, 0o755);
    chmodSync(join(home, "auth.json"), 0o644);

    await host("seed");

    expect([mode(home), mode(join(home, "auth.json"))]).toEqual(["700", "600"]);
  });

  test("replaces a living login with --force", async () => {
    await host("seed", "--from", await seedFile("one"));

    const ended = await host("seed", "--force", "--from", await seedFile("two"));

    expect(ended.exitCode).toBe(0);
    expect(live().tokens.account_id).toBe("two");
  });

  test("replaces a login that was found dead by a newer one, and by no other", async () => {
    const old = await seedFile();
    await host("seed", "--from", old);
    desk.world.openai.expireRefreshTokens("svc");
    const dead = await host("refresh");

    const same = await host("seed", "--from", old);
    desk.world.clock.advance(60_000);
    const newer = await host("seed", "--from", await seedFile());
    const proven = await host("refresh");

    expect(dead.stderr).toContain("[refresh-rejected]");
    expect(same.exitCode).toBe(1);
    expect(same.stderr).toContain("[seed-not-newer]");
    expect([newer.exitCode, proven.exitCode]).toEqual([0, 0]);
  });

  test("keeps a login that could not be refreshed for a while", async () => {
    await host("seed", "--from", await seedFile());
    const stop = desk.world.openai.server.intercept((request, next) =>
      request.path === "/oauth/token" ? { status: 503, body: {} } : next(),
    );
    const unavailable = await host("refresh");
    stop();

    const ended = await host("seed", "--from", await seedFile(), "--json");

    expect(unavailable.stderr).toContain("[refresh-unavailable]");
    expect(JSON.parse(ended.stdout)).toMatchObject({ seeded: false });
    expect(desk.world.openai.generationOf(live().tokens.refresh_token)).toBe(0);
  });

  test("replaces a file that breaks off, and no other kind of login", async () => {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "auth.json"), '{"auth_mode":"chatgpt","tok');
    const broken = await host("seed", "--from", await seedFile());
    writeFileSync(join(home, "auth.json"), JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: "sk-x" }));

    const foreign = await host("seed", "--from", await seedFile());

    expect(broken.exitCode).toBe(0);
    expect(foreign.stderr).toContain("[home-foreign-login]");
    expect(readFileSync(join(home, "auth.json"), "utf8")).toContain("apikey");
  });

  test("does not follow a link", async () => {
    mkdirSync(desk.path("srv/svc/elsewhere"), { recursive: true });
    symlinkSync(desk.path("srv/svc/elsewhere"), home);

    const ended = await host("seed", "--from", await seedFile());

    expect(ended.stderr).toContain("[home-missing]");
    expect(existsSync(desk.path("srv/svc/elsewhere/auth.json"))).toBe(false);
  });

  onlyAsRoot("by root gives the files to the user they are for, and keeps them that user's", async () => {
    const nobody = Number(spawnSync("id", ["-u", "nobody"], { encoding: "utf8" }).stdout);
    chmodSync(desk.root, 0o755);
    await host("seed", "--user", "nobody", "--from", await seedFile());
    const first = [home, join(home, "auth.json"), join(home, RECORD)].map((path) => lstatSync(path).uid);

    await host("seed", "--force", "--from", await seedFile());

    expect(first).toEqual([nobody, nobody, nobody]);
    expect(lstatSync(join(home, "auth.json")).uid).toBe(nobody);
  });

  test("is cancelled without a trace", async () => {
    const held = desk.hold("openai", /^POST \/oauth\/token$/);
    const running = desk.start(["host", "seed", "--home", home]);
    void desk.approve(running);
    await held.waiting;

    desk.interrupt(running);
    const ended = await running.ended;
    held.letIn();

    expect(ended.stderr).toContain("[cancelled]");
    // Not even an empty home, nor its parents.
    expect(existsSync(desk.path("srv"))).toBe(false);
    expect(desk.codexProcesses()).toEqual([]);
  });

  test.each([
    ["an empty file", ""],
    ["another kind of login", '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-x"}'],
    ["a file that is not there", null],
  ])("with %s leaves no directory behind", async (_what, content) => {
    const file = content === null ? desk.path("seeds/none") : await desk.file("seeds/bad.json", content);

    const ended = await host("seed", "--from", file);

    expect([ended.exitCode, existsSync(desk.path("srv"))]).toEqual([1, false]);
  });

  test("keeps an empty home that was there before", async () => {
    mkdirSync(home, { recursive: true });

    await host("seed", "--from", desk.path("seeds/none"));

    expect(existsSync(home)).toBe(true);
  });

  // There, the system finds no place for a directory whose parent is there.
  test.each(["/proc/xx/.codex", "/proc/xx"])("of %s ends with an error", async (path) => {
    const ended = await desk.run(["host", "seed", "--home", path, "--from", await seedFile()]);

    expect([ended.exitCode, ended.stderr]).toEqual([1, expect.stringContaining("[home-unwritable]")]);
  });
});

describe("host refresh", () => {
  test("tells a codex that this user may not run from none", async () => {
    await host("seed", "--from", await seedFile());
    const environment = { PATH: `${desk.path("closed")}:${desk.path("none")}` };
    const none = await desk.run(["host", "refresh", "--home", home], { environment });
    await desk.file("closed/codex", "");

    const closed = await desk.run(["host", "refresh", "--home", home], { environment });

    expect(none.stderr).toContain("There is no `codex` on PATH");
    expect(closed.stderr).toContain(`This user may not reach or run ${desk.path("closed/codex")}`);
  });

  test("rotates the login, proves it by the file, and remembers that", async () => {
    await host("seed", "--from", await seedFile());

    const ended = await host("refresh", "--json");
    const status = await host("status", "--json");

    expect(ended.exitCode).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ rotated: true, proof: "forced" });
    expect(desk.world.openai.refreshes).toMatchObject([{ outcome: "rotated", generation: 0 }]);
    expect(desk.world.openai.responses).toBe(0);
    expect(live().tokens.refresh_token).toBe(desk.world.openai.livingRefreshToken("svc"));
    expect(mode(join(home, "auth.json"))).toBe("600");
    expect(JSON.parse(status.stdout)).toMatchObject({ problems: [], last_proof: { by: "app-server" } });
    expect(status.exitCode).toBe(0);
  });

  test("--exec runs one tiny codex exec, which refreshes only what is due", async () => {
    await host("seed", "--from", await seedFile("fresh"));
    const fresh = await host("refresh", "--exec", "--json");
    await host("seed", "--force", "--from", await seedFile("due", 120));

    const due = await host("refresh", "--exec", "--json");

    expect(desk.world.openai.connector.connections).toEqual([]);
    expect([fresh.exitCode, due.exitCode]).toEqual([0, 0]);
    expect([fresh, due].map(({ stdout }) => JSON.parse(stdout).rotated)).toEqual([false, true]);
    expect(desk.world.openai.responses).toBe(2);
    expect(live().tokens.refresh_token).toBe(desk.world.openai.livingRefreshToken("due"));
  });

  test.each([
    ["expired", (account: string) => desk.world.openai.expireRefreshTokens(account), []],
    ["revoked", (account: string) => desk.world.openai.revoke(account), []],
    ["revoked", (account: string) => desk.world.openai.revoke(account), ["--exec"]],
  ])("of a login that is %s fails, and status says so from then on (%#)", async (_what, happen, more) => {
    await host("seed", "--from", await seedFile("svc", more.length ? 60 : undefined));
    const before = readFileSync(join(home, "auth.json"), "utf8");
    happen("svc");

    const ended = await host("refresh", ...more);
    const status = await host("status");

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toMatch(/host seed --home .*\[refresh-/s);
    expect(readFileSync(join(home, "auth.json"), "utf8")).toBe(before);
    expect(status.exitCode).toBe(1);
    expect(status.stdout).toContain("! The last refresh found the login dead");
  });

  test("--exec tells a model that fails from a login that does", async () => {
    await host("seed", "--from", await seedFile());
    desk.world.openai.server.intercept((request, next) =>
      request.path.endsWith("/responses") ? { status: 500, body: {} } : next(),
    );

    const ended = await host("refresh", "--exec");
    const status = await host("status", "--json");

    expect(ended.stderr).toContain("[exec-failed]");
    expect(JSON.parse(status.stdout)).toMatchObject({ dead: null, problems: [] });
  });

  test("does not run beside another one", async () => {
    await host("seed", "--from", await seedFile());
    const held = desk.hold("openai", /^POST \/oauth\/token$/);
    const first = desk.start(["host", "refresh", "--home", home]);
    await held.waiting;

    const second = await host("refresh");
    const seed = await host("seed", "--force", "--from", await seedFile("other"));
    held.letIn();

    expect([second.exitCode, seed.exitCode]).toEqual([1, 1]);
    expect(second.stderr).toContain("[host-busy]");
    expect(seed.stderr).toContain("[host-busy]");
    expect((await first.ended).exitCode).toBe(0);
    expect(desk.world.openai.refreshes).toHaveLength(1);
  });

  test("clears away the lock of one that was killed, and finishes what Ctrl-C came into", async () => {
    await host("seed", "--from", await seedFile());
    const held = desk.hold("openai", /^POST \/oauth\/token$/);
    const killed = desk.start(["host", "refresh", "--home", home]);
    await held.waiting;
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(existsSync(join(home, LOCK))).toBe(true);
    held.letIn();
    await desk.codexHasEnded();

    const again = desk.hold("openai", /^POST \/oauth\/token$/);
    const second = desk.start(["host", "refresh", "--home", home]);
    await again.waiting;
    desk.interrupt(second);
    again.letIn();

    expect((await second.ended).exitCode).toBe(0);
    expect(desk.world.openai.reuses).toBe(0);
    expect(live().tokens.refresh_token).toBe(desk.world.openai.livingRefreshToken("svc"));
    expect(existsSync(join(home, LOCK))).toBe(false);
  });

  onlyAsRoot("by another user than the owner is refused before anything is spent", async () => {
    chmodSync(desk.root, 0o755);
    await host("seed", "--user", "nobody", "--from", await seedFile());

    const ended = await host("refresh");

    expect(ended.stderr).toContain("[home-other-owner]");
    expect(desk.world.openai.refreshes).toEqual([]);
  });

  test("where nobody is logged in says how to begin", async () => {
    const ended = await host("refresh");

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toMatch(/host seed --home .*\[home-missing\]/s);
  });
});

describe("host install-timer", () => {
  beforeEach(() => mkdirSync(desk.path("units")));

  const install = (...more: string[]): Promise<Ended> =>
    desk.run(["host", "install-timer", "--home", "/opt/svc/.codex", "--user", "svc", ...more]);

  test("prints the units, and the crontab's line, with --print", async () => {
    const ended = await install("--print");

    expect(ended.exitCode).toBe(0);
    // A checkout, or a Node, in somebody's home is read from there.
    const reachesHomes = [import.meta.dirname, process.execPath].some((used) =>
      /^\/(home|root)\//.test(used),
    );
    const text = ended.stdout
      .replaceAll(desk.root, "DESK")
      .replaceAll(process.execPath, "NODE")
      .replaceAll(/PATH=DESK\/bin:\S+/g, "PATH=DESK/bin:MORE")
      .replace(`\nProtectHome=${reachesHomes ? "read-only" : "yes"}\n`, "\nProtectHome=HOMES\n");
    expect(text).toMatchInlineSnapshot(`
"# /etc/systemd/system/codex-auth-roundtrip-opt-svc-codex-326d86a8.service
# Written by codex-auth-roundtrip host install-timer.
[Unit]
Description=Refresh the Codex login of svc
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=svc
Environment=PATH=DESK/bin:MORE
ExecStart=NODE /usr/local/lib/codex-auth-roundtrip/codex-auth-roundtrip.mjs host refresh --home /opt/svc/.codex
# A refresh that is ended in the middle loses the login: Codex is given the time it gives itself.
TimeoutStartSec=10min
TimeoutStopSec=90s
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=HOMES
ReadWritePaths=/opt/svc/.codex
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
RestrictNamespaces=yes
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
# Not MemoryDenyWriteExecute: Node compiles as it runs.

# /etc/systemd/system/codex-auth-roundtrip-opt-svc-codex-326d86a8.timer
# Written by codex-auth-roundtrip host install-timer.
[Unit]
Description=Refresh the Codex login of svc regularly

[Timer]
OnCalendar=weekly
RandomizedDelaySec=1h
# A host that was off at the time catches up.
Persistent=yes

[Install]
WantedBy=timers.target

# Without systemd, in the user's crontab:
# @weekly PATH=DESK/bin:MORE NODE /usr/local/lib/codex-auth-roundtrip/codex-auth-roundtrip.mjs host refresh --home /opt/svc/.codex
"
`);
  });

  onlyWithSystemd.each([[[]], [["--exec"]], [["--calendar", "Mon *-*-* 04:00"]]])(
    "writes units that systemd accepts (%j)",
    async (more) => {
      const ended = await install("--unit-directory", desk.path("units"), ...more, "--json");

      const { service, timer, enabled } = JSON.parse(ended.stdout);
      const units = [service, timer].map(({ name }) => desk.path("units", name));
      const verified = spawnSync("systemd-analyze", ["verify", ...units], { encoding: "utf8" });
      expect(enabled).toBe(false);
      expect([verified.status, verified.stderr]).toEqual([0, ""]);
    },
  );

  onlyWithSystemd(
    "writes units that systemd reads back as they were meant, however odd the home's name",
    async () => {
      const odd = '/opt/svc with "quotes" and 100% $HOME/.codex';
      await desk.run([
        "host",
        "install-timer",
        "--home",
        odd,
        "--user",
        "svc",
        "--unit-directory",
        desk.path("units"),
      ]);

      const unit = desk.path(
        "units",
        readdirSync(desk.path("units")).find((name) => name.endsWith(".service")) ?? "",
      );
      const verified = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
      expect(verified.stderr).toBe("");
      expect(readFileSync(unit, "utf8")).toContain('"/opt/svc with \\"quotes\\" and 100%% $$HOME/.codex"');
    },
  );

  test.each([
    [["--user", "svc\nUser=root"]],
    [["--user", "svc", "--calendar", "weekly\nOnCalendar=minutely"]],
    [["--user", "svc", "--calendar", "monthly"]],
    [["--user", "svc", "--home", "/tmp/codex"]],
    [["--user", "svc", "--home", "/opt/a\nb"]],
  ])("%j is wrong usage", async (args) => {
    const ended = await desk.run(["host", "install-timer", "--home", "/opt/svc/.codex", "--print", ...args]);

    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("[input-invalid]");
  });

  onlyWithSystemd("refuses a calendar that systemd does not understand", async () => {
    expect((await install("--print", "--calendar", "whenever")).exitCode).toBe(2);
  });

  test("names the units by the home, so that two homes of one user have two timers", async () => {
    const names = await Promise.all(
      ["/opt/svc/.codex", "/opt/svc-codex", "/opt/svc/codex"].map(async (home) => {
        const ended = await install("--print", "--json", "--home", home);
        return JSON.parse(ended.stdout).timer.name;
      }),
    );

    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^codex-auth-roundtrip-opt-svc-codex-[0-9a-f]{8}\.timer$/);
  });

  test("has a unit of the host's own started when a refresh fails", async () => {
    const told = await install("--print", "--on-failure", "alert@%n.service");
    const untold = await install("--unit-directory", desk.path("units"));
    const odd = await install("--print", "--on-failure", "a.service\nExecStart=/bin/sh");

    expect(told.stdout).toContain("\nOnFailure=alert@%n.service\n");
    expect(untold.stdout).toMatch(/Nobody is told if a refresh fails.*--on-failure/);
    expect([odd.exitCode, odd.stderr.includes("[input-invalid]")]).toEqual([2, true]);
  });

  describe("on this host", () => {
    // Where systemd runs the machine, a test must not enable a timer.
    const here = process.getuid?.() === 0 && !existsSync("/run/systemd/system") ? test : test.skip;
    const installHere = (...more: string[]): Promise<Ended> =>
      desk.run([
        "host",
        "install-timer",
        "--home",
        home,
        "--user",
        "nobody",
        "--program-directory",
        desk.path("program"),
        ...more,
      ]);
    beforeEach(() => {
      // A timer is refused for a home in a temporary directory, where the desk is.
      home = join(mkdtempSync("/opt/codex-auth-roundtrip-test-"), ".codex");
      for (const directory of [desk.root, dirname(home)]) chmodSync(directory, 0o755);
    });
    afterEach(() => rmSync(dirname(home), { recursive: true }));

    here("refreshes once as that user, with the copy that the timer will run", async () => {
      await host("seed", "--user", "nobody", "--from", await seedFile());

      const ended = await installHere();

      expect(ended.stderr).not.toContain("Error");
      expect(ended.exitCode).toBe(0);
      expect(desk.world.openai.refreshes).toHaveLength(1);
      expect(ended.stdout).toContain(`${desk.path("program")}/codex-auth-roundtrip.mjs host refresh`);
      expect(lstatSync(desk.path("program", "codex-auth-roundtrip.mjs")).mode & 0o777).toBe(0o755);
      expect(lstatSync(join(home, "auth.json")).uid).toBe(Number(spawnSync("id", ["-u", "nobody"]).stdout));
    });

    here("installs nothing where that user's refresh fails, and says why", async () => {
      await host("seed", "--user", "nobody", "--from", await seedFile());
      desk.world.openai.expireRefreshTokens("svc");

      const ended = await installHere("--json");

      expect(ended.exitCode).toBe(1);
      expect(ended.stderr).toMatch(
        /nobody cannot refresh the login\. No timer was installed\. OpenAI does not accept/,
      );
      expect(ended.stderr).toContain("[timer-failed]");
      expect(ended.stdout).not.toContain("@weekly");
    });

    here("refuses a user or a home that does not exist, and somebody else's login", async () => {
      const noUser = await installHere("--user", "no-such-user");
      const noHome = await installHere();
      await host("seed", "--from", await seedFile());
      const others = await installHere();

      expect([noUser, noHome, others].map(({ stderr }) => /\[([a-z-]+)\]/.exec(stderr)?.[1])).toEqual([
        "input-invalid",
        "home-missing",
        "home-other-owner",
      ]);
      expect(desk.world.openai.refreshes).toEqual([]);
    });
  });
});

describe("host refresh --user", () => {
  onlyAsRoot("runs with the rights of that user alone", async () => {
    chmodSync(desk.root, 0o755);
    const seeded = await host("seed", "--user", "nobody", "--from", await seedFile());

    const ended = await host("refresh", "--user", "nobody");

    expect(seeded.stdout).toContain(`host refresh --home ${home} --user nobody\n`);
    expect(seeded.stdout).toContain(`host install-timer --home ${home} --user nobody\n`);
    expect(ended.exitCode).toBe(0);
    expect(desk.world.openai.refreshes).toHaveLength(1);
    for (const name of readdirSync(home))
      expect([name, lstatSync(join(home, name)).uid]).toEqual([
        name,
        Number(spawnSync("id", ["-u", "nobody"]).stdout),
      ]);
  });

  test("of a user that does not exist is wrong usage", async () => {
    const ended = await host("refresh", "--user", "no-such-user");

    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("There is no user no-such-user on this machine.");
  });

  onlyAsRoot("is what root is told where the login is somebody else's", async () => {
    chmodSync(desk.root, 0o755);
    await host("seed", "--user", "nobody", "--from", await seedFile());

    expect((await host("refresh")).stderr).toContain("Name that user with --user");
  });
});
