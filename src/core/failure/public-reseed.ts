import { LOGIN_AGAIN } from "../login/secret-text.ts";
import { Failure } from "./failure.ts";

/** Nothing overrides this: whoever reads the log could log in with the code, as themselves. */
export function refusePublicReseed(): never {
  throw new Failure(
    "public-repository",
    "`reseed: true` prints a one-time code into the log, and everybody reads the log of a public repository.",
    `${LOGIN_AGAIN} Do that on a machine of your own.`,
  );
}
