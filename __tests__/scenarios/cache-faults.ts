import { expect } from "@jest/globals";
import type { Interceptor } from "../../lab/loopback-server.ts";
import { onlyJob, type Stage } from "./stage.ts";

/** The one warning of a job that could not learn what the cache holds. */
export const UNTOLD = [expect.stringContaining("the Actions cache does not tell the result")];

/** What the cache service does at one of its calls. */
export function onCall(stage: Stage, method: string, act: Interceptor): void {
  stage.world.cache.server.intercept((request, next) =>
    request.path.endsWith(`/${method}`) ? act(request, next) : next(),
  );
}

export function onLookUp(stage: Stage, act: Interceptor): void {
  onCall(stage, "GetCacheEntryDownloadURL", act);
}

/** An intruder with write access to the cache, who sees which key is asked for. @returns how often one was planted */
export function plantUnderEveryKey(stage: Stage, archive: () => Buffer): () => number {
  let planted = 0;
  onLookUp(stage, (request, next) => {
    const { key, version } = JSON.parse(request.body.toString("utf8")) as { key: string; version: string };
    planted += 1;
    stage.world.cache.put({
      repository: stage.repository.fullName,
      ref: `refs/heads/${stage.repository.defaultBranch}`,
      key: `${key}9999999999-${planted}`,
      version,
      bytes: archive(),
    });
    return next();
  });
  return () => planted;
}

export function warningsOf(result: Awaited<ReturnType<Stage["run"]>>): string[] {
  return onlyJob(result)
    .annotations.filter(({ level }) => level === "warning")
    .map(({ message }) => message);
}
