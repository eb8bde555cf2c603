import type { CacheService } from "../cache/cache.ts";
import type { Call, Route } from "./router.ts";
import { notFound, page, timestamp } from "./wire.ts";

/** The entries of one repository's cache. Only finished ones are listed. */
function entriesOf(call: Call, cache: CacheService | undefined) {
  const all = cache?.entries ?? [];
  return all.filter(({ repository, state }) => repository === call.repository.fullName && state === "ready");
}

/** @param cache the service, once there is one */
export function cacheRoutes(cache: () => CacheService | undefined): Route[] {
  return [
    {
      method: "GET",
      pattern: "/actions/caches",
      permission: "actions",
      level: "read",
      answer: (call) => {
        // The parameter is a prefix. [doc]
        const prefix = call.request.query.get("key") ?? "";
        const found = entriesOf(call, cache()).filter(({ key }) => key.startsWith(prefix));
        const { items, headers } = page(call.request, found, call.url);
        const actions_caches = items.map(({ id, ref, key, version, createdAt, bytes }) => ({
          id,
          ref,
          key,
          version,
          created_at: timestamp(createdAt),
          size_in_bytes: bytes.length,
        }));
        return { status: 200, headers, body: { total_count: found.length, actions_caches } };
      },
    },
    {
      method: "DELETE",
      pattern: "/actions/caches/{id}",
      permission: "actions",
      level: "write",
      answer: (call) => {
        const found = entriesOf(call, cache()).find(({ id }) => String(id) === call.parameters.id);
        if (!found) return notFound();
        cache()?.remove(found.id);
        return { status: 204 };
      },
    },
  ];
}
