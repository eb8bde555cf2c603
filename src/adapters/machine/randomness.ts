import { randomBytes } from "node:crypto";
import type { Randomness } from "../../ports/action.ts";

export const systemRandomness: Randomness = { bytes: (count) => randomBytes(count) };
