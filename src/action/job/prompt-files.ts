import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { writableRootsIn } from "../../core/codex/arguments.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { NamedFiles, NamedPlace, Refusal } from "../../ports/files.ts";

const PROMPT_BYTES = 16 * 1024 * 1024;
const SCHEMA_BYTES = 1024 * 1024;

type FileInput = "prompt-file" | "output-schema-file" | "output-file" | "working-directory" | "codex-args";

/** @throws {Failure} `prompt-unreadable`, `file-refused`, `input-invalid` */
export async function readNamedFile(
  named: NamedFiles,
  input: "prompt-file" | "output-schema-file",
  { path, ...place }: NamedPlace & { path: string },
): Promise<string> {
  const limitBytes = input === "prompt-file" ? PROMPT_BYTES : SCHEMA_BYTES;
  const outcome = await named.read(placeOf(input, path, place.root), { ...place, limitBytes });
  if (outcome.kind === "read") return Buffer.from(outcome.bytes).toString("utf8");
  const why = {
    missing: "is not there",
    "not-a-file": "is no plain file",
    "too-large": `has more than ${limitBytes / 1024 / 1024} MiB`,
    unusable: "cannot be read",
  }[elsewise(input, path, outcome)];
  throw new Failure(
    "prompt-unreadable",
    `The file in \`${input}\` ${why}: ${told(path)}`,
    "Paths are read from the workspace; is the checkout done?",
  );
}

/** @throws {Failure} `file-refused`, `input-invalid` */
export async function writeNamedFile(
  named: NamedFiles,
  { path, content, ...place }: NamedPlace & { path: string; content: string },
): Promise<void> {
  const outcome = await named.write(placeOf("output-file", path, place.root), content, place);
  if (outcome.kind === "written") return;
  elsewise("output-file", path, outcome);
  throw new Failure(
    "input-invalid",
    `The file in \`output-file\` cannot be written: ${told(path)}`,
    "Paths are read from the workspace, and the file's directory must be there. The output `final-message` has the answer.",
  );
}

/**
 * Before Codex is asked: where it works must be where the workflow says, and nothing that it reads by itself may be the
 * login under another name. From the directory upwards it sends every AGENTS.md to the model, links followed, and reads
 * it outside the sandbox where there is no permission profile (measured with 0.169.0).
 *
 * @throws {Failure} `file-refused`, `input-invalid`
 */
export async function refusePlantedFiles(
  named: NamedFiles,
  job: NamedPlace & {
    readonly home: string;
    /** The login's file or directory. */
    readonly loginPath: string;
    /** As the input has it; resolved, Codex's own. */
    readonly workingDirectory: string | null;
    readonly directory: string;
    readonly codexArgs: readonly string[];
    /** What the home's config.toml says. */
    readonly config: string;
  },
): Promise<void> {
  const { home, loginPath, workingDirectory, directory, codexArgs, config, ...place } = job;
  refuseFileArguments(codexArgs);
  const own = workingDirectory ?? ".";
  const asked = [
    { input: "working-directory", path: own, absolute: placeOf("working-directory", own, place.root) },
    ...writableRootsIn(codexArgs).map((path) => ({
      input: "codex-args" as const,
      path,
      absolute: resolve(directory, path),
    })),
  ] as const;
  const reads = new Set([home]);
  for (const { input, path, absolute } of asked) {
    const outcome = await named.directory(absolute, place);
    // Of what is not there Codex itself complains.
    if (outcome.kind === "directory") for (const above of upwards(outcome.real)) reads.add(above);
    else elsewise(input, path, outcome);
  }
  for (const path of filesInSettings(codexArgs)) {
    const limitBytes = PROMPT_BYTES;
    const outcome = await named.read(resolve(directory, path), { ...place, limitBytes });
    if (outcome.kind !== "read") elsewise("codex-args", path, outcome);
  }
  if (await named.hasOtherNames(loginPath)) {
    throw new Failure(
      "file-refused",
      "The login's file has a second name somewhere on this machine (a hard link), which no sandbox can be kept from.",
      "Find and remove it (`find / -xdev -samefile …/auth.json`); an archive that a step unpacked may have made it.",
    );
  }
  const instructions = [...INSTRUCTIONS, ...fallbacksIn([...codexArgs, config])];
  for (const readByCodex of reads) {
    const link = await named.linkTo(readByCodex, instructions, loginPath);
    if (link === null) continue;
    throw new Failure(
      "file-refused",
      `${told(join(readByCodex, link))} is a link to the login, and Codex may read such a file by itself and send it to the model.`,
      "Remove the link, and find out which step or checkout made it.",
    );
  }
}

