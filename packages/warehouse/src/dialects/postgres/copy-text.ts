import type { ColumnType, SqlValue } from "@tidemark/catalog";

import type { BulkRow } from "../../dialect.js";

// PostgreSQL documentation, COPY, text format: columns end with a tab, rows with a newline, \N is NULL, and backslash,
// tab, newline and carriage return inside a value are written with a backslash.
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[\\\t\n\r\u0000]/;
// oxlint-disable-next-line no-control-regex
const SPECIAL_ALL = /[\\\t\n\r\u0000]/g;
const REPLACEMENT = "\uFFFD";

function escapeCharacter(character: string): string {
  switch (character) {
    case "\\":
      return "\\\\";
    case "\t":
      return "\\t";
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    default:
      return REPLACEMENT;
  }
}

function escapeText(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIAL_ALL, escapeCharacter) : text;
}

// With the u flag a surrogate in a class matches only where it stands alone.
// oxlint-disable-next-line no-control-regex
const UNSTORABLE = /[\u0000\uD800-\uDFFF]/u;
// oxlint-disable-next-line no-control-regex
const UNSTORABLE_ALL = /[\u0000\uD800-\uDFFF]/gu;

/**
 * Text as PostgreSQL can store it: U+0000, which no text column takes (PostgreSQL documentation, character types), and
 * lone surrogates, which are not UTF-8, become U+FFFD.
 */
export function cleanText(text: string): string {
  return UNSTORABLE.test(text) ? text.replace(UNSTORABLE_ALL, REPLACEMENT) : text;
}

/**
 * JSON text as `jsonb` takes it: the escapes of U+0000 and of lone surrogates, which it refuses (PostgreSQL
 * documentation, JSON types), become U+FFFD.
 */
export function cleanJson(json: string): string {
  if (!json.includes("\\u")) return json;
  return json.replace(/(?:\\u[0-9a-fA-F]{4})+|\\[^u]/g, (run) => (run.length === 2 ? run : cleanRun(run)));
}

function cleanRun(run: string): string {
  let out = "";
  for (let at = 0; at < run.length;) {
    const code = Number.parseInt(run.slice(at + 2, at + 6), 16);
    const next = at + 6 < run.length ? Number.parseInt(run.slice(at + 8, at + 12), 16) : -1;
    if (code >= 0xd800 && code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) {
      out += run.slice(at, at + 12);
      at += 12;
      continue;
    }
    const bad = code === 0 || (code >= 0xd800 && code <= 0xdfff);
    out += bad ? "\\ufffd" : run.slice(at, at + 6);
    at += 6;
  }
  return out;
}

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
