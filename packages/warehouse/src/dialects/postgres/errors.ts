import { type ErrorCode, messageOf, RetryableError, TerminalError, TidemarkError } from "@tidemark/kernel";

import { ConnectError } from "../../driver.js";
import { CERTIFICATE_ERRORS, NO_TLS, TLS_REFUSED } from "../../endpoint.js";

/** Code of {@link NoTlsError}. */
const TLS_NOT_OFFERED = "TIDEMARK_TLS_NOT_OFFERED";

/** The server answered the request for TLS with no; the driver has no code for it. */
export class NoTlsError extends Error {
  readonly code = TLS_NOT_OFFERED;
}

interface Rule {
  readonly code: ErrorCode;
  readonly retryable?: boolean;
  readonly says: string;
  readonly remedy: string;
  /** The server's detail names objects, not data. */
  readonly showDetail?: boolean;
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
  remedy: "Check user and password in the connection's url, and pg_hba.conf on the server.",
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

/** SQLSTATE → what it means here (PostgreSQL documentation, appendix A). */
const BY_STATE: Readonly<Record<string, Rule>> = {
  "28P01": AUTH,
  "28000": AUTH,
  "3D000": {
    code: "WAREHOUSE_NO_DATABASE",
    says: "The database does not exist",
    remedy:
      "Create it (createdb NAME), let Tidemark do it with createDatabase: true, or correct the database in the connection's url.",
  },
  "42501": {
    code: "WAREHOUSE_DENIED",
    says: "The database user lacks a right",
    remedy: "Let the user create in the schema: GRANT USAGE, CREATE ON SCHEMA … TO …; tables must belong to that user.",
  },
  "25006": {
    code: "WAREHOUSE_READ_ONLY",
    says: "The database accepts no writes",
    remedy: "Use the primary server's address, or unset default_transaction_read_only for this user or database.",
  },
  "53100": {
    code: "WAREHOUSE_FULL",
    says: "The database server's disk is full",
    remedy: "Free space on the server, then run again: the load carries on from the last committed batch.",
  },
  "53300": {
    code: "WAREHOUSE_UNREACHABLE",
    retryable: true,
    says: "The database has no connection left for us",
    remedy: "Lower poolSize, raise max_connections, or close other clients.",
  },
  "40001": CONFLICT,
  "40P01": CONFLICT,
  "55P03": CONFLICT,
  "23505": CONFLICT,
  "23502": CONSTRAINT,
  "23503": CONSTRAINT,
  "23514": CONSTRAINT,
  "57P01": LOST,
  "57P02": LOST,
  "57P03": { ...UNREACHABLE, says: "The database is starting up or shutting down" },
  "57014": {
    code: "WAREHOUSE_STATEMENT",
    says: "A statement was cancelled, by an administrator or by its time limit",
    remedy: "Raise statementTimeout of the connection when it is set. Nothing of the batch was stored.",
  },
  "0A000": {
    code: "WAREHOUSE_STATEMENT",
    says: "The database cannot do this, mostly because a view uses the column whose type must change",
    remedy: "Drop the view that the message names, run again, and make the view anew.",
    showDetail: true,
  },
  ...Object.fromEntries(
    ["42804", "42883"].map((state): [string, Rule] => [
      state,
      {
        code: "WAREHOUSE_STATEMENT",
        says: "The database refused a statement, mostly because a check, a default or an index's condition that somebody added does not fit a column's wider type",
        remedy: "Drop what the message speaks of, run again, and add it anew for the new type.",
      },
    ]),
  ),
  "54000": {
    code: "WAREHOUSE_VALUE",
    says: "A value is too long for an index on its column",
    remedy: "Drop the index that the message names, then run again. Nothing of the batch was stored.",
  },
  "2BP01": {
    code: "WAREHOUSE_STATEMENT",
    says: "Something that Tidemark did not make depends on a table of it",
    remedy: "Drop or change the view or key that the message names, then run again.",
    showDetail: true,
  },
};

/** Node's network errors before and after a connection stood. */
const BY_ERRNO: Readonly<Record<string, Rule>> = {
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
  [TLS_NOT_OFFERED]: NO_TLS,
  ...Object.fromEntries(CERTIFICATE_ERRORS.map((code) => [code, TLS_REFUSED])),
};

/** By class of SQLSTATE: 08 connection, 22 data exception. */
const BY_CLASS: Readonly<Record<string, Rule>> = { "08": LOST, "22": VALUE };

const OTHER: Rule = {
  code: "WAREHOUSE_STATEMENT",
  says: "The database refused a statement",
  remedy: "Nothing of this step was stored. The database's own words are in the message.",
};

interface DriverError {
  readonly code?: unknown;
  readonly column?: unknown;
  readonly table?: unknown;
  readonly name?: unknown;
  readonly errors?: unknown;
  readonly detail?: unknown;
}

function ruleOf(error: Error & DriverError): Rule | undefined {
  if (error instanceof ConnectError) {
    const rule = error.cause instanceof Error ? ruleOf(error.cause) : undefined;
    return rule === undefined || rule === LOST ? UNREACHABLE : rule;
  }
  const code = typeof error.code === "string" ? error.code : "";
  if (code !== "") return BY_STATE[code] ?? BY_ERRNO[code] ?? BY_CLASS[code.slice(0, 2)] ?? OTHER;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return ruleOf(error.errors[0]);
  // knex's pool gives up with this name when none of its connections became free in time.
  if (error.name === "KnexTimeoutError" || error.name === "TimeoutError") return POOL;
  // The pg driver reports a connection that went away as a bare Error without a code; our own bugs have other classes.
  if (error.constructor === Error) return LOST;
  return undefined;
}

/** Translates what pg or knex threw, by SQLSTATE or errno, never by the text. Values and passwords stay out of it. */
export function mapError(error: unknown, doing: string): TidemarkError {
  if (error instanceof TidemarkError) return error;
  const driver: Error & DriverError = error instanceof Error ? error : new Error(messageOf(error));
  const rule = ruleOf(driver);
  if (!rule) {
    return new TerminalError("INTERNAL", `${doing}: ${messageOf(error)}`, { cause: error });
  }
  // knex puts the whole statement before the server's words.
  const own = messageOf(error).split(" - ").at(-1) ?? "";
  const where = [driver.table, driver.column].filter((part) => typeof part === "string").join(".");
  const details = { remedy: rule.remedy, cause: error, ...(where === "" ? {} : { where }) };
  const detail = rule.showDetail && typeof driver.detail === "string" ? ` (${driver.detail})` : "";
  const message = `${rule.says} (${doing}): ${own}${detail}`;
  return rule.retryable
    ? new RetryableError(rule.code, message, details)
    : new TerminalError(rule.code, message, details);
}

/** 3D000, invalid_catalog_name: there is no such database. */
export function isUnknownDatabase(error: unknown): boolean {
  const thrown: unknown = error instanceof ConnectError ? error.cause : error;
  return thrown instanceof Error && (thrown as DriverError).code === "3D000";
}

/** 23505, unique_violation. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && (error as DriverError).code === "23505";
}
