import { type Document, isMap, isScalar, isSeq, parseDocument, visit, type YAMLMap } from "yaml";
import { APP_CLIENT_ID_SECRET, APP_PRIVATE_KEY_SECRET } from "../write-credential-source.ts";

/** What an example must be made to fit. */
export interface Fit {
  /** `null`: a repository secret. */
  readonly environment: string | null;
  readonly secretName: string;
  readonly credential: "token" | "app";
}

const SECRET = "CODEX_AUTH_JSON";
/** What the examples say of a write token for an environment's secret. */
const NEEDED_PERMISSIONS =
  /"Environments: read and write"(, and "Secrets: read and write"\s+for the access copy)?/;

/** An example workflow for one login: its scope, its name, its credential. A comment goes with what it is about. */
export function fitWorkflow(text: string, fit: Fit): string {
  const document = parseDocument(text);
  for (const job of mapsIn(document.get("jobs"))) {
    const ours = mapsIn(job.get("steps")).filter(isOurStep);
    if (ours.length === 0) continue;
    setEnvironment(job, fit);
    for (const inputs of ours.map((step) => step.get("with")).filter(isMap)) fitInputs(document, inputs, fit);
  }
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === "string")
        node.value = node.value.replaceAll(`secrets.${SECRET} `, `secrets.${fit.secretName} `);
      if (fit.environment === null && node.commentBefore)
        node.commentBefore = node.commentBefore.replace(
          NEEDED_PERMISSIONS,
          '"Secrets: read and write" and "Variables: read and write"',
        );
    },
  });
  return document.toString({ lineWidth: 0 });
}

function isOurStep(step: YAMLMap): boolean {
  const uses = step.get("uses");
  return typeof uses === "string" && /\/codex-auth-roundtrip@/.test(uses);
}

/** `environment: name`, or `environment: { name: … }`; of a job, or among our inputs. */
function setEnvironment(map: YAMLMap, { environment }: Fit): void {
  const present = map.get("environment");
  if (environment === null) map.delete("environment");
  else if (isMap(present)) present.set("name", environment);
  else if (present !== undefined) map.set("environment", environment);
}

function fitInputs(document: Document, inputs: YAMLMap, fit: Fit): void {
  setEnvironment(inputs, fit);
  const indexOf = (name: string): number =>
    inputs.items.findIndex(({ key }) => isScalar(key) && key.value === name);
  const login = indexOf("codex-auth-json");
  // A Codex job reads a copy, and writes nothing.
  const isCodexJob = inputs.get("refresh") === "never" && inputs.get("refresh-token") !== "present";
  if (login >= 0 && fit.secretName !== SECRET && !isCodexJob)
    inputs.items.splice(login + 1, 0, document.createPair("secret-name", fit.secretName));
  const token = indexOf("secret-write-token");
  if (token >= 0 && fit.credential === "app") {
    const clientId = document.createNode("client-id");
    clientId.commentBefore =
      " A GitHub App that may write this secret; its token is made when it is needed, and revoked afterwards.";
    inputs.items.splice(
      token,
      1,
      document.createPair(clientId, `\${{ secrets.${APP_CLIENT_ID_SECRET} }}`),
      document.createPair("private-key", `\${{ secrets.${APP_PRIVATE_KEY_SECRET} }}`),
    );
  }
}

/** The maps among the values of a map, or the items of a list. */
function mapsIn(node: unknown): readonly YAMLMap[] {
  const values = isMap(node) ? node.items.map(({ value }) => value) : isSeq(node) ? node.items : [];
  return values.filter(isMap);
}
