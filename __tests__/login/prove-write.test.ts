import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { PROBE_NAME, proveSecretsWritable, proveWritable } from "../../src/login/prove-write.ts";
import type { OpenServices } from "../../src/login/write-session.ts";
import { PLACE, RefreshJobs } from "../action/refresh-jobs.ts";
import { openJob } from "./open-job.ts";

let jobs: RefreshJobs;
let job: OpenServices;

beforeEach(() => {
  jobs = new RefreshJobs();
  job = openJob(jobs);
});

function refuse(request: string, status: number | null, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  const interfere = (seen: string): void => {
    if (seen === request && left-- > 0) throw new GitHubError(`GitHub answered ${status}.`, { status });
  };
  jobs.store.interfere = interfere;
  jobs.store.variables.interfere = interfere;
}

describe("whether secrets can be written", () => {
  test("is shown by a secret of no meaning, which stays; its key is good for the login", async () => {
    expect(await proveSecretsWritable(job)).toBe(jobs.store.key);

    expect(jobs.store.secrets.get(PROBE_NAME)?.value).toMatch(
      /whether its token may write here\. It means nothing\.$/,
    );
  });

  test("is not asked for an environment: there, who may make a variable may write secrets", async () => {
    expect(await proveSecretsWritable({ ...job, place: { ...PLACE, environment: "codex" } })).toBeNull();

    expect(jobs.store.secrets.has(PROBE_NAME)).toBe(false);
  });

  test("is asked again where GitHub does not answer", async () => {
    refuse("PUT", 502, 2);

    expect(await proveSecretsWritable(job)).toBe(jobs.store.key);
    expect(jobs.store.secrets.has(PROBE_NAME)).toBe(true);
  });

  test.each([403, 401, 404])("is answered by one refusal (%d): it is not asked again", async (status) => {
    refuse("PUT", status, 1);

    await expect(proveSecretsWritable(job)).rejects.toMatchObject({ status });
  });

  test("is shown under a name that is not the login's, and stays the same", () => {
    expect(PROBE_NAME).toBe("CODEX_AUTH_WRITE_PROBE");
  });

  test.each([
    [2, null],
    [3, 422],
  ])("is asked again with the next key where GitHub has replaced it: %d times", async (times, status) => {
    let keys = 0;
    jobs.store.interfere = (request) => {
      if (request === "PUT" && keys++ < times)
        jobs.store.key = { id: `${keys + 1}`, key: new Uint8Array(32) };
    };

    const answer = await proveSecretsWritable(job).catch((error: GitHubError) => error.status);

    expect(answer).toEqual(status ?? jobs.store.key);
  });

  test.each([
    [99, false],
    [100, true],
  ])("is known where there is no room for one more: %d secrets", async (count, isKnown) => {
    while (jobs.store.secrets.size < count) jobs.store.set(`S${jobs.store.secrets.size}`, "x");
    refuse("PUT", 422);

    const answer = await proveSecretsWritable(job).catch((error: GitHubError) => error.status);

    expect(answer).toEqual(isKnown ? jobs.store.key : 422);
    expect(jobs.store.secrets.has(PROBE_NAME)).toBe(false);
  });

  test("hides no fault of ours", async () => {
    const fault = new TypeError("a fault");
    let left = 1;
    jobs.store.interfere = (request) => {
      if (request === "PUT" && left-- > 0) throw fault;
    };

    await expect(proveSecretsWritable(job)).rejects.toBe(fault);
  });
});

describe("whether everything can be written that a refresh needs", () => {
  test("is shown by a variable, too, which does not stay", async () => {
    await proveWritable(job);

    expect(jobs.store.variables.kept.names).toEqual([PROBE_NAME]);
    expect(jobs.store.variables.kept.has(PROBE_NAME)).toBe(false);
    expect(jobs.store.secrets.has(PROBE_NAME)).toBe(true);
  });

  test.each(["POST", "DELETE", "PUT"])(
    "is asked again where GitHub does not answer a %s",
    async (request) => {
      refuse(request, 502, 1);

      await proveWritable(job);

      expect(jobs.store.secrets.has(PROBE_NAME)).toBe(true);
    },
  );

  test.each(["POST", "DELETE", "PUT"])("is answered by a refusal of a %s", async (request) => {
    refuse(request, 403);

    await expect(proveWritable(job)).rejects.toMatchObject({ status: 403 });
  });
});
