import { createHash } from "node:crypto";

/** One line that the suite finds in the log. */
export function say(phase, more = {}) {
  const { INPUT_NAME: name = "", INPUT_GIVEN: given = "", RUNNER_TRACKING_ID: tracking } = process.env;
  const trackingId = tracking ? createHash("sha256").update(tracking).digest("hex").slice(0, 12) : null;
  const at = new Date().toISOString();
  console.log(
    `conformance: ${JSON.stringify({ probe: "phase", phase, name, given, trackingId, at, ...more })}`,
  );
}
