import type { AlertCollaborators } from "../action/alert.ts";
import { provideCodex } from "../action/codex.ts";
import { type Inputs, secretValues } from "../action/inputs.ts";
import { ledgerFile } from "../action/ledger-file.ts";
import { Online } from "../action/online.ts";
import type { Session } from "../action/session.ts";
import { placeOf, type Surroundings } from "../action/surroundings.ts";
import { envelopeCipher } from "../adapters/aead.ts";
import { machineClock } from "../adapters/clock.ts";
import { appServerRefresher } from "../adapters/codex-app-server.ts";
import { npmCodexProgram } from "../adapters/codex-program.ts";
import { diskFiles } from "../adapters/files.ts";
import { githubAlertBoard } from "../adapters/github-alerts.ts";
import { GitHubClient } from "../adapters/github-client.ts";
import { actionsHandoverCache, cacheServiceOf, noHandoverCache } from "../adapters/handover-cache.ts";
import { stepLog } from "../adapters/log.ts";
import { systemProcesses } from "../adapters/processes.ts";
import { systemRandomness } from "../adapters/randomness.ts";
import { githubRunInformation } from "../adapters/run-information.ts";
import { sodiumSealedBox } from "../adapters/sealed-box.ts";
import { stepChannel } from "../adapters/step-channel.ts";
import { appWriter, tokenWriter } from "../adapters/writer.ts";
import type { Document } from "../core/document.ts";
import { scrubEnvironment } from "../core/environment.ts";
import { Secret } from "../core/secret.ts";
import type { Cancellation, Writer } from "../ports.ts";
import { toolCache } from "./job-tools.ts";

/** Builds everything that needs the network or Codex; in a chunk of its own, so that a quiet job never loads it. */
export function goOnline({
  inputs,
  surroundings,
  session,
  handed,
  cancellation,
}: {
  inputs: Inputs;
  surroundings: Surroundings;
  session: Session;
  handed: Document;
  cancellation: Cancellation;
}): Online {
  const place = placeOf(surroundings, session.place);
  const cipher = envelopeCipher(place, systemRandomness);
  const service = inputs.handover === "off" ? null : cacheServiceOf(process.env);
  const { apiUrl } = surroundings;
  const githubToken = inputs.githubToken ?? new Secret("");
  const environment = {
    ...scrubEnvironment(process.env, [...secretValues(inputs), ...handed.tokens]),
    ...inputs.codexEnvironment,
  };
  return new Online(
    {
      writer: writerOf(inputs, { apiUrl, place, clock: machineClock, log: stepLog }),
      box: sodiumSealedBox,
      handover: service
        ? actionsHandoverCache({
            service,
            place,
            cipher,
            clock: machineClock,
            temporaryDirectory: session.base,
          })
        : noHandoverCache,
      runInformation: githubRunInformation(
        new GitHubClient({ apiUrl, token: githubToken, clock: machineClock }),
        surroundings,
      ),
      refresher: async () => {
        const program = npmCodexProgram({ environment, toolCache: toolCache(), log: stepLog });
        return appServerRefresher(await provideCodex(program, stepChannel, inputs.codexVersion));
      },
      ledgerFile: ledgerFile(diskFiles, cipher, { base: session.base, holder: handed }),
      files: diskFiles,
      clock: machineClock,
      randomness: systemRandomness,
      log: stepLog,
      channel: stepChannel,
      cancellation,
      place,
      processes: systemProcesses,
    },
    { inputs, session, handed, visibility: surroundings.visibility, environment },
  );
}

/** Where this repository's alerts go. */
export function alertsOf(inputs: Inputs, surroundings: Surroundings): AlertCollaborators {
  const { apiUrl, serverUrl, owner, repository, runId } = surroundings;
  const client = new GitHubClient({
    apiUrl,
    token: inputs.githubToken ?? new Secret(""),
    clock: machineClock,
  });
  return {
    board: githubAlertBoard(client, surroundings),
    place: placeOf(surroundings, inputs),
    runUrl: `${serverUrl}/${owner}/${repository}/actions/runs/${runId}`,
    clock: machineClock,
    log: stepLog,
  };
}

function writerOf(inputs: Inputs, surroundings: Parameters<typeof tokenWriter>[1]): Writer | null {
  const { writer } = inputs;
  switch (writer.kind) {
    case "none":
      return null;
    case "token":
      return tokenWriter(writer.token, surroundings);
    case "app":
      return appWriter(writer.clientId, writer.privateKey, surroundings);
  }
}
