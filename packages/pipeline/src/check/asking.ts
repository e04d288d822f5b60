import type { KeyValues, ListDefinition } from "@tidemark/catalog";
import { fillPath } from "@tidemark/extractor";
import { type Clock, TerminalError, TidemarkError } from "@tidemark/kernel";
import { bucketOf, nextLink, type OktaClient } from "@tidemark/okta-client";

/** A first page: its items, and the link to those behind it. */
export interface FirstPage {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

/** Pages of a list that is followed at most: one window's worth of a bucket's share, but never fewer than these. */
const LEAST_PAGES = 25;
const PART_OF_WINDOW = 0.8;
/** What samples may take of a bucket's share a minute, so that a run that follows at once finds it nearly whole. */
const PART_FOR_SAMPLES = 0.2;
const MOST_SAMPLES = 30;
const LEAST_SAMPLES = 3;

/** Asks an org a few questions, one after the other, and measures how long each takes. */
export class Asking {
  readonly #client: OktaClient;
  readonly #clock: Clock;
  readonly #share: number;
  readonly #latencies = new Map<string, number[]>();

  constructor(client: OktaClient, options: { clock: Clock; share: number }) {
    this.#client = client;
    this.#clock = options.clock;
    this.#share = options.share;
  }

  /**
   * The first page of a list, or its one object. What says of a parent that it has none is an empty page; said of the org
   * it is that the org has no such thing, as for the readers of a run.
   */
  async first(
    list: ListDefinition,
    parent: KeyValues,
    query: Readonly<Record<string, string>> = {},
  ): Promise<FirstPage> {
    try {
      return await this.#firstPage(list, parent, query);
    } catch (error) {
      if (!(error instanceof TidemarkError) || !list.noneOn?.some((code) => code === error.code)) throw error;
      if (Object.keys(parent).length > 0) return { items: [], next: null };
      throw new TerminalError("OKTA_UNAVAILABLE", error.message, { cause: error });
    }
  }

  async #firstPage(
    list: ListDefinition,
    parent: KeyValues,
    query: Readonly<Record<string, string>>,
  ): Promise<FirstPage> {
    const path = fillPath(list.path, parent);
    const answer = await this.#timed(list.path, () => this.#client.get(path, { query: { ...list.query, ...query } }));
    if (list.single) return { items: [answer.json], next: null };
    const body = answer.json as Record<string, unknown> | null | undefined;
    const items: unknown = list.itemsAt === undefined ? body : body?.[list.itemsAt];
    const links = body?.["_links"] as { next?: { href?: string } } | undefined;
    const next = nextLink(answer.headers.get("link")) ?? links?.next?.href ?? null;
    return { items: Array.isArray(items) ? items : [], next };
  }

  /**
   * Follows a list to its end, or to as many pages as its bucket can spare now (`few`: for a sample). Resolves to true when
   * it came to the end.
   */
  async follow(
    list: ListDefinition,
    query: Readonly<Record<string, string>>,
    take: (items: readonly unknown[]) => void,
    few = false,
  ): Promise<boolean> {
    const first = await this.first(list, {}, query);
    take(first.items);
    if (first.next === null) return true;
    const most = few ? LEAST_PAGES : Math.max(LEAST_PAGES, Math.floor(this.#capacity(list.path) * PART_OF_WINDOW));
    const wrapped = list.itemsAt === undefined ? {} : { itemsAt: list.itemsAt };
    let pages = 1;
    for await (const page of this.#client.pages(first.next, wrapped)) {
      take(page.items);
      pages += 1;
      if (page.next !== null && pages >= most) return false;
    }
    return true;
  }

  /** Reads the rows under a parent, `most` pages at most. */
  async under(
    list: ListDefinition,
    parent: KeyValues,
    most: number,
  ): Promise<{ items: readonly unknown[]; pages: number; whole: boolean }> {
    const first = await this.first(list, parent);
    let { next } = first;
    const items = [...first.items];
    let pages = 1;
    while (next !== null && pages < most) {
      const page = await this.first(
        { path: next, pageSize: list.pageSize, ...(list.itemsAt === undefined ? {} : { itemsAt: list.itemsAt }) },
        {},
      );
      ({ next } = page);
      items.push(...page.items);
      pages += 1;
    }
    return { items, pages, whole: next === null };
  }

  /** How many requests to this path sampling may take. */
  samples(path: string): number {
    return Math.max(LEAST_SAMPLES, Math.min(MOST_SAMPLES, Math.floor(this.#capacity(path) * PART_FOR_SAMPLES)));
  }

  /** Median time of a request to this path, or of all; ms. */
  latency(path?: string): number | null {
    const times = path === undefined ? [...this.#latencies.values()].flat() : (this.#latencies.get(path) ?? []);
    const sorted = times.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? null;
  }

  /** Requests that this bucket's share allows us in a minute. */
  #capacity(path: string): number {
    const key = bucketOf("GET", path.replaceAll(/\{[^}]*\}/g, "x"));
    const limit = this.#client.buckets().find((bucket) => bucket.key === key)?.limit ?? null;
    return limit === null ? Infinity : Math.floor(limit * this.#share);
  }

  async #timed<T>(path: string, work: () => Promise<T>): Promise<T> {
    const before = this.#client.stats;
    const from = this.#clock.now();
    const result = await work();
    const { throttledMs, retries } = this.#client.stats;
    const took = this.#clock.now() - from - (throttledMs - before.throttledMs);
    if (retries === before.retries) this.#latencies.set(path, [...(this.#latencies.get(path) ?? []), took]);
    return result;
  }
}
