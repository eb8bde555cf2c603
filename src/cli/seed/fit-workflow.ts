import { isMap, isScalar, isSeq, type Pair, parseDocument, stringify, type YAMLMap } from "yaml";
import { APP_CLIENT_ID_SECRET, APP_PRIVATE_KEY_SECRET } from "../write-credential-source.ts";

/** What an example must be made to fit. */
export interface Fit {
  /** `null`: a repository secret. */
  readonly environment: string | null;
  readonly secretName: string;
  readonly credential: "token" | "app";
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const SECRET = "CODEX_AUTH_JSON";

/**
 * An example workflow for one login: its scope, its name, its writer. Edits the text at the places the parser names, so
 * that all comments stay which still hold.
 */
export function fitWorkflow(text: string, fit: Fit): string {
  const document = parseDocument(text);
  const edits: Edit[] = [];
  const jobs = document.get("jobs");
  for (const { value: job } of isMap(jobs) ? jobs.items : []) {
    if (!isMap(job)) continue;
    const steps = job.get("steps");
    const ours = (isSeq(steps) ? steps.items : []).filter(isMap).filter(isOurStep);
    if (ours.length === 0) continue;
    const environment = pairOf(job, "environment");
    if (environment) edits.push(...fitEnvironment(text, environment, fit));
    for (const step of ours) edits.push(...fitStep(text, step, fit));
  }
  const fitted = edits
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end, text: by }) => rest.slice(0, start) + by + rest.slice(end), text);
  const named = fitted.replaceAll(`secrets.${SECRET} `, `secrets.${fit.secretName} `);
  return fit.environment === null
    ? named.replaceAll(
        '"Environments: read and write"',
        '"Secrets: read and write" and "Variables: read and write"',
      )
    : named;
}

function isOurStep(step: YAMLMap): boolean {
  const uses = step.get("uses");
  return typeof uses === "string" && /\/codex-auth-roundtrip@/.test(uses);
}

/** `environment: name`, or `environment: { name: … }`. */
function fitEnvironment(text: string, pair: Pair, { environment }: Fit): Edit[] {
  if (environment === null) return [withoutPair(text, pair)];
  const { value } = pair;
  return replaceScalar(isMap(value) ? value.get("name", true) : value, environment);
}

function fitStep(text: string, step: YAMLMap, { environment, secretName, credential }: Fit): Edit[] {
  const inputs = step.get("with");
  if (!isMap(inputs)) return [];
  const edits: Edit[] = [];
  const place = pairOf(inputs, "environment");
  if (place)
    edits.push(
      ...(environment === null ? [withoutPair(text, place)] : replaceScalar(place.value, environment)),
    );
  const secret = pairOf(inputs, "codex-auth-json");
  if (secret && secretName !== SECRET) {
    const { end, indent } = linesOf(text, secret);
    edits.push({ start: end, end, text: `${indent}secret-name: ${secretName}\n` });
  }
  const token = pairOf(inputs, "secret-write-token");
  if (token && credential === "app") {
    const { indent } = linesOf(text, token);
    const lines = [
      "# A GitHub App that may write this secret; its token is minted when it is needed, and revoked after.",
      `client-id: \${{ secrets.${APP_CLIENT_ID_SECRET} }}`,
      `private-key: \${{ secrets.${APP_PRIVATE_KEY_SECRET} }}`,
    ];
    edits.push({ ...withoutPair(text, token), text: lines.map((line) => `${indent}${line}\n`).join("") });
  }
  return edits;
}

function replaceScalar(node: unknown, by: string): Edit[] {
  if (!isScalar(node) || !node.range) return [];
  const [start, end] = node.range;
  return [{ start, end, text: stringify(by).trim() }];
}

/** The pair's lines, and the comment above, which is about it. */
function withoutPair(text: string, pair: Pair): Edit {
  let { start } = linesOf(text, pair);
  for (let above = lineBefore(text, start); above?.comment; above = lineBefore(text, start))
    start = above.start;
  return { start, end: linesOf(text, pair).end, text: "" };
}

function linesOf(text: string, { key, value }: Pair): { start: number; end: number; indent: string } {
  const keyStart = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
  const valueEnd =
    isScalar(value) || isMap(value) || isSeq(value) ? (value.range?.[1] ?? keyStart) : keyStart;
  const start = text.lastIndexOf("\n", keyStart - 1) + 1;
  // A map's range reaches to the start of what follows.
  const last = text.slice(0, valueEnd).trimEnd().length;
  const newline = text.indexOf("\n", last);
  return { start, end: newline < 0 ? text.length : newline + 1, indent: text.slice(start, keyStart) };
}

function lineBefore(text: string, start: number): { start: number; comment: boolean } | null {
  if (start === 0) return null;
  const before = text.lastIndexOf("\n", start - 2) + 1;
  return { start: before, comment: /^\s*#/.test(text.slice(before, start)) };
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}
