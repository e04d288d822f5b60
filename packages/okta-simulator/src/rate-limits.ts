import type { Clock } from "@tidemark/kernel";

import { oktaError, type OktaError } from "./errors.js";
import { mix } from "./generate/hash.js";

/** Whose default limits the org has. */
export type RatePlan = "integrator" | "oneapp" | "enterprise" | "workforce";

/** Requests a minute in the order of {@link PLANS}. */
type Limits = readonly [integrator: number, oneapp: number, enterprise: number, workforce: number];

const PLANS: readonly RatePlan[] = ["integrator", "oneapp", "enterprise", "workforce"];

/**
 * Requests a minute by bucket, as Okta documented them in May 2025 (the table has since left the docs). A name is the
 * path of its bucket, after a method where methods differ; `{id}` is one segment.
 */
const LIMITS: Readonly<Record<string, Limits>> = {
  "/api/v1/apps": [20, 100, 100, 100],
  "/api/v1/apps/{id}": [100, 600, 600, 500],
  "/api/v1/groups": [100, 600, 600, 500],
  "/api/v1/groups/{id}": [100, 600, 600, 1000],
  "/api/v1/users": [100, 600, 600, 600],
  "GET /api/v1/users/{id}": [100, 1000, 1000, 2000],
  "WRITE /api/v1/users/{id}": [100, 600, 600, 600],
  "/api/v1/logs": [20, 50, 50, 120],
  "/api/v1/events": [20, 50, 50, 100],
  "/api/v1/certificateAuthorities": [100, 150, 150, 100],
  "/api/v1/devices": [100, 150, 150, 100],
  "/api/v1/org/email/bounces/remove-list": [10, 30, 60, 60],
  "/api/v1/sessions": [100, 600, 600, 750],
  "/api/v1/authn": [100, 600, 600, 500],
  "/api/v1": [100, 600, 600, 1200],
  "/oauth2/v1/clients": [25, 100, 100, 100],
  "/oauth2/v1/token": [300, 1200, 1200, 2000],
  "/oauth2/{id}/v1/token": [300, 1200, 1200, 2000],
  "/oauth2/v1": [300, 1200, 1200, 2000],
  "/oauth2": [100, 600, 600, 600],
  "/": [1000, 3000, 6000, 10000],
};

/** Paths that count by themselves, with the numbers of `/api/v1` (Terraform provider: own buckets, numbers unknown). */
const SEPARATE = [
  "/api/v1/iam",
  "/api/v1/device-assurances",
  "/api/v1/domains",
  "/api/v1/agentPools",
  "/api/v1/hook-keys",
  "/api/v1/push-providers",
  "/api/v1/risk/providers",
  "/api/v1/principal-rate-limits",
] as const;

/** Prefixes, longest first: without an exact match the longest one wins (Okta docs). */
const PREFIXES = [
  ...Object.keys(LIMITS).filter((name) => name.startsWith("/") && !name.includes("{")),
  ...SEPARATE,
].sort((a, b) => b.length - a.length);

const WINDOW_MS = 60_000;
/** What the headers show when nothing is limited: a client that paces itself by them must not slow down. */
const UNLIMITED = 1_000_000;
/** Requests in flight over the whole org (Okta docs, 2026). */
const CONCURRENCY: Readonly<Record<RatePlan, number>> = { integrator: 35, oneapp: 75, enterprise: 75, workforce: 75 };

export interface RateLimiterOptions {
  /** `off`: nothing is refused for its rate, and the headers show limits that nobody reaches. */
  readonly mode: "okta" | "off";
  /** Default `workforce`. */
  readonly plan?: RatePlan;
  /**
   * Whether the headers show the org's limit (default) or the caller's share of it; Okta does not document which it
   * does. The share is enforced either way, so that with `org` a 429 can come while Remaining is not 0.
   */
  readonly shows?: "org" | "share";
  /** The part of each bucket that one token or app may use; Okta's default is 0.5. */
  readonly share?: number;
  readonly clock: Clock;
  /** Requests in flight at once, over the org. Default by plan; without limit when `mode` is `off`. */
  readonly concurrency?: number;
  /** Requests a minute by bucket name, instead of the plan's. */
  readonly limits?: Readonly<Record<string, number>>;
  /** The part of each bucket that others use, evenly over the window; default 0. */
  readonly background?: number;
}

/** A request that was let in. */
export interface Admission {
  readonly headers: Record<string, string>;
  /** Call when the request is over; more than once does no harm. */
  leave(): void;
}

export interface RateLimiter {
  /** Lets a request in, or throws 429 E0000047 with the rate headers. */
  enter(method: string, path: string, principalId: string): Admission;
}

