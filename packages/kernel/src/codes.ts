/**
 * Every error code, with its cause and remedy: this table is the error manual.
 * `CONFIG_…` exits with 2, the others with 1 (a failed run) or 3 (one object of several), see README.
 */
export const ERROR_CODES = {
  CONFIG_NOT_FOUND: "The configuration file is not there. Run `tidemark init`, or name it with --config.",
  CONFIG_SYNTAX: "The configuration file is not YAML. The message names line and column.",
  CONFIG_INVALID:
    "A key or value in the configuration is not allowed. The message names line, key and what is allowed.",
  CONFIG_SECRET: "A ${env:…}, ${file:…}, ${cmd:…} or ${secret:…} reference could not be resolved.",
  USAGE: "The command line is wrong: an unknown pipeline, object, option or value.",

  OKTA_UNREACHABLE: "No answer from the Okta org: DNS, network, proxy, TLS or time-out, after all retries.",
  OKTA_NOT_AN_ORG: "The address answers, but not as an Okta org. Check orgUrl.",
  OKTA_TOKEN_INVALID:
    "Okta refuses the token or key (401). It may be wrong, revoked, expired after 30 idle days, or its owner deactivated.",
  OKTA_OAUTH: "The token endpoint refused the client: invalid_client, invalid_scope, invalid_dpop_proof and the like.",
  OKTA_DENIED:
    "Okta denies this object to the token (403 E0000006, insufficient_scope). The message names the scope or admin role that helps.",
  OKTA_UNAVAILABLE: "The org does not have this endpoint or feature (401 E0000015, 404 E0000008, 405 E0000022).",
  OKTA_NOT_FOUND: "404 E0000007: the object, or its parent, is gone or hidden from the role.",
  OKTA_BAD_REQUEST:
    "Okta refused the request as malformed (400 and similar). Usually a bug of Tidemark or a new rule of Okta's.",
  OKTA_CONFLICT: "Okta reports a conflict (409, 412, 423).",
  OKTA_RATE_LIMITED: "Still 429 after waiting for the window several times.",
  OKTA_SERVER: "Okta keeps answering 5xx.",
  OKTA_MALFORMED:
    "An answer is not what the API promises: cut off, not JSON, not a list, an item without its key. Nothing of it was stored.",
  OKTA_CURSOR_EXPIRED: "Okta no longer accepts a paging cursor; the listing starts again.",
  OKTA_OTHER_ORG:
    "The warehouse schema was filled from another Okta org. Use another schema, or `tidemark uninstall --drop-tables` first.",

  WAREHOUSE_UNREACHABLE: "No connection to the database: host, port, TLS or the server itself.",
  WAREHOUSE_AUTH: "The database refuses the user or password.",
  WAREHOUSE_DENIED: "The database user lacks a right. The message names the statement's kind and object.",
  WAREHOUSE_READ_ONLY: "The database accepts no writes (a replica, or default_transaction_read_only).",
  WAREHOUSE_NO_DATABASE: "The database named in the URL does not exist.",
  WAREHOUSE_TOO_OLD: "The server is older than the oldest supported version.",
  WAREHOUSE_OCCUPIED: "A table of that name exists and was not made by Tidemark. Nothing was changed in it.",
  WAREHOUSE_COLLATION:
    "A key column's collation takes ids that differ for one, as in case alone: rows would be lost. Nothing was changed.",
  WAREHOUSE_FULL: "The database server has no disk space (or quota) left. Nothing of the batch was stored.",
  WAREHOUSE_CONFLICT: "Deadlock or serialization failure; retried.",
  WAREHOUSE_CONNECTION_LOST: "The connection dropped in the middle; the transaction was rolled back.",
  WAREHOUSE_STATEMENT: "The database refused a statement for another reason; its own text is in the message.",
  WAREHOUSE_SCHEMA_NEWER: "The bookkeeping tables were written by a newer Tidemark. Upgrade this one.",
  WAREHOUSE_VALUE: "A value does not fit its column.",

  LEASE_LOST: "Another run took over this object after this one was silent too long; this one stopped before writing.",
  LEASE_HELD: "Another run is working on this object now.",
  MASS_DELETE:
    "More rows would be deleted than the guard allows. Nothing was deleted. Look, then run with --allow-mass-delete.",
  LISTING_DOUBTFUL:
    "A listing that proves absence cannot be trusted now (lost role, empty answer, hidden rows): nothing was deleted.",
  INTERRUPTED: "Stopped by a signal; the next run carries on from the last committed batch.",
  INTERNAL: "A bug in Tidemark. Please report it with the run's id.",
} as const;

/** Codes of {@link ERROR_CODES}; stable, for scripts. */
export type ErrorCode = keyof typeof ERROR_CODES;
