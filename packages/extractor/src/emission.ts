import type { KeyValues } from "@tidemark/catalog";
import type { Cursor, TidemarkError } from "@tidemark/kernel";

/** A page's items. `scoped` items belong to a listing that a later {@link ScopeRead} closes; others prove nothing about absence. */
export interface Items {
  readonly kind: "items";
  readonly items: readonly unknown[];
  /** Values of the parent's columns, to be copied into every row; empty for objects without a parent. */
  readonly parent: KeyValues;
  readonly scoped: boolean;
  /** Reading goes on behind this page when it is handed back after a crash. */
  readonly cursor: Cursor | null;
}

/** The listing of `scope` (`{}` = the whole object) was followed to its last page without an error. */
export interface ScopeRead {
  readonly kind: "scope";
  readonly scope: KeyValues;
  /** Rows that the listing held; an empty one is no proof by itself. */
  readonly count: number;
  readonly cursor: Cursor | null;
}

/** A single GET answered 404: the row is gone, or hidden from the role. The judge decides which. */
export interface NotFound {
  readonly kind: "not-found";
  readonly key: KeyValues;
}

/** These rows ended: an event says so, or their parent's end is proved. `key` may be part of a key. */
export interface Removed {
  readonly kind: "removed";
  readonly key: KeyValues;
  readonly because: "event" | "parent";
}

/** A parent's listing could not be had: denied, or the parent itself is gone (404). The rest goes on. */
export interface ScopeMissed {
  readonly kind: "missed";
  readonly scope: KeyValues;
  readonly error: TidemarkError;
  readonly cursor: Cursor | null;
}

/** What reading Okta yields, in the order in which it may be committed. */
export type Emission = Items | ScopeRead | NotFound | Removed | ScopeMissed;
