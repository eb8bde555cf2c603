import type { Variable, Variables as VariablesPort } from "../../src/ports/variables.ts";
import { History } from "./history.ts";
import type { Ask } from "./request.ts";
import { wholeSeconds } from "./time.ts";

/** The Actions variables of one scope: of all who create one name, one is told `created`. */
export class Variables {
  readonly kept: History<Variable>;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number, changed?: (name: string) => void) {
    this.#nowMs = nowMs;
    this.kept = new History(nowMs, changed);
  }

  #create(name: string, value: string): "created" | "exists" {
    if (this.kept.has(name)) return "exists";
    this.kept.set(name, { name, value, createdAt: wholeSeconds(this.#nowMs()) });
    return "created";
  }

  #update(name: string, value: string): boolean {
    const present = this.kept.get(name);
    if (present) this.kept.set(name, { ...present, value });
    return present !== null;
  }

  /** The port of somebody who asks for them in that way. */
  port(ask: Ask): VariablesPort {
    const of = "variable";
    return {
      read: (name) => ask({ of, verb: "GET", name }, (see) => see(this.kept, name)),
      list: () =>
        ask({ of, verb: "LIST", name: "" }, (see) =>
          this.kept.names.flatMap((name) => see(this.kept, name) ?? []),
        ),
      create: (name, value) => ask({ of, verb: "POST", name, value }, () => this.#create(name, value)),
      update: (name, value) => ask({ of, verb: "PATCH", name, value }, () => this.#update(name, value)),
      remove: (name) => ask({ of, verb: "DELETE", name }, () => this.kept.delete(name)),
    };
  }
}
