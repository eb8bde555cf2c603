import { statSync } from "node:fs";

/** These wait, up to two minutes, and cost little meanwhile: begun last, the others would wait for them. */
const WAITS = /slow-issuer|cache-trouble|poisoned-cache/;
/** These start processes; the rest takes a second at most. */
const LONG = /__tests__\/(scenarios|cli|simulation)\//;

/** Which file next: the long ones first, so that all workers end at about the same time. */
export default class Sequencer {
  sort(tests) {
    const weight = ({ path }) => (WAITS.test(path) ? 2e9 : LONG.test(path) ? 1e9 : 0) + statSync(path).size;
    return [...tests].sort((a, b) => weight(b) - weight(a));
  }

  shard(tests, { shardIndex, shardCount }) {
    return tests.filter((_, index) => index % shardCount === shardIndex - 1);
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
