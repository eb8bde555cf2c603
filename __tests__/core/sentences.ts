/** A gap where a word is missing: what came in its place was empty or unknown. */
const GAP = String.raw`\s[.,:;)](?:\s|$)|\s\s|\x60\x60|\(\)|undefined`;

/** What people read: it has a beginning and an end, and nothing is missing between. */
export const WHOLE_SENTENCES = new RegExp(`^(?!.*(?:${GAP}))[A-Z\`].*[.?)\`]$`, "s");
