import { type Answer, type Api, need } from "../api.ts";
import { type Check, type Context, NotAsked, verdict } from "../check.ts";

/** As before- or afterOid: there is no such ref. */
const NONE = "0".repeat(40);
const CREATORS = 10;
const UPDATE = "mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }";

interface RefUpdate {
  readonly name: string;
  readonly beforeOid: string;
  readonly afterOid: string;
}

/** One mutation. A refusal is 200 with `errors`. */
async function update(api: Api, repositoryId: string, refUpdates: readonly RefUpdate[]): Promise<Answer> {
  const updates = refUpdates.map((refUpdate) => ({ ...refUpdate, force: true }));
  return api.graphql(UPDATE, { input: { repositoryId, refUpdates: updates } });
}

function isDone({ status, body }: Answer): boolean {
  return status === 200 && body.errors === undefined;
}

/** `done`, or the type and the words of the first error. */
function saidOf(answer: Answer): string {
  if (isDone(answer)) return "done";
  const { errors } = answer.body as { errors?: readonly { type?: unknown; message?: unknown }[] };
  const [first] = errors ?? [];
  return first
    ? `${String(first.type ?? "no type")} ${JSON.stringify(String(first.message).slice(0, 160))}`
    : String(answer.status);
}

/** With the token of a job, if there is one: that is who would use it. */
function refsApi({ api, jobApi }: Context): Api {
  return jobApi ?? api;
}

/** Two commits that no branch has, and what names the repository. @throws {NotAsked} where they cannot be made */
async function prepared(context: Context): Promise<{ id: string; one: string; two: string }> {
  const api = refsApi(context);
  const repository = need(await api.get(""), [200], "GET of the repository").body;
  const branch = encodeURIComponent(String(repository.default_branch));
  const head = need(await api.get(`/commits/${branch}`), [200], "GET of the newest commit").body;
  const tree = (head.commit as { tree?: { sha?: string } }).tree?.sha ?? "";
  const shas: string[] = [];
  for (const message of ["conformance: one", "conformance: two"]) {
    const made = await api.write("POST", "/git/commits", { message, tree, parents: [String(head.sha)] });
    shas.push(String(need(made, [201], "POST of a commit").body.sha));
  }
  const [one = "", two = ""] = shas;
  return { id: String(repository.node_id), one, two };
}

async function whereIs(context: Context, ref: string): Promise<string> {
  const answer = await refsApi(context).get(`/git/ref/${ref.slice("refs/".length)}`);
  if (answer.status === 404) return NONE;
  return String((need(answer, [200], "GET of the ref").body.object as { sha?: unknown }).sha);
}

const life: Check = {
  number: "R1",
  fact: "GraphQL's `updateRefs` creates, moves and deletes a ref outside refs/heads and refs/tags.",
  by: "requests",
  async ask(context) {
    const { id, one, two } = await prepared(context);
    const name = context.scratch.ref("life");
    const seen: string[] = [];
    const step = async (beforeOid: string, afterOid: string): Promise<boolean> => {
      const answer = await update(refsApi(context), id, [{ name, beforeOid, afterOid }]);
      seen.push(saidOf(answer));
      if (needsMore(answer)) throw new NotAsked(saidOf(answer));
      return isDone(answer) && (await whereIs(context, name)) === afterOid;
    };
    const isSo = (await step(NONE, one)) && (await step(one, two)) && (await step(two, NONE));
    return verdict(isSo, seen.join(", "));
  },
};

/** The token may not, which says nothing about the fact. */
function needsMore({ status, body }: Answer): boolean {
  const { errors } = body as { errors?: readonly { type?: unknown }[] };
  return status === 401 || status === 403 || (errors ?? []).some(({ type }) => type === "FORBIDDEN");
}

const stale: Check = {
  number: "R2",
  fact: "`updateRefs` with a `beforeOid` that is no longer so is refused, to create, to move and to delete, and changes nothing.",
  by: "requests",
  async ask(context) {
    const { id, one, two } = await prepared(context);
    const name = context.scratch.ref("stale");
    const made = await update(refsApi(context), id, [{ name, beforeOid: NONE, afterOid: one }]);
    if (!isDone(made)) throw new NotAsked(saidOf(made));
    const answers: Answer[] = [];
    for (const [beforeOid, afterOid] of [
      [NONE, two],
      [two, two],
      [two, NONE],
    ] as const)
      answers.push(await update(refsApi(context), id, [{ name, beforeOid, afterOid }]));
    const at = await whereIs(context, name);
    return verdict(!answers.some(isDone) && at === one, answers.map(saidOf).join(", "));
  },
};

const oneCreator: Check = {
  number: "R3",
  fact: `Of ${CREATORS} simultaneous creations of one ref by \`updateRefs\`, exactly one succeeds.`,
  by: "requests",
  async ask(context) {
    const { id, one } = await prepared(context);
    const name = context.scratch.ref("race");
    const answers = await Promise.all(
      Array.from({ length: CREATORS }, () =>
        update(refsApi(context), id, [{ name, beforeOid: NONE, afterOid: one }]),
      ),
    );
    if (answers.every(needsMore)) throw new NotAsked(saidOf(answers[0] as Answer));
    const done = answers.filter(isDone).length;
    const other = answers.find((answer) => !isDone(answer));
    return verdict(done === 1, `${done} of ${CREATORS}${other ? `; else ${saidOf(other)}` : ""}`);
  },
};

const together: Check = {
  number: "R4",
  fact: "Of several refs in one `updateRefs`, none changes if one `beforeOid` is not so.",
  by: "requests",
  async ask(context) {
    const { id, one, two } = await prepared(context);
    const [first, second] = [context.scratch.ref("first"), context.scratch.ref("second")];
    const made = await update(refsApi(context), id, [{ name: first, beforeOid: NONE, afterOid: one }]);
    if (!isDone(made)) throw new NotAsked(saidOf(made));
    const answer = await update(refsApi(context), id, [
      { name: second, beforeOid: NONE, afterOid: one },
      { name: first, beforeOid: two, afterOid: two },
    ]);
    const at = [await whereIs(context, first), await whereIs(context, second)];
    return verdict(!isDone(answer) && at[0] === one && at[1] === NONE, saidOf(answer));
  },
};

export const refChecks: readonly Check[] = [life, stale, oneCreator, together];
