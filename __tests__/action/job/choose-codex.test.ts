import { describe, expect, test } from "@jest/globals";
import { provideCodex, tellVersion } from "../../../src/action/job/choose-codex.ts";
import { TESTED_CODEX_VERSION } from "../../../src/core/codex/integrity.ts";
import { MemoryChannel } from "../ports/channel.ts";
import { MemoryProgram } from "../ports/program.ts";

const ON_PATH = "/usr/local/bin/codex";

function machine({ has }: { has: string | null }): { program: MemoryProgram; channel: MemoryChannel } {
  const program = new MemoryProgram();
  if (has !== null) {
    program.onPath = ON_PATH;
    program.versions.set(ON_PATH, has);
  }
  return { program, channel: new MemoryChannel() };
}

describe("the Codex of a job", () => {
  test("is the one on the PATH where no version is asked for, and the PATH stays as it is", async () => {
    const { program, channel } = machine({ has: "0.150.0" });

    const command = await provideCodex(program, channel, null);

    expect(command).toBe(ON_PATH);
    expect(channel.paths).toEqual([]);
  });

  test.each([
    { has: null, asked: null, installed: TESTED_CODEX_VERSION },
    { has: null, asked: "0.160.0", installed: "0.160.0" },
    { has: "0.150.0", asked: "0.160.0", installed: "0.160.0" },
  ])(
    "of a machine that has $has is $installed when $asked is asked for, first on the PATH of later steps",
    async ({ has, asked, installed }) => {
      const { program, channel } = machine({ has });

      const command = await provideCodex(program, channel, asked);

      expect(program.versions.get(command)).toBe(installed);
      expect(channel.paths).toEqual([`/tools/codex/${installed}/bin`]);
    },
  );

  test("is an exact version where this release chooses it", () => {
    expect(TESTED_CODEX_VERSION).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("that cannot be installed is not put on the PATH", async () => {
    const { program, channel } = machine({ has: "0.150.0" });
    program.unknownVersions.add("9.9.9");

    const provided = provideCodex(program, channel, "9.9.9");

    await expect(provided).rejects.toMatchObject({ code: "codex-install-failed" });
    expect(channel.paths).toEqual([]);
  });
});

describe("the output codex-version", () => {
  test("is what the program says of itself", async () => {
    const { program, channel } = machine({ has: "0.150.0" });

    await tellVersion(program, channel, ON_PATH);

    expect(channel.outputs.get("codex-version")).toBe("0.150.0");
  });

  test("of a program that does not run is a failure that says how to get one that does", async () => {
    const { program, channel } = machine({ has: null });

    const told = tellVersion(program, channel, ON_PATH);

    await expect(told).rejects.toMatchObject({
      code: "codex-missing",
      message: expect.stringContaining("does not run"),
      hint: expect.stringContaining("`codex-version`"),
    });
    expect(channel.outputs.size).toBe(0);
  });
});
