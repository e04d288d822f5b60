import type { Warehouse, WarehouseTransaction } from "@tidemark/warehouse";

import { startEmbeddedPostgres } from "../support/embedded-postgres.js";
import { freshDatabase, mysqlUrl } from "../support/mysql.js";
import { hasMariadb, startMariadb } from "../support/own-mariadb.js";
import { type FreshSchema, freshSchema } from "../support/postgres.js";
import { freshSqlServerSchema, sqlServerUrl } from "../support/sqlserver.js";

/** A server of a test's own, which keeps what was committed when it crashes. */
export interface OwnServer {
  place(): Promise<FreshSchema>;
  /** It dies without a word, and comes up again. Resolves when it has died; until it is up again it refuses connections. */
  crash(place: FreshSchema): Promise<void>;
  /** It is ended and started again without regard for its clients; until it is up again it refuses connections. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A kind of warehouse as tests of faults need it. */
export interface FaultyWarehouse {
  readonly name: string;
  /** A place on the test run's server; null when there is none. */
  readonly place: (() => Promise<FreshSchema>) | null;
  /** The address that the runs connect to, so that the server can tell their sessions from others. */
  runsAt(place: FreshSchema): Promise<string>;
  /** Ids of a run's sessions on the server; `pid` is the run's process. */
  sessionsOf(place: FreshSchema, pid: number): Promise<number[]>;
  /** Asks for the id of one's own session, as `id`. */
  readonly ownSession: string;
  /** Ends a session of the server, as an administrator does. */
  endSession(id: number): string;
  /** Whether a session of this process waits for a lock on a row of the place's users. */
  waits(place: FreshSchema): Promise<boolean>;
  /** Makes the transaction one that the server does not choose to end a deadlock by. */
  prefer(tx: WarehouseTransaction, warehouse: Warehouse): Promise<void>;
  /** Null where its program is missing; absent where a test never can have one. */
  readonly ownServer?: (() => Promise<OwnServer>) | null;
}

type Session = { id: number | string };

async function idsOf(rows: Promise<Session[]>): Promise<number[]> {
  return (await rows).map(({ id }) => Number(id));
}

const postgres: FaultyWarehouse = {
  name: "PostgreSQL",
  place: () => freshSchema(),
  runsAt: async ({ url, schema }) => {
    const named = new URL(url);
    named.searchParams.set("application_name", schema);
    return named.href;
  },
  sessionsOf: ({ query, schema }) =>
    idsOf(query<Session>(`select pid as id from pg_stat_activity where application_name = '${schema}'`)),
  ownSession: "select pg_backend_pid() as id",
  endSession: (id) => `select pg_terminate_backend(${id})`,
  waits: async (place) =>
    (
      await place.query("select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like $1", [
        `%"${place.schema}"."users"%`,
      ])
    ).length > 0,
  // Whoever has waited for a second looks for a deadlock and gives way (PostgreSQL documentation, deadlock_timeout).
  prefer: async (tx) => void (await tx.run({ sql: "set local deadlock_timeout = '30s'", bindings: [] })),
  async ownServer() {
    const server = await startEmbeddedPostgres({ fsync: true });
    return {
      place: () => freshSchema(server.url),
      // A server process that dies makes the others end as well, and the server replays its log (PostgreSQL documentation).
      async crash(place) {
        const [own] = await place.query<{ pid: number }>("select pg_backend_pid() as pid");
        if (own) process.kill(own.pid, "SIGKILL");
      },
      restart: () => server.restart(),
      stop: () => server.stop(),
    };
  },
};

/** The distribution's server with these settings; null where it is not installed. */
function ownMariadb(...flags: readonly string[]): (() => Promise<OwnServer & { grow(): Promise<void> }>) | null {
  if (!hasMariadb) return null;
  return async () => {
    const account = "'tidemark'@'%'";
    const server = await startMariadb({
      flags: ["--local-infile=1", ...flags],
      setup: [`create user ${account} identified by 'tidemark'`, `grant all on *.* to ${account} with grant option`],
    });
    return {
      place: () => freshDatabase(`mysql://tidemark:tidemark@127.0.0.1:${server.port}`),
      crash: () => server.restart("SIGKILL"),
      restart: () => server.restart("SIGTERM"),
      grow: () => server.restart("SIGTERM", ["--innodb-data-file-path=ibdata1:12M:autoextend"]),
      stop: () => server.stop(),
    };
  };
}

/** All its tables are in one file, which may not grow beyond this until `grow` takes the limit away. */
export const MARIADB_OF_LIMITED_SIZE = ownMariadb(
  "--innodb-file-per-table=0",
  "--innodb-data-file-path=ibdata1:12M:autoextend:max:64M",
);

export const MYSQL: FaultyWarehouse = {
  name: "MySQL/MariaDB",
  place: mysqlUrl() === null ? null : () => freshDatabase(),
  // Sessions carry no name that every server shows, but they have a user.
  async runsAt({ url, schema, query }) {
    const named = new URL(url);
    named.username = schema;
    named.password = "tidemark";
    await query(`create user if not exists '${schema}'@'%' identified by 'tidemark'`);
    await query(`grant all on \`${schema}\`.* to '${schema}'@'%'`);
    return named.href;
  },
  sessionsOf: ({ query, schema }) =>
    idsOf(query<Session>(`select id as id from information_schema.processlist where user = '${schema}'`)),
  ownSession: "select connection_id() as id",
  endSession: (id) => `kill ${id}`,
  waits: async (place) =>
    (
      await place.query(
        `select 1 from information_schema.innodb_trx where trx_state = 'LOCK WAIT' and trx_query like '%${place.schema}%'`,
      )
    ).length > 0,
  // The transaction that has changed the fewest rows gives way (MySQL manual, deadlock detection).
  async prefer(tx, { store: { dialect, schema } }) {
    const [heavy, users] = ["heavy", "users"].map((name) => [schema, name].map(dialect.statements.quote).join("."));
    await tx.run({ sql: `insert into ${heavy} select a.id from ${users} a, ${users} b`, bindings: [] });
  },
  ownServer: ownMariadb("--innodb-flush-log-at-trx-commit=1"),
};

const sqlServer: FaultyWarehouse = {
  name: "SQL Server",
  place: sqlServerUrl() === null ? null : () => freshSqlServerSchema(),
  runsAt: async ({ url }) => url,
  sessionsOf: ({ query }, pid) =>
    idsOf(query<Session>(`select session_id as id from sys.dm_exec_sessions where host_process_id = ${pid}`)),
  ownSession: "select @@spid as id",
  endSession: (id) => `kill ${id}`,
  // Types of waits are LCK_M_… (Microsoft Learn, sys.dm_os_wait_stats); Babelfish says Lock.
  waits: async ({ query }) =>
    (
      await query(
        `select spid from sys.sysprocesses where hostprocess = '${process.pid}' and blocked <> 0
         and cmd like 'update%' and (lastwaittype like 'LCK%' or lastwaittype like 'Lock%')`,
      )
    ).length > 0,
  prefer: async (tx) => void (await tx.run({ sql: "set deadlock_priority high", bindings: [] })),
};

/** Ends sessions; one that has ended meanwhile is unknown to the server. */
export async function endSessions(
  kind: FaultyWarehouse,
  { query }: FreshSchema,
  ids: readonly number[],
): Promise<number> {
  const ended = ids.map((id) =>
    query(kind.endSession(id)).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(ended)).filter(Boolean).length;
}

/** Every kind of warehouse that there is a dialect for. */
export const FAULTY_WAREHOUSES: readonly FaultyWarehouse[] = [postgres, MYSQL, sqlServer];

/** The one that what is no matter of the warehouse is tested with. */
export const ANY_WAREHOUSE = postgres;
