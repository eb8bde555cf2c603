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
  for (const kind of ["secrets", "variables"]) {
    for (let page = 1; page <= 20; page++) {
      const listed = await api.get(`/actions/${kind}?per_page=30&page=${page}`);
      if (listed.status !== 200) break;
      const items = Array.isArray(listed.body[kind]) ? (listed.body[kind] as { name?: unknown }[]) : [];
      const login = items.find(({ name }) => String(name).startsWith("CODEX_AUTH_"));
      if (login)
        return `${api.repository} has ${String(login.name)}: it keeps a login. Use another repository, or pass --beside-login.`;
      if (items.length < 30) break;
    }
  }
  return null;
}
