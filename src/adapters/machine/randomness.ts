import { randomBytes } from "node:crypto";
import type { Randomness } from "../../ports/machine.ts";

export const systemRandomness: Randomness = { bytes: (count) => randomBytes(count) };
