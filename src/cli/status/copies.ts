import type { CopyScope } from "../../core/copies/destination.ts";
import { describeDuration } from "../../core/text/duration.ts";
import { foreign } from "../../core/text/escape.ts";
import type { Known } from "../../ports/doctor.ts";
import { learn } from "../doctor/learn.ts";
import type { Destination } from "../doctor/workflow/destination.ts";
import type { Use } from "../doctor/workflow/use.ts";
import type { GitHub, RepositoryName } from "../services.ts";
import { ago } from "./layout.ts";

const DAY_MS = 86_400_000;
/** An access token lives about this long (docs/facts.md §1), and a copy no longer. */
const LIFETIME_MS = 10 * DAY_MS;
/** A Codex job warns from here on. */
const OVERDUE_MS = 4 * DAY_MS;

/** One secret that an access copy is written to. */
export interface CopyStatus {
  readonly text: string;
  /** When it was last written; `null`: there is none. */
  readonly updatedAt: Known<Date | null>;
}

/** The destinations that the workflows of a checkout name, each asked about once. */
export async function inspectCopies(
  github: GitHub,
  repository: RepositoryName,
  uses: readonly Use[],
): Promise<readonly CopyStatus[]> {
  const destinations = new Map(
    uses.flatMap(({ copies }) => copies.map((copy) => [copy.text, copy] as const)),
  );
  if (destinations.size === 0) return [];
  const reach = await github.copyAccess(null).open([]);
  try {
    const found: CopyStatus[] = [];
    for (const [text, destination] of destinations) {
      const scope = scopeOf(destination, repository);
      const metadata = await learn(async () => (await reach.secretsOf(scope)).metadata(destination.name));
      const updatedAt = metadata.known
        ? ({ known: true, value: metadata.value?.updatedAt ?? null } as const)
        : metadata;
      found.push({ text, updatedAt });
    }
    return found;
  } finally {
    await reach.close();
  }
}

function scopeOf({ kind, where }: Destination, here: RepositoryName): CopyScope {
  if (kind === "organization") return { kind, organization: where };
  const environment = kind === "environment" ? where : null;
  const [owner = "", repository = ""] =
    kind === "repository" ? where.split("/") : [here.owner, here.repository];
  return { kind: "repository", owner, repository, environment };
}

/** How a copy is, and what is wrong with it; `problem`: `null` where nothing is, or nobody knows. */
export function describeCopy(
  { text, updatedAt }: CopyStatus,
  now: Date,
): { row: string; problem: string | null } {
  if (!updatedAt.known) return { row: `${text}: not checked (${updatedAt.why})`, problem: null };
  const { value } = updatedAt;
  if (value === null)
    return {
      row: `${text}: not there, or the token cannot see it`,
      problem: `There is no access copy ${foreign(text)}: create the secret, then run maintenance.`,
    };
  const leftMs = value.getTime() + LIFETIME_MS - now.getTime();
  const end =
    leftMs > 0 ? `ends in about ${describeDuration(leftMs)}` : `ended about ${describeDuration(-leftMs)} ago`;
  const problem =
    leftMs > OVERDUE_MS
      ? null
      : `The access copy ${foreign(text)} ${end}: maintenance is overdue. Run the maintenance workflow.`;
  return { row: `${text}: written ${ago(value, now)}, ${end}`, problem };
}

/** For `--json`. */
export function copyAsJson({ text, updatedAt }: CopyStatus): object {
  const date = updatedAt.known ? updatedAt.value : null;
  return {
    destination: text,
    checked: updatedAt.known,
    updated_at: date?.toISOString() ?? null,
    ends_at: date && new Date(date.getTime() + LIFETIME_MS).toISOString(),
  };
}
