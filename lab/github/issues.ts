import type { LabResponse } from "../loopback-server.ts";
import type { Call, Route } from "./router.ts";
import { apiError, invalidRequest, jsonObject, notFound, page, timestamp } from "./wire.ts";

/** An issue of a repository; a live record. */
export interface IssueRecord {
  readonly number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  stateReason: string | null;
  labels: string[];
  readonly author: string;
  readonly createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  readonly comments: {
    readonly id: number;
    readonly author: string;
    readonly body: string;
    readonly at: Date;
  }[];
}

type IssueComment = IssueRecord["comments"][number];

function describe(call: Call, issue: IssueRecord): object {
  return {
    id: call.repository.id * 10_000 + issue.number,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.stateReason,
    labels: issue.labels.map((name) => ({ name })),
    user: { login: issue.author, type: issue.author.endsWith("[bot]") ? "Bot" : "User" },
    comments: issue.comments.length,
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    closed_at: issue.closedAt ? timestamp(issue.closedAt) : null,
    url: `${call.url}/repos/${call.repository.fullName}/issues/${issue.number}`,
    html_url: `https://github.localhost/${call.repository.fullName}/issues/${issue.number}`,
  };
}

function describeComment(comment: IssueComment): object {
  return {
    id: comment.id,
    body: comment.body,
    user: { login: comment.author },
    created_at: timestamp(comment.at),
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function list(call: Call): LabResponse {
  const { query } = call.request;
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter(Boolean);
  const creator = query.get("creator");
  const wanted = [...call.repository.issues]
    .reverse()
    .filter(
      (issue) =>
        (state === "all" || issue.state === state) &&
        labels.every((label) => issue.labels.includes(label)) &&
        (!creator || issue.author === creator),
    );
  const { items, headers } = page(call.request, wanted, call.url);
  return { status: 200, headers, body: items.map((issue) => describe(call, issue)) };
}

function create(call: Call): LabResponse {
  const body = jsonObject(call.request);
  if (!body) return apiError(400, "Problems parsing JSON");
  if (typeof body.title !== "string" || body.title === "") return invalidRequest(`"title" wasn't supplied.`);
  const issue: IssueRecord = {
    number: call.repository.issues.length + 1,
    title: body.title,
    body: typeof body.body === "string" ? body.body : "",
    state: "open",
    stateReason: null,
    labels: strings(body.labels),
    author: call.caller?.login ?? "ghost",
    createdAt: call.now,
    updatedAt: call.now,
    closedAt: null,
    comments: [],
  };
  call.repository.issues.push(issue);
  return { status: 201, body: describe(call, issue) };
}

function update(call: Call, issue: IssueRecord): LabResponse {
  const body = jsonObject(call.request);
  if (!body) return apiError(400, "Problems parsing JSON");
  if (typeof body.title === "string") issue.title = body.title;
  if (typeof body.body === "string") issue.body = body.body;
  if (Array.isArray(body.labels)) issue.labels = strings(body.labels);
  if (body.state === "open" || body.state === "closed") {
    const closed = body.state === "closed";
    if (closed && issue.state === "open") issue.closedAt = call.now;
    if (!closed) issue.closedAt = null;
    issue.state = body.state;
    const reason =
      typeof body.state_reason === "string" ? body.state_reason : closed ? "completed" : "reopened";
    issue.stateReason = reason;
  }
  issue.updatedAt = call.now;
  return { status: 200, body: describe(call, issue) };
}

function addComment(call: Call, issue: IssueRecord): LabResponse {
  const body = jsonObject(call.request);
  if (typeof body?.body !== "string" || body.body === "") return invalidRequest(`"body" wasn't supplied.`);
  const comment: IssueComment = {
    id: issue.number * 1000 + issue.comments.length + 1,
    author: call.caller?.login ?? "ghost",
    body: body.body,
    at: call.now,
  };
  issue.comments.push(comment);
  issue.updatedAt = call.now;
  return { status: 201, body: describeComment(comment) };
}

function onIssue(answer: (call: Call, issue: IssueRecord) => LabResponse): (call: Call) => LabResponse {
  return (call) => {
    const issue = call.repository.issues.find(({ number }) => String(number) === call.parameters.issue);
    return issue ? answer(call, issue) : notFound();
  };
}

const one = "/issues/{issue}";

/** As much of the issues API as an alert needs. */
export const issueRoutes: Route[] = [
  { method: "GET", pattern: "/issues", permission: "issues", level: "read", answer: list },
  { method: "POST", pattern: "/issues", permission: "issues", level: "write", answer: create },
  {
    method: "GET",
    pattern: one,
    permission: "issues",
    level: "read",
    answer: onIssue((call, issue) => ({ status: 200, body: describe(call, issue) })),
  },
  { method: "PATCH", pattern: one, permission: "issues", level: "write", answer: onIssue(update) },
  {
    method: "GET",
    pattern: `${one}/comments`,
    permission: "issues",
    level: "read",
    answer: onIssue((call, issue) => {
      const { items, headers } = page(call.request, issue.comments, call.url);
      return { status: 200, headers, body: items.map(describeComment) };
    }),
  },
  {
    method: "POST",
    pattern: `${one}/comments`,
    permission: "issues",
    alternative: "pull_requests",
    level: "write",
    answer: onIssue(addComment),
  },
];
