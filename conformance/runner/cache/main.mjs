// The cache service, version 2, without a client library: what it answers is the fact.
import { createHash } from "node:crypto";

const PREFIX = "codex-conformance/";
const SERVICE = "twirp/github.actions.results.api.v1.CacheService/";
const version = createHash("sha256").update("codex-conformance").digest("hex");
const { ACTIONS_RESULTS_URL: root, ACTIONS_RUNTIME_TOKEN: token } = process.env;

for (const line of (process.env.INPUT_DO ?? "").split("\n").filter((text) => text.trim() !== "")) {
  const [what, name, content = ""] = line.trim().split(" ");
  const key = PREFIX + name;
  try {
    const seen = what === "save" ? await save(key, content) : await find(key, what === "find-prefix");
    say({ what, name, ...seen });
  } catch (error) {
    say({ what, name, failed: error.message });
  }
}

async function save(key, content) {
  const bytes = Buffer.from(content);
  const created = await call("CreateCacheEntry", { key, version });
  if (created.status !== 200 || !created.body.ok)
    return {
      saved: false,
      status: created.status,
      said: String(created.body.msg ?? created.body.message ?? ""),
    };
  const upload = await fetch(created.body.signed_upload_url ?? created.body.signedUploadUrl, {
    method: "PUT",
    headers: { "x-ms-blob-type": "BlockBlob", "content-type": "application/octet-stream" },
    body: bytes,
    signal: AbortSignal.timeout(30_000),
  });
  if (!upload.ok) throw new Error(`upload: ${upload.status}`);
  const ended = await call("FinalizeCacheEntryUpload", { key, version, size_bytes: String(bytes.length) });
  return { saved: ended.status === 200 && ended.body.ok === true, status: ended.status };
}

async function find(key, asPrefix) {
  // A key that nobody has: only the restore keys can match.
  const asked = asPrefix ? { key: `${key}none`, restore_keys: [key] } : { key, restore_keys: [] };
  const { status, body } = await call("GetCacheEntryDownloadURL", { ...asked, version });
  if (status !== 200 || !body.ok) return { found: null, status };
  const answer = await fetch(body.signed_download_url ?? body.signedDownloadUrl, {
    signal: AbortSignal.timeout(30_000),
  });
  const matched = String(body.matched_key ?? body.matchedKey).slice(PREFIX.length);
  return { found: await answer.text(), matched, status };
}

async function call(method, message) {
  const answer = await fetch(`${root}${SERVICE}${method}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "codex-conformance",
    },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  try {
    return { status: answer.status, body: JSON.parse(text) };
  } catch {
    return { status: answer.status, body: {} };
  }
}

function say(what) {
  console.log(`conformance: ${JSON.stringify({ probe: "cache", ...what })}`);
}
