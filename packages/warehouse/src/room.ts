import type { Capabilities } from "./dialect.js";

/**
 * Columns that a table needs, or may get, besides those of Okta's data: two of bookkeeping, two of soft deletes, three of
 * staging, four of history, and a few of people's own.
 */
const OTHER_COLUMNS = 16;

/** How many columns of Okta's data a table of this database can have, its key and `_extra` included. */
export function contentColumns(capabilities: Pick<Capabilities, "columns">): number {
  return capabilities.columns - OTHER_COLUMNS;
}
