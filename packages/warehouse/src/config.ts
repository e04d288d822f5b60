import type { Clock, Logger, TlsMode } from "@tidemark/kernel";

/** Where the tables are. `url` may hold a password and is never shown. */
export interface WarehouseConfig {
  readonly type: "postgres" | "mysql" | "sqlserver";
  /**
   * `postgres://user:password@host:port/database?sslmode=require`; `?host=/var/run/postgresql` for a Unix socket.
   * `mysql://user:password@host:port?sslmode=require`, or `?socket=/run/mysqld/mysqld.sock`.
   * `sqlserver://user:password@host:port/database`, or `host/database` without a port beside {@link instance}.
   */
  readonly url: string;
  /** Made by `prepare()` when it is missing and the user may make it. On MySQL and MariaDB the database's name. */
  readonly schema: string;
  /** Roles that may read the public tables, those made later included. */
  readonly grantSelect?: readonly string[];
  /** PostgreSQL, SQL Server: `prepare()` makes the database of the URL when it is missing and the user may make it. */
  readonly createDatabase?: boolean;
  /** Connections at most; default 10. At least 2: a dry run holds one to its end, leases are renewed by another. */
  readonly poolSize?: number;
  /** A single statement is cancelled after this; default none. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for the server to answer a new connection; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** PEM file of the authority that signed the server's certificate; `tls` is `verify` then. */
  readonly caFile?: string;
  /** Left out, the kernel's `chooseTls` decides by the URL's host and its `sslmode`. */
  readonly tls?: TlsMode;
  /** SQL Server: name of the instance, whose port its browser service tells. */
  readonly instance?: string;
  /** SQL Server: Windows domain of the user, for an NTLM login. */
  readonly domain?: string;
  /** SQL Server: Microsoft Entra ID (Azure AD) access token instead of user and password; never shown. */
  readonly accessToken?: string;
}

/** What a warehouse needs from whoever wires the program. */
export interface WarehouseDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
}
