import type { LabClock } from "../clock.ts";
import { type Answer, type LabRequest, type LabResponse, LoopbackServer } from "../loopback-server.ts";
import { Connector } from "./connector.ts";
import { DeviceLogins } from "./device-login.ts";
import { Issuer, type Login, type LoginOptions, type RefreshRecord, tokenAnswer } from "./issuer.ts";
import { eventStream, type ModelItem, type ModelTurn, modelTurn, sayOk } from "./responses.ts";

export {
  type Connector,
  type ConnectorCall,
  type ConnectorConnection,
  MAIL,
  USE_CONNECTED_APPS,
} from "./connector.ts";
export type { Login, LoginOptions, RefreshOutcome, RefreshRecord } from "./issuer.ts";
export { REFUSALS, usageHeaders, usageLimitReached } from "./refusals.ts";
export type { ModelItem, ModelTurn } from "./responses.ts";

const NOT_FOUND: LabResponse = { status: 404, body: { detail: "Not Found" } };
const UNAUTHORIZED: LabResponse = {
  status: 401,
  body: {
    error: {
      message: "Provided authentication token is expired or revoked. Please try signing in again.",
      type: "invalid_request_error",
      code: "token_expired",
      param: null,
    },
  },
};

/** auth.openai.com and chatgpt.com in one server: the issuer, the device login and the model. */
export class OpenAI {
  readonly server: LoopbackServer;
  /** What the model answers; may be replaced at any time. */
  model: (input: ModelTurn) => ModelItem[] = sayOk;
  /** What every turn is answered with instead of the model's words, whoever asks. */
  refusal: LabResponse | null = null;
  /** Headers beside the model's words: what of the plan's limits is used. */
  modelHeaders: Readonly<Record<string, string>> = {};
  /** The apps that the account has connected. */
  readonly connector = new Connector();
  /** What the account has used of its plan; may be replaced at any time. */
  usage: object = {
    plan_type: "pro",
    rate_limit: {
      allowed: true,
      limit_reached: false,
      primary_window: usageWindow(12, 5 * 3600, "2026-12-01T10:00:00Z"),
      secondary_window: usageWindow(34, 7 * 86_400, "2026-12-05T00:00:00Z"),
    },
  };
  readonly #issuer: Issuer;
  readonly #deviceLogins = new DeviceLogins();
  #responses = 0;

  private constructor(server: LoopbackServer, issuer: Issuer) {
    this.server = server;
    this.#issuer = issuer;
  }

  static async start(clock: LabClock): Promise<OpenAI> {
    const answer = (request: LabRequest): Answer => openai.#answer(request);
    const issuer = new Issuer(clock, () => openai.server.url);
    const openai: OpenAI = new OpenAI(await LoopbackServer.start(answer, clock), issuer);
    return openai;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  /** Seconds; of access tokens issued from now on. Ten days, as the real ones. */
  get accessTokenLifetimeSeconds(): number {
    return this.#issuer.accessTokenLifetimeSeconds;
  }

  set accessTokenLifetimeSeconds(seconds: number) {
    this.#issuer.accessTokenLifetimeSeconds = seconds;
  }

  /** A person signs in: the document that `codex login` leaves. The same account twice makes two independent logins. */
  login(options?: LoginOptions): Login {
    return this.#issuer.login(options);
  }

  /**
   * The same generation at another age: the access token expires `seconds` from now and, like `last_refresh`, is from
   * one lifetime before that. The refresh token stays (withheld if it was).
   */
  withAccessTokenExpiringIn(document: string, seconds: number): string {
    return this.#issuer.withAccessTokenExpiringIn(document, seconds);
  }

  /** Every login of the account is over: 401 from the model, `refresh_token_invalidated` from the issuer. */
  revoke(account: string): void {
    this.#issuer.revoke(account);
  }

  /** From now on `refresh_token_expired`; access tokens live on. */
  expireRefreshTokens(account: string): void {
    this.#issuer.expireRefreshTokens(account);
  }

  /** The model answers 401 to older access tokens, whatever their `exp` says. */
  rejectAccessTokensIssuedBefore(date: Date): void {
    this.#issuer.rejectAccessTokensIssuedBefore(date);
  }

  /** Takes {@link rejectAccessTokensIssuedBefore} back. */
  acceptAccessTokens(): void {
    this.#issuer.acceptAccessTokens();
  }

  /** Every refresh the issuer decided, oldest first; what an interceptor kept from it is not among them. */
  get refreshes(): readonly RefreshRecord[] {
    return this.#issuer.refreshes;
  }

  /** How many refreshes were answered `refresh_token_reused`. One `codex exec` on a stale copy asks several times. */
  get reuses(): number {
    return this.refreshes.filter((refresh) => refresh.outcome === "reused").length;
  }

  /** @returns 0 for the login itself, n for what n rotations made of it, `undefined` for a token never issued. */
  generationOf(refreshToken: string): number | undefined {
    return this.#issuer.generationOf(refreshToken);
  }

  /** The one refresh token of the account's newest login that still works: who does not hold it has lost the login. */
  livingRefreshToken(account: string): string {
    return this.#issuer.livingRefreshToken(account);
  }

  /** Every token value ever issued, of all three kinds; each contains `CANARY`. */
  get issuedTokens(): readonly string[] {
    return this.#issuer.issued;
  }

  /** How many requests the model has answered, refusals not counted. */
  get responses(): number {
    return this.#responses;
  }

  /** User codes that wait for a person. */
  get pendingDeviceCodes(): string[] {
    return this.#deviceLogins.pendingCodes;
  }

  /** The person enters the code and signs in, as `account` or as somebody new. Codex polls once a second. */
  approveDeviceLogin(userCode: string, account?: string): void {
    this.#deviceLogins.approve(userCode, account);
  }

  #answer(request: LabRequest): Answer {
    switch (`${request.method} ${request.path}`) {
      case "POST /oauth/token":
        return this.#token(request);
      case "POST /oauth/revoke":
        this.#issuer.revokeToken(json<{ token?: string }>(request).token ?? "");
        return { status: 200, body: {} };
      case "POST /api/accounts/deviceauth/usercode":
        return this.#deviceLogins.begin();
      case "POST /api/accounts/deviceauth/token":
        return this.#deviceLogins.poll(json(request));
      default:
        return request.path.startsWith("/backend-api/") ? this.#backend(request) : NOT_FOUND;
    }
  }

