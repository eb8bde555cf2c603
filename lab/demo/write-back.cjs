// `gh secret set CODEX_AUTH_JSON < ~/.codex/auth.json`, for a machine that has no gh. With an argument: `--env NAME`.
const { readFileSync } = require("node:fs");
const sodium = require("libsodium-wrappers");

const [, , environment] = process.argv;
const place = environment ? `environments/${environment}` : "actions";
const { GITHUB_API_URL, GITHUB_REPOSITORY, GH_TOKEN, HOME } = process.env;

async function api(method, path, body) {
  const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/${place}/secrets/${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${GH_TOKEN}`,
      "user-agent": "write-back",
      "x-github-api-version": "2022-11-28",
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status} (${method} ${path})`);
  return response.status === 200 ? response.json() : undefined;
}

async function writeBack() {
  const document = readFileSync(`${HOME}/.codex/auth.json`);
  const { key, key_id } = await api("GET", "public-key");
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(document, Buffer.from(key, "base64"));
  const encrypted_value = Buffer.from(sealed).toString("base64");
  await api("PUT", "CODEX_AUTH_JSON", { encrypted_value, key_id });
}

writeBack().catch((error) => {
  console.error(`failed to set secret: ${error.message}`);
  process.exitCode = 1;
});
