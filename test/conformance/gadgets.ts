import {
  type ColumnChoices,
  type ColumnRegistry,
  type ColumnSpec,
  defineObject,
  type ObjectDefinition,
  pathKey,
  resolveTable,
  type TableSpec,
} from "@tidemark/catalog";
import type { Batch } from "@tidemark/loader";
import { compileTransformer } from "@tidemark/transformer";
import { BOOKKEEPING, columnNames, contentColumns, type Warehouse } from "@tidemark/warehouse";

import { batch, CLUB_MEMBERS, type LoaderSettings } from "./fixture.js";

const INSTANTS = Array.from({ length: 50 }, (_, n) => `s${n}`);

/** An invented object with as many attributes as its schema says, more than any table can hold. */
export const GADGETS: ObjectDefinition = defineObject({
  ...CLUB_MEMBERS,
  name: "gadgets",
  list: { path: "/gadgets", pageSize: 200 },
  key: ["id"],
  indexes: [["status"]],
  columns: [
    { path: ["id"], type: "text" },
    { path: ["status"], type: "text" },
    { path: ["lastUpdated"], type: "instant" },
    ...INSTANTS.map((name) => ({ path: ["stamps", name], type: "instant" as const })),
  ],
  profileSchema: "user",
});

/** Attribute → its type in the Schema API. */
export type Attributes = Readonly<Record<string, string>>;

export function attributes(count: number, type: string, prefix = type): Attributes {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, type]));
}

export interface Gadget {
  readonly id: string;
  readonly status: string;
  readonly lastUpdated: string;
  readonly stamps: Readonly<Record<string, string>>;
  readonly profile: Readonly<Record<string, unknown>>;
}

/** One with a value in every attribute; texts of `length` characters that no database can compress. */
export function gadget(id: string, all: Attributes, length: (n: number) => number = () => 64): Gadget {
  const profile = Object.entries(all).map(([name, type], n) => {
    return [name, type === "integer" ? n * 1_000_003 : noise(`${id}${name}`, length(n))];
  });
  const stamps = INSTANTS.map((name, n) => [name, new Date(Date.UTC(2026, 0, 1, 0, n, 0, n)).toISOString()]);
  const values = { stamps: Object.fromEntries(stamps), profile: Object.fromEntries(profile) };
  return { id, status: "ACTIVE", lastUpdated: "2026-01-01T00:00:00.001Z", ...values };
}

function noise(seed: string, length: number): string {
  let state = [...seed].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
  let text = "";
  while (text.length < length) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    text += String.fromCharCode(33 + ((state >>> 16) % 90));
  }
  return text;
}

/** The tables that these attributes need, given those that are there. */
export async function tablesFor(
  warehouse: Warehouse,
  all: Attributes,
  columns: ColumnChoices = {},
): Promise<TableSpec[]> {
  const { capabilities } = warehouse.store.dialect;
  const properties = Object.fromEntries(Object.entries(all).map(([name, type]) => [name, { type }]));
  return resolveTable(GADGETS, {
    schemas: [{ definitions: { custom: { properties } } }],
    registry: await registryOf(warehouse),
    columns,
    maxIdentifier: capabilities.identifierBytes,
    maxColumns: contentColumns(capabilities),
  });
}

async function registryOf(warehouse: Warehouse): Promise<ColumnRegistry> {
  const tables = await warehouse.readRegistry("gadgets");
  return Object.fromEntries(
    tables.map(({ name, columns }) => [
      name,
      Object.fromEntries(columns.map((column) => [pathKey(column.path), { name: column.name, type: column.type }])),
    ]),
  );
}

export function loaderOf(tables: readonly TableSpec[]): LoaderSettings {
  return { definition: GADGETS, tables };
}

/** A batch of these, as the pipeline makes it. */
export function batchOf(
  tables: readonly TableSpec[],
  items: readonly Gadget[],
  { exclude = [], ...of }: Partial<Batch> & { readonly exclude?: readonly string[] } = {},
): Batch {
  const { rows, children, rejects } = compileTransformer(GADGETS, tables, { exclude }).transform(items, {});
  if (rejects.length > 0) throw new Error(rejects.map((reject) => reject.reason).join());
  return batch({ rows, children, ...of });
}

/** What the tables have of each gadget, put together again; throws when one is not in every table. */
export async function storedGadgets(warehouse: Warehouse, tables: readonly TableSpec[]): Promise<Gadget[]> {
  const found = new Map<string, Stored>();
  for (const table of tables) {
    const rows = await rowsOf(warehouse, table);
    if (table.continues !== undefined && rows.length !== found.size)
      throw new Error(`${table.name}: ${rows.length} rows`);
    for (const row of rows) {
      const id = String(row[table.columns.findIndex((column) => column.name === "id")]);
      const item = found.get(id) ?? { status: "", lastUpdated: "", stamps: {}, profile: {} };
      if (table.continues === undefined) found.set(id, item);
      table.columns.forEach((column, at) => (row[at] === null ? undefined : take(item, column, row[at])));
    }
  }
  return [...found].map(([id, item]) => ({ id, ...item })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Live rows as lists of values: Babelfish does not give long column names back. */
async function rowsOf(warehouse: Warehouse, table: TableSpec): Promise<unknown[][]> {
  const { store } = warehouse;
  const present = await columnNames({ run: store.read }, store, table.name);
  const query = store.table(table.name);
  if (present.has(BOOKKEEPING.deletedAt)) query.whereNull(BOOKKEEPING.deletedAt);
  const rows = (await query.select(
    Object.fromEntries(table.columns.map(({ name }, at) => [`c${at}`, name])),
  )) as Record<string, unknown>[];
  return rows.map((row) => table.columns.map((_, at) => row[`c${at}`]));
}

interface Stored {
  status: string;
  lastUpdated: string;
  readonly stamps: Record<string, string>;
  readonly profile: Record<string, unknown>;
}

function take(item: Stored, { path: [first, second = ""], type, name }: ColumnSpec, value: unknown): void {
  const text = value instanceof Date ? value.toISOString() : String(value);
  if (first === "profile") item.profile[second] = type === "integer" ? Number(value) : value;
  else if (first === "stamps") item.stamps[second] = text;
  else if (first === "status" || first === "lastUpdated") item[first] = text;
  else if (name !== "id") throw new Error(`${name}: ${text}`);
}
