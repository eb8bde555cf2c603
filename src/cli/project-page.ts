/** A page of this project, for people whose own repository has no such file. */
export function projectPage(path: string): string {
  return `https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/${path}`;
}
