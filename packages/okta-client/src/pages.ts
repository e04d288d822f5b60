import { RetryableError, TerminalError } from "@tidemark/kernel";
import { isTooBig, shownPath } from "./errors.js";
import type { WireAnswer } from "./exchange.js";
import { parseJson } from "./json.js";
import { nextLink } from "./links.js";
import { resolveUrl } from "./orgUrl.js";
import { readDate } from "./rateHeaders.js";
import type { OktaPage, PageOptions } from "./types.js";

/** Fetches one page. */
export type FetchPage = (url: URL, options: FetchOptions) => Promise<OktaPage>;

/** How {@link FetchPage} fetches. */
export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Bounds how often a size that may be too big is asked for. */
  readonly tries?: number;
  /** Told of the next page as soon as the answer is there, before its body is parsed. */
  readonly onNext: (next: string) => void;
}

/** Halving stops here: a page of ten that fails does so for another reason. */
const SMALLEST_LIMIT = 10;
/** Tries at a size before it is halved. */
const TRIES_BEFORE_HALVING = 2;
/** Good pages at a reduced size before it is doubled again. */
const PAGES_BEFORE_DOUBLING = 5;

/** How {@link walkPages} walks. */
export interface WalkOptions {
  readonly fetchPage: FetchPage;
  readonly stopWhenCaughtUp: boolean;
  /** The consumer's signal. */
  readonly signal: AbortSignal | undefined;
}

/** A page under way. */
interface Coming {
  readonly url: string;
  readonly page: Promise<OktaPage>;
}

/**
 * Yields the pages of a chain. While the consumer has one, the next is under way; when it stops early that one is
 * aborted. While the consumer waits, the next is asked for before the present one is parsed, so that Okta does not wait
 * for us. A link that leads to itself ends in OKTA_MALFORMED instead of a loop.
 */
export async function* walkPages(start: URL, options: WalkOptions): AsyncGenerator<OktaPage, void, undefined> {
  const stop = new AbortController();
  // By hand instead of AbortSignal.any, which in Node 20 keeps what it made for as long as the outer signal lives.
  const forward = (): void => stop.abort(options.signal?.reason);
  if (options.signal?.aborted) forward();
  options.signal?.addEventListener("abort", forward, { once: true });
  const { signal } = stop;
  const size = new PageSize(start);
  /** What the consumer waits for; what was asked for behind it. Never more than that one ahead. */
  let awaited: Coming | undefined;
  let ahead: Coming | undefined;
  const open = (url: URL): Coming => {
    const onNext = (next: string): void => {
      // Whether a polled chain goes on, its page must tell.
      if (coming === awaited && !ahead && !options.stopWhenCaughtUp) ahead = open(new URL(next));
    };
    const page = size.fetch(url, options.fetchPage, { signal, onNext });
    // Its failure is thrown when its turn comes; until then it must not count as unhandled.
    page.catch(() => undefined);
    const coming: Coming = { url: url.href, page };
    return coming;
  };
  awaited = open(start);
  try {
    while (awaited) {
      const page: OktaPage = await awaited.page;
      const { next } = page;
      const early: Coming | undefined = ahead;
      awaited = undefined;
      ahead = undefined;
      const ends = next === null || (options.stopWhenCaughtUp && page.items.length === 0);
      if (!ends && next === page.url)
        throw new RetryableError("OKTA_MALFORMED", `the page at ${shownPath(start)} names itself as the next one`);
      // A page that had to be asked for again may lead elsewhere than its first answer did.
      const coming = ends ? undefined : early?.url === next ? early : open(new URL(next));
      yield page;
      awaited = coming;
    }
  } finally {
    options.signal?.removeEventListener("abort", forward);
    stop.abort();
  }
}

/** Adapts `limit` to what Okta can deliver: halves it after a 500 or a time-out, and finds its way back. */
class PageSize {
  readonly #wanted: number;
  #limit: number;
  #good = 0;
  #dropStats = false;

  constructor(start: URL) {
    this.#wanted = Number(start.searchParams.get("limit")) || 0;
    this.#limit = this.#wanted;
  }

