import type { EnvelopeCipher, StepLog } from "../../src/ports/action.ts";

/** Opens for the holder it was sealed for, and shows the rest: the secrecy is tested elsewhere. */
export const openCipher: EnvelopeCipher = {
  seal: async ({ generation }, label, text) => Buffer.from(JSON.stringify([generation, label, text])),
  open: async ({ generation }, label, envelope) => {
    const [sealedFor, sealedAs, text] = JSON.parse(Buffer.from(envelope).toString("utf8")) as string[];
    return sealedFor === generation && sealedAs === label ? (text ?? null) : null;
  },
};

export const silentLog: StepLog = {
  info: () => {},
  warning: () => {},
  error: () => {},
  debug: () => {},
  group: () => {},
  endGroup: () => {},
  mask: () => {},
  relay: { hidden: new Set(), open: () => {}, write: () => {}, close: () => {} },
};
