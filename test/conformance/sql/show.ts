import type { SqlValue } from "@tidemark/catalog";
import {
  BOOKKEEPING,
  type ColumnPlan,
  type Result,
  type Statement,
  type TablePlan,
  type Warehouse,
  type WarehouseTransaction,
} from "@tidemark/warehouse";
import { afterAll, expect } from "vitest";

import type { Dialect } from "../../../packages/warehouse/src/dialect.js";
import { mysql } from "../../../packages/warehouse/src/dialects/mysql/dialect.js";
import { postgres } from "../../../packages/warehouse/src/dialects/postgres/dialect.js";
import { sqlserver } from "../../../packages/warehouse/src/dialects/sqlserver/dialect.js";
import { freshDatabase, mysqlUrl } from "../../support/mysql.js";
import { freshSchema } from "../../support/postgres.js";
import { freshSqlServerSchema, sqlServerUrl } from "../../support/sqlserver.js";
import type { TestSchema } from "../fixture.js";

/** A dialect, and a server that speaks it: null where there is none. */
interface Side {
  readonly dialect: Dialect;
  readonly place: (() => Promise<TestSchema>) | null;
}

const SIDES = {
  postgres: { dialect: postgres, place: () => freshSchema() },
  mysql: { dialect: mysql, place: mysqlUrl() === null ? null : () => freshDatabase() },
  sqlserver: { dialect: sqlserver, place: sqlServerUrl() === null ? null : () => freshSqlServerSchema() },
} satisfies Record<string, Side>;

/** The one view that tests here make. */
export const VIEW = "logins";

/**
 * The text of every dialect side by side. Blanks and line ends do not count, and MySQL's backticks are written as double
 * quotes, which need no escape in a template.
 */
export type Sides = Readonly<Record<keyof typeof SIDES, string>>;

/** A schema of a real server, and one transaction in it. */
export interface Stage {
  /** Name and version of the server. */
  readonly product: string;
  readonly dialect: Dialect;
  readonly schema: string;
  readonly place: TestSchema;
  readonly tx: WarehouseTransaction;
  /** Makes tables as the dialect makes them. */
  create(...plans: readonly TablePlan[]): Promise<void>;
  /** Rows by the bulk path; values in the order of the plan's columns, those without a value left out at the end. */
  load(plan: TablePlan, rows: readonly (readonly SqlValue[])[], work?: string): Promise<void>;
  /** Rows of a table in order, each value as text. */
  rows(table: string, columns: readonly string[]): Promise<(string | null)[][]>;
  /** Runs further statements; the last one's result. */
  run(statements: Statement | readonly Statement[]): Promise<Result>;
}

interface Shown {
  /** Pure: from names to text. */
  readonly statement: (statements: Dialect["statements"], schema: string) => Statement | readonly Statement[];
  /** For the schema `okta`. */
  readonly sql: Sides;
  /** Before the transaction begins, and once the schema is gone: what belongs to the server. */
  readonly around?: { readonly before: string; readonly after: string };
  readonly before?: (stage: Stage) => Promise<void>;
  /** What the last statement answered, and what the tables hold now; a function that it returns is called after the transaction. */
  readonly after: (result: Result, stage: Stage) => Promise<unknown>;
}

/** Shows a statement in every dialect, then runs it on every server that is there and looks at what it did. */
export async function expectSql(shown: Shown): Promise<void> {
  for (const [name, side] of sides()) {
    const text = textOf(shown.statement(side.dialect.statements, "okta"));
    expect({ [name]: text }).toEqual({ [name]: normalized(shown.sql[name]) });
  }
  for (const [name, side] of sides()) if (side.place) await perform(name, side.place, shown);
}

function sides(): [keyof Sides, Side][] {
  return Object.entries(SIDES) as [keyof Sides, Side][];
}

/** A schema that tests of one file use in turn: logging in is what takes longest on some servers. */
interface Opened {
  readonly place: TestSchema;
  readonly warehouse: Warehouse;
  readonly product: string;
}

const shared = new Map<string, Promise<Opened>>();
afterAll(async () => {
  for (const one of shared.values()) await (await one).place.drop();
});

async function open(newPlace: () => Promise<TestSchema>): Promise<Opened> {
  const place = await newPlace();
  const warehouse = await place.open();
  const { store } = warehouse;
  await store.transaction("make a schema", async (tx) => {
    await tx.run(store.dialect.statements.createSchema(place.schema));
  });
  return { place, warehouse, product: (await warehouse.info()).version };
}

async function perform(name: string, newPlace: () => Promise<TestSchema>, shown: Shown): Promise<void> {
  if (shown.around) return performAlone(newPlace, shown, shown.around);
  const opened = shared.get(name) ?? open(newPlace);
  shared.set(name, opened);
  const { place, warehouse } = await opened;
  try {
    await show(await opened, shown);
  } finally {
    const { statements } = warehouse.store.dialect;
    const { rows } = await warehouse.store.read(statements.listTables(place.schema));
    const names = rows.map((row) => String(row["table_name"]));
    const drops = names.map((table) =>
      table === VIEW ? statements.dropView(place.schema, table) : statements.dropTable(place.schema, table),
    );
    for (const drop of drops.toSorted((one) => (one.sql.includes(VIEW) ? -1 : 1))) await warehouse.store.read(drop);
  }
}