  async fetch(url: URL, fetchPage: FetchPage, options: Omit<FetchOptions, "tries">): Promise<OktaPage> {
    let delivered = false;
    const succeeded = (): void => {
      if (!delivered) this.#succeeded();
      delivered = true;
    };
    const onNext = (next: string): void => {
      // Okta made a page of this size; the next one is asked for with what that teaches.
      succeeded();
      options.onNext(next);
    };
    for (;;) {
      const last = !this.#canShrink(url);
      const tries = last ? {} : { tries: TRIES_BEFORE_HALVING };
      try {
        const page = await fetchPage(this.#apply(url), { ...options, onNext, ...tries });
        succeeded();
        return page;
      } catch (error) {
        if (last || options.signal.aborted || !isTooBig(error)) throw error;
        this.#shrink();
      }
    }
  }

  #canShrink(url: URL): boolean {
    return this.#limit > SMALLEST_LIMIT || (!this.#dropStats && url.searchParams.get("expand") === "stats");
  }

  #shrink(): void {
    this.#good = 0;
    if (this.#limit > SMALLEST_LIMIT) this.#limit = Math.max(SMALLEST_LIMIT, Math.floor(this.#limit / 2));
    else this.#dropStats = true;
  }

  #succeeded(): void {
    if (this.#limit === this.#wanted || ++this.#good < PAGES_BEFORE_DOUBLING) return;
    this.#good = 0;
    this.#limit = Math.min(this.#wanted, this.#limit * 2);
  }

  /** The link as Okta wrote it, but for a limit that must change. */
  #apply(url: URL): URL {
    let href = url.href;
    if (this.#wanted > 0 && url.searchParams.get("limit") !== String(this.#limit)) {
      href = href.replace(/([?&]limit=)\d+/, `$1${this.#limit}`);
    }
    if (this.#dropStats)
      href = href.replace(/([?&])expand=stats(&|$)/, (_, before: string, after: string) => (after ? before : ""));
    return new URL(href);
  }
}

/** The next page by the Link header; null when there is none, or none that may be followed. */
export function linkedPage(answer: WireAnswer, orgUrl: string): URL | null {
  const link = nextLink(answer.headers.get("link"));
  return link === null ? null : (resolveUrl(orgUrl, link) ?? null);
}

/** Reads a list's answer. Throws OKTA_MALFORMED (retryable) for a body that is not the list it should be. */
export function readPage(
  answer: WireAnswer,
  url: URL,
  options: Pick<PageOptions, "itemsAt" | "pick"> & { readonly orgUrl: string },
): OktaPage {
  const { itemsAt, pick, orgUrl } = options;
  const body = parseBody(answer, url);
  const listed = itemsOf(body, itemsAt);
  const items = pick ? listed?.map((item) => pick(item)) : listed;
  if (!items) {
    const wanted = itemsAt === undefined ? "a list" : `a list at ${JSON.stringify(itemsAt)}`;
    throw malformed(url, `the answer is not ${wanted}`);
  }
  const link = nextLink(answer.headers.get("link")) ?? bodyNext(body);
  const next = link === null ? null : resolveUrl(orgUrl, link);
  if (link !== null && !next) {
    throw new TerminalError(
      "OKTA_MALFORMED",
      `the page at ${shownPath(url)} links to an address that is not Okta's API`,
      { where: url.origin },
    );
  }
  return { items, url: url.href, next: next?.href ?? null, date: readDate(answer.headers), bytes: answer.body.length };
}

/** Parses a JSON body, or throws OKTA_MALFORMED (retryable). An empty body is undefined. */
export function parseBody(answer: WireAnswer, url: URL): unknown {
  if (answer.body.length === 0) return undefined;
  try {
    return parseJson(answer.body.toString("utf8"));
  } catch {
    // The parser's own message quotes the text, which is persons' data.
    throw malformed(url, `the answer is not JSON, or not whole (${answer.body.length} bytes)`);
  }
}

function malformed(url: URL, what: string): RetryableError {
  return new RetryableError("OKTA_MALFORMED", `${shownPath(url)}: ${what}`, {
    where: url.origin,
    remedy: "If it stays, something between here and Okta changes answers (proxy, gateway), or Okta has a fault",
  });
}

function itemsOf(body: unknown, itemsAt: string | undefined): unknown[] | null {
  if (Array.isArray(body)) return body as unknown[];
  if (itemsAt === undefined || typeof body !== "object" || body === null) return null;
  const wrapped = (body as Record<string, unknown>)[itemsAt];
  // A client without keys has `"keys": null` (Okta SDK's tests).
  if (wrapped === null) return [];
  return Array.isArray(wrapped) ? (wrapped as unknown[]) : null;
}

function bodyNext(body: unknown): string | null {
  if (Array.isArray(body) || typeof body !== "object" || body === null) return null;
  const { _links: links } = body as { _links?: { next?: { href?: unknown } } };
  const href = links?.next?.href;
  return typeof href === "string" ? href : null;
}
