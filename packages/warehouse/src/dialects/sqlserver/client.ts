import type { Knex } from "knex";

import { type Command, closeConnection, type DriverConnection, execute, inTurn } from "./driver.js";

/** A query as knex hands it to a client, and gives it back with its response. */
interface ClientQuery {
  readonly sql: string;
  readonly bindings?: Command["bindings"];
  readonly method?: string;
  readonly returning?: unknown;
  readonly pluck?: string;
  readonly output?: (response: unknown) => unknown;
  response?: Record<string, unknown>[];
}

type Step = (connection: DriverConnection, ...rest: unknown[]) => Promise<unknown>;
/** What of a knex transaction speaks to the driver, past the client. */
interface MssqlTransaction {
  savepoint: Step;
  commit: Step;
  rollback: Step;
}

/** What of knex's own client for SQL Server is built upon. */
interface MssqlClient {
  readonly transacting?: boolean;
  transaction(...options: unknown[]): MssqlTransaction;
}
type MssqlClientClass = new (config: Knex.Config) => MssqlClient;

/**
 * knex's client for SQL Server with another way down to the driver. knex's own shares one queue of requests among all
 * connections of the process, so that a request that finds its connection busy may run on another, outside of its
 * transaction; it counts changed rows by a column without a name, which not every server leaves without one; it drops
 * brackets from identifiers instead of doubling them; and it binds instants as DATETIME, exact to 3 ms only.
 */
export async function clientClass(open: () => Promise<DriverConnection>): Promise<typeof Knex.Client> {
  const { default: createKnex } = await import("knex");
  const tedious = await import("tedious");
  // knex shows its clients' classes through an instance only.
  const Base = (createKnex({ client: "mssql" }).client as { constructor: unknown }).constructor as MssqlClientClass;
  class SqlServerClient extends Base {
    _driver(): unknown {
      return tedious;
    }

    acquireRawConnection(): Promise<DriverConnection> {
      return open();
    }

    destroyRawConnection(connection: DriverConnection): Promise<void> {
      return closeConnection(connection);
    }

    wrapIdentifierImpl(name: string): string {
      // knex takes `\?` for a question mark that is no placeholder.
      return name === "*" ? name : `[${name.replaceAll("]", "]]").replaceAll("?", "\\?")}]`;
    }

    /** Savepoints and ends wait, as statements do, for what is under way on the connection. */
    override transaction(...options: unknown[]): MssqlTransaction {
      const transaction = super.transaction(...options);
      for (const step of ["savepoint", "commit", "rollback"] as const) {
        const now = transaction[step].bind(transaction);
        transaction[step] = (connection, ...rest) => inTurn(connection, () => now(connection, ...rest));
      }
      return transaction;
    }

    async _query(connection: DriverConnection, query: ClientQuery): Promise<ClientQuery> {
      const bindings = query.bindings ?? [];
      const command = { sql: query.sql, bindings, transacting: this.transacting === true };
      query.response = (await execute(connection, command)).rows;
      return query;
    }

    processResponse(query: ClientQuery | undefined): unknown {
      const rows = query?.response ?? [];
      if (query?.output) return query.output(rows);
      // knex asks for the number of changed rows by a SELECT of one column, whose name it leaves to the server.
      if (query?.returning === "@@rowcount") return Number(Object.values(rows[0] ?? {})[0]);
      if (query?.method === "first") return rows[0];
      if (query?.method === "pluck") return rows.map((row) => row[query.pluck ?? ""]);
      return rows;
    }
  }
  return SqlServerClient as unknown as typeof Knex.Client;
}
