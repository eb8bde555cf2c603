import { join } from "node:path";
import { Failure } from "../core/failure/failure.ts";
import { AuthJson } from "../core/login/auth-json.ts";
import type { DeviceLogin } from "../ports/codex.ts";
import { authPath, loginDirectory } from "./home-layout.ts";
import { maskTokens } from "./read-login.ts";
import type { Services } from "./services.ts";

/**
 * Lets a person log in, from a link and a one-time code in the log. In a fresh home: in any other, Codex would first
 * revoke the login that is there.
 *
 * @throws {Failure} `reseed-failed`, `cancelled`
 */
export async function logInAgain(
  services: Pick<Services, "files" | "randomness" | "log" | "cancellation" | "base" | "environment"> & {
    readonly deviceLogin: () => Promise<DeviceLogin>;
  },
): Promise<AuthJson> {
  const { files, randomness, log, cancellation, base, environment } = services;
  const home = join(loginDirectory(base), `reseed-${Buffer.from(randomness.bytes(6)).toString("hex")}`);
  const codex = await services.deviceLogin();
  await files.makePrivateDirectory(loginDirectory(base));
  await files.makePrivateDirectory(home);
  try {
    log.info("Somebody must log in now. Do so within 15 minutes; cancel the run to give up.");
    const output = (line: string): void => log.info(line);
    const { exitCode } = await codex.run({ home, environment, output, cancellation });
    if (cancellation.requested())
      throw new Failure("cancelled", "The job was cancelled before anybody had logged in.", "Run it again.");
    const text = await files.read(authPath(home));
    if (exitCode !== 0 || text === null)
      throw new Failure(
        "reseed-failed",
        "Nobody has logged in: the one-time code was not used, or Codex says above what went wrong. The secret is as it was.",
        "Start a new run and use its code within 15 minutes. Device logins must be allowed in the account's or the workspace's security settings at ChatGPT.",
      );
    const login = readFresh(text);
    maskTokens(login, log);
    log.info(`Logged in: login ${login.generation}.`);
    return login;
  } finally {
    await files.remove(home);
  }
}

function readFresh(text: string): AuthJson {
  try {
    return AuthJson.parse(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure("reseed-failed", `Codex left an unusable login: ${error.message}`, error.hint, {
      cause: error,
    });
  }
}
