import { type Inputs, secretValues } from "../action/inputs.ts";
import type { Session } from "../action/phase-state.ts";
import { placeOf, type RunContext } from "../action/run-context.ts";
import type { AlertServices } from "../action/services.ts";
import { codexDeviceLogin } from "../adapters/codex/device-login.ts";
import { githubAlertBoard } from "../adapters/github/alert-issues.ts";
import { cacheServiceOf } from "../adapters/github/cache-service.ts";
import { GitHubClient } from "../adapters/github/client.ts";
import { actionsHandoffCache, noHandoffCache } from "../adapters/github/handoff-cache.ts";
import { githubRunInformation } from "../adapters/github/run-information.ts";
import { appCredential, tokenCredential } from "../adapters/github/write-credential.ts";
import { machineClock } from "../adapters/machine/clock.ts";
import { diskFiles } from "../adapters/machine/files.ts";
import { systemProcesses } from "../adapters/machine/processes.ts";
import { useProxy } from "../adapters/machine/proxy.ts";
import { systemRandomness } from "../adapters/machine/randomness.ts";
import { stepLog } from "../adapters/runner/log.ts";
import { stepChannel } from "../adapters/runner/step-channel.ts";
import { envelopeCipher } from "../adapters/sodium/aead.ts";
import { sodiumSealedBox } from "../adapters/sodium/sealed-box.ts";
import { withoutCode } from "../core/environment/code-variables.ts";
import { scrubEnvironment } from "../core/environment/scrub.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { Secret } from "../core/login/secret.ts";
import { ledgerFile } from "../login/ledger-file.ts";
import { reseed } from "../login/reseed.ts";
import type { Services } from "../login/services.ts";
import type { StoreOutcome } from "../login/store-outcome.ts";
import type { RunInformation } from "../ports/github.ts";
import type { Cancellation } from "../ports/runner.ts";
import type { WriteCredential } from "../ports/secrets.ts";
import { isOutsideWorkspace } from "./trusted-path.ts";

const withoutProxy = useProxy(process.env);
if (withoutProxy !== null) stepLog.warning(withoutProxy);

interface Wiring {
  readonly inputs: Inputs;
  readonly context: RunContext;
  readonly session: Session;
  /** `null` where the secret holds no login. */
  readonly handed: AuthJson | null;
  readonly cancellation: Cancellation;
}

/** Finds or installs Codex, for which this environment is. */
export type ProvideCodex = (environment: Readonly<Record<string, string>>) => Promise<string>;

/**
 * Builds everything that needs the network; in a chunk of its own, so that a quiet job never loads it.
 *
 * @param wiring.refresher lets Codex refresh. Only main does so; its parts would be as much again for post to download
 */
export function goOnline({
  refresher,
  ...wiring
}: Wiring & {
  readonly handed: AuthJson;
  readonly refresher: (environment: Services["environment"]) => ReturnType<Services["refresher"]>;
}): Services {
  const { handed } = wiring;
  const { cipher, ...shared } = connect(wiring);
  return {
    ...shared,
    handed,
    refresher: () => refresher(shared.environment),
    ledgerFile: ledgerFile(diskFiles, cipher, { base: shared.base, holder: handed }),
    channel: stepChannel,
    processes: systemProcesses,
  };
}

/** Lets a person log in, and stores that login. @throws {Failure} */
export async function reseedOnline({
  codex,
  ...wiring
}: Wiring & { readonly codex: ProvideCodex }): Promise<StoreOutcome> {
  const { inputs, context, handed } = wiring;
  const { cipher, ...shared } = connect(wiring);
  const { base } = shared;
  return reseed(
    {
      ...shared,
      deviceLogin: async () => codexDeviceLogin(await codex(shared.environment), stepLog),
      ledgerFile: (holder) => ledgerFile(diskFiles, cipher, { base, holder }),
    },
    { handed, expectedAccountId: inputs.expectedAccountId, visibility: context.visibility },
  );
}

/** What both need. */
function connect({ inputs, context, session, handed, cancellation }: Wiring) {
  const place = placeOf(context, session.place);
  const cipher = envelopeCipher(place, systemRandomness);
  const service = inputs.handoff === "off" ? null : cacheServiceOf(process.env);
  const common = { place, clock: machineClock, log: stepLog };
  const scrubbed = scrubEnvironment(process.env, [...secretValues(inputs), ...(handed?.tokens ?? [])]);
  const environment = withoutCode({ ...scrubbed, ...inputs.codexEnvironment }, isOutsideWorkspace);
  return {
    base: session.base,
    environment,
    cipher,
    writeCredential: writeCredentialOf(inputs, { ...common, apiUrl: context.apiUrl }),
    box: sodiumSealedBox,
    handoff: service
      ? actionsHandoffCache({ ...common, service, cipher, temporaryDirectory: session.base })
      : noHandoffCache,
    runInformation: runInformationOf(inputs, context),
    ...common,
    files: diskFiles,
    randomness: systemRandomness,
    cancellation,
    claimant: { run: context.runId, attempt: context.runAttempt, ref: context.ref },
  };
}

/** What GitHub tells this run about itself. */
export function runInformationOf(inputs: Inputs, context: RunContext): RunInformation {
  return githubRunInformation(clientOf(inputs, context), context);
}

/** Where this repository's alerts go. */
export function alertsOf(inputs: Inputs, context: RunContext): AlertServices {
  const { serverUrl, owner, repository, runId } = context;
  return {
    board: githubAlertBoard(clientOf(inputs, context), context),
    place: placeOf(context, inputs),
    runUrl: `${serverUrl}/${owner}/${repository}/actions/runs/${runId}`,
    clock: machineClock,
    log: stepLog,
  };
}

/** With the job's own token. */
function clientOf({ githubToken }: Inputs, { apiUrl }: RunContext): GitHubClient {
  return new GitHubClient({
    apiUrl,
    token: githubToken ?? new Secret(""),
    clock: machineClock,
    log: stepLog,
  });
}

function writeCredentialOf(
  { writeCredential: given }: Inputs,
  context: Parameters<typeof tokenCredential>[1],
): WriteCredential | null {
  switch (given.kind) {
    case "none":
      return null;
    case "token":
      return tokenCredential(given.token, context);
    case "app":
      return appCredential(given.clientId, given.privateKey, context);
  }
}
