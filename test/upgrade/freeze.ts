import type { World } from "../support/world.js";
import { changeOrg } from "./story.js";

/** Stands in a fixture for the schema's name. */
export const SCHEMA = "{schema}";
/** Between two statements of a fixture. */
export const END = ";\n";

const DDL =
  /^\s*(?:create\s+(?:unique\s+)?(?:table|index|view|schema|database)|alter\s+table|drop\s+(?:table|view))\b/i;

/** A driver's prototype and its methods that take a statement, as text or with the text in it. */
export interface Watched {
  readonly prototype: object;
  readonly methods: readonly string[];
}

/**
 * Makes a fixture of what this version leaves behind: two runs with changes between. The tables come from the statements that
 * made them, the rows from the tables. For whoever freezes a version; a frozen fixture is never made anew.
 */
export async function freeze(world: World, drivers: readonly Watched[]): Promise<string> {
  const made = await watching(drivers, async () => {
    await world.run();
    changeOrg(world);
    const second = await world.run();
    if (second.status !== "succeeded") throw new Error(JSON.stringify(second));
  });
  const { schema } = world.place;
  const ddl = made.filter((sql) => DDL.test(sql) && sql.includes(schema));
  const tables = await world.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = '${schema}' and table_type = 'BASE TABLE' order by table_name`,
  );
  const rows: string[] = [];
  const { quote } = world.warehouse.store.dialect.statements;
  for (const { name } of tables) {
    const table = [schema, name].map(quote).join(".");
    for (const row of await world.query(`select * from ${table}`)) {
      const columns = Object.keys(row).map(quote).join(", ");
      const values = Object.values(row).map((value) => literal(value, world.warehouse.type));
      rows.push(`insert into ${table} (${columns}) values (${values.join(", ")})`);
    }
  }
  return [...ddl, ...rows].map((sql) => sql.trim().replaceAll(schema, SCHEMA) + END).join("");
}

/** The statements that the drivers were given while `work` ran. */
async function watching(drivers: readonly Watched[], work: () => Promise<void>): Promise<string[]> {
  const made: string[] = [];
  const restore = drivers.flatMap(({ prototype, methods }) =>
    methods.map((name) => {
      const place = prototype as Record<string, (...all: unknown[]) => unknown>;
      const original = place[name];
      if (!original) throw new Error(`no method ${name}`);
      place[name] = function watched(this: unknown, ...all) {
        made.push(textOf(all[0]));
        return original.apply(this, all);
      };
      return () => (place[name] = original);
    }),
  );
  try {
    await work();
  } finally {
    for (const undo of restore) undo();
  }
  return made;
}

function textOf(statement: unknown): string {
  if (typeof statement === "string") return statement;
  const { text, sql, sqlTextOrProcedure } = statement as Record<string, unknown>;
  return String(text ?? sql ?? sqlTextOrProcedure ?? "");
}

function literal(value: unknown, type: string): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return type === "postgres" ? String(value) : value ? "1" : "0";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof Date) {
    const iso = value.toISOString();
    return `'${type === "mysql" ? iso.replace("T", " ").replace("Z", "") : iso}'`;
  }
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll("'", "''");
  if (type === "mysql") return `'${text.replaceAll("\\", "\\\\")}'`;
  return type === "sqlserver" ? `N'${text}'` : `'${text}'`;
}
