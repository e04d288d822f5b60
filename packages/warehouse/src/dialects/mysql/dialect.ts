import type { Dialect } from "../../dialect.js";
import { cleanJson, cleanText } from "../../text.js";
import { connect } from "./connection.js";
import { isDuplicate, mapError } from "./errors.js";
import { statements } from "./statements.js";
import { columnType } from "./types.js";

const RIGHTS = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, CREATE VIEW, CREATE TEMPORARY TABLES";

function grant(schema: string, user: string): string {
  const account = user.split("@").map((part) => `'${part}'`);
  return `As an administrator: GRANT ${RIGHTS} ON \`${schema}\`.* TO ${account.join("@")};`;
}

/** MySQL 8 and MariaDB 10.6 and later. Limits: MySQL manual, identifier length limits and InnoDB limits. */
export const mysql: Dialect = {
  type: "mysql",
  capabilities: {
    transactionalDdl: false,
    // 64 characters; names that Tidemark makes are ASCII.
    identifierBytes: 64,
    bindings: 65_535,
    columns: 1_017,
    columnNamesIgnoreCase: true,
    indexStaging: true,
    // LOAD DATA LOCAL skips such rows, with a warning that the bulk path turns into an error.
    bulkRefusesDuplicates: true,
    oldestVersion: "MySQL 8.0 or MariaDB 10.6",
  },
  remedies: {
    createSchema: (schema, user) =>
      `As an administrator: CREATE DATABASE \`${schema}\` CHARACTER SET utf8mb4; then ${grant(schema, user)}`,
    createTables: grant,
    collation: (schema, table, column) =>
      `ALTER TABLE \`${schema}\`.\`${table}\` MODIFY \`${column}\` VARCHAR(…) CHARACTER SET utf8mb4 COLLATE ` +
      "utf8mb4_nopad_bin NOT NULL (on MySQL utf8mb4_0900_bin) with the length that it has, then run again.",
    readOnly: "Use the primary server's address, or set read_only and super_read_only off on this one.",
  },
  statements,
  columnType,
  cleanText,
  cleanJson,
  connect,
  isDuplicate,
  mapError,
};
