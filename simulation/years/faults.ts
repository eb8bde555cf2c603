import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./units.ts";

/** How a job is struck, at a point counted from the moment it first talks to anyone. */
export type Stroke = "kill-main" | "kill-post" | "cancel" | "force-cancel" | "lose-machine";

/** What GitHub's API, the cache and the issuer do to a request. */
export interface Weather {
  /** Answered with a 502, nothing done. */
  readonly errors: number;
  /** Done, and the answer lost: the caller waits its ten seconds. */
  readonly lostAnswers: number;
  /** Done within three seconds after the caller has given up. */
  readonly late?: number;
  readonly latencyMs: readonly [number, number];
}

/** Everything that may go wrong in a year, as numbers. */
export interface Climate {
  readonly scope: "repository" | "environment";
  readonly queue: "max" | "single" | "none";
  readonly api: Weather;
  readonly cache: Weather;
  readonly issuer: Weather;
  /** Outages: how many a year, and how long at most. During one nothing is done. */
  readonly apiOutagesPerYear: number;
  readonly cacheOutagesPerYear: number;
  readonly issuerOutagesPerYear: number;
  readonly longestOutageMs: number;
  /** Outages strike the store and the cache in one, and begin when a rotation is on its way. */
  readonly outageAtRotation: number;
  /** Of reads of a secret or a variable: answered as things were up to five seconds ago. */
  readonly staleReads: number;
  /** Of people: seed with our command, which leaves a marker; the others use `gh secret set`. */
  readonly markedSeeds: number;
  /** A read of the store succeeds while its writes fail, for so long after a rotation. */
  readonly writesFailAfterRotation: number;
  readonly writesFailForMs: readonly [number, number];
  /** Of jobs that talk to anyone. */
  readonly strokes: Readonly<Partial<Record<Stroke, number>>>;
  /** Of all jobs: cancelled at a moment of their whole length. */
  readonly cancelledJobs: number;
  readonly droppedCrons: number;
  /** Between pushes of one burst, at most. */
  readonly burstMs: number;
  readonly branchJobs: number;
  readonly reruns: number;
  readonly reseedsPerYear: number;
  /** Of jobs: a person stores a fresh login while they run. */
  readonly reseedsInJobs: number;
  /** A person stores a fresh login within two seconds of a write of ours. */
  readonly reseedAtWrite: number;
  readonly evictionsPerYear: number;
  /** Looks into the cache that are not answered; what is saved is saved. */
  readonly unansweredLooks: number;
  readonly revocationsPerYear: number;
  /** Somebody copies the login to a machine of their own, which refreshes it. */
  readonly copiesPerYear: number;
  readonly rotatedKeys: number;
  readonly writeTokenExpiriesPerYear: number;
  /** How long until a person has made a new one. */
  readonly writeTokenRenewedAfterMs: readonly [number, number];
  /** Of jobs: the write token ends while they rotate, and is good again after a day. */
  readonly writeTokenEndsAtRotation: number;
  readonly jobMs: readonly [number, number];
  readonly skewMs: readonly [number, number];
  readonly handoff: "cache" | "off";
  readonly actionsRead: boolean;
  /** Access tokens that the API refuses before their time: of jobs. */
  readonly deadAccessTokens: number;
  /** A spent token that is presented ends the login it was of, as OAuth advises; not what is known of OpenAI. */
  readonly reuseRevokes: boolean;
  /** Maintenance stops for four weeks, so often a year. */
  readonly longSilencesPerYear: number;
}

const FAIR: Weather = { errors: 0, lostAnswers: 0, latencyMs: [80, 400] };
const NO_WEATHER = { errors: 0, lostAnswers: 0 };

