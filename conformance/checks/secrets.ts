import { randomBytes } from "node:crypto";
import { type Answer, need, told } from "../api.ts";
import { type Check, type Context, refuted, verdict } from "../check.ts";
import type { Scope } from "../scratch.ts";
import { otherKey, publicKey, putSecret, sealed } from "../sealed.ts";

const CREATORS = 10;
const LONGEST_STALE_MS = 10_000;
const POLL_MS = 250;
/** Between the clocks of GitHub's servers, as the write-back allows it. */
const SKEW_S = 3;
const LIMIT_BYTES = 48 * 1024;

/** Nothing that also stands in a job's log: every secret of the repository is masked there. */
function value(): string {
  return `conformance-${randomBytes(12).toString("hex")}`;
}

/** Where the secrets of a scope are; makes the environment if there is none. */
async function listOf({ scratch }: Context, scope: Scope): Promise<string> {
  if (scope === "environment") await scratch.environment();
  return scratch.secrets(scope);
}

function oneCreator(number: string, scope: Scope): Check {
  return {
    number,
    fact: `Of ${CREATORS} simultaneous PUTs of a new ${scope} secret, exactly one is answered 201, the others 204.`,
    by: "requests",
    async ask(context) {
      const { api, scratch } = context;
      const list = await listOf(context, scope);
      const key = await publicKey(api, list);
      const bodies = await Promise.all(Array.from({ length: CREATORS }, () => sealed(value(), key)));
      const name = scratch.name("RACE");
      const answers = await api.race(CREATORS, "PUT", `${list}/${name}`, (index) => bodies[index] ?? {});
      const of = (status: number): number => answers.filter((answer) => answer.status === status).length;
      const others = answers.filter(({ status }) => status !== 201 && status !== 204);
      // Refused for another reason than the race.
      for (const answer of others) need(answer, [201, 204, 409, 422, 500, 503], "PUT");
      const words = others.length > 0 ? `; ${others.map(told).join(", ")}` : "";
      return verdict(of(201) === 1 && of(204) === CREATORS - 1, `201 × ${of(201)}, 204 × ${of(204)}${words}`);
    },
  };
}

/** What a GET shows of a secret. */
async function datesOf({ api }: Context, path: string): Promise<{ created: string; updated: string }> {
  const { body } = need(await api.get(path), [200], "GET of a secret");
  return { created: String(body.created_at), updated: String(body.updated_at) };
}

const wholeSeconds: Check = {
  number: "S3",
  fact: "`created_at` and `updated_at` of a secret have whole seconds; a second PUT moves only `updated_at`.",
  by: "requests",
  async ask(context) {
    const { api, scratch } = context;
    const list = scratch.secrets("repository");
    const name = scratch.name("DATES");
    need(await putSecret(api, list, name, value()), [201], "PUT");
    const first = await freshAfter(context, `${list}/${name}`, "");
    await context.sleep(2100);
    need(await putSecret(api, list, name, value()), [204], "the second PUT");
    const second = await freshAfter(context, `${list}/${name}`, first.updated);
    const isWhole = [first.created, first.updated, second.updated].every((date) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date),
    );
    return verdict(
      isWhole && second.created === first.created && second.updated > first.updated,
      `${first.created}, ${first.updated}; then ${second.created}, ${second.updated}`,
    );
  },
};

/** Polls until `updated_at` is newer than that, ten seconds at most. */
async function freshAfter(
  context: Context,
  path: string,
  before: string,
): Promise<{ created: string; updated: string; staleMs: number; reads: number }> {
  for (let reads = 1; ; reads++) {
    const answer = await context.api.get(path);
    const staleMs = (reads - 1) * POLL_MS;
    const updated = answer.status === 200 ? String(answer.body.updated_at) : "";
    if (updated > before || staleMs >= LONGEST_STALE_MS)
      return { created: String(answer.body.created_at ?? ""), updated, staleMs, reads };
    await context.sleep(POLL_MS);
  }
}

const freshness: Check = {
  number: "S4",
  fact: "Within ten seconds of a PUT, a GET shows the new `updated_at`, and goes on to show it.",
  by: "requests",
  async ask(context) {
    const { api, scratch } = context;
    const list = scratch.secrets("repository");
    const path = `${list}/${scratch.name("FRESH")}`;
    const name = path.slice(list.length + 1);
    need(await putSecret(api, list, name, value()), [201], "PUT");
    const { updated: before } = await freshAfter(context, path, "");
    let longest = 0;
    let fellBack = 0;
    let last = before;
    for (let round = 0; round < 3; round++) {
      await context.sleep(1100);
      need(await putSecret(api, list, name, value()), [204], "PUT");
      const { updated, staleMs } = await freshAfter(context, path, last);
      if (updated <= last) return refuted(`old for more than ${LONGEST_STALE_MS / 1000} s`);
      longest = Math.max(longest, staleMs);
      for (let reads = 0; reads < 5; reads++)
        if ((await datesOf(context, path)).updated < updated) fellBack += 1;
      last = updated;
    }
    return verdict(fellBack === 0, `new after ${longest} ms at most; ${fellBack} later reads were old again`);
  },
};

