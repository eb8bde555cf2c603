import { endGroup, error, info, setSecret, startGroup, warning } from "@actions/core";
import type { Log } from "../ports.ts";

/** The step's log, through the runner's workflow commands. */
export const stepLog: Log = {
  info,
  warning: (sentence) => warning(sentence),
  error: (sentence) => error(sentence),
  group: startGroup,
  endGroup,
  mask: (secret) => {
    // An empty mask would hide everything.
    if (!secret.isEmpty) setSecret(secret.reveal());
  },
};
