import { need } from "../api.ts";
import { type Check, verdict } from "../check.ts";

/** Reserved by GitHub for itself, and nobody's collaborator. */
const STRANGER = "ghost";

export const repositoryChecks: readonly Check[] = [
  {
    number: "G1",
    fact: "Of a stranger to a private repository, `collaborators/…/permission` is a 404, or says `none`.",
    by: "requests",
    async ask({ api }) {
      const answer = need(
        await api.get(`/collaborators/${STRANGER}/permission`),
        [200, 404],
        "GET of a permission",
      );
      const { permission } = answer.body;
      return verdict(
        answer.status === 404 || permission === "none",
        answer.status === 404 ? "404" : `${answer.status}, ${String(permission)}`,
      );
    },
  },
];
