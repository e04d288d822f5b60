import type { Dialect } from "../../dialect.js";
import { cleanJson, cleanText } from "../../text.js";
import { connect } from "./connection.js";
import { isDuplicate, mapError } from "./errors.js";
import { statements } from "./statements.js";
import { columnType } from "./types.js";

/** PostgreSQL 14 and later. Limits: PostgreSQL documentation, appendix K. */
export const postgres: Dialect = {
  type: "postgres",
  capabilities: {
    transactionalDdl: true,
    identifierBytes: 63,
    bindings: 65_535,
    columns: 1_600,
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
