import type { ColumnType, SqlValue } from "@tidemark/catalog";

import type { BulkRow } from "../../dialect.js";
import { cleanJson, escapeText } from "../../text.js";

type Type = ColumnType | "hash";

/** Without `T` and `Z`; by places where the value has the usual length, because a row has many of them. */
function instantText(value: string): string {
  if (value.length === 24) return `${value.slice(0, 10)} ${value.slice(11, 23)}`;
  return value.replace("T", " ").replace(/Z$/, "");
}

/** A value as the server takes it without loss: booleans as numbers, instants in the server's own form, UTC. */
export function storable(value: SqlValue, type: Type | undefined): string | number | bigint | null {
  if (value === null) return null;
  if (typeof value === "boolean") return type === "text" ? String(value) : value ? 1 : 0;
  if (typeof value !== "string") return value;
  if (type === "instant") return instantText(value);
  // What was boolean when the row was made may have come as text.
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true" ? 1 : 0;
  return type === "json" ? cleanJson(value) : value;
}

/** One row in LOAD DATA's default format, its newline included; `types` are those of `values`; `extra` holds plain values. */
export function loadLine(row: BulkRow, types: readonly Type[]): string {
  let line = "";
  const { values, extra } = row;
  for (let i = 0; i < values.length; i++) {
    const value = storable(values[i] as SqlValue, types[i]);
    if (i > 0) line += "\t";
    if (value === null) line += "\\N";
    else line += typeof value === "string" ? escapeText(value) : String(value);
  }
  for (let i = 0; i < extra.length; i++) {
    const value = storable(extra[i] as SqlValue, undefined);
    if (i + values.length > 0) line += "\t";
    if (value === null) line += "\\N";
    else line += typeof value === "string" ? escapeText(value) : String(value);
  }
  return line + "\n";
}
