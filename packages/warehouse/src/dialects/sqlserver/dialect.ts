import type { Dialect } from "../../dialect.js";
import { cleanJson, cleanText } from "../../text.js";
import { connect } from "./connection.js";
import { isDuplicate, mapError } from "./errors.js";
import { statements } from "./statements.js";
import { columnType } from "./types.js";

/**
 * A row holds 8,060 bytes, of which a value that is moved out of it keeps a reference of 24, and each column of variable
 * length 2 for its place (Microsoft Learn, "Maximum capacity specifications for SQL Server", "Row-overflow data" and
 * "Estimate the size of a heap"); the row's header, null bitmap and version take some 150. A table may have 1,024 columns.
 */
const COLUMNS = 300;

/**
 * SQL Server 2019 and later, and Azure SQL. Limits: Microsoft Learn, "Maximum capacity specifications for SQL Server" (2,100
 * parameters a request, two of which sp_executesql takes) and "Database identifiers" (128 characters).
 */
export const sqlserver: Dialect = {
  type: "sqlserver",
  capabilities: {
    transactionalDdl: true,
    // 128 characters; names that Tidemark makes are ASCII.
    identifierBytes: 128,
    bindings: 2_000,
    columns: COLUMNS,
    // Under the collations that most databases have.
    columnNamesIgnoreCase: true,
    // Joins of whole tables are hashed.
    indexStaging: false,
    // It does; but with XACT_ABORT on, the transaction is over then, and no savepoint brings it back.
    bulkRefusesDuplicates: false,
    oldestVersion: "SQL Server 2019 with a database of compatibility level 130",
  },
  remedies: {
    createSchema: (schema, user) =>
      `As an administrator: CREATE SCHEMA [${schema}] AUTHORIZATION [${user}]; GRANT CREATE TABLE, CREATE VIEW TO [${user}];`,
    createTables: (schema, user) =>
      `As an administrator: GRANT CREATE TABLE, CREATE VIEW TO [${user}]; GRANT CONTROL ON SCHEMA::[${schema}] TO [${user}];`,
    collation: (schema, table, column) =>
      `ALTER TABLE [${schema}].[${table}] ALTER COLUMN [${column}] nvarchar(…) COLLATE Latin1_General_BIN2 NOT NULL with the ` +
      "length that it has (its primary key must be dropped before and made after), then run again.",
    readOnly: "Use the primary replica's address, or ALTER DATABASE … SET READ_WRITE.",
  },
  statements,
  columnType,
  cleanText,
  cleanJson,
  connect,
  isDuplicate,
  mapError,
};
