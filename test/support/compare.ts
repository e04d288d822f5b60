import {
  type KeyValues,
  type ObjectDefinition,
  objectNamed,
  pathKey,
  resolveTable,
  type SqlValue,
  type TableSpec,
} from "@tidemark/catalog";
import type { JsonObject, Simulator, TruthObject } from "@tidemark/okta-simulator";
import { compileTransformer } from "@tidemark/transformer";
import type { Warehouse } from "@tidemark/warehouse";

/** How the simulator's truth of an object becomes items and parent values, as Okta's lists show them. */
const TRUTH: Readonly<
  Record<string, { truth: TruthObject; split: (item: JsonObject) => { item: unknown; parent: KeyValues } }>
> = {
  users: { truth: "users", split: whole },
  groups: { truth: "groups", split: whole },
  group_rules: { truth: "group_rules", split: whole },
  user_types: { truth: "user_types", split: whole },
  applications: { truth: "applications", split: whole },
  group_members: {
    truth: "group_members",
    split: (item) => ({ item: { id: item["userId"] }, parent: { group_id: String(item["groupId"]) } }),
  },
  application_users: { truth: "application_users", split: ofApplication },
  application_groups: { truth: "application_groups", split: ofApplication },
};

function whole(item: JsonObject): { item: unknown; parent: KeyValues } {
  return { item, parent: {} };
}

function ofApplication({ applicationId, ...item }: JsonObject): { item: unknown; parent: KeyValues } {
  return { item, parent: { application_id: String(applicationId) } };
}

/** Objects whose tables {@link differences} can hold against the org. */
export const COMPARED_OBJECTS: readonly string[] = Object.keys(TRUTH);

/** Columns that Okta changes without a trace: right as of the last reconcile only. */
const SILENT: Readonly<Record<string, readonly string[]>> = { users: ["last_login"] };

/**
 * What an object's table has otherwise than the org itself: one line a missing, surplus or different row; empty when
 * both are equal. `silent: true` also compares what only a reconcile can know.
 */
export async function differences(
  sim: Simulator,
  target: { query: <T extends Record<string, unknown>>(sql: string) => Promise<T[]>; warehouse: Warehouse },
  object: string,
  options: { silent?: boolean } = {},
): Promise<string[]> {
  const definition = objectNamed(object);
  if (!definition) throw new Error(`nothing to compare ${object} with`);
  const tables = await tablesOf(target.warehouse, definition);
  const expected = expectedRows(await truthOf(sim, definition, target), { definition, tables });
  const skipped = new Set(options.silent ? [] : (SILENT[object] ?? []));
  const { quote } = target.warehouse.store.dialect.statements;
  const lines: string[] = [];
  for (const [table, wanted] of expected) {
    const name = [target.warehouse.schema, table.name].map(quote).join(".");
    const rows = await target.query(`select * from ${name}`);
    const found = new Map(rows.map((row) => [keyOf(table, (column) => row[column]), row]));
    lines.push(...differencesOf(table, { wanted, found, skipped }));
  }
  return lines;
}

/** Items of the org with their parents' ids. */
type Truth = Iterable<{ readonly item: unknown; readonly parent: KeyValues }>;

