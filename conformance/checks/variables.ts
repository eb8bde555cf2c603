import { need, told } from "../api.ts";
import { type Check, type Context, verdict } from "../check.ts";
import type { Scope } from "../scratch.ts";

const CREATORS = 20;
const LIMIT_BYTES = 48 * 1024;
const POLL_MS = 250;
const LONGEST_STALE_MS = 10_000;

async function listOf({ scratch }: Context, scope: Scope): Promise<string> {
  if (scope === "environment") await scratch.environment();
  return scratch.variables(scope);
}

function oneCreator(number: string, scope: Scope): Check {
  return {
    number,
    fact: `Of ${CREATORS} simultaneous POSTs of one ${scope} variable, exactly one is answered 201, all others 409; the winner's value is stored.`,
    by: "requests",
    async ask(context) {
      const { api, scratch } = context;
      const list = await listOf(context, scope);
      const name = scratch.name("RACE");
      const answers = await api.race(CREATORS, "POST", list, (index) => ({ name, value: `by ${index}` }));
      const of = (status: number): number => answers.filter((answer) => answer.status === status).length;
      for (const answer of answers) need(answer, [201, 204, 409, 422, 500, 502, 503], "POST");
      const winner = answers.findIndex(({ status }) => status === 201);
      const words = answers.find(({ status }) => status !== 201);
      const stored = await readAfter(context, `${list}/${name}`);
      const isWinners = stored.value === `by ${winner}`;
      return verdict(
        of(201) === 1 && of(409) === CREATORS - 1 && isWinners,
        `201 × ${of(201)}, 409 × ${of(409)}${words ? ` (${told(words)})` : ""}; stored: ${isWinners ? "the winner's" : String(stored.value)}`,
      );
    },
  };
}

/** Reads until there is one, ten seconds at most. */
async function readAfter(
  context: Context,
  path: string,
  isFresh: (value: string) => boolean = () => true,
): Promise<{ value: string | null; staleMs: number }> {
  for (let staleMs = 0; ; staleMs += POLL_MS) {
    const answer = await context.api.get(path);
    const value = answer.status === 200 ? String(answer.body.value) : null;
    if ((value !== null && isFresh(value)) || staleMs >= LONGEST_STALE_MS) return { value, staleMs };
    await context.sleep(POLL_MS);
  }
}

const readAfterWrite: Check = {
  number: "V3",
  fact: "A GET right after the POST or PATCH of a variable shows the new value.",
  by: "requests",
  async ask(context) {
    const { api, scratch } = context;
    const list = scratch.variables("repository");
    const name = scratch.name("FRESH");
    const path = `${list}/${name}`;
    need(await api.write("POST", list, { name, value: "0" }), [201], "POST");
    let longest = (await readAfter(context, path, (value) => value === "0")).staleMs;
    for (const value of ["1", "2", "3"]) {
      need(await api.write("PATCH", path, { value }), [204], "PATCH");
      longest = Math.max(longest, (await readAfter(context, path, (seen) => seen === value)).staleMs);
    }
    return verdict(longest === 0, longest === 0 ? "at the first read" : `only after ${longest} ms`);
  },
};

const taken: Check = {
  number: "V4",
  fact: "A POST of a variable's name that is taken is answered 409, also in another case, and changes nothing.",
  by: "requests",
  async ask(context) {
    const { api, scratch } = context;
    const list = scratch.variables("repository");
    const name = scratch.name("TAKEN");
    need(await api.write("POST", list, { name, value: "first" }), [201], "POST");
    const again = await api.write("POST", list, { name, value: "second" });
    const lower = await api.write("POST", list, { name: name.toLowerCase(), value: "third" });
    const { value } = await readAfter(context, `${list}/${name}`);
    return verdict(
      again.status === 409 && lower.status === 409 && value === "first",
      `${told(again)}; in lower case ${lower.status}; stored: ${String(value)}`,
    );
  },
};

const names: Check = {
  number: "V5",
  fact: "A variable's name is shown in upper case; GITHUB_…, a leading digit and a hyphen are answered 422.",
  by: "requests",
  async ask({ api, scratch }) {
    const list = scratch.variables("repository");
    const name = scratch.name("NAME");
    need(await api.write("POST", list, { name: name.toLowerCase(), value: "x" }), [201], "POST");
    const shown = String((await api.get(`${list}/${name.toLowerCase()}`)).body.name);
    const statuses: number[] = [];
    for (const bad of [`GITHUB_${name}`, `1${name}`, `${name}-X`]) {
      const { status } = await api.write("POST", list, { name: bad, value: "x" });
      statuses.push(status);
      if (status === 201) await api.write("DELETE", `${list}/${bad}`);
    }
    return verdict(
      shown === name && statuses.every((status) => status === 422),
      `shown as ${shown === name ? "upper case" : shown}; ${statuses.join(", ")}`,
    );
  },
};

const size: Check = {
  number: "V6",
  fact: "A variable of 48 KB is stored; one byte more is answered 422.",
  by: "requests",
  async ask({ api, scratch }) {
    const list = scratch.variables("repository");
    const full = await api.write("POST", list, {
      name: scratch.name("FULL"),
      value: "x".repeat(LIMIT_BYTES),
    });
    const over = await api.write("POST", list, {
      name: scratch.name("OVER"),
      value: "x".repeat(LIMIT_BYTES + 1),
    });
    need(full, [201, 413, 422], "POST");
    return verdict(full.status === 201 && over.status === 422, `48 KB: ${told(full)}; more: ${told(over)}`);
  },
};

const absent: Check = {
  number: "V7",
  fact: "GET, PATCH and DELETE of a variable that does not exist are answered 404; after a DELETE, a POST is answered 201 again.",
  by: "requests",
  async ask({ api, scratch }) {
    const list = scratch.variables("repository");
    const name = scratch.name("ABSENT");
    const path = `${list}/${name}`;
    const seen = [
      (await api.get(path)).status,
      (await api.write("PATCH", path, { value: "x" })).status,
      (await api.write("DELETE", path)).status,
    ];
    for (const _round of [1, 2]) {
      const post = need(await api.write("POST", list, { name, value: "x" }), [201, 409], "POST");
      seen.push(post.status, (await api.write("DELETE", path)).status);
    }
    return verdict(seen.join(" ") === "404 404 404 201 204 201 204", seen.join(", "));
  },
};

const pages: Check = {
  number: "V8",
  fact: "A list of variables has ten a page unless asked, and thirty at most.",
  by: "requests",
  async ask({ api, scratch }) {
    const list = scratch.variables("repository");
    for (let made = 0; made < 11; made++)
      need(await api.write("POST", list, { name: scratch.name(`PAGE${made}`), value: "x" }), [201], "POST");
    const usual = await api.get(list);
    const most = await api.get(`${list}?per_page=30`);
    const shown = (body: Record<string, unknown>): number =>
      Array.isArray(body.variables) ? body.variables.length : -1;
    const total = Number(most.body.total_count);
    return verdict(
      shown(usual.body) === 10 && shown(most.body) === Math.min(total, 30) && total >= 11,
      `${shown(usual.body)} and ${shown(most.body)} of ${total}`,
    );
  },
};

export const variableChecks: readonly Check[] = [
  oneCreator("V1", "repository"),
  oneCreator("V2", "environment"),
  readAfterWrite,
  taken,
  names,
  size,
  absent,
  pages,
];
