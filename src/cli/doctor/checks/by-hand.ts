import { projectPage } from "../../project-page.ts";
import { mentionOf } from "../workflow/expression.ts";
import { withoutComments } from "../workflow/script.ts";
import { type Site, textsOf } from "../workflow/site.ts";
import { isOurAction, jobOf } from "../workflow/use.ts";
import type { Step } from "../workflow/workflow.ts";
import type { Value } from "../workflow/yaml-value.ts";
import { type Check, type Finding, fail, type Position, warn } from "./check.ts";
import { type SecretCommand, secretCommandsIn } from "./secret-commands.ts";
import type { Subject } from "./subject.ts";

/**
 * What a workflow does to the login without this action: the steps of the recipes that people come from. Left in place
 * beside it, they overwrite the stored login with an older one, or with an access copy, and every run is green.
 */
export const byHandChecks: readonly Check<Subject>[] = [
  {
    id: "secret-written-by-hand",
    title: "Only this action writes the login's secret",
    find: (subject) =>
      unlessIdle(
        subject,
        subject.sites.map((site) => writing(site, subject)),
      ),
    passed: () => "no other step writes it",
  },
  {
    id: "auth-file-by-hand",
    title: "Only this action handles auth.json",
    find: (subject) => {
      const found = subject.sites.map((site) => handling(site, subject));
      const isNamed = subject.sites.some(({ step }) => textsOf(step).some(handlesFile));
      // Told by another check.
      if (isNamed && found.every((finding) => finding === null)) return null;
      return unlessIdle(subject, found);
    },
    passed: () => "no step names it",
  },
];

/** Without the action and without a step by hand, the question does not arise. */
function unlessIdle(
  { uses }: Subject,
  findings: readonly (Finding | null)[],
): readonly (Finding | null)[] | null {
  return uses.length === 0 && findings.every((finding) => finding === null) ? null : findings;
}

