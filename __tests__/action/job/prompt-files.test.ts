import { beforeEach, describe, expect, test } from "@jest/globals";
import { readNamedFile, refusePlantedFiles, writeNamedFile } from "../../../src/action/job/prompt-files.ts";
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

  test.each(["AGENTS.md", "AGENTS.override.md"])("is found under either name: %s", async (name) => {
    named.links.set("/work/app", name);

    await expect(look()).rejects.toMatchObject({ code: "file-refused" });
  });

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

  test.each([
    [`project_doc_fallback_filenames=["NO\\u0054ES.md"]`],
    [`"project_doc_fallback_filenames" = ["a", 'NOTES.md']`],
    [`'project_doc_fallback_filenames'=['NOTES.md']`],
  ])("by a name that is written in another way is found, too: %s", async (setting) => {
    named.links.set("/work/app", "NOTES.md");

    await expect(look(null, ["-c", setting])).rejects.toMatchObject({ code: "file-refused" });
  });

  test("by a name whose escapes nobody knows is looked for as it is written", async () => {
    named.links.set("/work/app", "\\U0001F600.md");

    await expect(
      look(null, ["-c", 'project_doc_fallback_filenames=["\\U0001F600.md"]']),
    ).rejects.toMatchObject({ code: "file-refused" });
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
      hint: expect.stringContaining("find / -xdev -samefile"),
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

  test("may not be one of ours", async () => {
    await expect(
      look(null, ["-c", "model_instructions_file=/temp/base/login/auth.json"]),
    ).rejects.toMatchObject({
      code: "file-refused",
      message: expect.stringContaining("lies in a directory of the login"),
    });
  });

  test("is read where it is named, also behind a word that only ends like a flag", async () => {
    await named.write("/work/app/docs/how.md", "plain", { root: "/work/app", kept: [] });

    await look(null, ["-c", "model_instructions_file=docs/how.md"]);
    named.refusals.set("/work/app/docs/how.md", "link");
    await look(null, ["x--config", "model_instructions_file=docs/how.md"]);
    await look(null, ["--configure", "model_instructions_file=docs/how.md"]);
    await look(null, ["x--config=model_instructions_file=docs/how.md"]);
  });

  test.each(["x\ny=1\nmodel_instructions_file = 'docs/how.md'", '"model_instructions_file" = "docs/how.md"'])(
    "is found anywhere in a setting: %j",
    async (setting) => {
      named.refusals.set("/work/app/docs/how.md", "link");

      await expect(look(null, [`--config=${setting}`])).rejects.toMatchObject({ code: "file-refused" });
    },
  );

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
    message: expect.stringContaining("names a file that Codex would open itself"),
    hint: `Use the input \`${input}\` for it.`,
  });
});

test.each(["x--output-schema", "x--output-last-message=y", "--no-o"])(
  "%s in `codex-args`, which is no such flag, is left to Codex",
  async (word) => {
    await look(null, [word]);
  },
);

describe("a file that the workflow names", () => {
  const place = { root: "/work/app", kept: ["/temp/base"] };

  test.each([
    ["missing", "is not there"],
    ["not-a-file", "is no plain file"],
    ["unusable", "cannot be read"],
  ] as const)("that is %s is told so", async (kind, words) => {
    named.refusals.set("/work/app/ask.md", kind);

    await expect(readNamedFile(named, "prompt-file", { ...place, path: "ask.md" })).rejects.toMatchObject({
      code: "prompt-unreadable",
      message: `The file in \`prompt-file\` ${words}: "ask.md"`,
      hint: expect.stringContaining("is the checkout done?"),
    });
  });

  test.each([
    ["prompt-file", 16],
    ["output-schema-file", 1],
  ] as const)("in `%s` may have %i MiB", async (input, mebibytes) => {
    const limits: number[] = [];
    const { read } = named;
    named.read = (path, asked) => {
      limits.push(asked.limitBytes);
      return read.call(named, path, asked);
    };
    named.refusals.set("/work/app/x", "too-large");

    await expect(readNamedFile(named, input, { ...place, path: "x" })).rejects.toMatchObject({
      message: expect.stringContaining(`has more than ${mebibytes} MiB`),
    });
    expect(limits).toEqual([mebibytes * 1024 * 1024]);
  });

  test("may have a name that begins with dots, and an absolute path", async () => {
    await named.write("/work/app/..ask", "one", place);
    await named.write("/elsewhere/ask", "two", place);

    expect(await readNamedFile(named, "prompt-file", { ...place, path: "..ask" })).toBe("one");
    expect(await readNamedFile(named, "prompt-file", { ...place, path: "/elsewhere/ask" })).toBe("two");
  });

  test.each(["..", "../x", "a/../../x"])("may not leave the workspace by %j", async (path) => {
    await expect(readNamedFile(named, "prompt-file", { ...place, path })).rejects.toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining("leaves the workspace"),
      hint: expect.stringContaining("absolute path"),
    });
    await expect(writeNamedFile(named, { ...place, path, content: "" })).rejects.toMatchObject({
      message: expect.stringContaining("`output-file` leaves the workspace"),
    });
  });

  test.each([
    [300, 300],
    [301, 301],
  ])("with a path of %i characters is told by %i at most", async (length, told) => {
    const path = "x".repeat(length);

    await expect(readNamedFile(named, "prompt-file", { ...place, path })).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`: ".{${told}}"$`)),
    });
  });

  test("is the directory of the workspace itself where `working-directory` is not given", async () => {
    named.refusals.set("/work/app", "link");

    await expect(look()).rejects.toMatchObject({
      message: expect.stringContaining('link, or lies behind one, and may lead anywhere: "."'),
    });
  });
});
