import { boolean, instant, integer, json, paths, text } from "./columns.js";
import type { ChildTableDefinition, ColumnDefinition } from "./definition.js";

/**
 * Columns of a schema document. The definitions stay whole as JSON, because base and custom properties are maps whose
 * keys are the org's data; people join on the attributes' own table.
 */
export const SCHEMA_COLUMNS: readonly ColumnDefinition[] = [
  text("id"),
  text("$schema", { name: "json_schema" }),
  text("name"),
  text("title"),
  text("description"),
  text("type"),
  instant("created"),
  instant("lastUpdated"),
  json("definitions"),
  json("properties"),
];

const ATTRIBUTE_COLUMNS: readonly ColumnDefinition[] = [
  text("title"),
  text("description"),
  text("type"),
  text("format"),
  boolean("required"),
  text("mutability"),
  text("scope"),
  boolean("unique"),
  // A number, a string or a list by the attribute's type (recorded traffic), as are the values of enumerations.
  json("default"),
  json("enum"),
  json("oneOf"),
  text("items.type"),
  json("items.enum"),
  json("items.oneOf"),
  integer("minLength"),
  integer("maxLength"),
  text("pattern"),
  text("master.type"),
  json("master.priority"),
  json("permissions"),
  text("externalName"),
  text("externalNamespace"),
];

/** The order of these lists means nothing. */
export const SCHEMA_SETS = paths(
  "definitions.*.required",
  "definitions.*.properties.*.permissions",
  "definitions.*.properties.*.items.enum",
  "definitions.*.properties.*.enum",
);

/** A table of a schema's attributes, base and custom ones, one row an attribute. */
export function attributeTable(
  name: string,
  parentColumns: Readonly<Record<string, string>>,
): readonly ChildTableDefinition[] {
  return ["base", "custom"].map((definition) => ({
    name,
    path: ["definitions", definition, "properties"],
    keyedBy: "name",
    parentColumns,
    constant: { name: "definition", value: definition },
    key: [...Object.keys(parentColumns), "definition", "name"],
    columns: ATTRIBUTE_COLUMNS,
  }));
}
