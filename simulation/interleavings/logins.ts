import { claimName } from "../../src/core/claim/name.ts";
import type { SecretLocation } from "../../src/core/github/secret-location.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { authJsonOf } from "../models/issuer.ts";

/** When every world begins, on GitHub's clock. */
export const START_MS = Date.parse("2026-11-22T10:00:00.000Z");

/**
 * A login of a world: a family begins with a person's login and goes on with each rotation.
 *
 * ```text
 * a0  the first login    a1  its successor    a1'  the same refresh token with a newer access token    b0  a reseed
 * ```
 */
export type LoginId = string;

const logins = new Map<LoginId, AuthJson>();

/** The login of that name: the same bytes in every order, so that orders can be compared. */
export function loginOf(id: LoginId): AuthJson {
  const known = logins.get(id);
  if (known) return known;
  const login = AuthJson.parse(
    authJsonOf({
      refreshToken: `rt-${id.replace(/'+$/, "")}`,
      jti: id.replaceAll("'", "-r"),
      issuedAtMs: START_MS,
    }),
  );
  logins.set(id, login);
  return login;
}

export function idOf(login: AuthJson): LoginId {
  const token = login.refreshToken.reveal().slice("rt-".length);
  const renewals = /-r(?:-r)*$/.exec(login.accessToken.reveal())?.[0].length ?? 0;
  return token + "'".repeat(renewals / 2);
}

export function familyOf(id: LoginId): string {
  return id.slice(0, 1);
}

export function numberOf(id: LoginId): number {
  return Number.parseInt(id.slice(1), 10);
}

export function successorOf(id: LoginId): LoginId {
  return `${familyOf(id)}${numberOf(id) + 1}`;
}

const shortNames = new Map<string, string>();

/** A claim's name as people read it: `a0`, `a0_R1`. */
export function shortNameOf(name: string, place: SecretLocation): string {
  if (shortNames.size === 0)
    for (const family of ["a", "b", "c"])
      for (let number = 0; number < 12; number++)
        for (let takeover = 0; takeover <= 3; takeover++)
          shortNames.set(
            claimName(loginOf(`${family}${number}`), place, takeover),
            `${family}${number}${takeover === 0 ? "" : `_R${takeover}`}`,
          );
  return shortNames.get(name) ?? name;
}
