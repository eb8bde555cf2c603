import { isLoopbackUrl } from "../core/environment/loopback.ts";
import { Failure } from "../core/failure/failure.ts";
import { isSecretName } from "../core/github/secret-name.ts";

/** @throws {Failure} `input-invalid` */
export function parseRepository(text: string): { owner: string; repository: string } {
  const match = /^([A-Za-z0-9][\w.-]*)\/([\w.-]+)$/.exec(text);
  if (!match || match[2] === "." || match[2] === "..") {
    throw new Failure("input-invalid", "`--repo` is not OWNER/REPOSITORY.", "For example: --repo octo/app");
  }
  return { owner: match[1] ?? "", repository: match[2] ?? "" };
}

/** @throws {Failure} `input-invalid` */
export function parseSecretName(text: string): string {
  if (isSecretName(text)) return text;
  throw new Failure(
    "input-invalid",
    "`--secret-name` is not a secret's name.",
    "Use letters, digits and underscores; it must not begin with a digit or with GITHUB_.",
  );
}

/** @throws {Failure} `input-invalid`: a token must not travel to another machine in clear */
export function parseApiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopbackUrl(text)))
    return text.replace(/\/+$/, "");
  throw url === null
    ? new Failure(
        "input-invalid",
        "`--api-url` is not a URL.",
        "For example: --api-url https://api.github.com",
      )
    : new Failure(
        "input-invalid",
        "`--api-url` is not an https address.",
        "Your token would be sent in clear.",
      );
}
