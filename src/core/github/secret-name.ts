/** Whether GitHub allows the name for a secret: letters, digits, underscores; no digit first, no `GITHUB_`. */
export function isSecretName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !/^github_/i.test(name);
}
