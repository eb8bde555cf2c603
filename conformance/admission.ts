import { type Api, told } from "./api.ts";

/**
 * Whether the suite may run here: only in a private repository, and not beside a login of Codex unless it is told.
 *
 * @returns why not, with what to do; `null` if it may
 */
export async function whyNot(api: Api, allow: { readonly besideLogin: boolean }): Promise<string | null> {
  const answer = await api.get("");
  if (answer.status !== 200) {
    const why = told(answer);
    return `GitHub does not show ${api.repository} to this token: ${why}. Check the name and the token.`;
  }
  if (answer.body.visibility !== "private" || answer.body.private !== true)
    return `${api.repository} is not private. Make a private repository of your own for this.`;
  if (allow.besideLogin) return null;
  const login = await loginIn(api);
  if (login === null) return null;
  return `${api.repository} has ${login}: it keeps a login. Use another repository, or pass --beside-login.`;
}

/** @returns the first name, of the repository or of one of its environments, that only a login's keeper makes */
async function loginIn(api: Api): Promise<string | null> {
  const scopes = ["/actions"];
  for (const environment of await namesIn(api, "/environments", "environments"))
    scopes.push(`/environments/${encodeURIComponent(environment)}`);
  for (const scope of scopes) {
    for (const kind of ["secrets", "variables"]) {
      const names = await namesIn(api, `${scope}/${kind}`, kind);
      const login = names.find((name) => name.startsWith("CODEX_AUTH_"));
      if (login !== undefined) return login;
    }
  }
  return null;
}

/** All of a list. What the token may not see, it may not write either: an empty one. */
async function namesIn(api: Api, path: string, key: string): Promise<string[]> {
  const names: string[] = [];
  for (let page = 1; page <= 20; page++) {
    const { status, body } = await api.get(`${path}?per_page=30&page=${page}`);
    if (status !== 200) break;
    const items = Array.isArray(body[key]) ? (body[key] as { name?: unknown }[]) : [];
    names.push(...items.map(({ name }) => String(name)));
    if (items.length < 30) break;
  }
  return names;
}
