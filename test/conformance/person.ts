import type { Warehouse, WarehouseConfig } from "@tidemark/warehouse";

import type { TestSchema } from "./fixture.js";

/** What somebody else writes in this database, where the products do not take the same text. */
export interface Person {
  /** Records in `changes (id)` every row of `people` that is updated. */
  auditTrigger(schema: string): readonly string[];
  /**
   * A row when the server only stands in for the product (Babelfish for SQL Server): it drops a table's triggers together
   * with any of its columns, and OPENJSON leaves the escapes of JSON text as they are.
   */
  readonly standIn?: string;
  /** Rows `{ name, columns, place }`: the columns of a table's indexes in their order. */
  indexes(schema: string, table: string): string;
  addForeignKey(schema: string, table: string, column: string): string;
  /** A comment on `people.badge`, and rows `{ comment }` of the schema's; absent where columns have none. */
  readonly comment?: { readonly set: string; get(schema: string): string };
  /** The default of `people.badge` becomes 5; null where a column with a default of its own keeps its type. */
  readonly setDefault: string | null;
  /** The key column of `people` gets a collation that takes `a` for `A`, and its own back; null where that cannot be had. */
  readonly looseKey: { readonly change: readonly string[]; readonly undo: string } | null;
  /** Gives the schema itself another collation as its default, before any table is there; null where it has none. */
  readonly looseSchema: ((schema: string) => string) | null;
  /** Addresses that open sessions with unusual settings. */
  sessions(url: string): readonly string[];
  /** An instant as `YYYY-MM-DDTHH:mm:ss.SSSZ`, and JSON as it is stored. */
  instantText(column: string): string;
  jsonText(column: string): string;
  /** Keys that differ in blanks at the end alone are one to the database. */
  readonly padsKeys: boolean;
  /** Views keep a column from changing its type; null: the product does not, its stand-in does. */
  readonly viewsHoldTypes: boolean | null;
  /** A column with indexes or a default of a person's can turn into text. */
  readonly indexesWiden: boolean;
}

const INDEX_ORDER = "order by name, place";

