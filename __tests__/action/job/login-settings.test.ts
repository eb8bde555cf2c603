import { beforeEach, expect, test } from "@jest/globals";
import { refuseForbiddenLogin } from "../../../src/action/job/login-settings.ts";
import { MemoryFiles, systemError } from "../ports/files.ts";

const HOME = "/base/home";
const OWN = `${HOME}/config.toml`;
const MANAGED = "/etc/codex/managed_config.toml";
const SYSTEM = "/etc/codex/config.toml";

let files: MemoryFiles;
beforeEach(() => {
  files = new MemoryFiles();
});

const look = () => refuseForbiddenLogin(files, { home: HOME, login: { accountId: "account-1" } });

async function write(configs: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(configs)) await files.write(path, text);
}

test.each<[string, string, string]>([
  ["a method", SYSTEM, 'forced_login_method = "api"'],
  ["a method", OWN, 'forced_login_method = "api"'],
  ["a method", MANAGED, 'forced_login_method = "api"'],
  ["another account", OWN, 'forced_chatgpt_workspace_id = "account-2"'],
  ["other accounts", SYSTEM, 'forced_chatgpt_workspace_id = ["account-2","account-3"]'],
  ["a keychain", MANAGED, 'cli_auth_credentials_store = "keyring"'],
])("a setting that forces %s is named with its file: %s: %s", async (_, path, setting) => {
  await write({ [path]: setting });

  await expect(look()).rejects.toMatchObject({
    code: "login-forbidden",
    message: expect.stringContaining(`does not allow this login: \`${setting}\` in \`${path}\`.`),
    hint: expect.stringMatching(/^Change that setting/),
  });
});

test.each<[string, Record<string, string>]>([
  ["there is no config.toml", {}],
  ["none says anything of logins", { [OWN]: 'model = "x"', [SYSTEM]: "", [MANAGED]: "" }],
  ["the login is allowed", { [SYSTEM]: 'forced_login_method = "chatgpt"' }],
  ["the account is allowed", { [OWN]: 'forced_chatgpt_workspace_id = ["account-1", "account-2"]' }],
  ["our flag wins over a keychain", { [OWN]: 'cli_auth_credentials_store = "keyring"' }],
  ["our flag wins over the machine's", { [SYSTEM]: 'cli_auth_credentials_store = "keyring"' }],
  [
    "our flag wins beside a rule that allows",
    { [OWN]: 'forced_login_method = "chatgpt"\ncli_auth_credentials_store = "keyring"' },
  ],
  ["one is no TOML, which Codex says itself", { [OWN]: "forced_ = = 1" }],
])("nothing is refused where %s", async (_, configs) => {
  await write(configs);

  await expect(look()).resolves.toBeUndefined();
});

test("the first file that says something of it decides: managed, then the home's, then the machine's", async () => {
  const [allows, forbids] = ['forced_login_method = "chatgpt"', 'forced_login_method = "api"'];

  await write({ [MANAGED]: allows, [OWN]: forbids, [SYSTEM]: forbids });
  await expect(look()).resolves.toBeUndefined();

  await write({ [MANAGED]: "", [OWN]: allows });
  await expect(look()).resolves.toBeUndefined();

  await write({ [OWN]: "forced_ = = 1" });
  await expect(look()).rejects.toMatchObject({ message: expect.stringContaining(`in \`${SYSTEM}\``) });
});

test("a file that cannot be read does not hide what another says", async () => {
  await write({ [SYSTEM]: 'forced_login_method = "api"' });
  files.interfere = (_, path) => {
    if (path !== SYSTEM) throw systemError("EACCES");
  };

  await expect(look()).rejects.toMatchObject({ code: "login-forbidden" });
});
