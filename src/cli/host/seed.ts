import { dirname } from "node:path";
import { demandNewer, judgeLiveLogin, type LiveLogin, seedWanted } from "../../core/host/live-login.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { redactedStatus } from "../../core/login/status.ts";
import { shellQuoted } from "../../core/text/shell.ts";
import { authPath } from "../../login/home-layout.ts";
import type { HostDisk, Result } from "../../ports/cli.ts";
import { onBehalfOf, onHome } from "../pasted.ts";
import { type LoginServices, type LoginSource, obtainLogin } from "../seed/obtain-login.ts";
import { indented } from "../seed/seed-result.ts";
import type { Reporting } from "../services.ts";
import {
  findOwner,
  type HostHome,
  makePrivate,
  onDisk,
  readHostRecord,
  seedAgain,
  underHostLock,
  writeHostRecord,
} from "./home.ts";

export type HostSeedServices = LoginServices & Reporting<"disk">;

export interface HostSeedRequest {
  readonly home: string;
  /** The owner; by default that of the home, else we. */
  readonly user: string | undefined;
  readonly source: LoginSource;
  readonly force: boolean;
}

/**
 * Puts a login into a home on a host, only where there is none that works: a file that Codex has refreshed there is
 * newer than any seed.
 *
 * @throws {Failure}
 */
export async function seedHost(services: HostSeedServices, request: HostSeedRequest): Promise<Result> {
  const { disk, reporter } = services;
  const place = await findOwner(disk, request.home, request.user);
  reporter.begin(`Seed ${place.home}`);
  // Nobody is asked to log in for a login that would not be used.
  const first = await onDisk(place.home, () => look(disk, place, request));
  if (!wanted(first, request)) return kept(disk, place, first);
  const made = await onDisk(place.home, () => missing(disk, place.home));
  try {
    await onDisk(place.home, () => disk.makePrivate(place.home, place.owner));
    return await seedHome(services, place, request);
  } catch (error) {
    // Whoever logged in to nothing, or gave up, has no home afterwards, nor what was made above it.
    for (const directory of made) await disk.removeEmpty(directory, place.owner);
    throw error;
  }
}

/** The directory and those above it that are not there, from the lowest on. */
async function missing(disk: HostDisk, directory: string): Promise<string[]> {
  const parent = dirname(directory);
  if (parent === directory || (await disk.inspect(directory)) !== null) return [];
  return [directory, ...(await missing(disk, parent))];
}

async function seedHome(
  services: HostSeedServices,
  place: HostHome,
  request: HostSeedRequest,
): Promise<Result> {
  const { disk, signal } = services;
  const login = await obtainLogin(services, request.source, { command: await seedAgain(disk, place) });
  signal.throwIfAborted();
  return underHostLock(disk, place, async () => {
    const live = await look(disk, place, request);
    if (!wanted(live, request)) return kept(disk, place, live);
    if (!request.force) demandNewer(live, login);
    await onDisk(place.home, () => disk.write(authPath(place.home), login.whole().reveal(), place.owner));
    await writeHostRecord(disk, place, { lastProof: null, dead: null });
    const { owner, user } = place;
    const whose = await onBehalfOf(disk, owner, user);
    const service = whose.user ?? (owner && (await disk.nameOf(owner)));
    const asRoot = disk.self()?.uid === 0 ? "" : "sudo ";
    return seeded(live, login, {
      request: { ...request, home: place.home },
      next: [
        `Prove that it can be refreshed:\n  ${onHome("refresh", place.home, whose)}`,
        ...(service === null
          ? []
          : [
              `Have that done every week:\n  ${asRoot}npx codex-auth-roundtrip host install-timer --home ${shellQuoted(place.home)} --user ${shellQuoted(service)}`,
            ]),
      ],
    });
  });
}

async function look(disk: HostDisk, place: HostHome, { force }: HostSeedRequest): Promise<LiveLogin> {
  const text = await disk.read(authPath(place.home), place.owner);
  // What is replaced in any case need not be understood.
  return force
    ? { kind: text === null ? "none" : "broken" }
    : judgeLiveLogin(text, await readHostRecord(disk, place));
}

function wanted(live: LiveLogin, { force }: HostSeedRequest): boolean {
  return force || seedWanted(live);
}

/** The file stays; its modes are put right all the same. */
async function kept(disk: HostDisk, place: HostHome, live: LiveLogin): Promise<Result> {
  const { home } = place;
  await onDisk(home, () => makePrivate(disk, place));
  const login = live.kind === "alive" ? live.login : null;
  return {
    json: { home, seeded: false, status: login && redactedStatus(login) },
    title: "There is already a login; it is kept.",
    lines: [
      `${home} holds a login, last refreshed ${login?.lastRefresh ?? "at an unknown time"}. It may be newer than any seed.`,
      "To replace it with a fresh one anyway, pass --force.",
    ],
  };
}

function seeded(
  live: LiveLogin,
  login: AuthJson,
  { request: { home, source }, next: commands }: { request: HostSeedRequest; next: readonly string[] },
): Result {
  const next = [
    ...(source.kind === "file" && source.path !== "-"
      ? [`Delete ${source.path}, or never use it again: this login belongs to this host now.`]
      : []),
    ...commands,
  ];
  return {
    json: {
      home,
      seeded: true,
      replaced: live.kind === "none" ? null : live.kind,
      account_id: login.accountId,
      access_token_expires_at: login.accessTokenExpiresAt.toISOString(),
      status: redactedStatus(login),
      next,
    },
    title: "Seeded.",
    lines: ["Next:", ...indented(next)],
  };
}