export const CALM: Climate = {
  scope: "repository",
  queue: "max",
  api: FAIR,
  cache: FAIR,
  issuer: { ...FAIR, latencyMs: [150, 900] },
  apiOutagesPerYear: 0,
  cacheOutagesPerYear: 0,
  issuerOutagesPerYear: 0,
  longestOutageMs: 6 * HOUR_MS,
  outageAtRotation: 0,
  staleReads: 0,
  markedSeeds: 0.2,
  writesFailAfterRotation: 0,
  writesFailForMs: [MINUTE_MS, 2 * HOUR_MS],
  strokes: {},
  cancelledJobs: 0,
  droppedCrons: 0,
  burstMs: 3 * MINUTE_MS,
  branchJobs: 0,
  reruns: 0,
  reseedsPerYear: 0,
  reseedsInJobs: 0,
  reseedAtWrite: 0,
  evictionsPerYear: 0,
  unansweredLooks: 0,
  revocationsPerYear: 0,
  copiesPerYear: 0,
  rotatedKeys: 0,
  writeTokenExpiriesPerYear: 0,
  writeTokenRenewedAfterMs: [6 * HOUR_MS, 4 * DAY_MS],
  writeTokenEndsAtRotation: 0,
  jobMs: [MINUTE_MS, 25 * MINUTE_MS],
  skewMs: [0, 0],
  handoff: "cache",
  actionsRead: true,
  deadAccessTokens: 0,
  reuseRevokes: false,
  longSilencesPerYear: 0,
};

export interface Fault {
  readonly name: string;
  /** Seeds its years in place of the name, so that they stay the same when the name changes. */
  readonly seededAs?: string;
  /** How hard, for the table. */
  readonly dose: string;
  readonly climate: Partial<Climate>;
  /** The line of docs/design.md's last section; a fault without one must cost ours nothing. */
  readonly unsurvivable?: string;
}

/** What the chance of one account's year is drawn from. */
export function seedOfYear(seed: string, { name, seededAs = name }: Fault, account: number | string): string {
  return `${seed}/${seededAs}/${account}`;
}

const HARD_API: Partial<Climate> = {
  api: { errors: 0.05, lostAnswers: 0.03, latencyMs: [80, 4 * SECOND_MS] },
  cache: { errors: 0.05, lostAnswers: 0.03, latencyMs: [80, 4 * SECOND_MS] },
  issuer: { errors: 0.1, lostAnswers: 0, latencyMs: [150, 8 * SECOND_MS] },
};