/** In a schema of its own, which is gone before what belongs to the server. */
async function performAlone(
  newPlace: () => Promise<TestSchema>,
  shown: Shown,
  around: { before: string; after: string },
): Promise<void> {
  const opened = await open(newPlace);
  try {
    await opened.place.query(around.before);
    await show(opened, shown);
  } finally {
    await opened.place.drop();
    const admin = await newPlace();
    await admin.query(around.after);
    await admin.drop();
  }
}

async function show({ place, warehouse, product }: Opened, shown: Shown): Promise<void> {
  const { store } = warehouse;
  const afterwards = await store.transaction("show", async (tx) => {
    const stage = stageOn({ dialect: store.dialect, place, tx, product });
    await shown.before?.(stage);
    return shown.after(await stage.run(shown.statement(store.dialect.statements, place.schema)), stage);
  });
  if (typeof afterwards === "function") await afterwards();
}

function listOf(statements: Statement | readonly Statement[]): readonly Statement[] {
  return "sql" in statements ? [statements] : statements;
}

function stageOn(of: Pick<Stage, "dialect" | "place" | "tx" | "product">): Stage {
  const { dialect, place, tx } = of;
  const { schema } = place;
  const { statements } = dialect;
  const stage: Stage = {
    ...of,
    schema,
    async create(...plans) {
      for (const plan of plans) await stage.run(statements.createTable(schema, plan));
    },
    async load(plan, rows, work) {
      for (const values of rows) {
        const columns = plan.columns.slice(0, values.length);
        const target = { schema, table: work ?? plan.name, columns, ...(work === undefined ? {} : { work: true }) };
        await tx.bulk(target, [{ values, extra: [] }]);
      }
    },
    async rows(table, columns) {
      const names = columns.map((column) => statements.quote(column)).join(", ");
      const from = `${statements.quote(schema)}.${statements.quote(table)}`;
      const answer = await tx.run({ sql: `select ${names} from ${from} order by ${names}`, bindings: [] });
      return answer.rows.map((row) => columns.map((column) => shownValue(row[column])));
    },
    async run(given) {
      let result: Result = { rows: [], count: 0 };
      for (const statement of listOf(given)) result = await tx.run(statement);
      return result;
    },
  };
  return stage;
}

function shownValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Statements one below the other, what is bound behind each. */
function textOf(statements: Statement | readonly Statement[]): string {
  return listOf(statements)
    .map(({ sql, bindings }) => normalized(`${sql}${bindings.length > 0 ? ` <- ${JSON.stringify(bindings)}` : ""};`))
    .join(" ");
}

function normalized(text: string): string {
  return text
    .replaceAll("`", '"')
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\( | (?=\))/g, (found) => found.trim())
    .trim();
}

/** A table as the loader makes it: these columns, then hash, time and the marks of soft deletes. */
export function replicated(name: string, columns: readonly ColumnPlan[], key: readonly string[]): TablePlan {
  return {
    name,
    primaryKey: key,
    columns: [
      ...columns,
      { name: BOOKKEEPING.hash, type: "hash", notNull: true },
      { name: BOOKKEEPING.syncedAt, type: "instant", notNull: true, byDefault: "now" },
      { name: BOOKKEEPING.deletedAt, type: "instant" },
      { name: BOOKKEEPING.deleteReason, type: "text" },
    ],
  };
}

/** Staging of such a table. */
export function staging(name: string, columns: readonly ColumnPlan[], key: readonly string[]): TablePlan {
  return {
    name,
    primaryKey: [],
    indexes: [key],
    columns: [
      ...columns.map((column) => ({ ...column, notNull: false })),
      { name: BOOKKEEPING.hash, type: "hash" },
      { name: BOOKKEEPING.sequence, type: "integer" },
      { name: BOOKKEEPING.merged, type: "boolean", notNull: true },
    ],
  };
}

const PERSON: readonly ColumnPlan[] = [
  { name: "id", type: "text", indexed: true, notNull: true },
  { name: "login", type: "text" },
];
const TAG: readonly ColumnPlan[] = [
  { name: "person", type: "text", indexed: true, notNull: true },
  { name: "place", type: "integer", indexed: true, notNull: true },
];

/** People by id, and their staging; tags of people, and theirs. */
export const PEOPLE = replicated("people", PERSON, ["id"]);
export const STAGE = staging("stage", PERSON, ["id"]);
export const TAGS = replicated("tags", TAG, ["person", "place"]);
export const TAG_STAGE = staging("tag_stage", TAG, ["person", "place"]);