/** Codex itself opens what these name, links followed. */
const FILE_ARGUMENTS: readonly (readonly [RegExp, string])[] = [
  [/^--output-schema(=|$)/, "output-schema-file"],
  [/^(--output-last-message(=|$)|-o)/, "output-file"],
];

function refuseFileArguments(codexArgs: readonly string[]): void {
  for (const word of codexArgs) {
    const [, input] = FILE_ARGUMENTS.find(([pattern]) => pattern.test(word)) ?? [];
    if (input === undefined) continue;
    throw new Failure(
      "input-invalid",
      "`codex-args` names a file that Codex would open itself, through any link.",
      `Use the input \`${input}\` for it.`,
    );
  }
}

/** What Codex reads by itself, where it works and above, and in its home. */
const INSTRUCTIONS = ["AGENTS.md", "AGENTS.override.md"];

/** Further names of theirs that settings give. */
function fallbacksIn(settings: readonly string[]): readonly string[] {
  const lists = /project_doc_fallback_filenames["']?\s*=\s*\[([^\]]*)\]/g;
  return settings.flatMap((text) =>
    [...text.matchAll(lists)].flatMap(([, list = ""]) =>
      [...list.matchAll(/("(?:[^"\\]|\\.)*")|'([^']*)'/g)].map(([, basic, literal = ""]) =>
        basic === undefined ? literal : unquoted(basic),
      ),
    ),
  );
}

/** Such as `model_instructions_file`, which Codex sends to the model whatever it is (measured with 0.169.0). */
function filesInSettings(codexArgs: readonly string[]): readonly string[] {
  const settings = codexArgs.flatMap((word, index) => {
    if (/^(-c|--config)$/.test(codexArgs[index - 1] ?? "")) return [word];
    return /^(?:--config=|-c=?)(.+)$/s.exec(word)?.[1] ?? [];
  });
  const named = /\w_(?:file|json|path)["']?\s*=\s*(?:("(?:[^"\\]|\\.)*")|'([^']*)'|([^\s"',{}]+))/gs;
  return settings.flatMap((setting) =>
    [...setting.matchAll(named)].map(([, basic, literal, bare]) =>
      basic === undefined ? (literal ?? bare ?? "") : unquoted(basic),
    ),
  );
}

/** A TOML basic string; nearly all its escapes are JSON's. */
function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** @throws {Failure} `input-invalid` for a relative path that leaves the workspace */
function placeOf(input: FileInput, path: string, root: string): string {
  const absolute = resolve(root, path);
  if (isAbsolute(path)) return absolute;
  const inside = relative(root, absolute);
  if (inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return absolute;
  throw new Failure(
    "input-invalid",
    `The path in \`${input}\` leaves the workspace: ${told(path)}`,
    "For a place elsewhere, write its absolute path.",
  );
}

/** @returns what else is in the way */
function elsewise(
  input: FileInput,
  path: string,
  { kind }: Refusal,
): Exclude<Refusal["kind"], "link" | "kept"> {
  if (kind !== "link" && kind !== "kept") return kind;
  const what =
    kind === "kept"
      ? "lies in a directory of the login"
      : "is a symbolic link, or lies behind one, and may lead anywhere";
  throw new Failure(
    "file-refused",
    `The path in \`${input}\` ${what}: ${told(path)}`,
    "Name the file or directory itself, outside of the Codex home.",
  );
}

function upwards(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upwards(parent)];
}

/** A path may hold anything; it stays one quoted line. */
function told(path: string): string {
  return JSON.stringify(path.length > 300 ? `${path.slice(0, 300)}…` : path);
}
