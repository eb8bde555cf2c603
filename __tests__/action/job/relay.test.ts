import { expect, test } from "@jest/globals";
import { type Relay, withRelay } from "../../../src/action/job/relay.ts";
import { MemoryLog } from "../ports/log.ts";

const TOKEN = "07".repeat(16);
const randomness = { bytes: (count: number): Uint8Array => new Uint8Array(count).fill(7) };

async function relayed(act: (relay: Relay) => Promise<void>): Promise<MemoryLog> {
  const log = new MemoryLog();
  await withRelay({ log, randomness }, act);
  return log;
}

test("foreign text stands between the markers that stop commands", async () => {
  const { lines } = await relayed(async ({ write }) => {
    write("stdout", Buffer.from("::error::one\n"));
    write("stderr", Buffer.from("two"));
  });

  expect(lines[0]).toBe(`::stop-commands::${TOKEN}`);
  expect(lines.slice(1, -1)).toEqual([expect.stringContaining("one"), "two"]);
  expect(lines.at(-1)).toBe(`::${TOKEN}::`);
});

test.each(["one\ntwo", "one\ntwo\n", "\none\ntwo"])("a message is said in whole lines: %j", async (text) => {
  const { lines } = await relayed(async ({ say, write }) => {
    say(text);
    write("stdout", Buffer.from("three\n"));
  });

  expect(lines.filter((line) => /^(one|two|three)$/.test(line))).toEqual(["one", "two", "three"]);
});

test("a command's output may hide a value, and a message, which is text, may not", async () => {
  const { lines } = await relayed(async ({ say, write }) => {
    say("::add-mask::shown");
    write("stdout", Buffer.from("::add-mask::hidden\n"));
    say("shown and hidden");
  });

  expect(lines.slice(1, -1)).toEqual(["::add-mask::shown", "shown and ***"]);
});

test("what a process prints that was left behind is not let in any more", async () => {
  let late: Relay | null = null;
  const log = await relayed(async (relay) => {
    late = relay;
    relay.write("stdout", Buffer.from("in time\n"));
  });
  const before = [...log.lines];

  (late as Relay | null)?.write("stdout", Buffer.from("::error::too late\n"));

  expect(log.lines).toEqual(before);
});

test("the markers are closed also where what was relayed has failed", async () => {
  const log = new MemoryLog();

  const failed = withRelay({ log, randomness }, async () => {
    throw new Error("a bug");
  });

  await expect(failed).rejects.toThrow("a bug");
  expect(log.lines).toEqual([`::stop-commands::${TOKEN}`, `::${TOKEN}::`]);
});
