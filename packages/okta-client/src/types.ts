import type { Clock, Logger, Metrics } from "@tidemark/kernel";

/** How the client proves who it is. */
export type OktaAuth =
  | { readonly kind: "ssws"; readonly token: string }
  | {
      readonly kind: "privateKey";
      readonly clientId: string;
      /** PEM (PKCS#1, PKCS#8 or SEC1) or a JWK as JSON; RSA or EC (P-256, P-384, P-521). */
      readonly privateKey: string;
      readonly keyId?: string;
      readonly scopes: readonly string[];
    };

/** Options of {@link createOktaClient}. */
export interface OktaClientOptions {
  /** `https://acme.okta.com`; `http://` only for loopback addresses; an `-admin` host is corrected. */
  readonly orgUrl: string;
  readonly auth: OktaAuth;
  /** Proxy URL; left out, HTTPS_PROXY, HTTP_PROXY and NO_PROXY count. An empty string means: no proxy. */
  readonly proxy?: string;
  /** PEM file of certificate authorities that are trusted besides the public ones. */
  readonly caFile?: string;
  /** Part of the limit that Okta's headers show which our own requests may use in any 60 s. Default 0.5. */
  readonly share?: number;
  /**
   * Part of the limit that stays untouched for others, by the remaining count that Okta shows. Never more than
   * `1 - share`. Default 0.1.
   */
  readonly reserve?: number;
  /** A try that has not ended after this is given up. Milliseconds, default 60,000. */
  readonly timeoutMs?: number;
  /** Requests under way at once, over all buckets. Default 10. */
  readonly maxConcurrency?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** Shared between clients of one org and principal; left out, one in memory. */
  readonly ledger?: RateLedger;
  /** Put before our own in the User-Agent header. */
  readonly userAgent?: string;
  /** Environment that is read for the proxy names. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Methods of Okta's management API. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";

/** Query parameters; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Options of one request. */
export interface RequestOptions {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether sending it twice does what sending it once does, so that it may be retried after an unknown outcome.
   * Default: true for GET, HEAD, PUT and DELETE, except DELETE of a user, which deactivates the first time and removes
   * the second (recorded traffic).
   */
  readonly idempotent?: boolean;
}

/** Options of {@link OktaClient.pages}. */
export interface PageOptions {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Key of a wrapped body, `roles` in `{"roles":[…],"_links":{"next":…}}`. */
  readonly itemsAt?: string;
  /** System Log polling, whose `next` never ends: stop after an empty page; its `next` is still delivered. */
  readonly stopWhenCaughtUp?: boolean;
  /** Applied to each item as its page arrives: what it leaves out takes no memory while pages wait for their turn. */
  readonly pick?: (item: unknown) => unknown;
}

/** An answer with a 2xx status. */
export interface OktaResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
  /** The parsed body (see {@link parseJson}); undefined when there is none. */
  readonly json: unknown;
  /** Okta's clock when it answered (`Date` header), milliseconds since the epoch; null without a valid header. */
  readonly date: number | null;
}

/** One page of a list. */
export interface OktaPage {
  readonly items: unknown[];
  /** Where it came from. */
  readonly url: string;
  /** Where the next one is; null on the last. */
  readonly next: string | null;
  readonly date: number | null;
  /** Size of the body as text. */
  readonly bytes: number;
}

/** What a client (or a view of it) did so far. */
export interface OktaStats {
  /** HTTP requests sent, retries included, token requests excluded. */
  readonly requests: number;
  /** Time in which requests waited for the rate ledger or for a 429 to pass; those that wait side by side count once. */
  readonly throttledMs: number;
  readonly retries: number;
  readonly byBucket: Readonly<Record<string, number>>;
}

/** The org as `/.well-known/okta-organization` names it. */
export interface OktaOrganization {
  /** `00o…`; `host:<hostname>` when the org does not tell. */
  readonly id: string;
  /** `idx` (Identity Engine) or `v1` (classic), where told. */
  readonly pipeline: string | null;
}

/** An admin role of the principal. `targets` null = the whole org, or all that its resource set names. */
export interface OktaRole {
  readonly type: string;
  readonly label: string;
  readonly status: string;
  readonly targets: readonly string[] | "unknown" | null;
}

