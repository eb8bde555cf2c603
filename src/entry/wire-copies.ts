import type { LendServices } from "../action/copies.ts";
import type { Inputs } from "../action/inputs.ts";
import { provideCodex } from "../action/job/choose-codex.ts";
import { codexVerifier } from "../adapters/codex/verifier.ts";
import { appCopyAccess, tokenCopyAccess } from "../adapters/github/copy-access.ts";
import { machineClock } from "../adapters/machine/clock.ts";
import { stepLog } from "../adapters/runner/log.ts";
import { stepChannel } from "../adapters/runner/step-channel.ts";
import type { Services } from "../login/services.ts";
import type { CopyAccess } from "../ports/copies.ts";
import { codexProgram } from "./wire-job.ts";

/** What access copies need beside what a refresh needs; in a chunk of its own. */
export function wireCopies(services: Services, inputs: Inputs, apiUrl: string): LendServices {
  const { environment } = services;
  return {
    ...services,
    copyAccess: copyAccessOf(inputs, apiUrl),
    verifier: async () =>
      codexVerifier(
        await provideCodex(codexProgram(environment, inputs), stepChannel, inputs.codexVersion),
        stepLog,
      ),
  };
}

function copyAccessOf({ writeCredential }: Inputs, apiUrl: string): CopyAccess {
  const context = { apiUrl, clock: machineClock, log: stepLog };
  switch (writeCredential.kind) {
    case "none":
      throw new TypeError("a refresh job without a write token");
    case "token":
      return tokenCopyAccess(writeCredential.token, context);
    case "app":
      return appCopyAccess(writeCredential, context);
  }
}
