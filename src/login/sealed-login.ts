import { GitHubError } from "../core/failure/github-error.ts";
import type { AuthJson, Encoding } from "../core/login/auth-json.ts";
import type { PublicKey, SealedPayload } from "../ports/action.ts";
import { rescueCommand } from "./rescue-command.ts";
import type { OpenServices } from "./write-session.ts";

type Sealing = Pick<OpenServices, "session" | "box" | "place">;

/** A login as it goes into the secret, sealed once for the scope's key. */
export class SealedLogin {
  readonly #services: Sealing;
  readonly #login: { readonly login: AuthJson; readonly encoding: Encoding };
  #key: PublicKey | null;
  #payload: SealedPayload | null = null;

  constructor(
    services: Sealing,
    { key = null, ...login }: { login: AuthJson; encoding: Encoding; key?: PublicKey | null },
  ) {
    this.#services = services;
    this.#login = login;
    this.#key = key;
  }

  /** @throws {GitHubError} */
  async seal(): Promise<SealedPayload> {
    const { box, session } = this.#services;
    const { login, encoding } = this.#login;
    this.#key ??= await session.store.publicKey();
    this.#payload ??= await box.seal(login.content(encoding), this.#key);
    return this.#payload;
  }

  forgetKey(): void {
    this.#key = null;
    this.#payload = null;
  }

  /** The command that a person may run instead of us; `null` when nothing could be sealed. */
  async rescue(before: Date): Promise<string | null> {
    try {
      return rescueCommand(this.#services.place, await this.seal(), before);
    } catch (error) {
      if (error instanceof GitHubError) return null;
      throw error;
    }
  }
}