async function truthOf(
  sim: Simulator,
  definition: ObjectDefinition,
  target: { query: <T extends Record<string, unknown>>(sql: string) => Promise<T[]>; warehouse: Warehouse },
): Promise<Truth> {
  const source = TRUTH[definition.name];
  if (source) return [...sim.org.truth(source.truth)].map(source.split);
  const { list, only, parent } = definition;
  const places = [...list.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const found = [...sim.org.itemsAt(list.path, list.detail === undefined ? { ...list.query } : null)];
  if (found.length === 0) throw new Error(`the simulated org declares nothing at ${list.path}`);
  const listed = parent?.where ? await selectedParents(definition, target) : null;
  return found.flatMap(({ ancestors, items }) => {
    const values = Object.fromEntries(places.map((place, at) => [place, ancestors[at] ?? ""]));
    if (listed && !listed.has(values[Object.keys(parent?.columns ?? {})[0] ?? ""] ?? "")) return [];
    return items
      .filter((item) => only === undefined || item[only.path[0] ?? ""] === only.value)
      .map((item) => ({ item, parent: values }));
  });
}

/** True when the simulated org declares what the object's list shows. */
export function canCompare(sim: Simulator, object: string): boolean {
  const definition = objectNamed(object);
  return (
    definition !== undefined &&
    (TRUTH[object] !== undefined || [...sim.org.itemsAt(definition.list.path, null)].length > 0)
  );
}

/** The parents that the object is listed under, as the table has them. */
async function selectedParents(
  { parent }: ObjectDefinition,
  { warehouse }: { warehouse: Warehouse },
): Promise<ReadonlySet<string>> {
  const [column = ""] = Object.values(parent?.columns ?? {});
  const among = parent?.where ? { among: parent.where } : {};
  const rows = await warehouse.selectKeys(parent?.object ?? "", [column], { limit: 100_000, ...among });
  return new Set(rows.map((row) => row[column] ?? ""));
}

function differencesOf(
  table: TableSpec,
  rows: {
    wanted: ReadonlyMap<string, readonly SqlValue[]>;
    found: ReadonlyMap<string, Record<string, unknown>>;
    skipped: ReadonlySet<string>;
  },
): string[] {
  const lines: string[] = [];
  for (const [key, values] of rows.wanted) {
    const row = rows.found.get(key);
    if (!row) {
      lines.push(`${table.name} ${key}: missing`);
      continue;
    }
    table.columns.forEach((column, index) => {
      if (rows.skipped.has(column.name)) return;
      const want = comparable(values[index] ?? null, column.type);
      const have = comparable(row[column.name], column.type);
      if (want !== have) lines.push(`${table.name} ${key}.${column.name}: ${have} in the table, ${want} in Okta`);
    });
  }
  for (const key of rows.found.keys()) if (!rows.wanted.has(key)) lines.push(`${table.name} ${key}: surplus`);
  return lines;
}

/** The object's own table and those that continue it, as they are in the warehouse. */
async function tablesOf(warehouse: Warehouse, definition: ObjectDefinition): Promise<TableSpec[]> {
  const registered = await warehouse.readRegistry(definition.name);
  const registry = Object.fromEntries(
    registered.map((table) => [
      table.name,
      Object.fromEntries(
        table.columns.map((column) => [pathKey(column.path), { name: column.name, type: column.type }]),
      ),
    ]),
  );
  return resolveTable(definition, { registry }).filter(isOwn);
}

function isOwn(table: TableSpec): boolean {
  return table.name === table.object || table.continues !== undefined;
}

function expectedRows(
  truth: Truth,
  what: { definition: ObjectDefinition; tables: readonly TableSpec[] },
): Map<TableSpec, Map<string, readonly SqlValue[]>> {
  const children = resolveTable(what.definition).filter((table) => !isOwn(table));
  const transformer = compileTransformer(what.definition, [...what.tables, ...children]);
  const expected = new Map(what.tables.map((table) => [table, new Map<string, readonly SqlValue[]>()]));
  for (const { item, parent } of truth) {
    const made = transformer.transform([item], parent);
    const [main] = what.tables;
    for (const { table, rows } of [...(main ? [{ table: main, rows: made.rows }] : []), ...made.children]) {
      const index = new Map(table.columns.map((column, at) => [column.name, at]));
      for (const { values } of rows) {
        expected.get(table)?.set(
          keyOf(table, (column) => values[index.get(column) ?? -1]),
          values,
        );
      }
    }
  }
  return expected;
}

function keyOf(table: TableSpec, value: (column: string) => unknown): string {
  return table.key.map((column) => String(value(column))).join("/");
}

function comparable(value: unknown, type: string): string {
  if (value === null || value === undefined) return "null";
  if (value instanceof Date) return value.toISOString();
  if (type === "json") return canonical(typeof value === "string" ? JSON.parse(value) : value);
  return String(value);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(",")}}`;
}
