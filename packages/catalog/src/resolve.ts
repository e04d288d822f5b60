import { TerminalError } from "@tidemark/kernel";

import { profileAttributes, widen, widenStored } from "./attributes.js";
import { registeredColumns, spreadColumns } from "./continuations.js";
import type { ChildTableDefinition, ColumnDefinition, ObjectDefinition } from "./definition.js";
import { DEFAULT_MAX_IDENTIFIER, NameBook, pathKey, wantedName } from "./naming.js";
import {
  type ColumnRegistry,
  type ColumnSpec,
  type ColumnType,
  EXTRA_COLUMN,
  SOURCE,
  type TableSpec,
} from "./table.js";

/** A person's wishes for the columns of an object; paths are dotted (`profile.secondEmail`). */
export interface ColumnChoices {
  /** Not replicated: these paths and all below them. */
  readonly exclude?: readonly string[];
  /** Path → column name. */
  readonly rename?: Readonly<Record<string, string>>;
}

export interface ResolveOptions {
  /** Documents of the org's Schema API for this object's profile, one a user type; raw JSON. */
  readonly schemas?: readonly unknown[];
  readonly registry?: ColumnRegistry;
  readonly columns?: ColumnChoices;
  /** Longest identifier of the database, in bytes. Default 63 (PostgreSQL). */
  readonly maxIdentifier?: number;
  /** Most columns of one table; what finds no room goes to tables that continue it. Default: no limit (files). */
  readonly maxColumns?: number;
}

/** A column before it has its name. */
interface Wanted {
  readonly path: readonly string[];
  readonly type: ColumnType;
  readonly name: string;
}

/**
 * The tables of an object: its own first, then those that continue it (see {@link TableSpec.continues}), then those of
 * its children. Pure: the same input gives the same columns in the same tables, whatever order the schemas' attributes
 * come in. Names are the registry's where it knows the path, then a person's,
 * then the declaration's, then those of attributes in the order of their paths; a name that is taken, reserved or too
 * long gets a suffix that depends on its path alone; no name is in two of an object's own tables, but for the key's. A
 * column of the registry stays where it is, also when its attribute is gone, and its type only widens.
 * @throws TerminalError CONFIG_INVALID when a wish cannot be met (a key excluded, two columns of one name).
 */
export function resolveTable(definition: ObjectDefinition, options: ResolveOptions = {}): TableSpec[] {
  const columns = nameColumns(definition, ownColumns(definition, options), options);
  const { registry, maxColumns = Number.POSITIVE_INFINITY } = options;
  return [...spreadColumns(definition, columns, { registry, maxColumns }), ...childTables(definition, options)];
}

function ownColumns(definition: ObjectDefinition, options: ResolveOptions): Wanted[] {
  const columns = new Map<string, Wanted>();
  const { parent, constant } = definition;
  const parents = Object.keys({ ...parent?.columns, ...parent?.times?.columns });
  for (const name of parents) put(columns, { path: [SOURCE.parent, name], type: "text", name });
  if (constant) put(columns, { path: [SOURCE.constant, constant.name], type: "text", name: constant.name });
  const declared = definition.columns.map(wantedOf);
  const ofProfile = (column: Wanted): boolean => definition.profileSchema !== undefined && column.path[0] === "profile";
  for (const column of declared.filter((one) => !ofProfile(one))) put(columns, column);
  // Attributes in the schema's order, with the declaration's name and a type that holds what both say.
  const byKey = new Map(declared.map((column) => [pathKey(column.path), column]));
  if (definition.profileSchema !== undefined) {
    for (const attribute of profileAttributes(options.schemas ?? [])) {
      const path = ["profile", attribute.name];
      const same = byKey.get(pathKey(path));
      put(
        columns,
        same
          ? { ...same, type: widen(same.type, attribute.type) }
          : { path, type: attribute.type, name: wantedName(path) },
      );
    }
  }
  for (const column of declared) put(columns, column);
  return [...columns.values()];
}

function put(columns: Map<string, Wanted>, column: Wanted): void {
  const key = pathKey(column.path);
  if (!columns.has(key)) columns.set(key, column);
}

function wantedOf(column: ColumnDefinition): Wanted {
  return { path: column.path, type: column.type, name: column.name ?? wantedName(column.path) };
}

/** Names and types of the object's own columns, `_extra` last. */
function nameColumns(definition: ObjectDefinition, wanted: readonly Wanted[], options: ResolveOptions): ColumnSpec[] {
  const choices = options.columns ?? {};
  const existing = registeredColumns(definition.name, options.registry);
  const keys = new Set(definition.key);
  const kept = wanted.filter((column) => {
    if (!isExcluded(column.path, choices.exclude)) return true;
    if (keys.has(column.name))
      throw unmet(`columns.exclude of ${definition.name} names ${column.path.join(".")}, which is part of its key`);
    return existing[pathKey(column.path)] !== undefined;
  });
  const all = new Map(kept.map((column) => [pathKey(column.path), column]));
  for (const [key, column] of Object.entries(existing)) {
    if (!all.has(key) && key !== SOURCE.extra)
      all.set(key, { path: pathOf(key), type: column.type, name: column.name });
  }
  const names = namesOf(definition, [...all.values()], options);
  const columns = [...all].map(([key, column]): ColumnSpec => {
    const before = existing[key];
    return {
      name: names.get(key) ?? column.name,
      type: before ? widenStored(before.type, column.type) : column.type,
      path: column.path,
    };
  });
  return isExcluded([EXTRA_COLUMN], choices.exclude) ? columns : [...columns, EXTRA];
}

const EXTRA: ColumnSpec = { name: EXTRA_COLUMN, type: "json", path: [SOURCE.extra] };