/** Calls that write a secret; `gh secret set` is read by its words. */
const WRITES = new RegExp(
  [
    String.raw`\bcreateOrUpdate\w*Secret\b`,
    // GitHub's API: a PUT below …/secrets/.
    String.raw`(?:\b|-X)PUT\b[^]{0,500}?\/secrets\/`,
    String.raw`\/secrets\/[^]{0,500}?(?:\b|-X)PUT\b`,
    String.raw`\.put\([^]{0,300}?\/secrets\/`,
    String.raw`\bcodex-auth-roundtrip(?:@\S+)?(?:\s+-\S+)*\s+seed\b`,
  ].join("|"),
  "gi",
);
const AUTH_FILE = /\bauth\.json\b/gi;
const CODEX_HOME = /CODEX_HOME|\.codex\b|codex-home/i;
const KEEPS_FILES = /^actions\/(cache|upload-artifact)(\/\w+)?@/i;
/** A path to the whole home, or to the file in it. */
const HOME_PATH = /(^|[\s/"'~}])\.codex(\/?\s*$|\/\s|\/auth|["'\s])|CODEX_HOME|codex-home/im;

const REMEDY_WITHOUT = `Remove this step, once you have stopped this workflow: ${projectPage("docs/migrate.md")}`;

function writing(site: Site, subject: Subject): Finding | null {
  const { step, name } = site;
  const texts = textsOf(step);
  const commands = texts.flatMap((value) =>
    secretCommandsIn(value.text ?? "").map((command) => ({ ...command, at: lineOf(value, command) })),
  );
  const isWriter = texts.some((value) => codeOf(value).search(WRITES) >= 0);
  const isForSecrets =
    /secret/i.test(step.uses?.text ?? "") && !isOurAction(step.uses?.text ?? "", subject.checkout);
  const secret = namedSecret(site, subject);
  const isFile = texts.some(handlesFile);
  const isNamed = secret !== null || isFile;
  const meant = commands.filter((command) => mayMean(command, secret, { step, isFile }));
  const certain = meant.find(({ isCertain }) => isCertain && isNamed);
  if (!certain && !((isWriter || isForSecrets) && isNamed)) return perhaps(capital(name), meant[0]);
  const verb = certain?.verb ?? "writes";
  const what = secret === null ? "stores auth.json in a secret" : `${verb} the secret ${secret}`;
  const at = certain?.at ?? firstOf(site, WRITES) ?? (step.uses ?? step).at;
  if (verb === "deletes")
    return fail(`${capital(name)}, ${what}: the login in it is lost.`, "Remove this step.", at);
  return subject.uses.length === 0
    ? fail(
        `${capital(name)}, ${what} by hand: when a run is cancelled, or two overlap, the login is lost.`,
        REMEDY_WITHOUT,
        at,
      )
    : fail(
        `${capital(name)}, ${what}, which this action writes itself: the step overwrites the login with an older one or an access copy.`,
        "Remove this step: nothing takes its place.",
        at,
      );
}

/** Whether a command's secret is, or may be, the login's. */
function mayMean(
  { name, words, verb }: SecretCommand,
  secret: string | null,
  { step, isFile }: { step: Step; isFile: boolean },
): boolean {
  if (name === null) return words.length > 0 || secret !== null;
  if (secret !== null && name.toUpperCase() === secret) return true;
  return isFile && verb === "writes" && step.value.get("run") !== null;
}

function perhaps(name: string, command: { verb: string; at: Position } | undefined): Finding | null {
  if (!command) return null;
  return warn(
    `${name}, ${command.verb} a secret, and whether that is the login's cannot be seen here.`,
    "If it is, remove this step: only this action may write that secret.",
    command.at,
  );
}

function lineOf(value: Value, { line }: SecretCommand): Position {
  return value.lines()[line]?.at ?? value.at;
}

/** A text without comments. */
function codeOf({ text }: Value): string {
  const isJavaScript = /\bgithub\.|\bawait\b/.test(text ?? "");
  return withoutComments(
    isJavaScript ? (text ?? "").replaceAll(/(^|\s)\/\/.*$|\/\*[\s\S]*?\*\//gm, "$1") : (text ?? ""),
  );
}

/** The login's secret that a step names, itself or by way of a variable of its job or workflow. */
function namedSecret({ step, job, workflow }: Site, { logins }: Subject): string | null {
  const known = logins.length > 0 ? logins : ["CODEX_AUTH_JSON", "CODEX_AUTH"];
  const texts = textsOf(step).map(codeOf);
  const variables = [workflow?.root, job?.value].flatMap((value) => value?.get("env")?.entries() ?? []);
  const named = known.find((secret) => {
    const aliases = variables
      .filter(([, value]) => value.text?.trim().toUpperCase() === secret)
      .map(([variable]) => variable);
    const words = [secret, ...aliases].map((word) => new RegExp(`\\b${escaped(word)}\\b`, "i"));
    return texts.some((text) => words.some((word) => word.test(text)));
  });
  return named ?? null;
}

function handling(site: Site, subject: Subject): Finding | null {
  const { step, name, job } = site;
  const uses = step.uses?.text ?? "";
  const isOurs = isOurAction(uses, subject.checkout);
  const texts = isOurs ? [step.with.get("run") ?? []].flat() : textsOf(step);
  const handles = texts.some(handlesFile);
  const keeps = KEEPS_FILES.test(uses) && HOME_PATH.test(step.with.get("path")?.text ?? "");
  if (!keeps && !handles) return null;
  if (writing(site, subject) !== null || readsSecret(site, subject)) return null;
  const isBesideUs = subject.uses.some((use) => jobOf(use) === job);
  if (keeps)
    return fail(
      `${capital(name)}, keeps Codex's home in a cache or an artifact, where others can read the login and old copies come back.`,
      isBesideUs ? "Remove this step: this action restores the login itself." : REMEDY_WITHOUT,
      (step.with.get("path") ?? step).at,
    );
  const at = firstOf(site, AUTH_FILE) ?? step.at;
  return isBesideUs
    ? warn(
        `${capital(name)}, handles Codex's auth.json beside this action, which restores and stores it itself.`,
        "Remove it from this step: `codex` finds the login by `CODEX_HOME`.",
        at,
      )
    : fail(
        `${capital(name)}, handles Codex's auth.json by hand: the first refresh there invalidates every other copy.`,
        REMEDY_WITHOUT,
        at,
      );
}

/** Where the action is used, that is a finding of its own. */
function readsSecret({ step }: Site, { logins }: Subject): boolean {
  return logins.length > 0 && step.value.linesMatching(mentionOf(logins), []).length > 0;
}

function handlesFile(value: Value): boolean {
  const text = codeOf(value);
  return text.search(AUTH_FILE) >= 0 && CODEX_HOME.test(text);
}

function firstOf({ step }: Site, pattern: RegExp): Position | null {
  return step.value.linesMatching(pattern, [])[0] ?? null;
}

function escaped(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
