import type { KeyValues, ListDefinition } from "@tidemark/catalog";
import type { Cursor } from "@tidemark/kernel";
import { RetryableError, TidemarkError } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";

import type { Emission } from "./emission.js";
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
  let count = 0;
  for await (const page of pagesFrom(path, options)) {
    count += page.items.length;
    yield {
      kind: "items",
      items: page.items,
      parent,
      scoped,
      cursor: page.next === null ? { done: true } : { next: page.next },
    };
  }
  if (scoped) yield { kind: "scope", scope: parent, count, cursor: { done: true } };
}

interface PageRead {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

/** Pages behind the cursor, or from the first one when there is none or it is no longer accepted. */
export async function* pagesFrom(path: string, options: ListOptions): AsyncGenerator<PageRead, void, undefined> {
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
