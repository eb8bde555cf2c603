// Preloaded where memory is measured, and nowhere else: says at the end how much a process held at most, in kB.
import { appendFileSync } from "node:fs";

process.on("exit", () => {
  appendFileSync(process.env.BENCH_PEAK_FILE ?? "", `${process.resourceUsage().maxRSS}\n`);
});
