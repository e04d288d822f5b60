import { createRequire } from "node:module";
import type { ExchangeOptions, WireAnswer, WireRequest } from "./exchange.js";
import { exchange } from "./exchange.js";

/** What Okta's SDK hands to its request executor; it adds headers to the object it is given. */
export interface SdkRequest {
  url?: string;
  method: string;
  headers: Record<string, string>;
  body?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Gets the answer before the SDK turns an error status into its own error, which keeps less of it. */
  onAnswer(answer: WireAnswer): void;
}

/** The part of the SDK's Http that is used here. */
export interface SdkHttp {
  http(url: string, request: SdkRequest, context: { isCollection: boolean }): Promise<unknown>;
}

interface SdkHttpClass {
  new (options: {
    requestExecutor: object;
    cacheMiddleware: null;
  }): SdkHttp & { defaultHeaders: Record<string, string> };
}

interface SdkExecutorClass {
  new (): { emit(event: string, payload: unknown): boolean };
}

/** What the transport needs from the client. */
export interface SdkTransportOptions extends Omit<ExchangeOptions, "signal"> {
  readonly defaultHeaders: Readonly<Record<string, string>>;
  /** Adds the Authorization header (and a DPoP proof) for this very try. */
  authorize(request: { method: string; url: string }): Promise<Record<string, string>>;
}

/**
 * Okta's SDK as transport: its Http with our request executor and authorization, and its GET cache off. Only these two
 * files of the SDK are loaded, on the first request: the whole index takes over a second and 92 MB. Replaced are its
 * OAuth part (token errors hidden, no single flight, no EC keys, DPoP proofs reused) and node-fetch (no own agent for
 * the token call, no time-out by default); both measured with 8.1.0.
 */
export function createSdkTransport(options: SdkTransportOptions): SdkHttp {
  const require = createRequire(import.meta.url);
  const { Http } = require("@okta/okta-sdk-nodejs/src/http.js") as { Http: SdkHttpClass };
  const RequestExecutor = require("@okta/okta-sdk-nodejs/src/request-executor.js") as SdkExecutorClass;

  class TidemarkExecutor extends RequestExecutor {
    async fetch(request: SdkRequest & { url: string }): Promise<object> {
      this.emit("request", request);
      const answer = await exchange(wire(request), { ...options, signal: request.signal });
      request.onAnswer(answer);
      const response = fetchLike(request.url, answer);
      this.emit("response", response);
      return response;
    }
  }

  class TidemarkHttp extends Http {
    async prepareRequest(request: SdkRequest & { url: string }): Promise<void> {
      Object.assign(request.headers, await options.authorize(request));
    }
  }

  const http = new TidemarkHttp({ requestExecutor: new TidemarkExecutor(), cacheMiddleware: null });
  http.defaultHeaders = { ...options.defaultHeaders };
  return http;
}

function wire(request: SdkRequest & { url: string }): WireRequest {
  return { url: request.url, method: request.method, headers: request.headers, body: request.body };
}

/** As much of a fetch Response as the SDK's Http asks for. */
function fetchLike(url: string, answer: WireAnswer): object {
  return {
    url,
    status: answer.status,
    ok: answer.status >= 200 && answer.status < 300,
    headers: answer.headers,
    text: () => Promise.resolve(answer.body.toString("utf8")),
    json: () => Promise.resolve(JSON.parse(answer.body.toString("utf8")) as unknown),
    buffer: () => Promise.resolve(answer.body),
  };
}
