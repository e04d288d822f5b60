// pg and pg-copy-streams: COPY, and a merge by UPDATE … FROM and INSERT … NOT EXISTS.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { chunksOf } from "./lines.mjs";

const TYPES = {
  text: "text",
  hash: "text",
  instant: "timestamptz(3)",
  integer: "bigint",
  double: "double precision",
  boolean: "boolean",
  json: "jsonb",
};

export async function open(url, { schema, columns }) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const table = `"${schema}".users`;
  const names = columns.map(({ name }) => `"${name}"`);

  async function copy(into, rows) {
    const counted = { rows: 0 };
    const chunks = Readable.from(chunksOf(rows, { cell: String, counted }), { objectMode: false });
    await pipeline(chunks, client.query(copyFrom(`copy ${into} (${names.join(", ")}) from stdin`)));
    return counted.rows;
  }

  return {
    async createTable() {
      const definitions = columns.map(({ name, type }) => `"${name}" ${TYPES[type]}`);
      await client.query(`create schema "${schema}"`);
      await client.query(`create table ${table} (${definitions.join(", ")}, primary key (id))`);
    },
    async load(rows) {
      return { inserted: await copy(table, rows), updated: 0 };
    },
    async merge(rows, { compareAll }) {
      await client.query("begin");
      await client.query("set local work_mem = '64MB'");
      await client.query(`create temp table stage (like ${table}) on commit drop`);
      await copy("stage", rows);
      await client.query("analyze stage");
      const sets = names.filter((name) => name !== '"id"').map((name) => `${name} = s.${name}`);
      const all = (alias) => `(${names.map((name) => `${alias}.${name}`).join(", ")})`;
      const differs = compareAll ? `${all("t")} is distinct from ${all("s")}` : "t.hash is distinct from s.hash";
      const updated = await client.query(
        `update ${table} t set ${sets.join(", ")} from stage s where t.id = s.id and ${differs}`,
      );
      const inserted = await client.query(
        `insert into ${table} (${names.join(", ")}) select ${names.join(", ")} from stage s
         where not exists (select 1 from ${table} t where t.id = s.id)`,
      );
      await client.query("commit");
      return { inserted: inserted.rowCount, updated: updated.rowCount };
    },
    close: () => client.end(),
  };
}
