import type { EnvelopeCipher } from "../../src/ports/handoff.ts";
import type { StepLog } from "../../src/ports/runner.ts";
import type { SealedBox, SealedPayload } from "../../src/ports/secrets.ts";

/** Seals what anybody can open: there is nobody to hide it from here. */
export const openBox = {
  seal: async (content, { id }) => ({
    keyId: id,
    encryptedValue: Buffer.from(content.reveal()).toString("base64"),
  }),
  open: ({ encryptedValue }: SealedPayload): string => Buffer.from(encryptedValue, "base64").toString("utf8"),
} as const satisfies SealedBox & { open: (sealed: SealedPayload) => string };

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
  notice: () => {},
  warning: () => {},
  error: () => {},
  debug: () => {},
  group: () => {},
  endGroup: () => {},
  mask: () => {},
  relay: { hidden: new Set(), open: () => {}, write: () => {}, close: () => {} },
};
