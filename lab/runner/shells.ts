/** How `shell:` starts a script; `{0}` is its file. [doc, workflow syntax, jobs.<job_id>.steps[*].shell] */
const BUILT_IN: Record<string, { file: string; args: readonly string[]; extension: string }> = {
  "": { file: "bash", args: ["-e", "{0}"], extension: ".sh" },
  bash: { file: "bash", args: ["--noprofile", "--norc", "-e", "-o", "pipefail", "{0}"], extension: ".sh" },
  sh: { file: "sh", args: ["-e", "{0}"], extension: ".sh" },
  python: { file: "python3", args: ["{0}"], extension: ".py" },
};

/** @throws for a shell that is neither built in nor a format with `{0}`. */
export function shellCommand(shell: string): { file: string; args: readonly string[]; extension: string } {
  const builtIn = BUILT_IN[shell];
  if (builtIn) return builtIn;
  const [file = "", ...args] = shell.split(/\s+/);
  if (!args.some((word) => word.includes("{0}"))) {
    throw new Error(
      "Invalid shell option. Shell must be a valid built-in (bash, sh, python) or a format string containing '{0}'",
    );
  }
  return { file, args, extension: "" };
}
