import { describe, expect, test } from "@jest/globals";
import { liveAnyYears } from "../../simulation/years/any-year.ts";
import { FAULTS } from "../../simulation/years/faults.ts";
import { OURS, POLICIES } from "../../simulation/years/policies.ts";
import { sweep } from "../../simulation/years/sweep.ts";
import { liveYear } from "../../simulation/years/week.ts";

// A short part of it: `npm run survival -- --check` lives more of these years, and sweeps with every stroke.
describe("a year of an account", () => {
  test("costs no login but to what the design names, whatever the weather", async () => {
    await liveAnyYears(3, 20261122);
  });

  test("goes the same way again under the same seed", async () => {
    const fault = FAULTS.find(({ name }) => name === "machine dies while it refreshes");
    if (!fault) throw new Error("there is no such fault");

    const first = await liveYear(OURS, fault, "again");
    const second = await liveYear(OURS, fault, "again");

    expect(second).toEqual(first);
    expect(first.rotations).toBeGreaterThan(30);
  });

  test("kills a login that is never written back, every time that its access token ends", async () => {
    const restoreOnly = POLICIES.find(({ name }) => name === "restore only");
    const calm = FAULTS[0];
    if (!restoreOnly || !calm) throw new Error("there is no such policy");

    const { deaths } = await liveYear(restoreOnly, calm, "restore only");

    expect(deaths.length).toBeGreaterThan(25);
  });
});

describe("a job that refreshes, struck at each of its awaits in turn", () => {
  test("loses its login only where no process is left before the first save", async () => {
    const [deadMachine] = await sweep(undefined, ["no other fault, environment secret"], ["lose-machine"]);

    expect(deadMachine?.points).toBeGreaterThan(5);
    expect(new Set(deadMachine?.deaths.map(({ grave }) => grave))).toEqual(
      new Set(["machine died before the first save"]),
    );
  });
});
