import { setMaxListeners } from "node:events";
import { TerminalError } from "@tidemark/kernel";
import type { WireAnswer } from "./exchange.js";
import { resolveUrl } from "./orgUrl.js";
import { linkedPage, parseBody, readPage, walkPages } from "./pages.js";
import { readDate } from "./rateHeaders.js";
import type { Job, Sender } from "./sender.js";
import { Counters } from "./stats.js";
import type {
  BucketState,
  HttpMethod,
  OktaClient,
  OktaGrants,
  OktaOrganization,
  OktaPage,
  OktaResponse,
  OktaStats,
  PageOptions,
  Query,
  RequestOptions,
  ScopeOptions,
} from "./types.js";

/** What all views of a client have in common. */
export interface Shared {
  readonly sender: Sender;
  organization: Promise<OktaOrganization> | undefined;
  readOrganization(client: OktaClient): Promise<OktaOrganization>;
  grants(client: OktaClient): Promise<OktaGrants>;
  close(): Promise<void>;
}

/** A client, or a view of one with counters, priority and signal of its own. */
export class View implements OktaClient {
  readonly #shared: Shared;
  readonly #scope: ScopeOptions;
  readonly #counters: Counters;

  constructor(shared: Shared, scope: ScopeOptions, counters: Counters) {
    this.#shared = shared;
    this.#scope = scope;
    this.#counters = counters;
  }

  get orgUrl(): string {
    return this.#shared.sender.parts.orgUrl;
  }

  get stats(): OktaStats {
    return this.#counters.snapshot();
  }

  scoped(options: ScopeOptions): OktaClient {
    const signals = [this.#scope.signal, options.signal].filter((signal) => signal !== undefined);
    const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
    // Every waiting request listens to it, and Node would warn from the eleventh on.
    if (signal) setMaxListeners(0, signal);
    const scope: ScopeOptions = {
      label: options.label,
      priority: options.priority ?? this.#scope.priority ?? 0,
      ...(signal === undefined ? {} : { signal }),
    };
    return new View(this.#shared, scope, new Counters(this.#counters));
  }

  get(pathOrUrl: string, options: RequestOptions = {}): Promise<OktaResponse> {
    return this.request("GET", pathOrUrl, options);
  }

  async request(method: HttpMethod, pathOrUrl: string, options: RequestOptions = {}): Promise<OktaResponse> {
    const url = this.#url(pathOrUrl, options.query);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    return this.#shared.sender.send({
      ...this.#job(method, url, options.headers),
      headers: { ...bodyHeaders(method, body), ...options.headers },
      body,
      idempotent: options.idempotent ?? isIdempotent(method, url.pathname),
      read: (answer) => respond(answer, url),
    });
  }

  pages(pathOrUrl: string, options: PageOptions = {}): AsyncGenerator<OktaPage, void, undefined> {
    return walkPages(this.#url(pathOrUrl, options.query), {
      stopWhenCaughtUp: options.stopWhenCaughtUp ?? false,
      signal: this.#scope.signal,
      fetchPage: (url, { signal, tries, onNext }) =>
        this.#shared.sender.send({
          ...this.#job("GET", url, options.headers),
          signal,
          ...(tries === undefined ? {} : { tries }),
          read: async (answer) => {
            const next = linkedPage(answer, this.orgUrl);
            if (next && next.href !== url.href) {
              onNext(next.href);
              // The request must be on its way before the parser keeps this thread busy.
              await new Promise((resolve) => setImmediate(resolve));
            }
            return readPage(answer, url, { ...options, orgUrl: this.orgUrl });
          },
        }),
    });
  }

  organization(): Promise<OktaOrganization> {
    this.#shared.organization ??= this.#shared.readOrganization(this).catch((error: unknown) => {
      this.#shared.organization = undefined;
      throw error;
    });
    return this.#shared.organization;
  }

  grants(): Promise<OktaGrants> {
    return this.#shared.grants(this);
  }

  now(): number {
    return this.#shared.sender.parts.serverClock.now();
  }

  buckets(): readonly BucketState[] {
    return this.#shared.sender.parts.ledger.buckets();
  }

  close(): Promise<void> {
    return this.#shared.close();
  }

  #job(method: HttpMethod, url: URL, headers: Readonly<Record<string, string>> = {}): Omit<Job<never>, "read"> {
    const { priority, signal } = this.#scope;
    return {
      method,
      url,
      headers,
      body: undefined,
      idempotent: true,
      priority: priority ?? 0,
      signal,
      counters: this.#counters,
    };
  }

  #url(pathOrUrl: string, query: Query = {}): URL {
    const url = resolveUrl(this.orgUrl, pathOrUrl);
    if (!url) {
      throw new TerminalError("OKTA_BAD_REQUEST", "an address outside Okta's API was to be asked", {
        where: this.orgUrl,
      });
    }
    const added = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
    );
    // Appended as text: what the link already holds must stay as Okta wrote it.
    if (added.length > 0) url.search = [url.search.replace(/^\?/, ""), ...added].filter(Boolean).join("&");
    return url;
  }
}

function respond(answer: WireAnswer, url: URL): OktaResponse {
  const text = answer.body.toString("utf8");
  // Metadata documents of apps and identity providers are XML (recorded traffic); everything else is JSON or empty.
  const document = /xml|octet-stream/i.test(answer.headers.get("content-type") ?? "");
  const json = document ? undefined : parseBody(answer, url);
  return { status: answer.status, headers: answer.headers, text, json, date: readDate(answer.headers) };
}

function bodyHeaders(method: HttpMethod, body: string | undefined): Record<string, string> {
  if (body !== undefined)
    return { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(body)) };
  // Without it Okta answers 411 (docs).
  return method === "POST" || method === "PUT" || method === "PATCH" ? { "Content-Length": "0" } : {};
}

/** DELETE of a user deactivates the first time and removes the second: sent twice it does more than asked. */
function isIdempotent(method: HttpMethod, path: string): boolean {
  if (method === "DELETE") return !/^\/api\/v1\/users\/[^/]+\/?$/.test(path);
  return method === "GET" || method === "HEAD" || method === "PUT";
}