const serverClock: Check = {
  number: "S5",
  fact: `A PUT's \`updated_at\` is within ${SKEW_S} s of the \`date\` of its answer.`,
  by: "requests",
  async ask(context) {
    const { api, scratch } = context;
    const list = scratch.secrets("repository");
    const name = scratch.name("CLOCK");
    const put = need(await putSecret(api, list, name, value()), [201], "PUT");
    const { updated } = await freshAfter(context, `${list}/${name}`, "");
    const apartS = (Date.parse(updated) - Date.parse(put.headers.get("date") ?? "")) / 1000;
    return verdict(Math.abs(apartS) <= SKEW_S, `${apartS} s apart`);
  },
};

const staleKey: Check = {
  number: "S6",
  fact: "A PUT with a `key_id` that is not the current one is answered 422, and stores nothing.",
  by: "requests",
  async ask({ api, scratch }) {
    const list = scratch.secrets("repository");
    const path = `${list}/${scratch.name("KEY")}`;
    const key = await publicKey(api, list);
    // As long as a real one, and another: the last digit is one higher.
    const other = key.key_id.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    return refusedAndAbsent(
      await api.write("PUT", path, await sealed(value(), { ...key, key_id: other })),
      await api.get(path),
    );
  },
};

const otherBox: Check = {
  number: "S7",
  fact: "A PUT with a box that the current key does not open is answered 422, and stores nothing.",
  by: "requests",
  async ask({ api, scratch }) {
    const list = scratch.secrets("repository");
    const path = `${list}/${scratch.name("BOX")}`;
    const { key_id } = await publicKey(api, list);
    return refusedAndAbsent(
      await api.write("PUT", path, await sealed(value(), { key_id, key: await otherKey() })),
      await api.get(path),
    );
  },
};

function refusedAndAbsent(put: Answer, get: Answer) {
  need(put, [201, 204, 400, 409, 422], "PUT");
  return verdict(put.status === 422 && get.status === 404, `PUT: ${told(put)}; GET: ${get.status}`);
}

const names: Check = {
  number: "S8",
  fact: "A secret's name disregards case and is shown in upper case; GITHUB_…, a leading digit and a hyphen are answered 422.",
  by: "requests",
  async ask({ api, scratch }) {
    const list = scratch.secrets("repository");
    const name = scratch.name("NAME");
    const key = await publicKey(api, list);
    need(await api.write("PUT", `${list}/${name.toLowerCase()}`, await sealed(value(), key)), [201], "PUT");
    const shown = String((await api.get(`${list}/${name}`)).body.name);
    const again = await api.write("PUT", `${list}/${name}`, await sealed(value(), key));
    const refusals: string[] = [];
    let allRefused = true;
    for (const bad of [`GITHUB_${name}`, `1${name}`, `${name}-X`]) {
      const answer = await api.write("PUT", `${list}/${bad}`, await sealed(value(), key));
      refusals.push(String(answer.status));
      if (answer.status === 422) continue;
      allRefused = false;
      if ([201, 204].includes(answer.status)) await api.write("DELETE", `${list}/${bad}`);
    }
    return verdict(
      shown === name && again.status === 204 && allRefused,
      `shown as ${shown === name ? "upper case" : shown}, in the other case ${again.status}; ${refusals.join(", ")}`,
    );
  },
};

const size: Check = {
  number: "S9",
  fact: "A secret of 48 KB is stored; one byte more is answered 422.",
  by: "requests",
  async ask({ api, scratch }) {
    const list = scratch.secrets("repository");
    const name = scratch.name("SIZE");
    const full = await putSecret(api, list, name, "x".repeat(LIMIT_BYTES));
    const over = await putSecret(api, list, name, "x".repeat(LIMIT_BYTES + 1));
    need(full, [201, 204, 413, 422], "PUT");
    return verdict(full.status === 201 && over.status === 422, `48 KB: ${told(full)}; more: ${told(over)}`);
  },
};

const absent: Check = {
  number: "S10",
  fact: "GET and DELETE of a secret that does not exist are answered 404; after a DELETE, a PUT is answered 201 again.",
  by: "requests",
  async ask({ api, scratch }) {
    const list = scratch.secrets("repository");
    const name = scratch.name("ABSENT");
    const path = `${list}/${name}`;
    const none = [(await api.get(path)).status, (await api.write("DELETE", path)).status];
    const seen = [...none];
    for (const _round of [1, 2]) {
      const put = need(await putSecret(api, list, name, value()), [201, 204], "PUT");
      seen.push(put.status, (await api.write("DELETE", path)).status);
    }
    return verdict(seen.join(" ") === "404 404 201 204 201 204", seen.join(", "));
  },
};

const slash: Check = {
  number: "S11",
  fact: "The secrets of an environment with `/` in its name are at its name in percent-encoding; without an environment they are a 404.",
  by: "requests",
  async ask(context) {
    const { api, scratch } = context;
    const list = await listOf(context, "environment");
    const name = scratch.name("SLASH");
    const key = await api.get(`${list}/public-key`);
    if (key.status === 404) return refuted("no public key there: 404");
    const put = await putSecret(api, list, name, value());
    const get = await api.get(`${list}/${name}`);
    const none = await api.get(`/environments/${encodeURIComponent("codex-conformance/none")}/secrets`);
    need(put, [201, 404, 422], "PUT");
    return verdict(
      put.status === 201 && get.status === 200 && none.status === 404,
      `PUT ${put.status}, GET ${get.status}; without it ${none.status}`,
    );
  },
};

export const secretChecks: readonly Check[] = [
  oneCreator("S1", "repository"),
  oneCreator("S2", "environment"),
  wholeSeconds,
  freshness,
  serverClock,
  staleKey,
  otherBox,
  names,
  size,
  absent,
  slash,
];