function namesOf(
  definition: ObjectDefinition,
  columns: readonly Wanted[],
  options: ResolveOptions,
): Map<string, string> {
  const book = new NameBook(options.maxIdentifier ?? DEFAULT_MAX_IDENTIFIER);
  const names = new Map<string, string>();
  const existing = registeredColumns(definition.name, options.registry);
  const renames = renamesOf(definition, columns, options);
  for (const [key, name] of renames) {
    if (!book.take(name))
      throw unmet(
        `columns.rename of ${definition.name} gives the name ${name} twice, or to a column of Tidemark's own`,
      );
    names.set(key, name);
  }
  for (const [key, { name }] of Object.entries(existing)) {
    if (names.has(key) || key === SOURCE.extra) continue;
    if (!book.take(name))
      throw unmet(`columns.rename of ${definition.name} gives the name ${name}, which another column has already`);
    names.set(key, name);
  }
  const declared = new Set(definition.columns.map((column) => pathKey(column.path)));
  const isDeclared = (column: Wanted): boolean =>
    column.path[0] === SOURCE.parent || column.path[0] === SOURCE.constant || declared.has(pathKey(column.path));
  const attributes = columns
    .filter((column) => !isDeclared(column))
    .sort((left, right) => compare(pathKey(left.path), pathKey(right.path)));
  for (const column of [
    ...columns.filter(isDeclared).sort((left, right) => compare(pathKey(left.path), pathKey(right.path))),
    ...attributes,
  ]) {
    const key = pathKey(column.path);
    if (!names.has(key)) names.set(key, book.assign(column.path, column.name));
  }
  return names;
}

/** The renames that concern existing columns; a name must not be that of another declared column. */
function renamesOf(
  definition: ObjectDefinition,
  columns: readonly Wanted[],
  options: ResolveOptions,
): Map<string, string> {
  const renames = new Map<string, string>();
  const max = options.maxIdentifier ?? DEFAULT_MAX_IDENTIFIER;
  for (const [dotted, name] of Object.entries(options.columns?.rename ?? {})) {
    const column = columns.find((one) => one.path.join(".") === dotted);
    if (column === undefined) continue;
    if (definition.key.includes(column.name))
      throw unmet(`columns.rename of ${definition.name} names ${dotted}, which is part of its key`);
    if (name === "" || Buffer.byteLength(name) > max || name.toLowerCase().startsWith("_tidemark_")) {
      throw unmet(
        `columns.rename of ${definition.name} gives ${dotted} the name "${name}", which cannot be a column's (1 to ${max} bytes, not starting with _tidemark_)`,
      );
    }
    renames.set(pathKey(column.path), name);
  }
  for (const [key, name] of renames) {
    const owner = columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const ownKey = owner && pathKey(owner.path);
    if (owner && ownKey !== undefined && ownKey !== key && !renames.has(ownKey) && owner.path[0] !== "profile") {
      throw unmet(
        `columns.rename of ${definition.name} gives the name ${name}, which ${owner.path.join(".")} has already`,
      );
    }
  }
  return renames;
}

/** True when the path or one above it is among the dotted ones. */
export function isExcluded(path: readonly string[], exclude: readonly string[] | undefined): boolean {
  if (exclude === undefined || exclude.length === 0) return false;
  return path.some((_, index) => exclude.includes(path.slice(0, index + 1).join(".")));
}

function childTables(definition: ObjectDefinition, options: ResolveOptions): TableSpec[] {
  const tables = new Map<string, TableSpec>();
  const book = new Map<string, ChildTableDefinition[]>();
  for (const child of definition.children ?? []) {
    if (isExcluded(child.path, options.columns?.exclude)) continue;
    book.set(child.name, [...(book.get(child.name) ?? []), child]);
  }
  for (const [name, parts] of book) tables.set(name, childTable(definition, parts, options));
  return [...tables.values()];
}

/** The parts of one child table share its columns; each path has one column. */
function childTable(
  definition: ObjectDefinition,
  parts: readonly ChildTableDefinition[],
  options: ResolveOptions,
): TableSpec {
  const columns = new Map<string, ColumnSpec>();
  const names = new NameBook(options.maxIdentifier ?? DEFAULT_MAX_IDENTIFIER);
  const existing = options.registry?.[parts[0]?.name ?? ""] ?? {};
  for (const { name } of Object.values(existing)) names.take(name);
  const add = (path: readonly string[], type: ColumnType, wanted: string): void => {
    const key = pathKey(path);
    if (columns.has(key)) return;
    const before = existing[key];
    columns.set(key, {
      name: before?.name ?? names.assign(path, wanted),
      type: before ? widenStored(before.type, type) : type,
      path,
    });
  };
  for (const part of parts) {
    for (const name of Object.keys(part.parentColumns)) add([SOURCE.parent, name], "text", name);
    if (part.constant) add([SOURCE.constant, part.constant.name], "text", part.constant.name);
    if (part.keyedBy !== undefined) add([SOURCE.key], "text", part.keyedBy);
    if (part.positionColumn !== undefined) add([SOURCE.position], "integer", part.positionColumn);
    for (const column of part.columns) add(column.path, column.type, column.name ?? wantedName(column.path));
  }
  const first = parts[0];
  return {
    name: first?.name ?? definition.name,
    object: definition.name,
    key: first?.key ?? [],
    columns: [...columns.values(), EXTRA],
    indexes: parts.flatMap((part) => part.indexes ?? []),
  };
}

/** The path that a {@link pathKey} stands for. */
function pathOf(key: string): string[] {
  return [...key.matchAll(/((?:\\.|[^.\\])*)(?:\.|$)/g)]
    .slice(0, -1)
    .map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1"));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function unmet(message: string): TerminalError {
  return new TerminalError("CONFIG_INVALID", message, { where: "columns" });
}
