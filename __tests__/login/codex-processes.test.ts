import { beforeEach, expect, test } from "@jest/globals";
import { waitUntilUnused } from "../../src/login/codex-processes.ts";
import { FakeClock } from "../action/ports/clock.ts";
import { MemoryLog } from "../action/ports/log.ts";
import { MemoryProcesses } from "../action/ports/processes.ts";

const HOME = "/temp/home";
const WAITING = "Waiting for Codex to finish, 50 s at most.";
const STILL = "warning: Codex still runs on the login after 50 s; going by what it has written so far.";

let clock: FakeClock;
let log: MemoryLog;
let processes: MemoryProcesses;
let beganMs: number;

beforeEach(() => {
  clock = new FakeClock();
  log = new MemoryLog();
  processes = new MemoryProcesses(clock);
  beganMs = clock.monotonicMs();
});

async function waited(known?: { pid: number; startedAt: string }): Promise<number> {
  await waitUntilUnused({ processes, clock, log }, HOME, known);
  return (clock.monotonicMs() - beganMs) / 1000;
}

test("a home that nobody uses is not waited for, and nothing is said", async () => {
  processes.start("/another", 60_000);

  expect(await waited()).toBe(0);
  expect(log.lines).toEqual([]);
});

test("a home is waited for until the last process that uses it has ended", async () => {
  processes.start(HOME, 1_000);
  processes.start(HOME, 3_100);

  expect(await waited()).toBe(3.25);
  expect(log.lines).toEqual([WAITING]);
});

test("a process that is known is waited for also where the system does not tell whose home it uses", async () => {
  const known = processes.start(HOME, 2_000);
  processes.hidesHomes = true;

  expect(await waited(known)).toBe(2);
});

test("a process that does not end is waited for fifty seconds, which is said", async () => {
  processes.start(HOME, 3_600_000);

  expect(await waited()).toBe(50);
  expect(log.lines).toEqual([WAITING, STILL]);
});
