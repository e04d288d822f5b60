import type { ErrorCode } from "@tidemark/kernel";

import { CERTIFICATE_ERRORS, NO_TLS, TLS_REFUSED } from "../../endpoint.js";

/** What an error means here, and what a person can do about it. */
export interface Rule {
  readonly code: ErrorCode;
  readonly retryable?: boolean;
  readonly says: string;
  readonly remedy: string;
}

export const LOST: Rule = {
  code: "WAREHOUSE_CONNECTION_LOST",
  retryable: true,
  says: "The connection to the database was lost; what was under way was rolled back",
  remedy: "Run it again: it carries on from the last committed batch. If it happens often, look at the server's log.",
};
export const UNREACHABLE: Rule = {
  code: "WAREHOUSE_UNREACHABLE",
  retryable: true,
  says: "The database cannot be reached",
  remedy: "Check host, port and TLS settings of the connection, and that the server is up and TCP/IP is enabled on it.",
};
const BUSY: Rule = {
  ...UNREACHABLE,
  says: "The database server has no connection, memory or lock left for us",
  remedy: "Lower poolSize, close other clients, or give the server more resources (Azure SQL: a higher service tier).",
};
export const POOL: Rule = {
  ...UNREACHABLE,
  says: "No connection to the database became free",
  remedy: "Raise poolSize of the connection, and look for statements on the server that do not end.",
};
const AWAY: Rule = {
  ...UNREACHABLE,
  says: "The database is moving, scaling or starting",
  remedy: "Run it again in a minute: nothing of the step was stored.",
};
const FIREWALL: Rule = {
  code: "WAREHOUSE_UNREACHABLE",
  says: "The server's firewall does not let this address in",
  remedy: "Add this machine's address to the server's firewall rules (Azure portal: Networking).",
};
const CONFLICT: Rule = {
  code: "WAREHOUSE_CONFLICT",
  retryable: true,
  says: "Another transaction got in the way (deadlock, lock time-out or the same row written twice)",
  remedy: "Run it again. If it happens often, look for long transactions on these tables.",
};
const ENDED: Rule = {
  ...CONFLICT,
  says: "The server ended the transaction after an error",
  remedy: "Run it again: nothing of the step was stored.",
};
const AUTH: Rule = {
  code: "WAREHOUSE_AUTH",
  says: "The database refuses the login",
  remedy:
    "Check user and password in the connection's url (or domain, or accessToken), that the login is enabled, and that the server allows SQL Server authentication.",
};
export const NO_DATABASE: Rule = {
  code: "WAREHOUSE_NO_DATABASE",
  says: "The database does not exist, or this login has no user in it",
  remedy:
    "Create it (CREATE DATABASE …), let Tidemark do it with createDatabase: true, or correct it in the connection's url; in it: CREATE USER … FOR LOGIN … for the login.",
};
const DENIED: Rule = {
  code: "WAREHOUSE_DENIED",
  says: "The database user lacks a right, or an object that a statement names is not there",
  remedy: "GRANT CREATE TABLE, CREATE VIEW TO the user; GRANT CONTROL ON SCHEMA::the schema TO the user.",
};
const READ_ONLY: Rule = {
  code: "WAREHOUSE_READ_ONLY",
  says: "The database accepts no writes",
  remedy: "Use the primary replica's address, or ALTER DATABASE … SET READ_WRITE.",
};
const FULL: Rule = {
  code: "WAREHOUSE_FULL",
  says: "The database's files, its log or its quota are full",
  remedy: "Free space or let the files grow, then run again: the load carries on from the last committed batch.",
};
const VALUE: Rule = {
  code: "WAREHOUSE_VALUE",
  says: "A value does not fit its column",
  remedy: "Nothing of the batch was stored. Please report the table and column.",
};
const CONSTRAINT: Rule = {
  code: "WAREHOUSE_VALUE",
  says: "A constraint of the table does not take a row",
  remedy:
    "Nothing of the batch was stored. Drop the constraint that the message names when somebody added it; else please report it.",
};
const JSON_DEPTH: Rule = {
  code: "WAREHOUSE_VALUE",
  says: "A JSON value nests deeper than the database takes",
  remedy: "Nothing of the batch was stored. Leave the column out with `columns: { exclude: […] }`.",
};
const TOO_WIDE: Rule = {
  code: "WAREHOUSE_VALUE",
  says: "The table has more columns, or a row more bytes, than SQL Server can hold",
  remedy: "Leave columns out with `columns: { exclude: […] }`. Nothing of the batch was stored.",
};
const DEPENDS: Rule = {
  code: "WAREHOUSE_STATEMENT",
  says: "Something that Tidemark did not make depends on a table or column of it",
  remedy: "Drop or change the index, key, view or constraint that the message names, then run again.",
};
const CANCELLED: Rule = {
  code: "WAREHOUSE_STATEMENT",
  says: "A statement was cancelled, by an administrator or by its time limit",
  remedy: "Raise statementTimeoutMs of the connection when it is set.",
};
export const OTHER: Rule = {
  code: "WAREHOUSE_STATEMENT",
  says: "The database refused a statement",
  remedy: "Nothing of this step was stored. The database's own words are in the message.",
};

