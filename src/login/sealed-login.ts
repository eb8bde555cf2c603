import type { AuthJson } from "../core/login/auth-json.ts";
import type { PublicKey, SealedPayload } from "../ports/secrets.ts";
import { rescueCommand } from "./rescue-command.ts";
import { unlessGitHubFails } from "./retry.ts";
import type { OpenServices } from "./write-session.ts";

type Sealing = Pick<OpenServices, "session" | "box" | "place" | "handed">;

/** A login as it goes into the secret, sealed once for the scope's key. */
export class SealedLogin {
  readonly #services: Sealing;
  readonly #login: AuthJson;
  #key: PublicKey | null;
  #payload: SealedPayload | null = null;
  #timesForgotten = 0;

  constructor(services: Sealing, { key = null, login }: { login: AuthJson; key?: PublicKey | null }) {
    this.#services = services;
    this.#login = login;
    this.#key = key;
  }

  /** @throws {GitHubError} */
  async seal(): Promise<SealedPayload> {
    const { box, session, handed } = this.#services;
    if (this.#payload !== null) return this.#payload;
    const key = this.#key ?? (await session.store.publicKey());
    const payload = await box.seal(this.#login.content(handed.encoding), key);
    // One that seals nothing is asked for again.
    this.#key = key;
    this.#payload = payload;
    return payload;
  }

  /** GitHub may have replaced the key: the next seal asks for it. */
  forgetKey(): "first-time" | "again" {
    this.#key = null;
    this.#payload = null;
    this.#timesForgotten += 1;
    return this.#timesForgotten === 1 ? "first-time" : "again";
  }

  /** The command that a person may run instead of us; `null` when nothing could be sealed. */
  rescue(before: Date): Promise<string | null> {
    const command = async (): Promise<string> =>
      rescueCommand(this.#services.place, await this.seal(), before);
    return unlessGitHubFails(command, () => null);
  }
}
