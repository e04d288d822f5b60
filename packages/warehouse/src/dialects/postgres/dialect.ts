import type { Dialect } from "../../dialect.js";
import { connect } from "./connection.js";
import { cleanJson, cleanText } from "./copy-text.js";
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
    bulkRefusesDuplicates: true,
    oldestVersion: "14",
  },
  statements,
  columnType,
  cleanText,
  cleanJson,
  connect,
  isDuplicate,
  mapError,
};
