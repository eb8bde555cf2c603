import { Failure } from "../../core/failure/failure.ts";
import { GitHubError } from "../../core/failure/github-error.ts";
import { explainSecretError } from "../../core/failure/secret-error.ts";
import { Secret } from "../../core/login/secret.ts";
import { proveWritable } from "../../login/prove-write.ts";
import type { WriteSession } from "../../ports/secrets.ts";
import { logTo } from "../reporter-log.ts";
import {
  APP_CLIENT_ID_SECRET,
  APP_PRIVATE_KEY_SECRET,
  describeWritePermission,
  WRITE_TOKEN_SECRET,
  type WriteCredentialSource,
} from "../write-credential-source.ts";
import type { Seeding } from "./seed-request.ts";
import { storeSecret } from "./store-login.ts";

/**
 * @returns `null` for none: it is there already, or is stored some other time, which nobody decides without knowing what
 *   follows
 */
export async function chooseWriteCredential(seeding: Seeding): Promise<WriteCredentialSource | null> {
  const {
    services: { reporter },
    request: { writeCredential, dryRun, copies },
    place,
  } = seeding;
  if (writeCredential !== null && writeCredential !== "ask") return writeCredential;
  if (!reporter.asks || dryRun) {
    if (dryRun) return null;
    if (writeCredential === null) {
      if (!(await keepsStored(seeding))) reporter.warn(WITHOUT_WRITE_TOKEN);
      return null;
    }
    throw new Failure(
      "write-token-missing",
      `\`--write-token\` found no token: the variable ${WRITE_TOKEN_SECRET} is not set, and there is no terminal to ask at.`,
      `Set ${WRITE_TOKEN_SECRET} in the environment; a token must not be passed as an argument.`,
    );
  }
  const token = `a fine-grained token for this repository with "${describeWritePermission(place, copies)}"`;
  const question = `Jobs need a write token: ${token}. Do you have one to store now?`;
  if (writeCredential !== "ask" && !(await reporter.confirm(question))) {
    if (!(await keepsStored(seeding))) reporter.warn(WITHOUT_WRITE_TOKEN);
    return null;
  }
  for (;;) {
    const pasted = await reporter.askSecret(`Paste the write token, ${token} (it is not shown)`);
    if (!pasted.isEmpty) return { kind: "token", token: pasted };
    const isStored = await keepsStored(seeding);
    reporter.warn(isStored ? "Nothing was pasted." : `Nothing was pasted. ${WITHOUT_WRITE_TOKEN}`);
    const goOn = isStored ? "Keep the stored one?" : "Go on without a write token?";
    if (await reporter.confirm(goOn, isStored ? "yes" : "no")) return null;
  }
}

const WITHOUT_WRITE_TOKEN =
  "Without a write token no job can refresh this login: it stops working when its access token ends, in about ten days at most. The last lines below show how to store one later.";

/** Whether jobs have a write token or an App from an earlier seed, which then stays; that is said. */
async function keepsStored({ administration, services: { reporter }, place }: Seeding): Promise<boolean> {
  // A job in an environment reads the repository's secrets as well.
  for (const environment of new Set([place.environment, null])) {
    const secrets = administration.secrets({ ...place, environment });
    for (const name of [WRITE_TOKEN_SECRET, APP_CLIENT_ID_SECRET]) {
      if ((await secrets.metadata(name)) === null) continue;
      reporter.say(`${name} is stored there already, and stays.`);
      return true;
    }
  }
  return false;
}

/** A person is not asked to log in for a login that cannot be stored. */
export async function proveOwnToken(seeding: Seeding): Promise<void> {
  const { administration, services, place } = seeding;
  services.reporter.say("Checking that your token can write there.");
  await prove(seeding, { store: administration.secrets(place), variables: administration.variables(place) });
}

/** A write token or App that cannot write is found out now, not in the first week. */
export async function proveWriteCredential(seeding: Seeding, source: WriteCredentialSource): Promise<void> {
  const { github, services, place } = seeding;
  services.reporter.say(`Checking that the ${nameOf(source)} can write there.`);
  try {
    const session = await github.writeCredential(source, place).open();
    try {
      await prove(seeding, session);
    } finally {
      await session.close();
    }
  } catch (error) {
    throw explainToSeeder(seeding, source, error);
  }
}

/** A refusal of the jobs' credential is not one of the person's own token. */
function explainToSeeder(
  { place, request }: Seeding,
  source: WriteCredentialSource,
  error: unknown,
): unknown {
  if (!(error instanceof GitHubError)) return error;
  const failure = explainSecretError(error, { place, credential: source.kind, workedEarlier: false });
  // Trouble at GitHub is the same for every token.
  if (!failure.code.startsWith("write-token-")) return error;
  if (source.kind === "app") return failure;
  const needed = describeWritePermission(place, request.copies);
  return new Failure(
    failure.code,
    failure.message,
    `The write token is not the token that you administer with. It needs access to ${place.owner}/${place.repository}, and "${needed}". Then run the command again.`,
    { cause: error },
  );
}

function prove(
  { services, place }: Seeding,
  session: Pick<WriteSession, "store" | "variables">,
): Promise<void> {
  const { reporter, box, clock } = services;
  return proveWritable({ session, box, clock, log: logTo(reporter), place });
}

export async function storeWriteCredential(seeding: Seeding, source: WriteCredentialSource): Promise<void> {
  const secrets: readonly (readonly [string, Secret])[] =
    source.kind === "token"
      ? [[WRITE_TOKEN_SECRET, source.token]]
      : [
          [APP_CLIENT_ID_SECRET, new Secret(source.clientId)],
          [APP_PRIVATE_KEY_SECRET, source.privateKey],
        ];
  for (const [name, value] of secrets) {
    await storeSecret(seeding, name, value);
    seeding.tell(`Stored the ${nameOf(source)} beside it, as ${name}.`);
  }
}

/** For people. */
export function nameOf({ kind }: WriteCredentialSource): string {
  return kind === "token" ? "write token" : "GitHub App";
}
