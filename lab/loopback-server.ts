import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { LabClock } from "./clock.ts";

export interface LabRequest {
  readonly method: string;
  /** Path without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Server time of arrival. */
  readonly at: Date;
}

export interface LabResponse {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON. */
  readonly body?: string | Buffer | object;
}

/** The connection is cut instead of answered. */
export const DROP = Symbol("drop the connection");
export type Answer = LabResponse | typeof DROP;
export type Handler = (request: LabRequest) => Answer | Promise<Answer>;

/**
 * Stands between the wire and the handler: may answer itself (`next` not called: the handler never saw the request),
 * wait before or after, change the answer, or return {@link DROP} after `next()` (it happened, and nobody heard of it).
 */
export type Interceptor = (request: LabRequest, next: () => Promise<Answer>) => Answer | Promise<Answer>;

/** An HTTP server on 127.0.0.1 that remembers every request and lets a story get in between. */
export class LoopbackServer {
  readonly requests: LabRequest[] = [];
  readonly #interceptors: Interceptor[] = [];
  readonly #server: Server;
  readonly #clock: LabClock;
  readonly #handler: Handler;

  private constructor(handler: Handler, clock: LabClock) {
    this.#handler = handler;
    this.#clock = clock;
    this.#server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing));
  }

  static async start(handler: Handler, clock: LabClock): Promise<LoopbackServer> {
    const server = new LoopbackServer(handler, clock);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @returns a function that takes the interceptor away again. The newest is asked first. */
  intercept(interceptor: Interceptor): () => void {
    this.#interceptors.unshift(interceptor);
    return () => {
      const at = this.#interceptors.indexOf(interceptor);
      if (at >= 0) this.#interceptors.splice(at, 1);
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return; // the client went away
    }
    const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
    const request: LabRequest = {
      method: incoming.method ?? "GET",
      path: (incoming.url ?? "/").split("?")[0] ?? "/",
      query: url.searchParams,
      headers: incoming.headers,
      body: Buffer.concat(chunks),
      at: this.#clock.now(),
    };
    this.requests.push(request);
    let answer: Answer;
    try {
      answer = await this.#through([...this.#interceptors], request);
    } catch (error) {
      answer = {
        status: 500,
        body: { message: `lab: ${error instanceof Error ? error.stack : String(error)}` },
      };
    }
    if (answer === DROP) {
      incoming.socket.destroy();
      return;
    }
    const { status, headers = {}, body = "" } = answer;
    const raw = typeof body === "string" || Buffer.isBuffer(body);
    outgoing.writeHead(status, {
      date: this.#clock.now().toUTCString(),
      ...(raw ? {} : { "content-type": "application/json; charset=utf-8" }),
      ...headers,
    });
    outgoing.end(raw ? body : JSON.stringify(body));
  }

  async #through(interceptors: Interceptor[], request: LabRequest): Promise<Answer> {
    const [first, ...rest] = interceptors;
    return first ? first(request, () => this.#through(rest, request)) : this.#handler(request);
  }
}
