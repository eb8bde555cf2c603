import { say } from "./say.mjs";

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    say("signal", { signal });
    // The second one ends it.
    if (signal === "SIGTERM") process.exit(1);
  });
}
say("main");
const seconds = Number(process.env["INPUT_HOLD-SECONDS"] ?? 0);
if (seconds > 0) await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
// Signals that are still on their way may end this process now.
process.exit(0);
