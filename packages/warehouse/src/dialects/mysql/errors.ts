import { type ErrorCode, messageOf, RetryableError, TerminalError, TidemarkError } from "@tidemark/kernel";

import { ConnectError } from "../../driver.js";
import { CERTIFICATE_ERRORS, NO_TLS, TLS_REFUSED } from "../../endpoint.js";

interface Rule {
  readonly code: ErrorCode;
  readonly retryable?: boolean;
  readonly says: string;
  readonly remedy: string;
}

const LOST: Rule = {
  code: "WAREHOUSE_CONNECTION_LOST",
  retryable: true,
  says: "The connection to the database was lost; what was under way was rolled back",
  remedy: "Run it again: it carries on from the last committed batch. If it happens often, look at the server's log.",
};
const UNREACHABLE: Rule = {
  code: "WAREHOUSE_UNREACHABLE",
  retryable: true,
  says: "The database cannot be reached",
  remedy: "Check host, port and TLS settings in the connection's url, and that the server is up.",
};
const BUSY: Rule = {
  ...UNREACHABLE,
  says: "The database has no connection left for us",
  remedy: "Lower poolSize, raise max_connections or max_user_connections, or close other clients.",
};
const POOL: Rule = {
  ...UNREACHABLE,
  says: "No connection to the database became free",
  remedy: "Raise poolSize of the connection, and look for statements on the server that do not end.",
};
const CONFLICT: Rule = {
  code: "WAREHOUSE_CONFLICT",
  retryable: true,
  says: "Another transaction got in the way (deadlock, lock time-out or the same row written twice)",
  remedy: "Run it again. If it happens often, look for long transactions on these tables.",
};
const AUTH: Rule = {
  code: "WAREHOUSE_AUTH",
  says: "The database refuses the user or the password",
  remedy: "Check user and password in the connection's url, and from which hosts the account may connect.",
};
const DENIED: Rule = {
  code: "WAREHOUSE_DENIED",
  says: "The database user lacks a right",
  remedy:
    "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, CREATE VIEW, CREATE TEMPORARY TABLES ON the schema TO the user.",
};
const READ_ONLY: Rule = {
  code: "WAREHOUSE_READ_ONLY",
  says: "The database accepts no writes",
  remedy: "Use the primary server's address, or set read_only and super_read_only off on this one.",
};
const FULL: Rule = {
  code: "WAREHOUSE_FULL",
  says: "The database server's disk, or a table's space, is full",
  remedy: "Free space on the server, then run again: the load carries on from the last committed batch.",
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
const ROW_SIZE: Rule = {
  code: "WAREHOUSE_VALUE",
  says: "The table has more columns than a row of InnoDB can hold",
  remedy: "Leave columns out with `columns: { exclude: […] }`, or use a server with innodb_page_size = 32k or 64k.",
};
const CANCELLED: Rule = {
  code: "WAREHOUSE_STATEMENT",
  says: "A statement was cancelled, by an administrator or by its time limit",
  remedy: "Raise statementTimeout of the connection when it is set. Nothing of the batch was stored.",
};

const LACKS_RIGHT = [1044, 1142, 1143, 1227, 1370];
/** MariaDB's ER_PASSWORD_NO_MATCH and ER_INVALID_ROLE, MySQL's ER_CANT_CREATE_USER_WITH_GRANT and ER_UNKNOWN_AUTHID. */
const UNKNOWN_GRANTEE = [1133, 1959, 1410, 3523];
const GRANTEE: Rule = {
  code: "WAREHOUSE_STATEMENT",
  says: "A name of grantSelect is no user or role of the server",
  remedy: "CREATE ROLE or CREATE USER it, or correct grantSelect: a user who comes from one host only is name@host.",
};

/** Error number → what it means here (MySQL server error reference; MariaDB error codes). */
const BY_NUMBER: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  ...[1045, 1698, 1820, 1862, 3118, 4151].map((number) => [number, AUTH] as const),
  ...LACKS_RIGHT.map((number) => [number, DENIED] as const),
  ...[1290, 1792, 1836].map((number) => [number, READ_ONLY] as const),
  ...[3, 28, 1021, 1026, 1114, 3890].map((number) => [number, FULL] as const),
  ...[1040, 1203, 1226].map((number) => [number, BUSY] as const),
  // 1305: a savepoint is gone because the server rolled the whole transaction back, as after a deadlock.
  ...[1020, 1062, 1205, 1206, 1213, 1305, 3058].map((number) => [number, CONFLICT] as const),
  ...[1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031].map((number) => [number, LOST] as const),
  ...[1317, 1969, 3024].map((number) => [number, CANCELLED] as const),
  ...[1048, 1364, 1451, 1452, 3819, 4025].map((number) => [number, CONSTRAINT] as const),
  ...[1264, 1265, 1292, 1300, 1366, 1406, 1411, 3140].map((number) => [number, VALUE] as const),
  // MySQL's ER_JSON_DOCUMENT_TOO_DEEP, MariaDB's ER_JSON_DEPTH.
  ...[3157, 4040].map((number) => [number, JSON_DEPTH] as const),
  ...[1117, 1118].map((number) => [number, ROW_SIZE] as const),
  ...UNKNOWN_GRANTEE.map((number) => [number, GRANTEE] as const),
  [
    1049,
    {
      code: "WAREHOUSE_NO_DATABASE",
      says: "The database does not exist",
      remedy: "Create it (CREATE DATABASE … CHARACTER SET utf8mb4), or correct `schema` of the connection.",
    },
  ],
  [
    1153,
    {
      code: "WAREHOUSE_VALUE",
      says: "A row is larger than the server takes in one packet",
      remedy: "Raise max_allowed_packet on the server, or leave the large column out. Nothing of the batch was stored.",
    },
  ],
  [
    1665,
    {
      code: "WAREHOUSE_STATEMENT",
      says: "The server's binary log records statements, which cannot be done safely for what Tidemark does",
      remedy: "Set binlog_format = ROW (or MIXED) on the server.",
    },
  ],
  ...[1071, 1170].map((number): [number, Rule] => [
    number,
    {
      code: "WAREHOUSE_STATEMENT",
      says: "An index that somebody added is too long for the wider type of one of its columns",
      remedy: "Drop that index, run again, and make it anew on the beginning of the column.",
    },
  ]),
  [
    1137,
    {
      code: "WAREHOUSE_STATEMENT",
      says: "This server cannot rehearse a run whose tables have yet to be made or changed",
      remedy:
        "Run once without --dry-run, for instance with an object that has few rows, so that the tables are there.",
    },
  ],
]);

