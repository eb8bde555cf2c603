import {
  appendFileSync,
  closeSync,
  constants,
  ftruncateSync,
  lstatSync,
  openSync,
  rmSync,
  writeSync,
} from "node:fs";
import { STATE_KEYS, type StateKey } from "../../core/phase-state/keys.ts";
import type { StepChannel } from "../../ports/runner.ts";

/** In this phase. */
const said: { readonly state: Partial<Record<StateKey, string>>; readonly outputs: Record<string, string> } =
  {
    state: {},
    outputs: {},
  };

/**
 * Files of the runner that carry state, outputs and variables out of a step; it reads them even from a killed one.
 * Written here and not with `@actions/core`, whose random delimiters load `node:crypto`: a fifth of a bare Node start,
 * in every phase of every quiet job. Most of our values have one line, and those need no delimiter; for the others one is
 * chosen that they do not contain, which is all that a random one promises.
 *
 * ```text
 * NAME=VALUE LF
 * NAME<<DELIMITER LF VALUE LF DELIMITER LF
 * ```
 */
export const stepChannel: StepChannel = {
  saveState: (name, value) => {
    said.state[name] = value;
    append("GITHUB_STATE", { [name]: value });
  },
  state,
  setOutputs: (values) => {
    Object.assign(said.outputs, values);
    append("GITHUB_OUTPUT", values);
  },
  seal: () => {
    const all = STATE_KEYS.map((name): [string, string] => [name, said.state[name] ?? state(name)]);
    // In place of the whole file: an entry that somebody has left open would swallow what is appended.
    const path = process.env.GITHUB_STATE;
    if (path) rewrite(path, Buffer.from(all.map(entry).join("")));
    if (Object.keys(said.outputs).length > 0) append("GITHUB_OUTPUT", { ...said.outputs }, "\n");
  },
  exportVariable: (name, value) => {
    process.env[name] = value;
    append("GITHUB_ENV", { [name]: value });
  },
  addPath: (directory) => {
    process.env.PATH = `${directory}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
    const path = process.env.GITHUB_PATH;
    if (path) appendFileSync(path, `${directory}\n`);
  },
  writeSummary: async (markdown) => {
    const path = process.env.GITHUB_STEP_SUMMARY;
    if (path) appendFileSync(path, markdown);
  },
};

/**
 * Emptying a file first would make ext4 wait for the disk at its end: up to seven milliseconds in every phase. What a
 * command has put in its place (a link, a FIFO, another file's second name) is not written to.
 */
function rewrite(path: string, content: Uint8Array): void {
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present && !(present.isFile() && present.nlink === 1)) rmSync(path, { recursive: true, force: true });
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  try {
    writeSync(file, content, 0, content.length, 0);
    ftruncateSync(file, content.length);
  } finally {
    closeSync(file);
  }
}

function state(name: StateKey): string {
  return process.env[`STATE_${name}`] ?? "";
}

function append(file: string, values: Readonly<Record<string, string>>, before = ""): void {
  const path = process.env[file];
  if (path) appendFileSync(path, before + Object.entries(values).map(entry).join(""));
}

function entry([name, value]: [string, string]): string {
  if (!/[\r\n]/.test(value)) return `${name}=${value}\n`;
  let delimiter = "END";
  while (value.includes(delimiter)) delimiter += "_END";
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
