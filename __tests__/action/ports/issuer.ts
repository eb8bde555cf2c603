import { Document } from "../../../src/core/document.ts";
import type { CodexRefresher } from "../../../src/ports.ts";
import type { FakeClock } from "./clock.ts";
import type { MemoryFiles } from "./files.ts";

const TEN_DAYS_MS = 864_000_000;

/** Codex and its issuer: rotates the one living refresh token of one login, and leaves a dead one as it is. */
export class MemoryIssuer implements CodexRefresher {
  /** Which generations were presented, oldest first. */
  readonly presented: string[] = [];
  living: string;
  /** Called when Codex is asked to refresh: may let time pass, or say that the issuer does not decide. */
  interfere: () => "decides" | "unavailable" = () => "decides";
  readonly #clock: FakeClock;
  readonly #files: MemoryFiles;
  #rotations = 0;

  constructor(clock: FakeClock, files: MemoryFiles) {
    this.#clock = clock;
    this.#files = files;
    this.living = refreshToken(0);
  }

  /** The login, with an access token that is valid for so long. */
  login(validMs: number): Document {
    return document(0, this.#clock.now(), validMs);
  }

  async refresh({ home }: { home: string }): ReturnType<CodexRefresher["refresh"]> {
    const before = Document.parse((await this.#files.read(`${home}/auth.json`)) ?? "");
    this.presented.push(before.refreshToken.reveal());
    if (before.refreshToken.reveal() !== this.living)
      return { account: "absent", words: "refresh_token_reused" };
    if (this.interfere() === "unavailable")
      return { account: "present", words: "Failed to refresh token: 503" };
    this.#clock.advance(200);
    this.#rotations += 1;
    this.living = refreshToken(this.#rotations);
    const after = document(this.#rotations, this.#clock.now(), TEN_DAYS_MS);
    await this.#files.write(`${home}/auth.json`, after.whole().reveal());
    return { account: "present", words: "" };
  }
}

function refreshToken(generation: number): string {
  return `rt-CANARY-${generation}`;
}

function document(generation: number, now: Date, validMs: number): Document {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = { iat: seconds, exp: seconds + validMs / 1000, jti: `CANARY-${generation}` };
  const jwt = ["{}", JSON.stringify(claims), "signature"].map((part) =>
    Buffer.from(part).toString("base64url"),
  );
  return Document.parse(
    JSON.stringify({
      auth_mode: "chatgpt",
      OPENAI_API_KEY: null,
      tokens: {
        id_token: `${jwt[0]}.id-CANARY.${jwt[2]}`,
        access_token: jwt.join("."),
        refresh_token: refreshToken(generation),
        account_id: "account-1",
      },
      last_refresh: now.toISOString(),
    }),
  );
}
