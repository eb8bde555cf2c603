import { randomBytes, randomUUID } from "node:crypto";
import type { LabRequest, LabResponse } from "../loopback-server.ts";

type Grant = { readonly blob: string; readonly access: "write" | "read"; readonly expires: Date };

/** As much of Azure Blob Storage as the cache client uses: signed URLs, Put Blob, Put Block (List), Get Blob (ranges). */
export class BlobStore {
  readonly #blobs = new Map<string, Buffer>();
  readonly #blocks = new Map<string, Buffer>();
  readonly #grants = new Map<string, Grant>();

  /** @returns path and query of a URL good for this one blob, this one kind of access, until then. */
  sign(grant: Grant): string {
    const signature = randomBytes(24).toString("hex");
    this.#grants.set(signature, grant);
    // The Azure SDK reads account, container and blob from a path on an IP address.
    return `/lab/actions-cache/${grant.blob}?sp=${grant.access === "read" ? "r" : "cw"}&sig=${signature}`;
  }

  get(blob: string): Buffer | undefined {
    return this.#blobs.get(blob);
  }

  set(blob: string, bytes: Buffer): void {
    this.#blobs.set(blob, bytes);
  }

  delete(blob: string): void {
    this.#blobs.delete(blob);
  }

  answer(request: LabRequest): LabResponse {
    const blob = request.path.split("/")[3] ?? "";
    const grant = this.#grants.get(request.query.get("sig") ?? "");
    if (!grant || grant.blob !== blob || grant.expires <= request.at)
      return azureError(403, "AuthenticationFailed");
    const reads = request.method === "GET" || request.method === "HEAD";
    if (!reads && request.method !== "PUT") return azureError(405, "UnsupportedHttpVerb");
    if (reads !== (grant.access === "read")) return azureError(403, "AuthorizationPermissionMismatch");
    return reads ? this.#read(request, blob) : this.#write(request, blob);
  }

  #write(request: LabRequest, blob: string): LabResponse {
    const operation = request.query.get("comp");
    if (operation === "block") {
      this.#blocks.set(`${blob} ${request.query.get("blockid")}`, request.body);
      return created();
    }
    if (operation === "blocklist") {
      const ids = [...request.body.toString("utf8").matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)];
      const blocks = ids.map(([, id]) => this.#blocks.get(`${blob} ${id}`));
      if (!blocks.every((block) => block !== undefined)) return azureError(400, "InvalidBlockList");
      this.#blobs.set(blob, Buffer.concat(blocks));
      return created();
    }
    if (operation !== null) return azureError(400, "InvalidQueryParameterValue");
    if (request.headers["x-ms-blob-type"] !== "BlockBlob") return azureError(400, "MissingRequiredHeader");
    this.#blobs.set(blob, request.body);
    return created();
  }

  #read(request: LabRequest, blob: string): LabResponse {
    const bytes = this.#blobs.get(blob);
    if (!bytes) return azureError(404, "BlobNotFound");
    const range = /^bytes=(\d+)-(\d*)$/.exec(
      String(request.headers["x-ms-range"] ?? request.headers.range ?? ""),
    );
    const start = range ? Number(range[1]) : 0;
    if (range && start >= bytes.length) return azureError(416, "InvalidRange");
    const part = range ? bytes.subarray(start, range[2] ? Number(range[2]) + 1 : undefined) : bytes;
    return {
      status: range ? 206 : 200,
      headers: {
        ...azureHeaders(),
        "content-type": "application/octet-stream",
        "content-length": String(part.length),
        "accept-ranges": "bytes",
        ...(range ? { "content-range": `bytes ${start}-${start + part.length - 1}/${bytes.length}` } : {}),
      },
      body: request.method === "HEAD" ? "" : part,
    };
  }
}

function azureHeaders(): Record<string, string> {
  return {
    "x-ms-request-id": randomUUID(),
    "x-ms-version": "2025-11-05",
    etag: `"0x${randomBytes(8).toString("hex")}"`,
  };
}

function created(): LabResponse {
  return {
    status: 201,
    headers: { ...azureHeaders(), "x-ms-request-server-encrypted": "true", "content-length": "0" },
  };
}

function azureError(status: number, code: string): LabResponse {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>lab</Message></Error>`;
  return {
    status,
    headers: { ...azureHeaders(), "x-ms-error-code": code, "content-type": "application/xml" },
    body,
  };
}
