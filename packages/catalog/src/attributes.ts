import type { ColumnType } from "./table.js";

/** A profile attribute as the org's schemas declare it. */
export interface ProfileAttribute {
  readonly name: string;
  readonly type: ColumnType;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Types of the Schema API and their columns. Strings stay text whatever their `format` says: Okta keeps a date-time
 * attribute as the string that an admin, an import or a mapping wrote, so only text is sure to hold and return it.
 * Arrays and objects are JSON; a type that Okta may add later is JSON as well, which holds anything.
 */
const TYPES: Readonly<Record<string, ColumnType>> = {
  string: "text",
  boolean: "boolean",
  integer: "integer",
  number: "double",
};

/**
 * The attributes that schema documents (answers of `/api/v1/meta/schemas/…`) declare, base before custom ones, in the
 * documents' order. An attribute that several user types declare differently has the type that holds all its values.
 */
export function profileAttributes(schemas: readonly unknown[]): ProfileAttribute[] {
  const found = new Map<string, ColumnType>();
  for (const section of ["base", "custom"]) {
    for (const schema of schemas) {
      const properties = objectAt(schema, ["definitions", section, "properties"]);
      for (const [name, attribute] of Object.entries(properties ?? {})) {
        const type = typeOf(attribute);
        if (type === null) continue;
        const before = found.get(name);
        found.set(name, before === undefined ? type : widen(before, type));
      }
    }
  }
  return [...found].map(([name, type]) => ({ name, type }));
}

/** The narrowest type that holds every value of both: integers are doubles, scalars are text, anything is JSON. */
export function widen(left: ColumnType, right: ColumnType): ColumnType {
  if (left === right) return left;
  if (left === "json" || right === "json") return "json";
  const both = new Set([left, right]);
  return both.has("integer") && both.has("double") ? "double" : "text";
}

/**
 * The type of a column that is there as `stored` and is now wanted as `wanted`: it only widens. Text does not turn into
 * JSON, which would change what queries read; a list that comes into such a column is kept in `_extra`.
 */
export function widenStored(stored: ColumnType, wanted: ColumnType): ColumnType {
  if (stored === "json" || wanted !== "json") return widen(stored, wanted);
  return "text";
}

/** Null for an attribute that is being removed (`null` in place of its definition). */
function typeOf(attribute: unknown): ColumnType | null {
  if (!isObject(attribute)) return null;
  const type = attribute["type"];
  return typeof type === "string" && Object.hasOwn(TYPES, type) ? (TYPES[type] ?? "json") : "json";
}

function objectAt(value: unknown, path: readonly string[]): Json | undefined {
  let at = value;
  for (const step of path) at = isObject(at) ? at[step] : undefined;
  return isObject(at) ? at : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