function numbers(rule: Rule, ...all: readonly number[]): (readonly [number, Rule])[] {
  return all.map((number) => [number, rule] as const);
}

/**
 * Error number → what it means here (Microsoft Learn, "Database engine events and errors"; "Troubleshoot transient
 * connection errors in SQL Database and SQL Managed Instance").
 */
export const BY_NUMBER: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  ...numbers(AUTH, 18450, 18452, 18456, 18470, 18486, 18487, 18488),
  ...numbers(NO_DATABASE, 911, 4060),
  ...numbers(DENIED, 229, 230, 262, 297, 300, 916, 1088, 2760, 3701, 3704, 4902, 15151, 15247),
  ...numbers(READ_ONLY, 978, 3904, 3906, 3908),
  ...numbers(FULL, 1101, 1105, 9002, 40544),
  ...numbers(BUSY, 701, 802, 1204, 8645, 10928, 10929, 17809, 40501, 49918, 49919, 49920),
  ...numbers(AWAY, 922, 927, 4221, 40143, 40197, 40540, 40613, 42108, 42109),
  ...numbers(FIREWALL, 40615),
  // A duplicate key comes as 2627 of a constraint and 2601 of an index; 3960 is a conflict of snapshots.
  ...numbers(CONFLICT, 1205, 1222, 2601, 2627, 3960),
  ...numbers(ENDED, 3902, 3903, 3930, 3998),
  ...numbers(LOST, 596, 6005, 10053, 10054, 10060),
  ...numbers(VALUE, 220, 232, 241, 242, 245, 248, 295, 515, 1946, 2628, 4815, 4816, 4863, 8114, 8115, 8152),
  ...numbers(CONSTRAINT, 547),
  // ISJSON and OPENJSON read 128 levels.
  ...numbers(JSON_DEPTH, 13606),
  ...numbers(TOO_WIDE, 511, 1701, 1702),
  ...numbers(DEPENDS, 3726, 3729, 4922, 5074),
]);

/** Codes of tedious, of this dialect and of Node. */
export const BY_CODE: Readonly<Record<string, Rule>> = {
  ELOGIN: AUTH,
  EFEDAUTH: AUTH,
  ETIMEOUT: CANCELLED,
  ECANCEL: CANCELLED,
  ECLOSE: LOST,
  ECONNCLOSED: LOST,
  EINVALIDSTATE: LOST,
  ESOCKET: LOST,
  ECONNRESET: LOST,
  EPIPE: LOST,
  ETRANSACTIONENDED: ENDED,
  EVALUE: VALUE,
  EINSTLOOKUP: {
    ...UNREACHABLE,
    says: "The server's browser service does not tell the instance's port",
    remedy: "Check the instance's name, and that UDP port 1434 is open; or write the instance's port into the url.",
  },
  ENOTLS: NO_TLS,
  EENCRYPT: {
    code: "WAREHOUSE_UNREACHABLE",
    says: "The database server takes no connection without TLS",
    remedy: "Write tls: verify into the connection; or tls: no-verify, on a network that you trust.",
  },
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ...Object.fromEntries(CERTIFICATE_ERRORS.map((code) => [code, TLS_REFUSED])),
};
