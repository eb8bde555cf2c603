import { AuthJson } from "../../../src/core/login/auth-json.ts";
import type { CodexRefresher, RefreshRequest } from "../../../src/ports/action.ts";
import type { FakeClock } from "./clock.ts";
import type { MemoryFiles } from "./files.ts";

const TEN_DAYS_MS = 864_000_000;
/** An access token that ends so soon is refreshed by Codex without being asked. */
const ALMOST_OVER_MS = 300_000;

type Decision =
  | "decides"
  | "unavailable"
  /** New tokens, but the refresh token stays. */
  | "renews"
  /** Rotates, and Codex leaves half a file. */
  | "spoils"
  /** Rotates, and Codex hears nothing of it. */
  | "is not heard";

/** Codex and its issuer: rotates the one living refresh token of one login, and leaves a dead one as it is. */
export class MemoryIssuer implements CodexRefresher {
  /** Which generations were presented, oldest first. */
  readonly presented: string[] = [];
  living: string;
  /** Called when Codex is asked to refresh: may let time pass, or say that the issuer does not decide. */
  interfere: () => Decision = () => "decides";
  /** When Codex says why a refresh token is dead. */
  explains: "always" | "by-itself" | "never" = "always";
  /** `false`: an older Codex that refreshes only when it is told to. */
  refreshesByItself = true;
  readonly #clock: FakeClock;
  readonly #files: MemoryFiles;
  #rotations = 0;

  constructor(clock: FakeClock, files: MemoryFiles) {
    this.#clock = clock;
    this.#files = files;
    this.living = refreshToken(0);
  }

  /** The login, with an access token that is valid for so long. */
  login(validMs: number): AuthJson {
    return generation(0, this.#clock.rightNow(), validMs);
  }

  /** Makes the next generation, as somebody's refresh does. */
  rotate(): AuthJson {
    this.#clock.advance(200);
    this.#rotations += 1;
    this.living = refreshToken(this.#rotations);
    return generation(this.#rotations, this.#clock.rightNow(), TEN_DAYS_MS);
  }

  async refresh({
    home,
    started,
    refreshes = "on-request",
  }: Pick<RefreshRequest, "home"> & Partial<RefreshRequest>): ReturnType<CodexRefresher["refresh"]> {
    await started?.({ pid: 4711, startedAt: "1000" });
    const path = `${home}/auth.json`;
    const before = AuthJson.parse((await this.#files.read(path)) ?? "");
    const almostOver = before.accessTokenExpiresAt.getTime() - this.#clock.now().getTime() <= ALMOST_OVER_MS;
    let symptoms = { account: "present", stderr: "" } as Awaited<ReturnType<CodexRefresher["refresh"]>>;
    if (almostOver && this.refreshesByItself) symptoms = await this.#refreshOnce(path, "by-itself");
    if (refreshes === "on-request") symptoms = await this.#refreshOnce(path, "on-request");
    return symptoms;
  }

  async #refreshOnce(
    path: string,
    refreshes: RefreshRequest["refreshes"],
  ): ReturnType<CodexRefresher["refresh"]> {
    const before = AuthJson.parse((await this.#files.read(path)) ?? "");
    this.presented.push(before.refreshToken.reveal());
    if (before.refreshToken.reveal() !== this.living) {
      const explained = this.explains === "always" || this.explains === refreshes;
      return { account: "absent", stderr: explained ? "refresh_token_reused" : "" };
    }
    switch (this.interfere()) {
      case "unavailable":
        return { account: "present", stderr: "Failed to refresh token: 503" };
      case "renews": {
        const renewed = generation(this.#rotations, this.#clock.rightNow(), TEN_DAYS_MS);
        await this.#files.write(path, renewed.whole().reveal());
        return { account: "present", stderr: "" };
      }
      case "spoils":
        await this.#files.write(path, this.rotate().whole().reveal().slice(0, 200));
        return { account: "error", stderr: "" };
      case "is not heard":
        this.rotate();
        return { account: "late-error", stderr: "" };
      case "decides":
        await this.#files.write(path, this.rotate().whole().reveal());
        return { account: "present", stderr: "" };
    }
  }
}

function refreshToken(generation: number): string {
  return `rt-CANARY-${generation}`;
}

function generation(generation: number, now: Date, validMs: number): AuthJson {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = { iat: seconds, exp: seconds + validMs / 1000, jti: `CANARY-${generation}` };
  const jwt = ["{}", JSON.stringify(claims), "signature"].map((part) =>
    Buffer.from(part).toString("base64url"),
  );
  return AuthJson.parse(
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