  #token(request: LabRequest): LabResponse {
    if (request.headers["content-type"]?.startsWith("application/json")) {
      const grant = json<{ grant_type?: string; refresh_token?: string; refresh_reason?: string }>(request);
      return grant.grant_type === "refresh_token"
        ? this.#issuer.refresh(request, grant.refresh_token ?? "", grant.refresh_reason)
        : unsupportedGrant(grant.grant_type);
    }
    const form = new URLSearchParams(request.body.toString("utf8"));
    if (form.get("grant_type") !== "authorization_code") return unsupportedGrant(form.get("grant_type"));
    const login = this.#deviceLogins.redeem(form);
    if (!login) return { status: 400, body: { error: "invalid_grant" } };
    return { status: 200, body: tokenAnswer(this.#issuer.newSession(login)) };
  }

  #backend(request: LabRequest): LabResponse {
    if (request.path === "/backend-api/ps/mcp") return this.connector.answer(request);
    const identity = this.#issuer.bearer(request.headers.authorization);
    if (!identity) return UNAUTHORIZED;
    const { account } = identity;
    switch (`${request.method} ${request.path.slice("/backend-api".length)}`) {
      case "POST /codex/responses": {
        if (this.refusal !== null) return this.refusal;
        const items = this.model(modelTurn(request.body, account));
        this.#responses += 1;
        const answer = eventStream(items);
        return { ...answer, headers: { ...answer.headers, ...this.modelHeaders } };
      }
      case "GET /codex/models":
        return { status: 200, body: { models: [] } };
      case "GET /wham/accounts/check":
        return { status: 200, body: accountsCheck(account) };
      case "GET /wham/usage":
        return { status: 200, body: this.usage };
      // What Codex asks beside its work when its features are as it finds them: this account has nothing there.
      case "GET /ps/plugins/installed":
        return { status: 200, body: { plugins: [], pagination: { next_page_token: null } } };
      case "GET /ps/plugins/suggested/codex":
        return { status: 200, body: { enabled: true, plugins: [] } };
      case "GET /wham/settings/user":
        return { status: 200, body: {} };
      default:
        return NOT_FOUND;
    }
  }
}

/** As Codex 0.169.0 reads it (`account/rateLimits/read`). [ran, 2026-11] */
function usageWindow(usedPercent: number, seconds: number, resetsAt: string): object {
  const at = Date.parse(resetsAt) / 1000;
  return {
    used_percent: usedPercent,
    limit_window_seconds: seconds,
    reset_after_seconds: 3600,
    reset_at: at,
  };
}

function accountsCheck(account: string): object {
  return {
    accounts: [
      {
        id: account,
        plan_type: "pro",
        workspace_backend_origin: "NO_CONSTRAINT",
        account_routing_override: "NO_CONSTRAINT",
      },
    ],
    account_ordering: [account],
    default_account_id: account,
  };
}

function unsupportedGrant(grant: string | null | undefined): LabResponse {
  return { status: 400, body: { error: "unsupported_grant_type", error_description: String(grant) } };
}

function json<T>(request: LabRequest): T {
  return JSON.parse(request.body.toString("utf8")) as T;
}
