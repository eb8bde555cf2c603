/** The logins of one policy: when each of those that died did so. */
export interface Curve {
  readonly label: string;
  readonly isOurs: boolean;
  readonly accounts: number;
  /** Ascending. */
  readonly lostOnDay: readonly number[];
}

interface About {
  readonly climate: string;
  readonly accounts: number;
  readonly seed: string;
  readonly days: number;
}

const WIDTH = 860;
const HEIGHT = 420;
const PLOT = { left: 52, right: 560, top: 76, bottom: 356 } as const;
const LABEL_GAP = 20;
const MONTH_DAYS = 365 / 12;
/** So that ours, which lies on the upper edge, is seen whole. */
const DASHES = ["", "7 3", "2 3", "10 3 2 3", "4 4", "1 4"];

/** A step chart of the share of logins still alive, for light and dark pages. */
export function renderChart(curves: readonly Curve[], about: About): string {
  const others = curves.filter(({ isOurs }) => !isOurs);
  const drawn = [...others, ...curves.filter(({ isOurs }) => isOurs)];
  const title = "Logins still alive over a year";
  const summary = curves
    .map(({ label, accounts, lostOnDay }) => `${label} ${percent(1 - lostOnDay.length / accounts)}`)
    .join(", ");
  const lines = drawn.map((curve) => {
    const style = curve.isOurs ? 'class="ours"' : `class="other c${others.indexOf(curve)}"`;
    const dash = curve.isOurs ? "" : ` stroke-dasharray="${DASHES[others.indexOf(curve) % DASHES.length]}"`;
    return `  <path ${style}${dash} d="${path(curve, about.days)}"/>`;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="t d">`,
    `  <title id="t">${title}</title>`,
    `  <desc id="d">Of ${about.accounts} simulated accounts each, alive after a year: ${escapeXml(summary)}.</desc>`,
    STYLE,
    `  <text class="title" x="${PLOT.left}" y="28">${title}</text>`,
    `  <text x="${PLOT.left}" y="50">${escapeXml(`Simulated: ${about.accounts} accounts a policy; ${about.climate}.`)}</text>`,
    ...axes(about.days),
    ...lines,
    ...labels(curves, others),
    `  <text class="small" x="${PLOT.left}" y="${HEIGHT - 12}">npm run survival -- --chart · seed ${escapeXml(about.seed)} · the rates are chosen, this is no forecast (docs/evidence.md)</text>`,
    "</svg>",
  ].join("\n")}\n`;
}

const STYLE = `  <style>
    svg { --ink: #1f2328; --soft: #59636e; --grid: #d1d9e0; --ours: #0969da;
      --c0: #bc4c00; --c1: #8250df; --c2: #1a7f37; --c3: #9a6700; --c4: #cf222e; }
    @media (prefers-color-scheme: dark) {
      svg { --ink: #f0f6fc; --soft: #9198a1; --grid: #3d444d; --ours: #4493f8;
        --c0: #f0883e; --c1: #ab7df8; --c2: #3fb950; --c3: #d29922; --c4: #f85149; }
    }
    text { font: 13px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: var(--soft); }
    .title { font-size: 17px; font-weight: 600; fill: var(--ink); }
    .small { font-size: 11px; }
    .name { fill: var(--ink); }
    .bold { font-weight: 600; }
    .grid { stroke: var(--grid); stroke-width: 1; }
    .leader { stroke: var(--soft); stroke-width: 1; fill: none; }
    path.ours { stroke: var(--ours); stroke-width: 4; fill: none; }
    path.other { stroke-width: 2; fill: none; }
${[0, 1, 2, 3, 4].map((index) => `    .c${index} { stroke: var(--c${index}); }`).join("\n")}
    .key { stroke-width: 3; }
  </style>`;

function x(day: number, days: number): number {
  return round(PLOT.left + (day / days) * (PLOT.right - PLOT.left));
}

function y(share: number): number {
  return round(PLOT.bottom - share * (PLOT.bottom - PLOT.top));
}

/** Down by one login at each death, and then along. */
function path({ accounts, lostOnDay }: Curve, days: number): string {
  const steps = lostOnDay.map((day, index) => `H${x(day, days)}V${y(1 - (index + 1) / accounts)}`);
  return `M${x(0, days)} ${y(1)}${steps.join("")}H${x(days, days)}`;
}

function axes(days: number): string[] {
  const rows = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    `  <path class="grid" d="M${PLOT.left} ${y(share)}H${PLOT.right}"/>`,
    `  <text x="${PLOT.left - 8}" y="${y(share) + 4}" text-anchor="end">${percent(share)}</text>`,
  ]);
  const months = [0, 3, 6, 9, 12].map((month) => {
    const at = x(Math.min(month * MONTH_DAYS, days), days);
    return `  <text x="${at}" y="${PLOT.bottom + 22}" text-anchor="middle">${month === 0 ? "seeded" : `month ${month}`}</text>`;
  });
  return [...rows, ...months];
}

/** Beside the curves' ends, each with its share, as far apart as text needs. */
function labels(curves: readonly Curve[], others: readonly Curve[]): string[] {
  const ends = curves
    .map((curve) => ({ curve, share: 1 - curve.lostOnDay.length / curve.accounts }))
    .sort((a, b) => b.share - a.share || Number(b.curve.isOurs) - Number(a.curve.isOurs));
  const places = ends.map(({ share }) => y(share));
  for (let index = 1; index < places.length; index++)
    places[index] = Math.max(places[index] ?? 0, (places[index - 1] ?? 0) + LABEL_GAP);
  // Not below the plot: what is too low goes up, and pushes its neighbours.
  for (let index = places.length - 1, lowest = PLOT.bottom; index >= 0; index--, lowest -= LABEL_GAP)
    places[index] = Math.min(places[index] ?? 0, lowest);
  return ends.flatMap(({ curve, share }, index) => {
    const at = round(places[index] ?? 0);
    const style = curve.isOurs ? "ours" : `other c${others.indexOf(curve)}`;
    const dash = curve.isOurs ? "" : ` stroke-dasharray="${DASHES[others.indexOf(curve) % DASHES.length]}"`;
    return [
      `  <path class="leader" d="M${PLOT.right + 2} ${y(share)}L${PLOT.right + 14} ${at}"/>`,
      `  <path class="${style} key"${dash} d="M${PLOT.right + 18} ${at}h22"/>`,
      `  <text class="name${curve.isOurs ? " bold" : ""}" x="${PLOT.right + 46}" y="${at + 4}">${percent(share)} ${escapeXml(curve.label)}</text>`,
    ];
  });
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
