import http from "node:http";
import https from "node:https";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Connections } from "./connections.js";

const inflate: Readonly<Record<string, (data: Buffer) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, Buffer>(zlib.gunzip),
  "x-gzip": promisify<Buffer, Buffer>(zlib.gunzip),
  deflate: promisify<Buffer, Buffer>(zlib.inflate),
};

/** What goes over the wire. */
export interface WireRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** What came back, whole. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null; forEach(visit: (value: string, name: string) => void): void };
  readonly body: Buffer;
}

/** How an exchange is done. */
export interface ExchangeOptions {
  readonly connections: Connections;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** No answer in time. */
class TimeoutError extends Error {
  constructor(timeoutMs: number) {
    super(`no whole answer within ${timeoutMs} ms`);
    this.name = "TimeoutError";
  }
}

/**
 * One request and its whole answer by node:http, which is faster than fetch (measured: 0.8–1.6 s against 1.4–1.8 s for
 * 500 pages of 200 users). Rejects with the socket's error, a {@link TimeoutError}, or the signal's reason; a body that
 * ends early is an error too.
 */
export function exchange(request: WireRequest, options: ExchangeOptions): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const send = request.url.startsWith("https:") ? https.request : http.request;
    const { method, headers } = request;
    const outgoing = send(request.url, { method, headers, ...options.connections });
    const fail = (error: unknown): void => {
      finish();
      reject(error);
      outgoing.destroy();
    };
    const onAbort = (): void => fail(signal?.reason);
    // One deadline for the whole exchange: a server that trickles must not hold a run for ever.
    const timer = setTimeout(() => fail(new TimeoutError(options.timeoutMs)), options.timeoutMs);
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    outgoing.on("error", fail);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", fail);
      incoming.on("end", () => {
        finish();
        const only = chunks.length === 1 ? chunks[0] : undefined;
        resolve(answer(incoming, only ?? Buffer.concat(chunks)));
      });
    });
    outgoing.end(request.body);
  });
}

async function answer(incoming: http.IncomingMessage, raw: Buffer): Promise<WireAnswer> {
  const decode = inflate[incoming.headers["content-encoding"]?.toLowerCase() ?? ""];
  return {
    status: incoming.statusCode ?? 0,
    headers: headersOf(incoming),
    body: decode && raw.length > 0 ? await decode(raw) : raw,
  };
}

function headersOf(incoming: http.IncomingMessage): WireAnswer["headers"] {
  const get = (name: string): string | null => {
    const value = incoming.headers[name.toLowerCase()];
    return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
  };
  return {
    get,
    forEach(visit) {
      for (const name of Object.keys(incoming.headers)) visit(get(name) ?? "", name);
    },
  };
}
