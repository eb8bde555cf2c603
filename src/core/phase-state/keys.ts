/** Everything that one phase of a step tells the next ones through the runner's state. */
export const STATE_KEYS = ["session", "critical-section", "report", "notice"] as const;

export type StateKey = (typeof STATE_KEYS)[number];
