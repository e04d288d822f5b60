import { RetryableError, TerminalError } from "@tidemark/kernel";
import { isTooBig, shownPath } from "./errors.js";
import type { WireAnswer } from "./exchange.js";
import { parseJson } from "./json.js";
import { nextLink } from "./links.js";
import { resolveUrl } from "./orgUrl.js";
import { readDate } from "./rateHeaders.js";
import type { OktaPage, PageOptions } from "./types.js";

/** Fetches one page; `tries` bounds how often a size that may be too big is asked for. */
export type FetchPage = (url: URL, signal: AbortSignal, tries: number | undefined) => Promise<OktaPage>;

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

/**
 * Yields the pages of a chain. While the consumer has one, the next is under way; when it stops early that one is
 * aborted. A link that leads to itself ends in OKTA_MALFORMED instead of a loop.
 */
export async function* walkPages(start: URL, options: WalkOptions): AsyncGenerator<OktaPage, void, undefined> {
  const stop = new AbortController();
  // By hand instead of AbortSignal.any, which in Node 20 keeps what it made for as long as the outer signal lives.
  const forward = (): void => stop.abort(options.signal?.reason);
  if (options.signal?.aborted) forward();
  options.signal?.addEventListener("abort", forward, { once: true });
  const { signal } = stop;
  const size = new PageSize(start);
  let coming: Promise<OktaPage> | undefined = size.fetch(start, options.fetchPage, signal);
  try {
    while (coming) {
      const page: OktaPage = await coming;
      const ends = page.next === null || (options.stopWhenCaughtUp && page.items.length === 0);
      coming = undefined;
      if (!ends && page.next !== null) {
        if (page.next === page.url)
          throw new RetryableError("OKTA_MALFORMED", `the page at ${shownPath(start)} names itself as the next one`);
        coming = size.fetch(new URL(page.next), options.fetchPage, signal);
        // Its failure is thrown when its turn comes; until then it must not count as unhandled.
        coming.catch(() => undefined);
      }
      yield page;
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

  async fetch(url: URL, fetchPage: FetchPage, signal: AbortSignal): Promise<OktaPage> {
    for (;;) {
      const last = !this.#canShrink(url);
      try {
        const page = await fetchPage(this.#apply(url), signal, last ? undefined : TRIES_BEFORE_HALVING);
        this.#succeeded();
        return page;
      } catch (error) {
        if (last || signal.aborted || !isTooBig(error)) throw error;
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
  return Array.isArray(wrapped) ? (wrapped as unknown[]) : null;
}

function bodyNext(body: unknown): string | null {
  if (Array.isArray(body) || typeof body !== "object" || body === null) return null;
  const { _links: links } = body as { _links?: { next?: { href?: unknown } } };
  const href = links?.next?.href;
  return typeof href === "string" ? href : null;
}
