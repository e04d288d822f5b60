// tedious: a streamed bulk load, and a merge by UPDATE … FROM and INSERT … WHERE NOT EXISTS.
import { Connection, ISOLATION_LEVEL, Request, TYPES } from "tedious";

const COLLATE = "collate Latin1_General_BIN2";
/** Type in DDL, and for the bulk load with its size. */
const COLUMN_TYPES = {
  text: [`nvarchar(max) ${COLLATE}`, TYPES.NVarChar, { length: Infinity }],
  hash: [`varchar(64) ${COLLATE}`, TYPES.VarChar, { length: 64 }],
  instant: ["datetime2(3)", TYPES.DateTime2, { scale: 3 }],
  integer: ["bigint", TYPES.BigInt, {}],
  double: ["float", TYPES.Float, {}],
  boolean: ["bit", TYPES.Bit, {}],
  json: [`nvarchar(max) ${COLLATE}`, TYPES.NVarChar, { length: Infinity }],
};
const KEY_TYPE = [`nvarchar(440) ${COLLATE} not null`, TYPES.NVarChar, { length: 440, nullable: false }];

export async function open(address, { schema, columns }) {
  const connection = await connect(new URL(address));
  const table = `[${schema}].[users]`;
  const types = columns.map(({ name, type }) => (name === "id" ? KEY_TYPE : COLUMN_TYPES[type]));
  const names = columns.map(({ name }) => `[${name}]`).join(", ");
  const definitions = columns.map(({ name }, at) => `[${name}] ${types[at][0]}`).join(", ");
  const load = (into, rows) => bulkLoad(connection, into, { rows, columns, types });
  return {
    async createTable() {
      await run(connection, `create schema [${schema}]`);
      await run(connection, `create table ${table} (${definitions}, primary key ([id]))`);
    },
    async load(rows) {
      await call(connection, "beginTransaction");
      const inserted = await load(table, rows);
      await call(connection, "commitTransaction");
      return { inserted, updated: 0 };
    },
    async merge(rows, { compareAll }) {
      await run(connection, `create table #stage (${definitions})`);
      await call(connection, "beginTransaction");
      await load("#stage", rows);
      const sets = columns.filter(({ name }) => name !== "id").map(({ name }) => `[${name}] = s.[${name}]`);
      const compared = compareAll ? columns.map(({ name }) => name) : ["hash"];
      const updated = await run(
        connection,
        `update t set ${sets.join(", ")} from ${table} t join #stage s on s.[id] = t.[id]
         where ${compared.map(differs).join(" or ")};
         select @@rowcount as changed`,
      );
      const inserted = await run(
        connection,
        `insert into ${table} (${names}) select ${names} from #stage s
         where not exists (select 1 from ${table} t where t.[id] = s.[id]);
         select @@rowcount as changed`,
      );
      await call(connection, "commitTransaction");
      return { inserted, updated };
    },
    close: async () => connection.close(),
  };
}

async function connect(url) {
  const connection = new Connection({
    server: url.hostname,
    authentication: {
      type: "default",
      options: { userName: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    },
    options: {
      port: Number(url.port || 1433),
      database: url.pathname.slice(1),
      trustServerCertificate: true,
      requestTimeout: 0,
      isolationLevel: ISOLATION_LEVEL.READ_COMMITTED,
    },
  });
  await new Promise((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  return connection;
}

/** The first value that the batch answers. */
function run(connection, sql) {
  return new Promise((resolve, reject) => {
    let first;
    const request = new Request(sql, (error) => (error ? reject(error) : resolve(first)));
    request.on("row", (cells) => (first = cells[0].value));
    connection.execSqlBatch(request);
  });
}

function call(connection, method) {
  return new Promise((resolve, reject) => connection[method]((error) => (error ? reject(error) : resolve())));
}

function bulkLoad(connection, into, { rows, columns, types }) {
  return new Promise((resolve, reject) => {
    let count = 0;
    const bulk = connection.newBulkLoad(into, (error) => (error ? reject(error) : resolve(count)));
    columns.forEach(({ name }, at) => bulk.addColumn(name, types[at][1], { nullable: true, ...types[at][2] }));
    function* cells() {
      for (const { values, hash } of rows) {
        count += 1;
        const row = values.map((value, at) =>
          value !== null && columns[at].type === "instant" ? new Date(value) : value,
        );
        yield [...row, hash];
      }
    }
    connection.execBulkLoad(bulk, cells());
  });
}

function differs(name) {
  const isNull = (alias) => `case when ${alias}.[${name}] is null then 1 else 0 end`;
  return `t.[${name}] <> s.[${name}] or ${isNull("t")} <> ${isNull("s")}`;
}
