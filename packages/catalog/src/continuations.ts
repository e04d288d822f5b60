import type { ObjectDefinition } from "./definition.js";
import { pathKey } from "./naming.js";
import type { ColumnRegistry, RegisteredColumn } from "./resolve.js";
import { type ColumnSpec, SOURCE, type TableSpec } from "./table.js";

/** Columns of the main table that attributes leave free for those that later versions of Tidemark declare. */
const ROOM_FOR_DECLARED = 16;

/** Name of the n-th table of an object, counted from its main one: `users`, `users_2`, `users_3`. */
export function continuationName(main: string, n: number): string {
  return n === 1 ? main : `${main}_${n}`;
}

/** What the registry has of a main table and of those that continue it, in their order. */
function registeredTables(main: string, registry: ColumnRegistry | undefined): ColumnRegistry[string][] {
  const tables: ColumnRegistry[string][] = [];
  for (let n = 1; ; n++) {
    const columns = registry?.[continuationName(main, n)];
    if (columns === undefined) return tables;
    // The key of a continuation is a copy of the main table's.
    const own = Object.entries(columns).filter(([key]) => n === 1 || !key.startsWith(`${SOURCE.parent}.`));
    tables.push(Object.fromEntries(own));
  }
}

/** Columns of an object that exist, wherever they are, by {@link pathKey}. */
export function registeredColumns(
  main: string,
  registry: ColumnRegistry | undefined,
): Readonly<Record<string, RegisteredColumn>> {
  return Object.assign({}, ...registeredTables(main, registry).toReversed()) as Record<string, RegisteredColumn>;
}

/**
 * Spreads an object's columns over as many tables as they need. A column that exists stays where it is. Declared ones
 * are in the main table, where indexes, views and listings look for them; so is `_extra`. Further attributes go, in the
 * order of their paths, to the first table with room. Each continuation begins with a copy of the key.
 */
export function spreadColumns(
  definition: ObjectDefinition,
  columns: readonly ColumnSpec[],
  { registry, maxColumns }: { readonly registry: ColumnRegistry | undefined; readonly maxColumns: number },
): TableSpec[] {
  const places = placesOf(definition, columns, { registry, maxColumns });
  const count = Math.max(1, ...places.values());
  const keyTypes = new Map(columns.map(({ name, type }) => [name, type]));
  const keyCopy = definition.key.map((name): ColumnSpec => {
    return { name, type: keyTypes.get(name) ?? "text", path: [SOURCE.parent, name] };
  });
  return Array.from({ length: count }, (_, at): TableSpec => {
    const own = columns.filter(({ path }) => places.get(pathKey(path)) === at + 1);
    const table = { name: continuationName(definition.name, at + 1), object: definition.name, key: definition.key };
    if (at === 0) return { ...table, columns: own, indexes: definition.indexes ?? [] };
    return { ...table, columns: [...keyCopy, ...own], indexes: [], continues: definition.name };
  });
}

/** The number of the table that has each column, by {@link pathKey}; 1 is the main one. */
function placesOf(
  definition: ObjectDefinition,
  columns: readonly ColumnSpec[],
  { registry, maxColumns }: { readonly registry: ColumnRegistry | undefined; readonly maxColumns: number },
): Map<string, number> {
  const places = new Map<string, number>();
  const sizes: number[] = [];
  const put = (key: string, n: number): void => {
    while (sizes.length < n) sizes.push(sizes.length === 0 ? 0 : definition.key.length);
    sizes[n - 1] = (sizes[n - 1] ?? 0) + 1;
    places.set(key, n);
  };
  const all = columns.map(({ path }) => pathKey(path));
  const wanted = new Set(all);
  registeredTables(definition.name, registry).forEach((table, at) => {
    for (const key of Object.keys(table)) if (wanted.has(key) && !places.has(key)) put(key, at + 1);
  });
  const declared = new Set(definition.columns.map(({ path }) => pathKey(path)));
  const isAttribute = ({ path }: ColumnSpec): boolean => path[0] === "profile" && !declared.has(pathKey(path));
  const attributes = new Set(columns.filter(isAttribute).map(({ path }) => pathKey(path)));
  for (const key of all) if (!places.has(key) && !attributes.has(key)) put(key, 1);
  for (const key of [...attributes].toSorted()) {
    if (places.has(key)) continue;
    let n = 1;
    while (!hasRoom(n, sizes, maxColumns)) n++;
    put(key, n);
  }
  return places;
}

function hasRoom(n: number, sizes: readonly number[], maxColumns: number): boolean {
  const size = sizes[n - 1];
  // A table that holds nothing yet takes a column whatever the limit: none can take it better.
  if (size === undefined) return true;
  return size < (n === 1 ? maxColumns - ROOM_FOR_DECLARED : maxColumns);
}
