import { TerminalError } from "@tidemark/kernel";
import type { Knex } from "knex";
import type { ClientBase } from "pg";

import type { WarehouseConfig } from "../../config.js";
import type { Connection, Result, ServerInfo, Statement } from "../../dialect.js";
import { QUIET, rawConnection, readCa, tagConnectErrors } from "../../driver.js";

/** 14 is the oldest PostgreSQL that this is tested with. */
const OLDEST_VERSION_NUMBER = 140_000;

/**
 * What the driver can read, whatever role and database have as their default: it takes dates in ISO style alone for
 * dates, and doubles in fewer digits lose theirs (PostgreSQL documentation, client connection defaults).
 */
const READABLE = "set datestyle = 'ISO'; set extra_float_digits = 1";

interface Tls {
  readonly ca?: string;
  readonly rejectUnauthorized: boolean;
}

/** Splits TLS settings off the URL: certificates are verified unless the URL says `sslmode=no-verify`. */
async function connectionOf(config: WarehouseConfig): Promise<Record<string, unknown>> {
  let url: URL;
  try {
    url = new URL(config.url);
  } catch {
    throw new TerminalError("CONFIG_INVALID", "The warehouse's url is not a URL", {
      remedy:
        "Write postgres://user:password@host:5432/database; characters like @ and / in a password as %40 and %2F.",
    });
  }
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") {
    throw new TerminalError("CONFIG_INVALID", `The warehouse's url begins with ${url.protocol}//`, {
      remedy: "A warehouse of type postgres has a url that begins with postgres://",
    });
  }
  const mode = url.searchParams.get("sslmode") ?? (config.caFile ? "verify-full" : "disable");
  url.searchParams.delete("sslmode");
  let ssl: Tls | false = false;
  if (mode !== "disable") {
    const ca = config.caFile ? { ca: await readCa(config.caFile) } : {};
    ssl = { ...ca, rejectUnauthorized: mode !== "no-verify" };
  }
  return {
    connectionString: url.href,
    ssl,
    application_name: url.searchParams.get("application_name") ?? "tidemark",
    connectionTimeoutMillis: config.connectTimeoutMs ?? 10_000,
    keepAlive: true,
  };
}

async function run(db: Knex, statement: Statement): Promise<Result> {
  const bindings = statement.bindings as readonly Knex.RawBinding[];
  const answer: unknown = await db.raw(statement.sql, bindings);
  const { rows, rowCount } = answer as { rows: Record<string, unknown>[]; rowCount: number | null };
  return { rows, count: rowCount ?? 0 };
}

async function serverInfo(db: Knex, schema: string): Promise<ServerInfo> {
  const answer = await run(db, {
    sql: `select version() as version, current_setting('server_version_num')::int as number, current_user as "user",
      current_database() as database, current_setting('transaction_read_only') = 'on' as read_only,
      pg_is_in_recovery() as standby, exists (select 1 from pg_namespace where nspname = ?) as schema_exists,
      has_database_privilege(current_database(), 'create') as may_create_schema,
      coalesce((select has_schema_privilege(oid, 'create') and has_schema_privilege(oid, 'usage')
        from pg_namespace where nspname = ?), false) as may_create_in_schema`,
    bindings: [schema, schema],
  });
  const row = answer.rows[0] ?? {};
  const exists = row["schema_exists"] === true;
  return {
    version: String(row["version"]).split(" on ")[0] ?? "",
    tooOld: Number(row["number"]) < OLDEST_VERSION_NUMBER,
    user: String(row["user"]),
    database: String(row["database"]),
    readOnly: row["read_only"] === true || row["standby"] === true,
    standby: row["standby"] === true,
    schemaExists: exists,
    mayCreateSchema: row["may_create_schema"] === true,
    mayCreateTables: exists ? row["may_create_in_schema"] === true : row["may_create_schema"] === true,
  };
}

/** Opens a pool; the first statement connects. */
export async function connect(config: WarehouseConfig): Promise<Connection> {
  const connection = await connectionOf(config);
  const { default: createKnex } = await import("knex");
  const knex = createKnex({
    client: "pg",
    connection,
    // Bound values stay out of error messages.
    compileSqlOnError: false,
    log: QUIET,
    pool: { min: 0, max: config.poolSize ?? 10 },
    acquireConnectionTimeout: (config.connectTimeoutMs ?? 10_000) + 20_000,
  });
  tagConnectErrors(knex, async (raw) => {
    await (raw as ClientBase).query(READABLE);
  });
  return {
    knex,
    run,
    async bulk(trx, target, rows) {
      const { copyRows } = await import("./bulk.js");
      return copyRows((await rawConnection(trx)) as ClientBase, target, rows);
    },
    async begin() {
      const trx = await knex.transaction();
      // SET LOCAL, because a pooler in transaction mode keeps no session. Batches look their keys up by index; with the
      // default cost of random pages the planner reads the whole table instead (measured: 529 ms against 38 ms for
      // 5,000 keys in 100,000 rows of 40 columns).
      const settings = [
        // Whatever role and database have as their default; why, is in the README.
        "set transaction isolation level read committed",
        READABLE.replaceAll("set ", "set local "),
        "set local random_page_cost = 1.1",
      ];
      if (config.statementTimeoutMs)
        settings.push(`set local statement_timeout = ${Math.trunc(config.statementTimeoutMs)}`);
      try {
        await trx.raw(settings.join("; "));
      } catch (error) {
        await trx.rollback().catch(() => undefined);
        throw error;
      }
      return { trx, end: async () => undefined };
    },
    serverInfo: (schema) => serverInfo(knex, schema),
    close: () => knex.destroy(),
  };
}
