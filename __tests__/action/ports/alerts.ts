import type { AlertIssue } from "../../../src/core/failure/alert-text.ts";
import type { AlertBoard } from "../../../src/ports/github.ts";

/** The repository's issues. */
export class MemoryAlertBoard implements AlertBoard {
  readonly issues: (AlertIssue & { state: "open" | "closed" })[] = [];

  get unsettled(): readonly AlertIssue[] {
    return this.issues.filter(({ state }) => state === "open");
  }

  async find(marker: string): ReturnType<AlertBoard["find"]> {
    const number = this.issues.findIndex(({ body, state }) => state === "open" && body.includes(marker));
    return number === -1 ? null : { number, since: new Date("2026-11-01T00:00:00.000Z") };
  }

  async open(issue: AlertIssue): Promise<void> {
    this.issues.push({ ...issue, state: "open" });
  }

  async update(number: number, issue: AlertIssue): Promise<void> {
    this.issues[number] = { ...issue, state: "open" };
  }

  async close(number: number): Promise<void> {
    const issue = this.issues[number];
    if (issue) issue.state = "closed";
  }
}