/** What the token may do, as far as it may ask. */
export interface OktaGrants {
  /** Changes when roles, targets or scopes change; stable otherwise. */
  readonly fingerprint: string;
  /** User id of the token's owner, or the client id. */
  readonly ownerId: string | "unknown";
  readonly roles: readonly OktaRole[] | "unknown";
  /** Scopes of the access token; null with an API token, which has none. */
  readonly scopes: readonly string[] | "unknown" | null;
}

/** Options of a {@link OktaClient.scoped} view. */
export interface ScopeOptions {
  /** Names the view in logs. */
  readonly label: string;
  /** Requests of a higher number go first inside a bucket. Default 0. */
  readonly priority?: number;
  readonly signal?: AbortSignal;
}

/**
 * Speaks to one Okta org as one principal. Errors are the kernel's, with `OKTA_…` codes; {@link oktaAnswer} tells
 * status, error code and request id of one.
 */
export interface OktaClient {
  /** Without a trailing slash. */
  readonly orgUrl: string;
  /** A view of the same client (ledger, token, connections) with its own counters, priority and abort signal. */
  scoped(options: ScopeOptions): OktaClient;
  /** Sends a request, waits for the rate ledger, retries what may be retried. Rejects unless the status is 2xx. */
  request(method: HttpMethod, pathOrUrl: string, options?: RequestOptions): Promise<OktaResponse>;
  get(pathOrUrl: string, options?: RequestOptions): Promise<OktaResponse>;
  /**
   * Follows `rel="next"`, and fetches the next page while the consumer works on this one. An empty page with a next
   * goes on. A page that Okta cannot deliver at its size is asked for at half the `limit`.
   */
  pages(pathOrUrl: string, options?: PageOptions): AsyncGenerator<OktaPage, void, undefined>;
  /** Which org this is; asked once. Rejects with OKTA_NOT_AN_ORG when the address is none. */
  organization(): Promise<OktaOrganization>;
  /** Asks anew what the token may do. */
  grants(): Promise<OktaGrants>;
  /**
   * Okta's clock in milliseconds since the epoch, never ahead of it: the last `Date` header plus the time since. The
   * machine's clock before the first answer.
   */
  now(): number;
  readonly stats: OktaStats;
  buckets(): readonly BucketState[];
  /** Ends all connections; a request under way fails. */
  close(): Promise<void>;
}

/** What the ledger knows of a rate bucket. */
export interface BucketState {
  readonly key: string;
  /** Requests a minute as Okta's headers show them; null when no answer told so far. */
  readonly limit: number | null;
  /** What Okta said was left of its window, null when unknown or the window is over. */
  readonly remaining: number | null;
  /** When that window ends, by the ledger's clock (ms); null when unknown. */
  readonly resetAt: number | null;
  /** Our own requests in the last 60 s, those under way included. */
  readonly ours: number;
  readonly inFlight: number;
  readonly waiting: number;
}

/** Asks the ledger to let a request go. */
export interface AdmissionRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly priority?: number;
  readonly signal?: AbortSignal;
}

/** What an answer said about limits; parts that were absent or doubled are null. */
export interface RateAnswer {
  readonly status: number;
  readonly limit: number | null;
  readonly remaining: number | null;
  /** Epoch seconds by Okta's clock. */
  readonly reset: number | null;
  /** `Date` header in ms. */
  readonly date: number | null;
  /** Retry-After in ms. */
  readonly retryAfterMs: number | null;
}

/** Permission to send one request. */
export interface Admission {
  readonly bucket: string;
  readonly waitedMs: number;
  /** Must be called exactly once: with what came back, or null when nothing did. */
  settle(answer: RateAnswer | null): void;
}

/**
 * Paces the requests of one principal on one org. Per bucket, our own requests in any 60 s (from the sending of one to
 * the answer of another) stay within share × the limit shown, and within what Okta says remains less a reserve.
 */
export interface RateLedger {
  admit(request: AdmissionRequest): Promise<Admission>;
  buckets(): readonly BucketState[];
}
