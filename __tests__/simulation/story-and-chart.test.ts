import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { renderChart } from "../../simulation/years/chart-svg.ts";
import { replay, tellYear } from "../../simulation/years/tell-year.ts";

let directory: string;
let printed: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "story-"));
  printed = [];
  for (const name of ["log", "error"] as const)
    jest.spyOn(console, name).mockImplementation((text: string) => void printed.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

function file(lines: readonly string[]): string {
  const path = join(directory, "story.txt");
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

describe("a year that is told", () => {
  // Cheap: a plain recipe.
  const STORY = { policy: "restore only", fault: "jobs cancelled", seed: "7", account: "2" };

  test("has one line an event, and happens again as it was told", async () => {
    await tellYear(STORY);
    const [heading = "", ...events] = printed.splice(0);

    expect(JSON.parse(heading.slice(2))).toEqual({
      policy: "restore only",
      fault: "jobs cancelled",
      seed: "7/jobs cancelled/2",
    });
    expect(events.length).toBeGreaterThan(500);
    for (const event of events) expect(event).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}\S.*$/);

    expect(await replay(file([heading, ...events]))).toBe(0);
    expect(printed.splice(0)).toEqual([
      `The same story: ${events.length} of ${events.length} events (7/jobs cancelled/2).`,
    ]);
    const other = events.map((event, index) => (index === 300 ? `${event}!` : event));
    expect(await replay(file([heading, ...other]))).toBe(1);
    expect(printed.join()).toContain(`Another story from line 302 on:\n- ${events[300]}!\n+ ${events[300]}`);
  });

  test("of nobody is no story", async () => {
    expect(await replay(file(["2026-11-23 06:18:00.000  run 1 is queued"]))).toBe(1);
    expect(await replay(file(['# {"policy":"nobody","fault":"nothing goes wrong","seed":"1"}']))).toBe(1);
    await expect(tellYear({ ...STORY, fault: "no such fault" })).rejects.toThrow("There is no fault");
  });
});

describe("the chart", () => {
  const curves = [
    { label: "ours", isOurs: true, accounts: 4, lostOnDay: [] },
    { label: "a <b> & c", isOurs: false, accounts: 4, lostOnDay: [91, 182] },
    { label: "none", isOurs: false, accounts: 4, lostOnDay: [10, 10, 10, 10] },
    { label: "nobody", isOurs: false, accounts: 4, lostOnDay: [20, 20, 20, 20] },
  ];
  const svg = renderChart(curves, { climate: "some trouble", accounts: 4, seed: "1", days: 364 });

  test("goes down by one login at each loss, and along between them", () => {
    expect(svg).toContain('d="M52 76H179V146H306V216H560"');
    expect(svg).toContain('<path class="ours" d="M52 76H560"/>');
  });

  test("names each share in words too, and escapes what it is given", () => {
    expect(svg).toContain("alive after a year: ours 100 %, a &lt;b&gt; &amp; c 50 %, none 0 %, nobody 0 %.");
    expect(svg).not.toContain("<b>");
  });

  test("has colours for light and for dark pages, and labels that do not cover each other", () => {
    expect(svg.match(/--ours: #\w+/g)).toHaveLength(2);
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
    const places = [...svg.matchAll(/class="name[^"]*" x="\d+" y="([\d.]+)"/g)].map(([, y]) => Number(y));
    const sorted = [...places].sort((a, b) => a - b);
    expect(sorted).toHaveLength(4);
    expect(sorted.slice(1).every((y, index) => y - (sorted[index] ?? 0) >= 20)).toBe(true);
  });
});
