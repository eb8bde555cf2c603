import type { LabRequest, LabResponse } from "../loopback-server.ts";

/** The one REST API version the lab speaks; FACTS.md §2. */
export const API_VERSION = "2022-11-28";

/** An error as the REST API words it: `{message, documentation_url, status}`. */
export function apiError(status: number, message: string, headers: Record<string, string> = {}): LabResponse {
  const body = { message, documentation_url: "https://docs.github.com/rest", status: String(status) };
  return { status, headers, body };
}

/** What the API says of anything the caller may not see or that does not exist. */
export function notFound(): LabResponse {
  return apiError(404, "Not Found");
}

/** A 422 for a body that does not fit the endpoint's schema. */
export function invalidRequest(problem: string): LabResponse {
  return apiError(422, `Invalid request.\n\n${problem}`);
}

/** RFC 3339 in whole seconds, UTC: the resolution of every time in the REST API. */
export function timestamp(date: Date): string {
  return `${wholeSecond(date).toISOString().slice(0, 19)}Z`;
}

/** The date without its milliseconds, as GitHub stores times. */
export function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

/** @returns the JSON object in the body, `{}` for an empty body, or undefined when it is neither. */
export function jsonObject(request: LabRequest): Record<string, unknown> | undefined {
  if (request.body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(request.body.toString("utf8"));
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** One page of a list, with the `Link` header by which Octokit's `paginate` goes on. */
export function page<Item>(
  request: LabRequest,
  items: readonly Item[],
  url: string,
  limits: { readonly otherwise: number; readonly most: number } = { otherwise: 30, most: 100 },
): { items: Item[]; headers: Record<string, string> } {
  const asked = Number(request.query.get("per_page") ?? limits.otherwise) || limits.otherwise;
  const size = Math.min(Math.max(asked, 1), limits.most);
  const number = Math.max(Number(request.query.get("page") ?? 1) || 1, 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(request.query);
    query.set("page", String(to));
    return `<${url}${request.path}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, "prev"), link(1, "first")] : []),
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
  ];
  return {
    items: items.slice((number - 1) * size, number * size),
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  };
}
