import type { Deviation } from "../../conformance/lab.ts";
import type { Answer, Interceptor, LabRequest, LabResponse } from "../../lab/loopback-server.ts";

const jobs = (request: LabRequest): boolean => request.path.includes("/actions/runs/");

/** Changes the answers to the requests that fit. */
function answers(
  fits: (request: LabRequest) => boolean,
  change: (answer: LabResponse, request: LabRequest) => LabResponse,
): Deviation {
  const github: Interceptor = async (request, next) => {
    const answer: Answer = await next();
    return typeof answer === "symbol" || !fits(request) ? answer : change(answer, request);
  };
  return { github };
}

/** Another status for answers with this one. */
function status(method: string, path: RegExp, from: number, to: number): Deviation {
  return answers(
    (request) => request.method === method && path.test(request.path),
    (answer) => (answer.status === from ? { ...answer, status: to } : answer),
  );
}

function body(method: string, path: RegExp, change: (body: Record<string, unknown>) => object): Deviation {
  return answers(
    (request) => request.method === method && path.test(request.path),
    (answer) =>
      answer.status === 200 ? { ...answer, body: change(answer.body as Record<string, unknown>) } : answer,
  );
}

/** The first answer for ever. */
function stale(path: RegExp): Deviation {
  const first = new Map<string, LabResponse>();
  return answers(
    (request) => request.method === "GET" && path.test(request.path),
    (answer, request) => {
      const kept = first.get(request.path) ?? answer;
      if (answer.status === 200) first.set(request.path, kept);
      return kept;
    },
  );
}

/** Changes one file of the workflow and its actions. */
function file(path: string, from: string, to: string): Deviation {
  return {
    file: (asked, text) => {
      if (!asked.endsWith(path)) return text;
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
      return text.replaceAll(from, to);
    },
  };
}

const otherPermission = answers(
  () => true,
  (answer) => ({ ...answer, headers: { ...answer.headers, "x-accepted-github-permissions": "other=read" } }),
);

/** What is refused is said to be done. */
const anythingGoes = body("POST", /^\/graphql$/, () => ({ data: { updateRefs: {} } }));

const WORKFLOW = "conformance.yml";

/** For each fact, how the lab is when it is not so. */
export const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  S1: status("PUT", /\/actions\/secrets\/.*RACE/, 204, 201),
  S2: status("PUT", /\/environments\/.*RACE/, 204, 201),
  S3: body("GET", /secrets\/.*DATES/, (shown) => ({
    ...shown,
    updated_at: String(shown.updated_at).replace("Z", ".500Z"),
  })),
  S4: stale(/secrets\/.*FRESH/),
  S5: answers(
    ({ method, path }) => method === "PUT" && /CLOCK/.test(path),
    (answer) => ({
      ...answer,
      headers: { ...answer.headers, date: new Date(Date.now() + 60_000).toUTCString() },
    }),
  ),
  S6: status("PUT", /KEY/, 422, 204),
  S7: status("PUT", /BOX/, 422, 204),
  S8: body("GET", /secrets\/.*NAME/i, (shown) => ({ ...shown, name: String(shown.name).toLowerCase() })),
  S9: status("PUT", /SIZE/, 422, 204),
  S10: status("DELETE", /ABSENT/, 404, 204),
  S11: status("PUT", /SLASH/, 201, 404),
  V1: status("POST", /\/actions\/variables$/, 409, 201),
  V2: status("POST", /\/environments\/.*variables$/, 409, 201),
  V3: stale(/variables\/.*FRESH/),
  V4: status("POST", /\/actions\/variables$/, 409, 201),
  V5: status("POST", /\/actions\/variables$/, 422, 201),
  V6: status("POST", /\/actions\/variables$/, 422, 201),
  V7: status("DELETE", /ABSENT/, 404, 204),
  V8: body("GET", /\/actions\/variables$/, (shown) => ({
    ...shown,
    variables: (shown.variables as unknown[]).slice(0, 9),
  })),
  P1: otherPermission,
  P2: otherPermission,
  P3: otherPermission,
  P4: otherPermission,
  P5: otherPermission,
  P6: otherPermission,
  P7: otherPermission,
  G1: body("GET", /\/collaborators\//, (shown) => ({ ...shown, permission: "read" })),
  R1: {
    github: async (request, next) =>
      request.path === "/graphql"
        ? { status: 200, body: { errors: [{ type: "UNPROCESSABLE", message: "only below refs/heads" }] } }
        : next(),
  },
  R2: anythingGoes,
  R3: anythingGoes,
  R4: anythingGoes,
  J1: file(WORKFLOW, "uses: $/conformance/runner/phases", "uses: ./conformance/runner/phases"),
  J2: file(WORKFLOW, "./conformance/runner/nested", "./conformance/runner/composite"),
  J3: file("say.mjs", "RUNNER_TRACKING_ID", "NO_SUCH_VARIABLE"),
  J4: { log: (log) => log.replace(/mask <uri>: \S+ <end>/, "mask <uri>: conformance%20%22 <end>") },
  J5: { forced: true },
  J6: file(WORKFLOW, "queue: max", "queue: single"),
  J7: file(
    WORKFLOW,
    "secrets.CODEX_CONFORMANCE_READ_OF_ENVIRONMENT",
    "secrets.CODEX_CONFORMANCE_READ_OF_REPOSITORY",
  ),
  A1: answers(jobs, (answer) => {
    const shown = answer.body as Record<string, unknown>;
    return shown.run_attempt === 2
      ? { ...answer, body: { ...shown, created_at: "2099-01-01T00:00:00Z" } }
      : answer;
  }),
  A2: body("GET", /\/concurrency_groups$/, () => ({ total_count: 0, concurrency_groups: [] })),
  C1: {
    cache: (service) => async (request, next) => {
      if (request.path.endsWith("CreateCacheEntry")) service.evictAll();
      return next();
    },
  },
  C2: {
    cache: (service) => async (request, next) => {
      const newest = service.entries.at(-1);
      if (isByPrefix(request) && newest) service.remove(newest.id);
      return next();
    },
  },
  C3: {
    cache: (service) => async (request, next) => {
      if (isByPrefix(request) && /-a"/.test(request.body.toString())) service.evictAll();
      return next();
    },
  },
  C4: { queued: (part, cache) => void (part === "cache-branch" && cache.evictAll()) },
  C5: {
    github: async (request, next) =>
      request.method === "DELETE" && request.path.includes("/actions/caches/") ? { status: 204 } : next(),
  },
};

function isByPrefix(request: LabRequest): boolean {
  return request.path.endsWith("GetCacheEntryDownloadURL") && !request.body.includes('"restore_keys":[]');
}
