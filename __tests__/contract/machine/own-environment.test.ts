import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { node24 } from "../../../lab/runner/programs.ts";

const MODULE = join(process.cwd(), "src/adapters/machine/own-environment.ts");
const onLinux = existsSync("/proc/self/environ") ? test : test.skip;

interface Seen {
  /** As the process itself sees its environment. */
  readonly own: Record<string, string>;
  /** As others see it in /proc. */
  readonly shown: string[];
  /** As what it starts is given it. */
  readonly given: string[];
}

/** A process with this environment that forgets what the expression says. */
function afterForgetting(expression: string, env: Record<string, string>, hidden: string[] = []): Seen {
  const script = `
    import { execFileSync } from "node:child_process";
    import { readFileSync } from "node:fs";
    const { concealVariables } = await import(${JSON.stringify(MODULE)});
    const isToBeForgotten = ([name, value]) => ${expression};
    const forgotten = Object.entries(process.env).filter(isToBeForgotten).map(([name]) => name);
    concealVariables({ forgotten, hidden: ${JSON.stringify(hidden)} });
    const shown = readFileSync("/proc/self/environ", "utf8").split("\\0");
    const given = execFileSync("/usr/bin/env", ["-0"], { encoding: "utf8" }).split("\\0");
    console.log(JSON.stringify({ own: process.env, shown, given }));`;
  const node = ["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", script];
  return JSON.parse(execFileSync(node24(), node, { env, encoding: "utf8" }));
}

describe("variables that were forgotten", () => {
  onLinux("are seen by nobody: not by the process, not in /proc, not by what it starts", () => {
    const env = {
      A: "1",
      "INPUT_CODEX-AUTH-JSON": '{"x":\n"CANARY-login ü=1"}',
      INPUT_B: "CANARY-b",
      Z: "26",
    };

    const seen = afterForgetting('name.startsWith("INPUT_")', env);

    expect(JSON.stringify(seen)).not.toContain("CANARY");
    expect(seen.own).toMatchObject({ A: "1", Z: "26" });
    expect(seen.own).not.toHaveProperty("INPUT_B");
    expect(seen.shown).toEqual(expect.arrayContaining(["A=1", "Z=26"]));
    expect(seen.given).toEqual(expect.arrayContaining(["A=1", "Z=26"]));
  });

  onLinux("may be found by their value, and leave their neighbours alone", () => {
    const env = {
      INPUT_A: "kept",
      NEAR_INPUT_A: "kept too",
      COPY: "Bearer CANARY",
      EMPTY: "",
      EQUALS: "a=b=c",
    };

    const seen = afterForgetting('value.includes("CANARY")', env);

    expect(JSON.stringify(seen)).not.toContain("CANARY");
    for (const view of [seen.shown, seen.given]) {
      const kept = ["INPUT_A=kept", "NEAR_INPUT_A=kept too", "EMPTY=", "EQUALS=a=b=c"];
      expect(view).toEqual(expect.arrayContaining(kept));
    }
  });

  onLinux("of 100 kB leave nothing behind", () => {
    const seen = afterForgetting('name === "BIG"', { BIG: "CANARY".repeat(17_000), A: "1" });

    expect(JSON.stringify(seen)).not.toContain("CANARY");
    expect(seen.shown).toContain("A=1");
  });
});

describe("variables that are hidden", () => {
  onLinux("are seen by the process itself, and not in /proc", () => {
    const env = { A: "1", TOKEN: "CANARY=1", INPUT_B: "CANARY-b", Z: "26" };

    const seen = afterForgetting('name.startsWith("INPUT_")', env, ["TOKEN", "NOT_THERE"]);

    expect(seen.own).toMatchObject({ A: "1", TOKEN: "CANARY=1", Z: "26" });
    expect(seen.own).not.toHaveProperty("NOT_THERE");
    expect(seen.shown.join()).not.toContain("CANARY");
    expect(seen.shown).toEqual(expect.arrayContaining(["A=1", "Z=26"]));
  });
});
