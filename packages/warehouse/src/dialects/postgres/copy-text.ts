import type { ColumnType, SqlValue } from "@tidemark/catalog";

import type { BulkRow } from "../../dialect.js";
import { cleanJson, escapeText } from "../../text.js";

/** One row in COPY's text format, its newline included; `types` are those of `values`; `extra` holds plain values. */
export function copyLine(row: BulkRow, types: readonly (ColumnType | "hash")[]): string {
  let line = "";
  const { values, extra } = row;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as SqlValue;
    if (i > 0) line += "\t";
    if (value === null) line += "\\N";
    else if (typeof value === "string") line += escapeText(types[i] === "json" ? cleanJson(value) : value);
    else line += String(value);
  }
  for (let i = 0; i < extra.length; i++) {
    const value = extra[i] as SqlValue;
    if (i + values.length > 0) line += "\t";
    if (value === null) line += "\\N";
    else line += typeof value === "string" ? escapeText(value) : String(value);
  }
  return line + "\n";
}
