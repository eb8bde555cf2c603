import type { LabResponse } from "../loopback-server.ts";

/** Whom a workspace's limit concerns, as `x-codex-rate-limit-reached-type` says it. */
type WorkspaceLimit =
  | "workspace_owner_credits_depleted"
  | "workspace_member_credits_depleted"
  | "workspace_member_usage_limit_reached";

/** The 429 of a plan whose limit is used up. [ran, 0.169.0: what Codex makes of it] */
export function usageLimitReached({
  plan = "plus",
  resetsAt,
  windows = null,
  workspace = null,
}: {
  readonly plan?: string;
  readonly resetsAt?: Date;
  /** Percent of the five hours and of the week, told in headers; real answers have them. */
  readonly windows?: {
    readonly fiveHours: number;
    readonly week: number;
    readonly weekResetsAt: Date;
  } | null;
  readonly workspace?: WorkspaceLimit | null;
} = {}): LabResponse {
  const seconds = resetsAt === undefined ? undefined : Math.floor(resetsAt.getTime() / 1000);
  const headers: Record<string, string> = {};
  if (windows !== null) {
    const { fiveHours, week, weekResetsAt } = windows;
    Object.assign(
      headers,
      usageHeaders({ fiveHours, week, resetsAt: resetsAt ?? weekResetsAt, weekResetsAt }),
    );
  }
  if (workspace !== null) headers["x-codex-rate-limit-reached-type"] = workspace;
  const error = {
    type: "usage_limit_reached",
    message: "The usage limit has been reached",
    plan_type: plan,
    ...(seconds === undefined ? {} : { resets_at: seconds }),
  };
  return { status: 429, headers, body: { error } };
}

/** How an answer, good or bad, tells what of the plan's limits is used. */
export function usageHeaders(usage: {
  readonly fiveHours: number;
  readonly week: number;
  readonly resetsAt: Date;
  readonly weekResetsAt: Date;
}): Record<string, string> {
  const window = (
    name: string,
    percent: number,
    minutes: number,
    resetsAt: Date,
  ): Record<string, string> => ({
    [`x-codex-${name}-used-percent`]: String(percent),
    [`x-codex-${name}-window-minutes`]: String(minutes),
    [`x-codex-${name}-reset-at`]: String(Math.floor(resetsAt.getTime() / 1000)),
  });
  return {
    ...window("primary", usage.fiveHours, 300, usage.resetsAt),
    ...window("secondary", usage.week, 10_080, usage.weekResetsAt),
  };
}

function refused(status: number, error: object): LabResponse {
  return { status, body: { error } };
}

/** Other answers that refuse a turn. The bodies are OpenAI's, as public reports quote them. */
export const REFUSALS = {
  usageNotIncluded: refused(429, {
    type: "usage_not_included",
    message: "Usage not included in your plan",
  }),
  insufficientQuota: refused(429, {
    type: "insufficient_quota",
    code: "insufficient_quota",
    message: "You exceeded your current quota, please check your plan and billing details.",
  }),
  rateLimit: refused(429, {
    type: "tokens",
    code: "rate_limit_exceeded",
    message: "Rate limit reached. Please try again in 1.2s.",
  }),
  codexOutdated: {
    status: 400,
    body: {
      detail:
        "The 'gpt-9-codex' model requires a newer version of Codex. Please upgrade to the latest app or CLI and try again.",
    },
  },
  modelNotForChatGpt: {
    status: 400,
    body: { detail: "The 'gpt-5.9' model is not supported when using Codex with a ChatGPT account." },
  },
  modelNotFound: refused(404, {
    type: "invalid_request_error",
    code: "model_not_found",
    message: "The model `gpt-x` does not exist or you do not have access to it.",
  }),
  deactivatedWorkspace: { status: 402, body: { detail: { code: "deactivated_workspace" } } },
  unsupportedCountry: refused(403, {
    type: "request_forbidden",
    code: "unsupported_country_region_territory",
    message: "Country, region, or territory not supported",
    param: null,
  }),
  cloudflare: {
    status: 403,
    headers: { "content-type": "text/html", "cf-ray": "8f00ba4-FRA" },
    body: "<html><body>Cloudflare: you have been blocked</body></html>",
  },
  missingScopes: refused(401, {
    message: "You have insufficient permissions for this operation. Missing scopes: api.responses.write.",
    code: "missing_scope",
  }),
} as const satisfies Readonly<Record<string, LabResponse>>;
