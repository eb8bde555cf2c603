import { readFileSync } from "node:fs";
import { FAULTS, type Fault, seedOfYear } from "./faults.ts";
import { POLICIES, type Policy } from "./policies.ts";
import { liveYear } from "./week.ts";

/** The first line of a story: what makes it happen again. */
interface Heading {
  readonly policy: string;
  readonly fault: string;
  readonly seed: string;
}

const MARK = "# ";

/**
 * Prints a year of one account, one line an event, from its seed to its end: of the first policy and the first fault
 * whose names have the words.
 */
export async function tellYear(options: {
  policy: string;
  fault: string;
  seed: string;
  account: string;
}): Promise<void> {
  const fault = named(FAULTS, options.fault);
  const policy = named(POLICIES, options.policy);
  if (!fault || !policy) throw new Error(`There is no ${fault ? "policy" : "fault"} of that name.`);
  const heading: Heading = {
    policy: policy.name,
    fault: fault.name,
    seed: seedOfYear(options.seed, fault, options.account),
  };
  console.log(MARK + JSON.stringify(heading));
  await liveYear(policy, fault, heading.seed, (line) => console.log(line));
}

/** The one of that name, else the first whose name has the words. */
function named<Named extends { name: string }>(all: readonly Named[], words: string): Named | undefined {
  return all.find(({ name }) => name === words) ?? all.find(({ name }) => name.includes(words));
}

/**
 * Lives the year again that a story names, and compares it line by line. A story that was cut off is compared as far
 * as it goes.
 *
 * @returns the exit code: 0 the same story · 1 another one, or no story
 */
export async function replay(file: string): Promise<number> {
  const [first = "", ...told] = readFileSync(file, "utf8").trimEnd().split(/\r?\n/);
  const { heading, policy, fault } = headingOf(first);
  if (!heading || !policy || !fault) {
    console.error(`${file} is not a story of \`npm run survival -- --story\` of this version.`);
    return 1;
  }
  const happened: string[] = [];
  await liveYear(policy, fault, heading.seed, (line) => happened.push(line));
  const at = told.findIndex((line, index) => line !== happened[index]);
  if (at < 0) {
    console.log(`The same story: ${told.length} of ${happened.length} events (${heading.seed}).`);
    return 0;
  }
  console.log(
    `Another story from line ${at + 2} on:\n- ${told[at]}\n+ ${happened[at] ?? "(nothing more happens)"}`,
  );
  return 1;
}

function headingOf(line: string): { heading?: Heading; policy?: Policy; fault?: Fault } {
  if (!line.startsWith(MARK)) return {};
  try {
    const heading = JSON.parse(line.slice(MARK.length)) as Heading;
    const policy = POLICIES.find(({ name }) => name === heading.policy);
    const fault = FAULTS.find(({ name }) => name === heading.fault);
    return policy && fault ? { heading, policy, fault } : {};
  } catch {
    return {};
  }
}
