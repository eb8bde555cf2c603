import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import type { LabResponse } from "../loopback-server.ts";

/** No vowels and nothing that looks like something else. */
const USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

interface DeviceLogin {
  readonly deviceAuthId: string;
  readonly userCode: string;
  /** Set when a person has approved it. */
  approved?: { readonly account: string | undefined; readonly code: string; readonly verifier: string };
}

/** The device login's two endpoints, and the person with the browser. */
export class DeviceLogins {
  readonly #logins = new Map<string, DeviceLogin>();

  get pendingCodes(): string[] {
    return [...this.#logins.values()].filter((login) => !login.approved).map((login) => login.userCode);
  }

  /** `POST /api/accounts/deviceauth/usercode` */
  begin(): LabResponse {
    const login: DeviceLogin = { deviceAuthId: `deviceauth_${randomUUID()}`, userCode: userCode() };
    this.#logins.set(login.userCode, login);
    return {
      status: 200,
      body: { device_auth_id: login.deviceAuthId, user_code: login.userCode, interval: "1" },
    };
  }

  /** `POST /api/accounts/deviceauth/token`: 403 as long as nobody has approved. */
  poll(body: { device_auth_id?: string; user_code?: string }): LabResponse {
    const login = this.#logins.get(body.user_code ?? "");
    if (!login || login.deviceAuthId !== body.device_auth_id)
      return { status: 404, body: { error: "not_found" } };
    if (!login.approved) return { status: 403, body: { error: "authorization_pending" } };
    const { code, verifier } = login.approved;
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    return {
      status: 200,
      body: { authorization_code: code, code_challenge: challenge, code_verifier: verifier },
    };
  }

  approve(code: string, account: string | undefined): void {
    const login = this.#logins.get(code);
    if (!login || login.approved) throw new Error(`lab: nobody waits for the code ${code}`);
    login.approved = {
      account,
      code: `ac_${randomBytes(24).toString("base64url")}`,
      verifier: randomBytes(32).toString("base64url"),
    };
  }

  /** Redeems an authorization code, once. @returns `undefined` when code and verifier belong to no approved login. */
  redeem(form: URLSearchParams): { account: string | undefined } | undefined {
    for (const [key, { approved }] of this.#logins) {
      if (!approved || approved.code !== form.get("code")) continue;
      if (approved.verifier !== form.get("code_verifier")) return undefined;
      this.#logins.delete(key);
      return { account: approved.account };
    }
    return undefined;
  }
}

function userCode(): string {
  const letters = Array.from(
    { length: 9 },
    () => USER_CODE_LETTERS[randomInt(USER_CODE_LETTERS.length)],
  ).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
