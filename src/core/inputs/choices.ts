const FLAG = ["false", "true"] as const;

/** The values of every input that takes only certain ones. The first is the default. */
export const INPUT_CHOICES = {
  refresh: ["auto", "force", "never"],
  "when-missing": ["fail", "skip"],
  "refresh-token": ["withheld", "present"],
  sandbox: ["workspace-write", "read-only", "danger-full-access"],
  "protect-auth": ["profile", "enforced", "off"],
  "codex-apps": FLAG,
  handoff: ["cache", "off"],
  "concurrency-check": ["warn", "fail", "off"],
  "allow-public-repository": FLAG,
  "allow-bots": FLAG,
  "alert-issue": FLAG,
  "home-lifetime": ["ephemeral", "persistent"],
  reseed: FLAG,
  verify: ["usage", "exec", "off"],
} as const;

export type ChoiceName = keyof typeof INPUT_CHOICES;

/** The inputs that are `true` or `false`. */
export type FlagName = {
  [Name in ChoiceName]: (typeof INPUT_CHOICES)[Name] extends typeof FLAG ? Name : never;
}[ChoiceName];
