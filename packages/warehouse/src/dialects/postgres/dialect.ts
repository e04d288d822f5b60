import type { Dialect } from "../../dialect.js";
import { cleanJson, cleanText } from "../../text.js";
import { connect } from "./connection.js";
import { isDuplicate, mapError } from "./errors.js";
import { statements } from "./statements.js";
import { columnType } from "./types.js";

/**
 * A row must fit into a page of 8 kB, 8,160 bytes with its header (PostgreSQL documentation, appendix K and "TOAST"). A
 * value that is moved out leaves 18 bytes, but one of up to 24 is never moved (MAXALIGN of that), so that a column may
 * take 24. Measured: rows of more than 338 texts of 23 characters, or 451 of 100, fail with "row is too big"; of other
 * types more fit, but any may become text. A table may have 1,600.
 */
const COLUMNS = 336;

/** PostgreSQL 14 and later. Limits: PostgreSQL documentation, appendix K. */
export const postgres: Dialect = {
  type: "postgres",
  capabilities: {
    transactionalDdl: true,
    identifierBytes: 63,
    bindings: 65_535,
    columns: COLUMNS,
    columnNamesIgnoreCase: false,
    indexStaging: false,
    bulkRefusesDuplicates: true,
    oldestVersion: "14",
  },
  remedies: {
    createSchema: (schema, user) => `As an administrator: CREATE SCHEMA "${schema}" AUTHORIZATION "${user}";`,
    createTables: (schema, user) => `As an administrator: GRANT USAGE, CREATE ON SCHEMA "${schema}" TO "${user}";`,
    collation: (schema, table, column) =>
      `ALTER TABLE "${schema}"."${table}" ALTER COLUMN "${column}" TYPE text COLLATE "default"; then run again.`,
    readOnly: "Unset default_transaction_read_only for this user or database.",
  },
  statements,
  columnType,
  cleanText,
  cleanJson,
  connect,
  isDuplicate,
  mapError,
};
