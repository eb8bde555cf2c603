import { beforeEach, describe, expect, test } from "@jest/globals";
import { refusePlantedFiles } from "../../../src/action/job/prompt-files.ts";
import { MemoryFiles } from "../ports/files.ts";
import { MemoryNamedFiles } from "../ports/named-files.ts";

let named: MemoryNamedFiles;
beforeEach(() => {
  named = new MemoryNamedFiles(new MemoryFiles());
});

function look(
  workingDirectory: string | null = null,
  codexArgs: readonly string[] = [],
  config = "",
): Promise<void> {
  return refusePlantedFiles(named, {
    root: "/work/app",
    home: "/temp/base/home",
    kept: ["/temp/base", "/temp/base/home"],
    loginPath: "/temp/base/login",
    workingDirectory,
    directory: `/work/app${workingDirectory === null ? "" : `/${workingDirectory}`}`,
    codexArgs,
    config,
  });
}

test("nothing is the matter with an ordinary checkout", async () => {
  await look();
  await look("packages/one", ["--add-dir", "/elsewhere", "-c", "x=1"]);
});

describe("a link to the login", () => {
  test.each(["/work/app/packages/one", "/work/app/packages", "/work/app", "/work", "/", "/temp/base/home"])(
    "in %s, where Codex reads, is named before anybody is asked",
    async (directory) => {
      named.links.set(directory, "AGENTS.md");

      await expect(look("packages/one")).rejects.toMatchObject({
        code: "file-refused",
        message: expect.stringMatching(/AGENTS\.md" is a link to the login/),
        hint: expect.stringContaining("Remove the link"),
      });
    },
  );

  test("above a directory in `codex-args` is found, too", async () => {
    named.links.set("/elsewhere", "AGENTS.md");

    await expect(look(null, ["--cd=/elsewhere/part"])).rejects.toMatchObject({ code: "file-refused" });
  });

  test.each([
    ["codex-args", ["-c", `project_doc_fallback_filenames=["OTHER.md",'NOTES.md']`], ""],
    ["the home's config.toml", [], 'x = 1\nproject_doc_fallback_filenames = [\n "NOTES.md" ]\n'],
  ] as const)("by a name that %s gives to such files is found, too", async (_where, codexArgs, config) => {
    named.links.set("/work/app", "NOTES.md");
    await look();

    await expect(look(null, codexArgs, config)).rejects.toMatchObject({
      code: "file-refused",
      message: expect.stringContaining("NOTES.md"),
    });
  });

  test("elsewhere is not looked for", async () => {
    named.links.set("/work/app/docs", "AGENTS.md");

    await look("packages/one");
  });

  test("that is a hard one stops every prompt", async () => {
    named.loginHasOtherNames = true;

    await expect(look()).rejects.toMatchObject({
      code: "file-refused",
      message: expect.stringContaining("hard link"),
    });
  });
});

describe("a directory", () => {
  test.each([
    ["working-directory", "packages/one", [], "/work/app/packages/one"],
    ["codex-args", null, ["-C", "packages/two"], "/work/app/packages/two"],
    ["codex-args", null, ["--add-dir=/elsewhere"], "/elsewhere"],
  ] as const)("in `%s` may be no link", async (input, workingDirectory, codexArgs, path) => {
    named.refusals.set(path, "link");

    await expect(look(workingDirectory, codexArgs)).rejects.toMatchObject({
      code: "file-refused",
      message: expect.stringMatching(new RegExp(`\`${input}\` is a symbolic link`)),
    });
  });

  test("that is not there is left to Codex", async () => {
    named.refusals.set("/work/app/packages/one", "missing");

    await look("packages/one");
  });

  test("in `working-directory` may not leave the workspace", async () => {
    await expect(look("../other")).rejects.toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining("`working-directory`"),
    });
  });
});

describe("a file in `codex-args`", () => {
  test.each([
    [["-c", 'model_instructions_file="docs/how.md"']],
    [["-c", "model_instructions_file=docs/how.md"]],
    [["--config", "model_instructions_file = 'docs/how.md'"]],
    [['--config=model_instructions_file="docs/how.md"']],
    [['-cmodel_instructions_file="docs/how.md"']],
    [["-c", 'x={model_instructions_file="docs\\u002fhow.md",y=1}']],
    [["-c", 'model_catalog_json="/work/app/docs/how.md"']],
  ])("may be no link: %j", async (codexArgs) => {
    named.refusals.set("/work/app/docs/how.md", "link");

    await expect(look(null, codexArgs)).rejects.toMatchObject({
      code: "file-refused",
      message: expect.stringMatching(/`codex-args` is a symbolic link/),
    });
  });

  test("may be any other, and one that is not there is left to Codex", async () => {
    await look(null, ["-c", 'model_instructions_file="docs/how.md"', "-c", "model_reasoning_effort=high"]);
  });
});

test.each([
  ["--output-schema", "output-schema-file"],
  ["--output-schema=x.json", "output-schema-file"],
  ["--output-last-message", "output-file"],
  ["--output-last-message=x", "output-file"],
  ["-o", "output-file"],
  ["-ox", "output-file"],
])("%s in `codex-args` is refused for the input `%s`", async (word, input) => {
  await expect(look(null, [word, "x"])).rejects.toMatchObject({
    code: "input-invalid",
    hint: `Use the input \`${input}\` for it.`,
  });
});
