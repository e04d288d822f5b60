import type { KeyValues, ListDefinition } from "@tidemark/catalog";
import { type Cursor, mapOrdered, TidemarkError } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";

import type { Emission } from "./emission.js";
import { isScopeError, pagesFrom } from "./list.js";
import { fillPath } from "./path.js";

/** One parent whose rows are to be listed. */
export interface Scope {
  readonly values: KeyValues;
  /** Known to hold nothing (its parent's own listing said so): no request is spent on it. */
  readonly empty?: boolean;
}

/** How the rows under many parents are read. */
export interface ScopesOptions {
  readonly client: OktaClient;
  readonly list: ListDefinition;
  /** In ascending key order, those behind the cursor only: {@link scopeAfter}. */
  readonly scopes: Iterable<Scope> | AsyncIterable<Scope>;
  /** Parents whose first page is fetched ahead at once. The rate ledger, not this number, keeps us polite. */
  readonly concurrency: number;
  readonly cursor?: Cursor | null;
  /** What of an item is needed; the rest is dropped as its page arrives. */
  readonly pick?: ((item: unknown) => unknown) | undefined;
  /**
   * The reading ends with the refusal when so many parents in a row, the first ones, are all denied (or twenty times as
   * many have no such list). Default: never.
   */
  readonly mostRefused?: number;
}

/** A parent may lack such a list (404) where others have it; a token that may not see one sees none. */
const NOT_FOUND_WEIGHS = 0.05;

type Page = { readonly items: readonly unknown[]; readonly next: string | null };
type FirstPage =
  | { readonly page: Page; readonly rest: AsyncGenerator<Page, void, undefined> | null }
  | { readonly error: TidemarkError };

/** The parent behind which a resumed reading goes on. */
export function scopeAfter(cursor: Cursor | null | undefined): KeyValues | null {
  const after = cursor?.["after"];
  return typeof after === "object" && after !== null ? (after as KeyValues) : null;
}

/**
 * Reads the lists of many parents: first pages side by side, delivered in the parents' order, so that one value, the
 * last finished parent, tells where to go on after a crash. A parent in the middle of its pages is resumed at its page.
 */
export async function* readScopes(options: ScopesOptions): AsyncGenerator<Emission, void, undefined> {
  const { client, list, cursor } = options;
  const resumed = resumePoint(cursor);

  const openScope = async (scope: Scope): Promise<{ scope: Scope; first: FirstPage }> => {
    if (scope.empty) return { scope, first: { page: { items: [], next: null }, rest: null } };
    const from = resumed !== null && sameKey(resumed.scope, scope.values) ? { next: resumed.next } : null;
    const rest = pagesFrom(fillPath(list.path, scope.values), {
      client,
      list,
      parent: scope.values,
      cursor: from,
      scoped: true,
      ...(options.pick === undefined ? {} : { pick: options.pick }),
    });
    try {
      const first = await rest.next();
      const page = first.done ? { items: [], next: null } : first.value;
      return { scope, first: { page, rest: page.next === null ? null : rest } };
    } catch (error) {
      if (error instanceof TidemarkError && list.noneOn?.some((code) => code === error.code))
        return { scope, first: { page: { items: [], next: null }, rest: null } };
      if (!isScopeError(error)) throw error;
      return { scope, first: { error } };
    }
  };

  let after: KeyValues | null = scopeAfter(cursor);
  let refused = 0;
  for await (const { scope, first } of mapOrdered(options.scopes, options.concurrency, openScope)) {
    if ("error" in first) {
      // Asking ten thousand parents for what the token may not see would only cost others their share of the limit.
      refused += first.error.code === "OKTA_DENIED" ? 1 : NOT_FOUND_WEIGHS;
      if (refused >= (options.mostRefused ?? Infinity)) throw first.error;
      yield { kind: "missed", scope: scope.values, error: first.error, cursor: { after: scope.values } };
      after = scope.values;
      continue;
    }
    // Who was not asked refused nothing, and granted nothing.
    if (!scope.empty) refused = Number.NEGATIVE_INFINITY;
    yield* readOpenScope({ scope: scope.values, first, after });
    after = scope.values;
  }
}

async function* readOpenScope(open: {
  scope: KeyValues;
  first: { page: Page; rest: AsyncGenerator<Page, void, undefined> | null };
  after: KeyValues | null;
}): AsyncGenerator<Emission, void, undefined> {
  const { scope, after } = open;
  let count = 0;
  const emit = (page: Page): Emission => {
    count += page.items.length;
    return {
      kind: "items",
      items: page.items,
      parent: scope,
      scoped: true,
      cursor: page.next === null ? { after } : { after, scope, next: page.next },
    };
  };
  if (open.first.page.items.length > 0 || open.first.page.next !== null) yield emit(open.first.page);
  try {
    if (open.first.rest) for await (const page of open.first.rest) yield emit(page);
  } catch (error) {
    if (!isScopeError(error)) throw error;
    yield { kind: "missed", scope, error, cursor: { after: scope } };
    return;
  }
  yield { kind: "scope", scope, count, cursor: { after: scope } };
}

function resumePoint(cursor: Cursor | null | undefined): { scope: KeyValues; next: string } | null {
  const scope = cursor?.["scope"];
  const next = cursor?.["next"];
  if (typeof scope !== "object" || scope === null || typeof next !== "string") return null;
  return { scope: scope as KeyValues, next };
}

/** Equality of two keys with the same columns. */
export function sameKey(a: KeyValues, b: KeyValues): boolean {
  const columns = Object.keys(a);
  return columns.length === Object.keys(b).length && columns.every((column) => a[column] === b[column]);
}
