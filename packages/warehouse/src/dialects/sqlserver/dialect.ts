import type { Dialect } from "../../dialect.js";
import { cleanJson, cleanText } from "../../text.js";
import { connect } from "./connection.js";
import { isDuplicate, mapError } from "./errors.js";
import { statements } from "./statements.js";
import { columnType } from "./types.js";

/**
 * SQL Server 2019 and later, and Azure SQL. Limits: Microsoft Learn, "Maximum capacity specifications for SQL Server" (2,100
 * parameters a request, two of which sp_executesql takes; 1,024 columns) and "Database identifiers" (128 characters).
 */
export const sqlserver: Dialect = {
  type: "sqlserver",
  capabilities: {
    transactionalDdl: true,
    // 128 characters; names that Tidemark makes are ASCII.
    identifierBytes: 128,
    bindings: 2_000,
    columns: 1_024,
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
