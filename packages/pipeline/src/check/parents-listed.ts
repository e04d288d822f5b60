import { type KeyValues, type ObjectDefinition, parentsOf, snakeCase, valueAt } from "@tidemark/catalog";

import { columnValues } from "../direct.js";
import { type Survey, type Surveyed } from "./surveyed.js";

/** A parent's item and the values that its children's path takes from it. */
export interface Keyed {
  readonly item: unknown;
  readonly key: KeyValues;
}

/** The parents that the object is listed under; null when none of them could be read. */
export function parentsListed(definition: ObjectDefinition, found: Survey): { keyed: Keyed[]; exact: boolean } | null {
  const { parent } = definition;
  const above = parentsOf(definition).flatMap(({ name }) => found.get(name) ?? []);
  const read = above.filter(({ status }) => status === "ok");
  if (!parent || read.length === 0) return null;
  const keyed = read.flatMap((one) =>
    one.listed
      .filter((item) =>
        Object.entries(parent.where ?? {}).every(([column, values]) => hasValue(one, item, { column, values })),
      )
      .map((item) => ({ item, key: columnValues(one.definition, item, parent.columns) })),
  );
  // Those that Okta lists nowhere.
  const unlisted = (parent.values ?? []).map((key) => ({ item: null, key }));
  const whole = [...keyed, ...unlisted].filter(({ key }) => Object.values(key).every((value) => value !== ""));
  const { times } = parent;
  const other = times && found.get(times.object);
  const others = other?.listed.map((item) => columnValues(other.definition, item, times?.columns ?? {}));
  const all = times
    ? whole.flatMap(({ item, key }) => (others ?? []).map((more) => ({ item, key: { ...key, ...more } })))
    : whole;
  return { keyed: all, exact: read.every(({ exact }) => exact) };
}

function hasValue(
  { definition }: Surveyed,
  item: unknown,
  test: { column: string; values: readonly string[] },
): boolean {
  const value = valueAt(item, columnPath(definition, test.column));
  return typeof value === "string" && test.values.includes(value);
}

/** Where a column's value is in the item. */
export function columnPath(definition: ObjectDefinition, column: string): readonly string[] {
  const declared = definition.columns.find((one) => (one.name ?? one.path.map(snakeCase).join("_")) === column);
  return declared?.path ?? [column];
}
