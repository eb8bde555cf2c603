import { demandNewer, judgeLiveLogin, type LiveLogin, seedWanted } from "../../core/host/live-login.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { redactedStatus } from "../../core/login/status.ts";
import { authPath } from "../../login/home.ts";
import type { HostDisk, Result } from "../../ports/cli.ts";
import { type LoginCollaborators, type LoginSource, obtainLogin } from "../seed/obtain-login.ts";
import { findOwner, type HostHome, onDisk, underHostLock } from "./home.ts";
import { readHostRecord, writeHostRecord } from "./record-file.ts";

export interface HostSeedRequest {
  readonly home: string;
  /** Who shall own it; else whoever owns the home, else we. */
  readonly user: string | undefined;
  readonly source: LoginSource;
  readonly force: boolean;
}

/**
 * Puts a login into a home on a host, only where there is none that works: the file that Codex has refreshed there is
 * newer than any seed.
 *
 * @throws {Failure}
 */
export async function seedHost(
  collaborators: LoginCollaborators & { disk: HostDisk },
  request: HostSeedRequest,
): Promise<Result> {
  const { disk, reporter, signal } = collaborators;
  const place = await findOwner(disk, request.home, request.user);
  reporter.begin(`Seed ${place.home}`);
  // Nobody is asked to log in for a login that would not be used.
  const first = await onDisk(place.home, () => look(disk, place, request));
  if (!wanted(first, request)) return kept(disk, place, first);
  await onDisk(place.home, () => disk.makePrivate(place.home, place.owner));
  const document = await obtainLogin(collaborators, request.source);
  signal.throwIfAborted();
  return underHostLock(disk, place, async () => {
    const live = await look(disk, place, request);
    if (!wanted(live, request)) return kept(disk, place, live);
    if (!request.force) demandNewer(live, document);
    await onDisk(place.home, () => disk.write(authPath(place.home), document.whole().reveal(), place.owner));
    await writeHostRecord(disk, place.home, { record: { lastProof: null, dead: null }, owner: place.owner });
    return seeded(place, live, document, request.source);
  });
}

async function look(
  disk: HostDisk,
  { home, owner }: HostHome,
  { force }: HostSeedRequest,
): Promise<LiveLogin> {
  const text = await disk.read(authPath(home), owner);
  // What is replaced in any case need not be understood.
  return force
    ? { kind: text === null ? "none" : "broken" }
    : judgeLiveLogin(text, await readHostRecord(disk, home, owner));
}

function wanted(live: LiveLogin, { force }: HostSeedRequest): boolean {
  return force || seedWanted(live);
}

/** The file stays; its modes are put right all the same. */
async function kept(disk: HostDisk, { home, owner }: HostHome, live: LiveLogin): Promise<Result> {
  await onDisk(home, async () => {
    await disk.makePrivate(home, owner);
    // Where a job has put a link in its place, the file behind it is private already.
    if ((await disk.inspect(authPath(home)))?.kind === "file") await disk.narrow(authPath(home), owner);
  });
  const document = live.kind === "alive" ? live.document : null;
  return {
    json: { home, seeded: false, status: document && redactedStatus(document) },
    title: "There is a login already; it is kept.",
    lines: [
      `${home} holds a login that was last refreshed ${document?.lastRefresh ?? "at a time unknown"}, which is the authority here.`,
      "To replace it by a fresh one all the same, pass --force.",
    ],
  };
}

function seeded({ home }: HostHome, live: LiveLogin, document: AuthJson, source: LoginSource): Result {
  const next = [
    ...(source.kind === "file" && source.path !== "-"
      ? [`Delete ${source.path}, or never use it again: this login belongs to this host now.`]
      : []),
    `Prove that it can be refreshed:\n  codex-auth-roundtrip host refresh --home ${home}`,
    `Have that done every week:\n  codex-auth-roundtrip host install-timer --home ${home} --user …`,
  ];
  return {
    json: {
      home,
      seeded: true,
      replaced: live.kind === "none" ? null : live.kind,
      account_id: document.accountId,
      access_token_expires_at: document.accessTokenExpiresAt.toISOString(),
      status: redactedStatus(document),
      next,
    },
    title: "Seeded.",
    lines: ["Next:", ...next.flatMap((step) => step.split("\n").map((line) => `  ${line}`))],
  };
}
