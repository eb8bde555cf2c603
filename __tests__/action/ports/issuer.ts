import { type Refresh, runAppServer } from "../../../simulation/models/app-server.ts";
import { authJsonOf, IssuedLogin, REFUSALS } from "../../../simulation/models/issuer.ts";
import { AuthJson } from "../../../src/core/login/auth-json.ts";
import type { CodexRefresher, RefreshRequest } from "../../../src/ports/codex.ts";
import type { FakeClock } from "./clock.ts";
import type { MemoryFiles } from "./files.ts";

type Decision =
  | "decides"
  | "unavailable"
  /** New tokens, but the refresh token stays. */
  | "renews"
  /** Rotates, and Codex leaves half a file. */
  | "spoils"
  /** Rotates, and Codex hears nothing of it. */
  | "is not heard";

/** How the log of 0.169.0 says that the issuer has refused, without its reason. */
const REFUSED = "ERROR codex_login::auth::manager: Failed to refresh token status=401 Unauthorized";

/** Codex and its issuer: rotates the one living refresh token of one login, and leaves a dead one as it is. */
export class MemoryIssuer implements CodexRefresher {
  /** Which generations were presented, oldest first. */
  readonly presented: string[] = [];
  /** Called when Codex is asked to refresh: may let time pass, or say that the issuer does not decide. */
  interfere: () => Decision = () => "decides";
  /** When Codex says why a refresh token is dead. */
  explains: "always" | "by-itself" | "never" = "always";
  /** `false`: an older Codex that refreshes only when it is told to. */
  refreshesByItself = true;
  readonly #clock: FakeClock;
  readonly #files: MemoryFiles;
  readonly #login = new IssuedLogin(refreshToken(0));
  #rotations = 0;

  constructor(clock: FakeClock, files: MemoryFiles) {
    this.#clock = clock;
    this.#files = files;
  }

  get living(): string {
    return this.#login.living;
  }

  /** Somebody else's refresh has brought another one. */
  set living(token: string) {
    this.#login.living = token;
  }

  /** The login, with an access token that is valid for so long. */
  login(validMs: number): AuthJson {
    return this.#generation(validMs);
  }

  /** Makes the next generation, as somebody's refresh does. */
  rotate(): AuthJson {
    this.#clock.advance(200);
    this.#login.present(this.living, { next: () => refreshToken(++this.#rotations), reuseEnds: false });
    return this.#generation();
  }

  async refresh({
    home,
    started,
    refreshes = "on-request",
  }: Pick<RefreshRequest, "home"> & Partial<RefreshRequest>): ReturnType<CodexRefresher["refresh"]> {
    await started?.({ pid: 4711, startedAt: "1000" });
    const path = `${home}/auth.json`;
    const { accessTokenExpiresAt } = AuthJson.parse((await this.#files.read(path)) ?? "");
    const accessTokenEndsInMs = this.refreshesByItself
      ? accessTokenExpiresAt.getTime() - this.#clock.now().getTime()
      : Number.POSITIVE_INFINITY;
    return runAppServer({ refreshes, accessTokenEndsInMs }, (why) => this.#refreshOnce(path, why));
  }

  async #refreshOnce(path: string, why: RefreshRequest["refreshes"]): Promise<Refresh> {
    const presented = AuthJson.parse((await this.#files.read(path)) ?? "").refreshToken.reveal();
    this.presented.push(presented);
    if (presented !== this.living)
      return { refused: this.explains === "always" || this.explains === why ? REFUSALS.reused : REFUSED };
    const decision = this.interfere();
    if (decision === "unavailable") return "unavailable";
    const text = (decision === "renews" ? this.#generation() : this.rotate()).whole().reveal();
    if (decision === "is not heard") return "not-heard";
    await this.#files.write(path, decision === "spoils" ? text.slice(0, 200) : text);
    return decision === "spoils" ? "spoilt" : "saved";
  }

  #generation(lifetimeMs?: number): AuthJson {
    return AuthJson.parse(
      authJsonOf({
        refreshToken: refreshToken(this.#rotations),
        jti: `CANARY-${this.#rotations}`,
        issuedAtMs: this.#clock.rightNow().getTime(),
        lifetimeMs,
      }),
    );
  }
}

function refreshToken(rotations: number): string {
  return `rt-CANARY-${rotations}`;
}
