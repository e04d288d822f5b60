// mysql2: LOAD DATA LOCAL from a stream, and a merge by UPDATE … JOIN and INSERT … NOT EXISTS. The column types are
// those that text without a limit needs, as in the loader's table.
import { once } from "node:events";
import { Readable } from "node:stream";

import { createConnection } from "mysql2/promise";

import { chunksOf } from "./lines.mjs";

const COLLATE = "collate /*!80000 utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */";
const TYPES = {
  text: `longtext character set utf8mb4 ${COLLATE}`,
  hash: "varchar(64) character set ascii collate ascii_bin",
  instant: "datetime(3)",
  integer: "bigint",
  double: "double",
  boolean: "boolean",
  json: "json",
};
const KEY_TYPE = `varchar(750) character set utf8mb4 ${COLLATE} not null`;

export async function open(url, { schema, columns }) {
  const client = await createConnection({ uri: url, charset: "utf8mb4", timezone: "Z" });
  await client.query(`create database if not exists \`${schema}\``);
  await client.query(`use \`${schema}\``);
  await client.query("set session transaction isolation level read committed");
  await client.query("set session time_zone = '+00:00'");
  const names = columns.map(({ name }) => `\`${name}\``);
  const definitions = columns.map(({ name, type }) => `\`${name}\` ${name === "id" ? KEY_TYPE : TYPES[type]}`);
  const types = columns.map(({ type }) => type);

  function cell(value, at) {
    if (typeof value === "boolean") return value ? "1" : "0";
    return types[at] === "instant" ? `${value.slice(0, 10)} ${value.slice(11, -1)}` : String(value);
  }

  /** Waits for the socket, which the driver does not. */
  async function* paced(chunks) {
    const { stream } = client.connection;
    for (const chunk of chunks) {
      yield chunk;
      if (stream.writableNeedDrain) await once(stream, "drain");
    }
  }

  async function load(into, rows) {
    const counted = { rows: 0 };
    const infileStreamFactory = () => Readable.from(paced(chunksOf(rows, { cell, counted })), { objectMode: false });
    const [answer] = await client.query({
      sql: `load data local infile 'rows' into table ${into} character set utf8mb4 (${names.join(", ")})`,
      infileStreamFactory,
    });
    if (answer.affectedRows !== counted.rows || answer.warningStatus > 0) throw new Error("rows were refused");
    return counted.rows;
  }

  return {
    createTable: () => client.query(`create table users (${definitions.join(", ")}, primary key (id)) engine = InnoDB`),
    async load(rows) {
      return { inserted: await load("users", rows), updated: 0 };
    },
    async merge(rows, { compareAll }) {
      await client.query(`create temporary table stage (${definitions.join(", ")}) engine = InnoDB`);
      await client.beginTransaction();
      await load("stage", rows);
      const sets = names.filter((name) => name !== "`id`").map((name) => `t.${name} = s.${name}`);
      const compared = compareAll ? names : ["`hash`"];
      const same = compared.map((name) => `t.${name} <=> s.${name}`).join(" and ");
      const [updated] = await client.query(
        `update users t join stage s on s.id = t.id set ${sets.join(", ")} where not (${same})`,
      );
      const [inserted] = await client.query(
        `insert into users (${names.join(", ")}) select ${names.join(", ")} from stage s
         where not exists (select 1 from users t where t.id = s.id)`,
      );
      await client.commit();
      return { inserted: inserted.affectedRows, updated: updated.changedRows };
    },
    close: () => client.end(),
  };
}
