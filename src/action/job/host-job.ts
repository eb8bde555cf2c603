import { hideHostLogin, realpathOfNearest } from "../../login/home.ts";
import { loadReport, saveReport } from "../job-report.ts";
import { readLiveLogin, takePersistentHome } from "../persistent-home.ts";
import { believeSession, saveSession } from "../phase-state.ts";
import type { MainServices } from "../services.ts";
import { refuseForeignConfig } from "./own-config.ts";
import { type JobLogin, runJob } from "./user-job.ts";

/** On a persistent host Codex keeps the login itself; this step only sees to it that there is one, and one job at a time. */
export async function runOnHost(services: MainServices): Promise<void> {
  const { inputs, files, channel, log, cancellation } = services;
  const hostLock = await services.hostLock();
  const session =
    (await believeSession(services)) ?? (await takePersistentHome({ ...services, hostLock }, cancellation));
  const login = await readLiveLogin(files, session.home, log);
  channel.setOutputs({ available: "true" });
  const loginPath = await hideHostLogin(files, session.home);
  const loginDirectory = await realpathOfNearest(files, loginPath);
  const own = await refuseForeignConfig(services, {
    home: session.home,
    guarded: { loginDirectory, anchors: [] },
  });
  if (inputs.run !== null && inputs.protectAuth === "profile" && !own?.protects) {
    log.warning(
      `The config.toml in this host's home does not keep the model's commands out of the login: what \`run\` starts can read it. Use \`prompt\`, or add a permission profile with \`"${loginDirectory}" = "deny"\` as \`default_permissions\`.`,
    );
  }
  if (inputs.run !== null && !inputs.codexApps && !own?.appsAreOff) {
    log.warning(
      "The config.toml in this host's home does not switch off the account's connected apps and plugins: a model that `run` starts can use them. Use `prompt`, or add `[features]` with `apps = false`, `plugins = false` and `remote_plugin = false`.",
    );
  }
  if (inputs.run === null && inputs.prompt === null && inputs.codexVersion === null) return;
  const jobLogin: JobLogin = {
    session,
    loginPath,
    recordRequirements: () => saveSession(channel, { ...session, madeRequirements: true }),
    recordUsage: (usage) => {
      const report = loadReport(channel);
      if (report) saveReport(channel, { ...report, usage });
    },
  };
  await runJob(services, jobLogin, login);
}
