import type { ListDefinition, ObjectDefinition } from "@tidemark/catalog";

import type { CheckProblem, ObjectCheck } from "./types.js";

/** Rows below one parent. */
export interface ScopeSize {
  readonly rows: number;
  /** The parent's own row says that there are none: a first load spends no request on it. */
  readonly knownEmpty: boolean;
  /** When the parent's watermark column moved last (ms); null when it has none. */
  readonly movedAt: number | null;
}

/** How much there is to read: one list, one under each parent, or a feed that nobody counts. */
export type Size =
  /** `parts`: items of each query that makes up the list (one as a rule); `rows`: those that are rows of this object. */
  | { readonly kind: "list"; readonly rows: number; readonly parts: readonly number[] }
  /** `recent`: something happened within the last hour, which the chain behind a first load's slices reads once more. */
  | { readonly kind: "feed"; readonly recent: boolean }
  | { readonly kind: "scopes"; readonly scopes: readonly ScopeSize[] };

/** What was found out about an object. */
export interface Surveyed {
  readonly definition: ObjectDefinition;
  readonly status: ObjectCheck["status"];
  readonly problem: CheckProblem | null;
  /** Null: nobody can tell (the log, or an object that cannot be read). */
  readonly size: Size | null;
  readonly exact: boolean;
  /** Rows that others are listed under, as their listing showed them. */
  readonly listed: readonly unknown[];
}

/** Objects by name, parents first. */
export type Survey = ReadonlyMap<string, Surveyed>;

/** Each query that makes up the list, as a list of its own. */
export function queriesOf({ variants, ...list }: ListDefinition): readonly ListDefinition[] {
  return variants?.map((query) => ({ ...list, query: { ...list.query, ...query } })) ?? [list];
}