/** One row each. The doses are far above real weeks, so that few years show much. */
export const FAULTS: readonly Fault[] = [
  { name: "nothing goes wrong", dose: "queued bursts, secret read at queue time", climate: {} },
  { name: "secret read at job start", dose: "environment secret", climate: { scope: "environment" } },
  { name: "concurrency: single", dose: "newer pending runs cancel older", climate: { queue: "single" } },
  { name: "no concurrency group", dose: "all runs at once", climate: { queue: "none" } },
  {
    name: "no concurrency group, environment secret",
    dose: "all runs at once",
    climate: { queue: "none", scope: "environment" },
  },
  {
    name: "jobs cancelled",
    dose: "20 % of jobs; half of those that refresh, at any await",
    climate: { cancelledJobs: 0.2, strokes: { cancel: 0.5 } },
  },
  {
    name: "main killed",
    dose: "half of the jobs that refresh, at any await",
    climate: { strokes: { "kill-main": 0.5 } },
  },
  {
    name: "post killed",
    dose: "half of the posts that have to store a login, at any await; 10 % of requests fail",
    climate: { strokes: { "kill-post": 0.5 }, api: { ...FAIR, errors: 0.1 } },
  },
  {
    name: "API answers with errors",
    dose: "10 % of requests",
    climate: { api: { errors: 0.1, lostAnswers: 0, latencyMs: [80, 400] } },
  },
  {
    name: "API slow",
    dose: "up to 11 s a request, given up after 10 s",
    climate: { api: { ...NO_WEATHER, latencyMs: [SECOND_MS / 2, 11 * SECOND_MS] } },
  },
  {
    name: "API's answers lost",
    dose: "10 % of requests done, not answered",
    climate: { api: { errors: 0, lostAnswers: 0.1, latencyMs: [80, 400] } },
  },
  {
    name: "API's requests land late",
    dose: "10 % of requests, up to 3 s after they were given up",
    climate: { api: { ...FAIR, late: 0.1 } },
  },
  {
    name: "API's answers are old",
    dose: "half of the reads, up to 5 s",
    climate: { staleReads: 0.5 },
  },
  {
    name: "API outages",
    dose: "60 a year, up to 6 h",
    climate: { apiOutagesPerYear: 60 },
  },
  {
    name: "writes to the secret fail after a rotation",
    seededAs: "store's writes fail after a rotation",
    dose: "half of the rotations, 1 min to 2 h",
    climate: { writesFailAfterRotation: 0.5 },
  },
  {
    name: "issuer slow, main killed, no maintenance",
    dose: "up to 44 s an answer; 70 % of the jobs that refresh; half of the access tokens have ended",
    climate: {
      issuer: { errors: 0, lostAnswers: 0, latencyMs: [150, 44 * SECOND_MS] },
      strokes: { "kill-main": 0.4, cancel: 0.4 },
      droppedCrons: 0.8,
      longSilencesPerYear: 6,
    },
  },
  {
    name: "issuer fails or is slow",
    dose: "30 % errors, up to 40 s",
    climate: {
      issuer: { errors: 0.3, lostAnswers: 0, latencyMs: [150, 40 * SECOND_MS] },
      issuerOutagesPerYear: 40,
    },
  },
  { name: "cache evicted", dose: "200 a year", climate: { evictionsPerYear: 200 } },
  {
    name: "cache outages",
    dose: "100 a year, up to 6 h; 20 % of requests fail",
    climate: { cacheOutagesPerYear: 100, cache: { errors: 0.15, lostAnswers: 0.05, latencyMs: [80, 400] } },
  },
  { name: "handoff off", dose: "`handoff: off`", climate: { handoff: "off" } },
  { name: "branch jobs", dose: "60 % of the pushes", climate: { branchJobs: 0.6, longSilencesPerYear: 4 } },
  { name: "re-runs", dose: "30 % of runs, up to 9 days later", climate: { reruns: 0.3 } },
  {
    name: "re-runs, environment secret",
    dose: "30 % of runs, up to 9 days later",
    climate: { reruns: 0.3, scope: "environment" },
  },
  {
    name: "reseeds",
    dose: "20 a year, and during 5 % of jobs",
    climate: { reseedsPerYear: 20, reseedsInJobs: 0.05 },
  },
  {
    name: "dropped crons, silent weeks",
    dose: "half of the crons; 4 weeks of silence 4 times a year",
    climate: { droppedCrons: 0.5, longSilencesPerYear: 4 },
  },
  {
    name: "write token expired",
    seededAs: "writer expired",
    dose: "12 a year, renewed within 4 days",
    climate: { writeTokenExpiriesPerYear: 12 },
  },
  {
    name: "write token ends after a rotation",
    seededAs: "writer ends after a rotation",
    dose: "half of the rotations; good again within a day",
    climate: { writeTokenEndsAtRotation: 0.5 },
  },
  { name: "jobs longer than an hour", dose: "2 to 6 h", climate: { jobMs: [2 * HOUR_MS, 6 * HOUR_MS] } },
  { name: "clock skew", dose: "up to a day either way", climate: { skewMs: [-DAY_MS, DAY_MS] } },
  { name: "public key rotated", dose: "after 10 % of its reads", climate: { rotatedKeys: 0.1 } },
  {
    name: "no `actions: read`",
    dose: "always; seeded by our command",
    climate: { actionsRead: false, markedSeeds: 1 },
  },
  {
    name: "no `actions: read`, and a plain `gh secret set`",
    dose: "always: nobody can know that the login is current",
    climate: { actionsRead: false, markedSeeds: 0 },
  },
  {
    name: "no `actions: read`, environment secret",
    dose: "always; seeded by our command",
    climate: { actionsRead: false, markedSeeds: 1, scope: "environment" },
  },
  { name: "access tokens die early", dose: "10 % of jobs", climate: { deadAccessTokens: 0.1 } },
  {
    name: "a spent token that is presented ends the login",
    dose: "always; no concurrency group, 10 % re-runs",
    climate: { reuseRevokes: true, queue: "none", reruns: 0.1 },
  },
  {
    name: "all of these at once",
    dose: "a third of each",
    climate: {
      ...HARD_API,
      cancelledJobs: 0.1,
      strokes: { cancel: 0.15, "kill-main": 0.15, "kill-post": 0.1 },
      apiOutagesPerYear: 20,
      cacheOutagesPerYear: 20,
      issuerOutagesPerYear: 20,
      longestOutageMs: HOUR_MS,
      droppedCrons: 0.3,
      reruns: 0.1,
      reseedsPerYear: 5,
      reseedsInJobs: 0.02,
      rotatedKeys: 0.03,
      writeTokenExpiriesPerYear: 2,
      skewMs: [-HOUR_MS, HOUR_MS],
      deadAccessTokens: 0.05,
      queue: "none",
    },
  },
  {
    name: "issuer's answer lost after it rotated",
    dose: "25 % of refreshes",
    climate: { issuer: { errors: 0, lostAnswers: 0.25, latencyMs: [150, 900] } },
    unsurvivable: "only the issuer knows the new token",
  },
  {
    name: "OpenAI revokes the login",
    dose: "4 a year",
    climate: { revocationsPerYear: 4 },
    unsurvivable: "there is nothing left to keep",
  },
  {
    name: "secret and cache down from the rotation to the job's end",
    seededAs: "store and cache down from the rotation to the job's end",
    dose: "10 % of rotations",
    climate: { outageAtRotation: 0.1 },
    unsurvivable: "no place but the machine has it",
  },
  {
    name: "branch job had to refresh, its write fails for good",
    dose: "silent weeks, then branch jobs only; half of the writes fail for 2 days",
    climate: {
      branchJobs: 1,
      longSilencesPerYear: 12,
      droppedCrons: 0.9,
      writesFailAfterRotation: 0.5,
      writesFailForMs: [2 * DAY_MS, 2 * DAY_MS],
    },
    unsurvivable: "a branch's cache is invisible to the others",
  },
  {
    name: "failed write, not repaired before the cache forgets",
    dose: "30 % of writes fail for 8 to 12 days",
    climate: {
      writesFailAfterRotation: 0.3,
      writesFailForMs: [8 * DAY_MS, 12 * DAY_MS],
      evictionsPerYear: 100,
    },
    unsurvivable: "GitHub keeps a cache 7 days",
  },
  {
    name: "machine dies while it refreshes",
    dose: "half of the jobs that refresh, at any await",
    climate: { strokes: { "lose-machine": 0.5 } },
    unsurvivable: "only between the rotation and the first save",
  },
  {
    name: "job force-cancelled while it refreshes",
    dose: "half of the jobs that refresh, at any await",
    climate: { strokes: { "force-cancel": 0.5 } },
    unsurvivable: "posts are skipped and the machine goes: as above",
  },
  {
    name: "main and post both killed",
    dose: "each of them in 80 % of the jobs that refresh, at any await",
    climate: { strokes: { "kill-main": 0.8, "kill-post": 0.8 } },
    unsurvivable: "no process is left to save it: as above",
  },
  {
    name: "login copied to a second place",
    dose: "12 a year",
    climate: { copiesPerYear: 12 },
    unsurvivable: "two spenders of a token that can be spent once",
  },
  {
    name: "foreign write within the seconds of ours",
    dose: "half of our writes",
    climate: { reseedAtWrite: 0.5 },
    unsurvivable: "GitHub has no compare-and-swap, and whole seconds",
  },
];
