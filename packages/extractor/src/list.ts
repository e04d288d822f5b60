import type { KeyValues, ListDefinition } from "@tidemark/catalog";
import type { Cursor } from "@tidemark/kernel";
import { mapOrdered, RetryableError, TerminalError, TidemarkError } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";

import type { Emission } from "./emission.js";
import { fetchOne } from "./fetch.js";
import { fillPath } from "./path.js";

/** How a list is read. */
export interface ListOptions {
  readonly client: OktaClient;
  readonly list: ListDefinition;
  /** Added to the declared query, e.g. `{ filter: 'lastUpdated gt "…"' }`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Values for the path's parameters, copied into the rows. */
  readonly parent?: KeyValues;
  /** Where a previous reading stopped. */
  readonly cursor?: Cursor | null;
  /** An endless list (the System Log): ends at an empty page, whose next link is where the next reading goes on. */
  readonly polling?: boolean;
  /** The items make up a complete scope (no time or row filter): at the end a {@link ScopeRead} tells so. */
  readonly scoped: boolean;
  /** What of an item is needed; the rest is dropped as its page arrives. */
  readonly pick?: (item: unknown) => unknown;
}

/**
 * Reads a list page by page, following `rel=next` to its end; an empty page with a next link is not the end.
 * When Okta refuses a resumed cursor (their life is undocumented), the listing starts again from its beginning: rows
 * that come twice are the loader's business.
 */
export async function* readList(options: ListOptions): AsyncGenerator<Emission, void, undefined> {
  const { list, scoped } = options;
  const parent = options.parent ?? {};
  const path = fillPath(list.path, parent);
  const variants = list.variants ?? [{}];
  // What was read to its end has no variant left either.
  const first = options.cursor?.["done"] === true ? variants.length : Number(options.cursor?.["variant"] ?? 0);
  let count = 0;
  for (let variant = first; variant < variants.length; variant += 1) {
    const query = { ...options.query, ...variants[variant] };
    const cursor = variant === first ? (options.cursor ?? null) : null;
    for await (const page of pagesOrNone(path, { ...options, query, cursor })) {
      count += page.items.length;
      yield {
        kind: "items",
        items: page.items,
        parent,
        scoped,
        cursor: cursorAfter(page.next, variant, variants.length),
      };
    }
  }
  if (scoped) yield { kind: "scope", scope: parent, count, cursor: { done: true } };
}

/** Pages; what says of a parent "it has none" says of the org "it has no such thing". */
async function* pagesOrNone(path: string, options: ListOptions): AsyncGenerator<PageRead, void, undefined> {
  try {
    yield* pagesFrom(path, options);
  } catch (error) {
    if (!(error instanceof TidemarkError) || !options.list.noneOn?.some((code) => code === error.code)) throw error;
    throw new TerminalError("OKTA_UNAVAILABLE", error.message, { cause: error });
  }
}

/** Where reading goes on behind a page. */
function cursorAfter(next: string | null, variant: number, variants: number): Cursor {
  if (next === null) return variant + 1 < variants ? { variant: variant + 1 } : { done: true };
  return variant === 0 ? { next } : { next, variant };
}

interface PageRead {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

/** Items of a page that are read again one by one at once. */
const DETAILS_AHEAD = 4;

/**
 * Pages behind the cursor, or from the first one when there is none or it is no longer accepted; with every item's own
 * GET where the list leaves out a part of it.
 */
export async function* pagesFrom(path: string, options: ListOptions): AsyncGenerator<PageRead, void, undefined> {
  const { client, list, parent = {} } = options;
  const { detail } = list;
  for await (const page of listedPages(path, options)) {
    if (detail === undefined) yield page;
    else {
      const items: unknown[] = [];
      const read = (item: unknown): Promise<unknown> =>
        fetchOne(client, { path: detail }, { ...ownValues(item), ...parent });
      // What is gone since the list was made has no detail, and no row.
      for await (const item of mapOrdered(page.items, DETAILS_AHEAD, read)) if (item !== null) items.push(item);
      yield { items, next: page.next };
    }
  }
}

function ownValues(item: unknown): KeyValues {
  const entries = Object.entries((item ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

async function* listedPages(path: string, options: ListOptions): AsyncGenerator<PageRead, void, undefined> {
  const { client, list, cursor } = options;
  const wrapped = {
    ...(list.itemsAt === undefined ? {} : { itemsAt: list.itemsAt }),
    ...(options.polling ? { stopWhenCaughtUp: true } : {}),
    ...(options.pick === undefined ? {} : { pick: options.pick }),
  };
  const query = { ...list.query, ...options.query };
  const resumeAt = typeof cursor?.["next"] === "string" ? cursor["next"] : null;
  if (cursor?.["done"] === true) return;
  if (list.single) {
    yield { items: [(await client.get(path, { query })).json], next: null };
    return;
  }
  if (resumeAt !== null) {
    try {
      for await (const page of client.pages(resumeAt, wrapped)) {
        yield page;
      }
      return;
    } catch (error) {
      if (!isExpiredCursor(error)) throw error;
    }
  }
  // A cursor that expires in the middle of a fresh listing: once more from the start, then give up.
  for (let attempt = 1; ; attempt += 1) {
    try {
      yield* client.pages(path, { ...wrapped, query });
      return;
    } catch (error) {
      if (!isExpiredCursor(error) || attempt > 1) throw error;
    }
  }
}

function isExpiredCursor(error: unknown): boolean {
  return error instanceof TidemarkError && error.code === "OKTA_CURSOR_EXPIRED";
}

/** True when a scope alone is affected and the others can go on: the parent is gone, or denied to this token. */
export function isScopeError(error: unknown): error is TidemarkError {
  if (!(error instanceof TidemarkError) || error instanceof RetryableError) return false;
  return error.code === "OKTA_NOT_FOUND" || error.code === "OKTA_DENIED";
}
