import { parse } from "smol-toml";

/** Where Codex keeps its login, as a config.toml says. */
export type CredentialStore = "file" | "keyring" | "auto" | "ephemeral";

/**
 * @param config the text of the config.toml beside the login; `null` for none
 * @returns `null` where it does not say, and Codex goes by its default: a file, on macOS perhaps the keychain (docs/facts.md §1)
 */
export function credentialStoreIn(config: string | null): CredentialStore | null {
  try {
    const { cli_auth_credentials_store: store } = parse(config ?? "");
    return store === "file" || store === "keyring" || store === "auto" || store === "ephemeral"
      ? store
      : null;
  } catch {
    return null;
  }
}

/** Why there is no auth.json, as far as that setting tells. @returns `null` where it tells nothing */
export function whyNoFile(store: CredentialStore | null, platform: string): string | null {
  switch (store) {
    case "keyring":
      return 'Codex keeps this login in the keychain of the system (`cli_auth_credentials_store = "keyring"` in its config.toml)';
    case "auto":
      return 'Codex keeps this login in the keychain of the system where there is one (`cli_auth_credentials_store = "auto"` in its config.toml)';
    case "ephemeral":
      return 'Codex keeps this login in memory only (`cli_auth_credentials_store = "ephemeral"` in its config.toml)';
    case "file":
      return null;
    case null:
      return platform === "darwin" ? "on macOS, Codex keeps its login in the keychain since 0.144" : null;
  }
}