/** Node's and the driver's own errors. */
const BY_CODE: Readonly<Record<string, Rule>> = {
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOENT: UNREACHABLE,
  EACCES: UNREACHABLE,
  ECONNRESET: LOST,
  EPIPE: LOST,
  ...Object.fromEntries(CERTIFICATE_ERRORS.map((code) => [code, TLS_REFUSED])),
  PROTOCOL_CONNECTION_LOST: LOST,
  HANDSHAKE_NO_SSL_SUPPORT: NO_TLS,
  HANDSHAKE_SSL_ERROR: TLS_REFUSED,
};

const OTHER: Rule = {
  code: "WAREHOUSE_STATEMENT",
  says: "The database refused a statement",
  remedy: "Nothing of this step was stored. The database's own words are in the message.",
};

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly sqlMessage?: unknown;
  readonly fatal?: unknown;
  readonly name?: unknown;
  readonly errors?: unknown;
}

function ruleOf(error: Error & DriverError): Rule | undefined {
  if (error instanceof ConnectError) {
    const rule = error.cause instanceof Error ? ruleOf(error.cause) : undefined;
    return rule === undefined || rule === LOST || rule === OTHER ? UNREACHABLE : rule;
  }
  const number = typeof error.errno === "number" ? BY_NUMBER.get(error.errno) : undefined;
  if (number) return number;
  const code = typeof error.code === "string" ? error.code : "";
  if (code !== "") return BY_CODE[code] ?? OTHER;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return ruleOf(error.errors[0]);
  // knex's pool gives up with this name when none of its connections became free in time.
  if (error.name === "KnexTimeoutError" || error.name === "TimeoutError") return POOL;
  if (typeof error.errno === "number") return OTHER;
  // The driver refuses work on a connection that is closed with a bare, fatal Error.
  return error.fatal === true ? LOST : undefined;
}

/** The server's words without the values that it quotes in them. */
function wordsOf(error: Error & DriverError): string {
  const words = typeof error.sqlMessage === "string" ? error.sqlMessage : (messageOf(error).split(" - ").at(-1) ?? "");
  return words.replaceAll(/(value:?|entry|integer|double|datetime) '.*?'(?= for | at |$)/gs, "$1 '…'");
}

/** Translates what mysql2 or knex threw, by error number, never by the text. Values and passwords stay out of it. */
export function mapError(error: unknown, doing: string): TidemarkError {
  if (error instanceof TidemarkError) return error;
  const driver: Error & DriverError = error instanceof Error ? error : new Error(messageOf(error));
  const rule = ruleOf(driver);
  if (!rule) return new TerminalError("INTERNAL", `${doing}: ${messageOf(error)}`, { cause: error });
  const message = `${rule.says} (${doing}): ${wordsOf(driver)}`;
  const details = { remedy: rule.remedy, cause: error };
  return rule.retryable
    ? new RetryableError(rule.code, message, details)
    : new TerminalError(rule.code, message, details);
}

/** 1062, ER_DUP_ENTRY. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && (error as DriverError).errno === 1062;
}

/** 1049, ER_BAD_DB_ERROR. */
export function isUnknownDatabase(error: unknown): boolean {
  return error instanceof Error && (error as DriverError).errno === 1049;
}

/** 3948, MySQL's ER_CLIENT_LOCAL_FILES_DISABLED; 4166, MariaDB's ER_LOAD_INFILE_CAPABILITY_DISABLED; 1148 of older ones. */
export function isLocalInfileRefused(error: unknown): boolean {
  return error instanceof Error && [1148, 3948, 4166].includes(Number((error as DriverError).errno));
}

/** A warning of LOAD DATA as the error that an INSERT would have been. */
export function refusedRow(errno: number, sqlMessage: string): Error {
  return Object.assign(new Error(sqlMessage), { errno, sqlMessage, code: `ER_${errno}` });
}

/** The server took fewer rows than were sent, and does not say why. */
export function rowsMissing(count: number): Error {
  return refusedRow(1265, `the server left out ${count} rows without a word`);
}

/** The user may not do what the statement does. A GRANT without the right to it is told as a login refused (1045). */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && [...LACKS_RIGHT, 1045].includes(Number((error as DriverError).errno));
}

/** A GRANT names somebody whom the server does not know. */
export function isUnknownGrantee(error: unknown): boolean {
  return error instanceof Error && UNKNOWN_GRANTEE.includes(Number((error as DriverError).errno));
}