/** The name of the bucket that a request counts in, or null where nothing is counted. */
export function bucketOf(method: string, path: string): string | null {
  if (path.startsWith("/.well-known/") || path === "/oauth2/v1/keys") return null;
  if (/^\/api\/v1\/users\/[^/]+$/.test(path)) return `${method === "GET" ? "GET" : "WRITE"} /api/v1/users/{id}`;
  if (/^\/api\/v1\/apps\/[^/]+$/.test(path)) return "/api/v1/apps/{id}";
  if (/^\/api\/v1\/groups\/(?!rules$)[^/]+$/.test(path)) return "/api/v1/groups/{id}";
  if (/^\/oauth2\/[^/]+\/v1\/token$/.test(path)) return "/oauth2/{id}/v1/token";
  return PREFIXES.find((prefix) => path === prefix || path.startsWith(`${prefix}/`)) ?? "/";
}

/** Counts requests per bucket as Okta does: windows of 60 s that do not start with the clock's minute. */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  return new OrgRateLimiter(options);
}

interface Window {
  readonly endsAt: number;
  total: number;
  readonly byPrincipal: Map<string, number>;
}

class OrgRateLimiter implements RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #share: number;
  readonly #concurrency: number;
  readonly #limits: ReadonlyMap<string, number>;
  readonly #windows = new Map<string, Window>();
  #inFlight = 0;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#share = options.share ?? 0.5;
    this.#concurrency =
      options.concurrency ?? (options.mode === "off" ? Infinity : CONCURRENCY[options.plan ?? "workforce"]);
    this.#limits = limitsOf(options);
  }

  enter(method: string, path: string, principalId: string): Admission {
    const bucket = bucketOf(method, path);
    if (bucket === null) return { headers: {}, leave: () => undefined };
    if (this.#inFlight >= this.#concurrency) throw this.#tooMany(bucket);
    const headers = this.#count(bucket, principalId);
    this.#inFlight++;
    let inside = true;
    const leave = (): void => {
      if (inside) this.#inFlight--;
      inside = false;
    };
    return { headers, leave };
  }

  #count(bucket: string, principalId: string): Record<string, string> {
    const window = this.#window(bucket);
    const limit = this.#limits.get(bucket) ?? UNLIMITED;
    const own = window.byPrincipal.get(principalId) ?? 0;
    const shareLimit = this.#shareOf(limit);
    const orgUsed = window.total + this.#byOthers(limit, window);
    const refused = this.#options.mode === "okta" && (own >= shareLimit || orgUsed >= limit);
    const counted = refused ? 0 : 1;
    window.total += counted;
    window.byPrincipal.set(principalId, own + counted);
    const left =
      this.#options.shows === "share"
        ? Math.min(shareLimit - own - counted, limit - orgUsed - counted)
        : limit - orgUsed - counted;
    const shown = this.#options.shows === "share" ? shareLimit : limit;
    const headers = rateHeaders(shown, Math.max(0, left), window.endsAt);
    if (refused) throw oktaError("E0000047", { headers });
    return headers;
  }

  /** One token's part; with mode `off` there is no share to keep. */
  #shareOf(limit: number): number {
    return this.#options.mode === "off" ? limit : Math.max(1, Math.floor(limit * this.#share));
  }

  #byOthers(limit: number, window: Window): number {
    const elapsed = WINDOW_MS - (window.endsAt - this.#options.clock.now());
    return Math.floor((limit * (this.#options.background ?? 0) * elapsed) / WINDOW_MS);
  }

  #window(bucket: string): Window {
    const now = this.#options.clock.now();
    const known = this.#windows.get(bucket);
    if (known && now < known.endsAt) return known;
    const phase = phaseOf(bucket);
    const endsAt = (Math.floor((now - phase) / WINDOW_MS) + 1) * WINDOW_MS + phase;
    const window: Window = { endsAt, total: 0, byPrincipal: new Map() };
    this.#windows.set(bucket, window);
    return window;
  }

  /** Limit and Remaining are 0 and Reset is a guess: that tells it from a rate 429 (Okta docs). */
  #tooMany(bucket: string): OktaError {
    return oktaError("E0000047", { headers: rateHeaders(0, 0, this.#window(bucket).endsAt) });
  }
}

function limitsOf(options: RateLimiterOptions): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  if (options.mode === "okta") {
    const column = PLANS.indexOf(options.plan ?? "workforce");
    for (const [bucket, numbers] of Object.entries(LIMITS)) limits.set(bucket, numbers[column] ?? UNLIMITED);
    for (const bucket of SEPARATE) limits.set(bucket, limits.get("/api/v1") ?? UNLIMITED);
    for (const [bucket, limit] of Object.entries(options.limits ?? {})) limits.set(bucket, limit);
  }
  return limits;
}

/** Whole seconds into the minute at which the bucket's windows start. */
function phaseOf(bucket: string): number {
  let hash = 0;
  for (let i = 0; i < bucket.length; i++) hash = mix(hash, bucket.charCodeAt(i), i);
  return (1 + (hash % 59)) * 1000;
}

function rateHeaders(limit: number, remaining: number, resetMs: number): Record<string, string> {
  return {
    "X-Rate-Limit-Limit": String(limit),
    "X-Rate-Limit-Remaining": String(remaining),
    "X-Rate-Limit-Reset": String(Math.ceil(resetMs / 1000)),
  };
}