const PEOPLE: Readonly<Record<WarehouseConfig["type"], Person>> = {
  postgres: {
    auditTrigger: (schema) => [
      `create function note_change() returns trigger language plpgsql as
         $$ begin insert into "${schema}".changes values (new.id); return new; end $$`,
      "create trigger audit after update on people for each row execute function note_change()",
    ],
    indexes: (schema, table) =>
      `select i.relname as name, a.attname as "column", k.place from pg_index x
       join pg_class t on t.oid = x.indrelid join pg_namespace n on n.oid = t.relnamespace
       join pg_class i on i.oid = x.indexrelid
       cross join lateral unnest(x.indkey) with ordinality as k(attnum, place)
       join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum
       where n.nspname = '${schema}' and t.relname = '${table}' ${INDEX_ORDER}`,
    addForeignKey: (schema, table, column) =>
      `alter table ${table} add constraint fk_${table} foreign key (${column}) references ${schema}.people (id)`,
    comment: {
      set: "comment on column people.badge is 'mine'",
      get: (schema) =>
        `select d.description as comment from pg_description d join pg_class c on c.oid = d.objoid
         join pg_namespace n on n.oid = c.relnamespace where n.nspname = '${schema}' and d.objsubid > 0`,
    },
    setDefault: "alter table people alter column badge set default 5",
    looseKey: {
      change: [
        "create collation careless (provider = icu, locale = 'und-u-ks-level1', deterministic = false)",
        "alter table people alter column id type text collate careless",
      ],
      undo: 'alter table people alter column id type text collate "default"',
    },
    looseSchema: null,
    sessions: (url) =>
      [
        "-c TimeZone=Asia/Kolkata -c DateStyle=SQL,DMY -c extra_float_digits=0",
        "-c TimeZone=America/St_Johns -c DateStyle=German -c default_transaction_isolation=serializable",
        "-c TimeZone=Europe/Berlin -c DateStyle=Postgres,DMY -c IntervalStyle=sql_standard",
      ].map((options) => `${url}${url.includes("?") ? "&" : "?"}options=${encodeURIComponent(options)}`),
    instantText: (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    jsonText: (column) => `${column}::text`,
    padsKeys: false,
    viewsHoldTypes: true,
    indexesWiden: true,
  },
  mysql: {
    auditTrigger: () => [
      "create trigger audit after update on people for each row insert into changes values (new.id)",
    ],
    indexes: (schema, table) =>
      `select index_name as name, column_name as \`column\`, seq_in_index as place from information_schema.statistics
       where table_schema = '${schema}' and table_name = '${table}' ${INDEX_ORDER}`,
    addForeignKey: (schema, table, column) =>
      `alter table ${table} add constraint fk_${table} foreign key (${column}) references ${schema}.people (id)`,
    comment: {
      set: "alter table people modify column badge bigint comment 'mine'",
      get: (schema) =>
        `select column_comment as comment from information_schema.columns
         where table_schema = '${schema}' and column_comment <> ''`,
    },
    setDefault: "alter table people alter column badge set default 5",
    looseKey: {
      change: ["alter table people modify id varchar(200) character set utf8mb4 collate utf8mb4_general_ci not null"],
      undo: `alter table people modify id varchar(200) character set utf8mb4
        collate /*!80000 utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */ not null`,
    },
    looseSchema: (schema) => `alter database \`${schema}\` character set latin1 collate latin1_swedish_ci`,
    // Each session sets what it needs itself.
    sessions: (url) => [url],
    instantText: (column) => `concat(replace(cast(${column} as char), ' ', 'T'), 'Z')`,
    jsonText: (column) => `cast(${column} as char)`,
    padsKeys: false,
    viewsHoldTypes: false,
    indexesWiden: true,
  },
  sqlserver: {
    auditTrigger: (schema) => [
      `create trigger [${schema}].audit on [${schema}].people after update as
         insert into [${schema}].changes select id from inserted`,
    ],
    indexes: (schema, table) =>
      `select i.name as name, c.name as [column], k.key_ordinal as place from sys.indexes as i
       join sys.index_columns as k on k.object_id = i.object_id and k.index_id = i.index_id
       join sys.columns as c on c.object_id = k.object_id and c.column_id = k.column_id
       where i.object_id = object_id('[${schema}].[${table}]') ${INDEX_ORDER}`,
    addForeignKey: (schema, table, column) =>
      `alter table ${table} add constraint fk_${table} foreign key (${column}) references ${schema}.people (id)`,
    standIn: "select 1 as found where serverproperty('babelfishversion') is not null",
    setDefault: null,
    looseKey: null,
    looseSchema: null,
    sessions: (url) => [url],
    instantText: (column) =>
      `replace(convert(nvarchar(19), ${column}, 120), N' ', N'T') + N'.' +
       right(N'00' + convert(nvarchar(3), datepart(millisecond, ${column})), 3) + N'Z'`,
    jsonText: (column) => column,
    padsKeys: true,
    viewsHoldTypes: null,
    indexesWiden: false,
  },
};

/** What a product keeps of JSON; the README of packages/warehouse says the same. */
export interface Product {
  /** Levels of arrays and objects. */
  readonly jsonDepth: number;
  /** What becomes of 123456789012345678901234567890.125, which no double holds. */
  readonly bigNumber: string;
  /** Of two values under one key. */
  readonly duplicateKeys: "last" | "all";
}

const BIG = "123456789012345678901234567890.125";
const PRODUCTS: Readonly<Record<string, Product>> = {
  PostgreSQL: { jsonDepth: 1_000, bigNumber: BIG, duplicateKeys: "last" },
  MariaDB: { jsonDepth: 31, bigNumber: BIG, duplicateKeys: "all" },
  // ISJSON reads 128 levels, one of which the column's check puts around the value.
  Microsoft: { jsonDepth: 127, bigNumber: BIG, duplicateKeys: "all" },
  Babelfish: { jsonDepth: 1_000, bigNumber: BIG, duplicateKeys: "all" },
  MySQL: { jsonDepth: 100, bigNumber: "1.2345678901234568e29", duplicateKeys: "last" },
};

/** SQL Server's stand-in, which has faults of its own. */
export async function isBabelfish(warehouse: Warehouse): Promise<boolean> {
  return (await warehouse.info()).version.startsWith("Babelfish");
}

export async function productOf(warehouse: Warehouse): Promise<Product> {
  const { version } = await warehouse.info();
  const product = PRODUCTS[version.split(" ")[0] ?? ""];
  if (!product) throw new Error(`nothing is known of ${version}`);
  return product;
}

/** A table as any statement of a person may name it. */
export function tableIn(schema: TestSchema, warehouse: Warehouse, table: string): string {
  const { quote } = warehouse.store.dialect.statements;
  return `${quote(schema.schema)}.${quote(table)}`;
}

export function personOf(warehouse: Warehouse): Person {
  return PEOPLE[warehouse.type];
}

/** Columns of each index of a table, in order. */
export async function indexesOf(
  schema: TestSchema,
  warehouse: Warehouse,
  table: string,
): Promise<Map<string, string[]>> {
  const rows = await schema.query<{ name: string; column: string }>(personOf(warehouse).indexes(schema.schema, table));
  const indexes = new Map<string, string[]>();
  for (const { name, column } of rows) indexes.set(name, [...(indexes.get(name) ?? []), column]);
  return indexes;
}

/** Calls `between` after every statement that `work` runs. */
export async function betweenStatements<T>(
  warehouse: Warehouse,
  between: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  const { connection } = warehouse.store;
  const run = connection.run.bind(connection);
  connection.run = async (db, statement) => {
    const result = await run(db, statement);
    await between();
    return result;
  };
  try {
    return await work();
  } finally {
    connection.run = run;
  }
}
