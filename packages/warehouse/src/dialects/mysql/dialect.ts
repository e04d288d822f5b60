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

/**
 * Half of a page of 16 kB, 8,126 bytes, is what a row may take (MySQL manual, InnoDB limits; smaller pages also allow no
 * index as long as our keys need, so they are not supported). Text of up to 40 bytes stays in the row, longer text leaves
 * 20 (MySQL manual, DYNAMIC row format), so that a column may take 41 with its length. Measured: MySQL refuses a table of
 * 198 such columns with error 1118 when it is made, 196 and a key are the most; MariaDB makes tables of up to 382, and then
 * refuses rows with more than 197 values of 39 or 40 bytes.
 */
const COLUMNS = 196;

/** MySQL 8 and MariaDB 10.6 and later. Limits: MySQL manual, identifier length limits and InnoDB limits. */
export const mysql: Dialect = {
  type: "mysql",
  capabilities: {
    transactionalDdl: false,
    // 64 characters; names that Tidemark makes are ASCII.
    identifierBytes: 64,
    bindings: 65_535,
    columns: COLUMNS,
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
