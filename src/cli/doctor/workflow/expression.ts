/** Whether only a run knows the value. */
export function isExpression(text: string): boolean {
  return text.includes("${{");
}

/** The same in every run of the repository. */
const CONSTANT =
  /\$\{\{\s*github\.(repository|repository_id|repository_owner|repository_owner_id|server_url|api_url)\s*\}\}/gi;

/** Whether two runs of this repository may see different values. */
export function differsByRun(text: string): boolean {
  return isExpression(text.replace(CONSTANT, ""));
}

/** The secrets that expressions in a text name, in upper case, as GitHub keeps them. */
export function secretNamesIn(text: string): readonly string[] {
  const pattern = /\bsecrets\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*'([A-Za-z_]\w*)'\s*\])/gi;
  return [...text.matchAll(pattern)].map(([, dotted, quoted]) => (dotted ?? quoted ?? "").toUpperCase());
}

/** Finds where expressions name one of the secrets, or all secrets at once. */
export function mentionOf(names: readonly string[]): RegExp {
  const any = names.join("|");
  return new RegExp(
    `\\bsecrets\\s*(?:\\.\\s*(?:${any})\\b|\\[\\s*'(?:${any})'\\s*\\])|\\btoJSON\\s*\\(\\s*secrets\\s*\\)`,
    "gi",
  );
}

/** The name in `${{ inputs.NAME }}`, when that is the whole text. */
export function wholeInput(text: string): string | null {
  return /^\s*\$\{\{\s*inputs\.([\w-]+)\s*\}\}\s*$/.exec(text)?.[1]?.toLowerCase() ?? null;
}

/** The name in `${{ env.NAME }}`, when that is the whole text. */
export function wholeVariable(text: string): string | null {
  return /^\s*\$\{\{\s*env\.(\w+)\s*\}\}\s*$/.exec(text)?.[1] ?? null;
}

/** The name in `${{ secrets.NAME }}`, when that is the whole text. */
export function wholeSecret(text: string): string | null {
  const expression = /^\s*\$\{\{\s*(secrets(?:\.\w+|\[\s*'\w+'\s*\]))\s*\}\}\s*$/i.exec(text)?.[1];
  return secretNamesIn(expression ?? "")[0] ?? null;
}

/** The step whose output `token` a text is. */
export function stepOfToken(text: string): string | null {
  return /\bsteps\s*\.\s*([\w-]+)\s*\.\s*outputs\s*\.\s*token\b/.exec(text)?.[1] ?? null;
}
