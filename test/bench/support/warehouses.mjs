// The servers that the loaders are measured on: named by a URL, or started for the purpose with their ordinary
// durability, and what has to be done between two measurements.
import { setTimeout as sleep } from "node:timers/promises";

import { createConnection } from "mysql2/promise";
import { Connection, Request } from "tedious";

import { query, startPostgres } from "./bench.mjs";

const SETTLED_ROWS = 1_000;
const SETTLE_MS = 120_000;

/** Every type of warehouse that there is a floor for. */
const KINDS = [
  { type: "postgres", name: "PostgreSQL", suffix: "POSTGRES_URL", start: startPostgres, open: openPostgres },
  { type: "mysql", name: "MySQL/MariaDB", suffix: "MYSQL_URL", start: startMysql, open: openMysql },
  { type: "sqlserver", name: "SQL Server", suffix: "SQLSERVER_URL", start: noSqlServer, open: openSqlServer },
];

/**
 * Each server that there is, one after the other, as `{ type, name, url, version, prepareFor, clear, settle, stop }`; one
 * that is missing as `{ name, reason }`. TIDEMARK_BENCH_…_URL, else TIDEMARK_TEST_…_URL, name servers that are there.
 */
export async function* warehouses(only) {
  for (const kind of KINDS.filter(({ type }) => only.length === 0 || only.includes(type))) {
    const given = ["BENCH", "TEST"].map((word) => process.env[`TIDEMARK_${word}_${kind.suffix}`]).find(Boolean);
    let server = null;
    try {
      server = given ? { url: given, stop: async () => undefined } : await kind.start();
      const opened = await kind.open(server.url, given === undefined);
      yield { type: kind.type, name: kind.name, url: server.url, ...opened, stop: server.stop };
    } catch (error) {
      await server?.stop();
      yield { name: kind.name, reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

async function openPostgres(url) {
  const [row] = await query(
    url,
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
     current_setting('synchronous_commit') as sync`,
  );
  return {
    version: `PostgreSQL ${row.version}`,
    durability: `fsync ${row.fsync}, synchronous_commit ${row.sync}`,
    clear: async (schema) => void (await query(url, `drop schema if exists "${schema}" cascade`)),
    // What autovacuum and the checkpointer would do sooner or later, they do not do while somebody is measured.
    async settle(schemas) {
      for (const schema of schemas) {
        const there = await query(url, `select to_regclass('"${schema}".users') is not null as found`);
        if (there[0].found) await query(url, `vacuum (analyze) "${schema}".users`);
      }
      await query(url, "checkpoint");
    },
  };
}

async function startMysql() {
  // Not needed where a server is named.
  const [{ provideServers }, { mysql }] = await Promise.all([
    import("../../../infra/servers/provide.mjs"),
    import("../../../infra/servers/mysql.mjs"),
  ]);
  const { env, missing, stop } = await provideServers([mysql]);
  const url = env[mysql.variable];
  if (url === undefined) throw new Error(missing.find(({ variable }) => variable === mysql.variable)?.reason);
  return { url, stop };
}

async function askMysql(url, sql) {
  const client = await createConnection({ uri: url });
  try {
    const [rows] = await client.query(sql);
    return rows;
  } finally {
    await client.end();
  }
}

async function openMysql(url, isOurs) {
  // The test servers do without; on a server of its own the benchmark puts it back to what it is everywhere else.
  if (isOurs) await askMysql(url, "set global innodb_flush_log_at_trx_commit = 1");
  const [row] = await askMysql(
    url,
    `select version() as version, @@global.innodb_flush_log_at_trx_commit as flush, @@global.log_bin as binlog,
     @@global.innodb_buffer_pool_size / 1048576 as pool`,
  );
  const waits = async () => {
    const [metric] = await askMysql(url, "show global status like 'Innodb_history_list_length'");
    const [other] = metric
      ? [{ n: metric.Value }]
      : await askMysql(
          url,
          "select count as n from information_schema.innodb_metrics where name = 'trx_rseg_history_len'",
        );
    return Number(other?.n ?? 0);
  };
  return {
    version: /mariadb/i.test(row.version) ? `MariaDB ${row.version.split("-")[0]}` : `MySQL ${row.version}`,
    durability: `innodb_flush_log_at_trx_commit ${row.flush}, binary log ${row.binlog ? "on" : "off"}, buffer pool ${Math.round(row.pool)} MB`,
    clear: async (schema) => void (await askMysql(url, `drop database if exists \`${schema}\``)),
    // Deleted rows are purged in the background: the next one is not measured while that goes on.
    async settle() {
      const giveUpAt = Date.now() + SETTLE_MS;
      while ((await waits()) > SETTLED_ROWS && Date.now() < giveUpAt) await sleep(250);
    },
  };
}

async function noSqlServer() {
  throw new Error("no TIDEMARK_BENCH_SQLSERVER_URL and no TIDEMARK_TEST_SQLSERVER_URL: SQL Server has no package");
}

async function askSqlServer(address, sql) {
  const url = new URL(address);
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
    },
  });
  await new Promise((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  try {
    return await new Promise((resolve, reject) => {
      const rows = [];
      const request = new Request(sql, (error) => (error ? reject(error) : resolve(rows)));
      request.on("row", (cells) => rows.push(cells.map(({ value }) => value)));
      connection.execSqlBatch(request);
    });
  } finally {
    connection.close();
  }
}

async function openSqlServer(url) {
  const [[version]] = await askSqlServer(url, "select @@version");
  return {
    version: version.split("\n")[0].trim().slice(0, 80),
    durability: "as the server has it",
    async clear(schema) {
      const tables = await askSqlServer(
        url,
        `select TABLE_NAME from INFORMATION_SCHEMA.TABLES where TABLE_SCHEMA = '${schema}' order by TABLE_TYPE desc`,
      );
      for (const [table] of tables) await askSqlServer(url, `drop table [${schema}].[${table}]`);
      await askSqlServer(url, `drop schema if exists [${schema}]`);
    },
    settle: async () => undefined,
  };
}
