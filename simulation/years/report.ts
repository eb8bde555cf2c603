import type { Death, Grave } from "./autopsy.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { POLICIES, type Policy } from "./policies.ts";
import type { Sweep } from "./sweep.ts";
import type { Year } from "./week.ts";

/** All years of one policy under one fault. */
export interface Cell {
  readonly policy: Policy;
  readonly fault: Fault;
  readonly years: readonly Year[];
}

export function isOnTheList(grave: Grave): boolean {
  return grave !== "lost";
}

export function deathsOf({ years }: Cell): readonly Death[] {
  return years.flatMap(({ deaths }) => deaths);
}

/** Deaths that ours promises not to die. */
export function brokenPromises(
  cells: readonly Cell[],
): readonly { cell: Cell; death: Death; year: number }[] {
  return cells
    .filter(({ policy }) => policy.isOurs)
    .flatMap((cell) =>
      cell.years.flatMap(({ deaths }, year) =>
        deaths.filter(({ grave }) => !isOnTheList(grave)).map((death) => ({ cell, death, year })),
      ),
    );
}

/** The table: a row a fault, a column a policy; logins lost per 1,000 account-years, and jobs that failed. */
export function renderTable(cells: readonly Cell[]): string {
  const survivable = FAULTS.filter(({ unsurvivable }) => unsurvivable === undefined);
  const unsurvivable = FAULTS.filter((fault) => fault.unsurvivable !== undefined);
  const policies = POLICIES.filter((policy) => cells.some((cell) => cell.policy === policy));
  const head = (first: string): string[] => [
    `| ${first} | dose | ${policies.map(({ name }) => name).join(" | ")} |`,
    `|---|---|${policies.map(() => "---:|").join("")}`,
  ];
  const isLived = (fault: Fault): boolean => cells.some((cell) => cell.fault === fault);
  const row = (fault: Fault): string => {
    const columns = policies.map((policy) => {
      const cell = cells.find((candidate) => candidate.policy === policy && candidate.fault === fault);
      return cell ? renderCell(cell) : "";
    });
    const name = fault.unsurvivable ? `${fault.name}: ${fault.unsurvivable}` : fault.name;
    return `| ${name} | ${fault.dose} | ${columns.join(" | ")} |`;
  };
  return [
    ...head("fault"),
    ...survivable.filter(isLived).map(row),
    "",
    ...head("what nothing here can survive"),
    ...unsurvivable.filter(isLived).map(row),
  ]
    .filter((line) => line === "" || line.includes("|"))
    .join("\n");
}

function renderCell(cell: Cell): string {
  const { years, policy } = cell;
  if (years.length === 0) return "";
  const deaths = deathsOf(cell);
  const broken = policy.isOurs ? deaths.filter(({ grave }) => !isOnTheList(grave)) : deaths;
  const listed = deaths.length - broken.length;
  const per1000 = (count: number): string => Math.round((1000 * count) / years.length).toLocaleString("en");
  const lost = `**${per1000(broken.length)}**${listed > 0 ? ` + ${per1000(listed)} listed` : ""}`;
  return `${lost} · ${(100 * failedShare(years)).toFixed(1)} %`;
}

/** Of what ours died, where it may. */
export function renderGraves(cells: readonly Cell[]): string {
  const lines = cells
    .filter(({ policy, years }) => policy.isOurs && years.some(({ deaths }) => deaths.length > 0))
    .map((cell) => {
      const counts = new Map<Grave, number>();
      for (const { grave } of deathsOf(cell)) counts.set(grave, (counts.get(grave) ?? 0) + 1);
      const graves = [...counts].map(([grave, count]) => `${grave} ${count}`).join(", ");
      return `| ${cell.policy.name} | ${cell.fault.name} | ${graves} |`;
    });
  return ["| policy | fault | deaths, by cause |", "|---|---|---|", ...lines].join("\n");
}

/** What the jobs of ours said that failed, where more than one in a hundred did. */
export function renderFailures(cells: readonly Cell[]): string {
  const lines = cells
    .filter(({ policy, years }) => policy.isOurs && failedShare(years) > CALM_SHARE)
    .map(({ policy, fault, years }) => {
      const counts = new Map<string, number>();
      for (const { codes } of years)
        for (const [code, count] of codes) counts.set(code, (counts.get(code) ?? 0) + count);
      const codes = [...counts].sort(([, one], [, other]) => other - one);
      const share = `${(100 * failedShare(years)).toFixed(1)} %`;
      return `| ${policy.name} | ${fault.name} | ${share} | ${codes.map(([code, count]) => `${code} ${count}`).join(", ")} |`;
    });
  return ["| policy | fault | jobs failed | codes |", "|---|---|---:|---|", ...lines].join("\n");
}

/** At most so many jobs may fail although the login lives. */
const CALM_SHARE = 0.01;

function failedShare(years: readonly Year[]): number {
  return sum(years.map(({ failed }) => failed)) / Math.max(1, sum(years.map(({ jobs }) => jobs)));
}

export function renderSweeps(sweeps: readonly Sweep[]): string {
  const lines = sweeps.map(({ stroke, under, points, deaths }) => {
    const listed = deaths.filter(({ grave }) => isOnTheList(grave));
    const causes = [...new Set(listed.map(({ grave }) => grave))].join(", ");
    const where = listed.length > 0 ? ` (${causes}; awaits ${spans(listed.map(({ point }) => point))})` : "";
    return `| ${stroke} | ${under} | ${points} | ${deaths.length - listed.length} | ${listed.length}${where} |`;
  });
  return [
    "| fault | with | awaits tested | logins lost | lost, listed |",
    "|---|---|---:|---:|---:|",
    ...lines,
  ].join("\n");
}

/** `40–50, 53` */
function spans(points: readonly number[]): string {
  const found: [number, number][] = [];
  for (const point of points) {
    const last = found.at(-1);
    if (last && point === last[1] + 1) last[1] = point;
    else found.push([point, point]);
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
