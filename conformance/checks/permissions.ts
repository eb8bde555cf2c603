import type { Answer } from "../api.ts";
import { type Check, type Context, NotAsked, verdict } from "../check.ts";
import { putSecret } from "../sealed.ts";

const HEADER = "x-accepted-github-permissions";

interface Call {
  readonly number: string;
  readonly what: string;
  /** As the header names them: one alternative. */
  readonly asks: string;
  readonly send: (context: Context) => Promise<Answer>;
}

const CALLS: readonly Call[] = [
  {
    number: "P1",
    what: "GET of a repository secret",
    asks: "secrets=read",
    send: ({ api, scratch }) => api.get(`${scratch.secrets("repository")}/${scratch.name("NONE")}`),
  },
  {
    number: "P2",
    what: "PUT of a repository secret",
    asks: "secrets=write",
    send: ({ api, scratch }) =>
      putSecret(api, scratch.secrets("repository"), scratch.name("PERMISSION"), "conformance-value"),
  },
  {
    number: "P3",
    what: "GET of a repository variable",
    asks: "actions_variables=read",
    send: ({ api, scratch }) => api.get(`${scratch.variables("repository")}/${scratch.name("NONE")}`),
  },
  {
    number: "P4",
    what: "POST of a repository variable",
    asks: "actions_variables=write",
    send: ({ api, scratch }) =>
      api.write("POST", scratch.variables("repository"), { name: scratch.name("PERMISSION"), value: "x" }),
  },
  {
    number: "P5",
    what: "PUT of an environment secret",
    asks: "environments=write",
    async send({ api, scratch }) {
      await scratch.environment();
      return putSecret(api, scratch.secrets("environment"), scratch.name("PERMISSION"), "conformance-value");
    },
  },
  {
    number: "P6",
    what: "POST of an environment variable",
    asks: "environments=write",
    async send({ api, scratch }) {
      await scratch.environment();
      return api.write("POST", scratch.variables("environment"), {
        name: scratch.name("PERMISSION"),
        value: "x",
      });
    },
  },
  {
    number: "P7",
    what: "GET of the workflow runs",
    asks: "actions=read",
    send: ({ api }) => api.get("/actions/runs?per_page=1"),
  },
];

/** The header tells what a call asks for, whether it was granted or refused. */
export const permissionChecks: readonly Check[] = CALLS.map(({ number, what, asks, send }) => ({
  number,
  fact: `${what} asks for the permission \`${asks}\` (header \`${HEADER}\`).`,
  by: "requests",
  async ask(context) {
    const answer = await send(context);
    const told = answer.headers.get(HEADER);
    if (told === null) throw new NotAsked(`no ${HEADER} came with ${answer.status}: a classic token?`);
    const accepted = told.split(";").map((alternative) => alternative.trim());
    return verdict(accepted.includes(asks), `${answer.status}, ${told}`);
  },
}));
