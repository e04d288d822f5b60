import { createRequire } from "node:module";

import { describe, expect, it } from "vitest";

import type { ChildTableDefinition, ColumnDefinition, ObjectDefinition } from "./definition.js";
import { wantedName } from "./naming.js";
import { OBJECTS } from "./objects.js";
import { objectNamed, parentsOf } from "./registry.js";
import { resolveTable } from "./resolve.js";
import type { ColumnType } from "./table.js";
import { coverageOf, openApiIndex, openApiLeaves } from "./testing/index.js";

const index = openApiIndex();

function columnsOf(definition: ObjectDefinition): string[] {
  return resolveTable(definition)[0]?.columns.map((column) => column.name) ?? [];
}

describe.each(OBJECTS.map((definition) => [definition.name, definition] as const))("%s", (_, definition) => {
  it("names only columns and objects that exist", () => {
    const columns = columnsOf(definition);
    const named = [
      ...definition.key,
      ...(definition.indexes ?? []).flat(),
      ...Object.keys(definition.references ?? {}),
      ...definition.events.flatMap((rule) => Object.keys(rule.key)),
      ...(definition.children ?? []).flatMap((child) => Object.values(child.parentColumns)),
      ...(definition.listBy ? [definition.listBy.column, ...Object.keys(definition.listBy.columns)] : []),
    ];
    expect(named.filter((name) => !columns.includes(name))).toEqual([]);
    const objects = [
      ...Object.values(definition.references ?? {}).flat(),
      ...(definition.parent ? [definition.parent.object, ...(definition.parent.also ?? [])] : []),
      ...(definition.parent?.times ? [definition.parent.times.object] : []),
    ];
    expect(objects.filter((name) => !objectNamed(name))).toEqual([]);
    const watermark = definition.incremental.how === "parent" ? [definition.incremental.parentColumn] : [];
    for (const parent of parentsOf(definition)) {
      const wanted = [
        ...Object.values(definition.parent?.columns ?? {}),
        ...Object.keys(definition.parent?.where ?? {}),
        ...watermark,
      ];
      expect(wanted.filter((name) => !columnsOf(parent).includes(name))).toEqual([]);
    }
    for (const fixed of definition.parent?.values ?? [])
      expect(Object.keys(fixed)).toEqual(Object.keys(definition.parent?.columns ?? {}));
    const times = definition.parent?.times;
    const other = times && objectNamed(times.object);
    const otherColumns = other ? columnsOf(other) : [];
    expect(Object.values(times?.columns ?? {}).filter((name) => !otherColumns.includes(name))).toEqual([]);
  });

  it("keeps every declared name: none is taken twice, reserved or too long", () => {
    for (const table of resolveTable(definition)) {
      const names = table.columns.map((column) => column.name);
      expect(new Set(names).size).toBe(names.length);
      expect(table.key.filter((name) => !names.includes(name))).toEqual([]);
      expect(table.indexes.flat().filter((name) => !names.includes(name))).toEqual([]);
    }
    const wanted = definition.columns.map((column) => column.name ?? wantedName(column.path));
    expect(wanted.filter((name) => !columnsOf(definition).includes(name))).toEqual([]);
  });

  it("leaves room for attributes in the table that has its declared columns, in every database", () => {
    // The databases' limits are from 180 columns up.
    expect(columnsOf(definition).length).toBeLessThan(150);
    expect(resolveTable(definition).flatMap((table) => table.name.match(/(_\d+|_history)$/) ?? [])).toEqual([]);
  });

  it("can fill the places in its paths", () => {
    const own = new Set(columnsOf(definition));
    const parents = new Set([
      ...Object.keys(definition.parent?.columns ?? {}),
      ...Object.keys(definition.parent?.times?.columns ?? {}),
    ]);
    expect(placesOf(definition.list.path).filter((place) => !parents.has(place))).toEqual([]);
    expect(placesOf(definition.get?.path ?? "").filter((place) => !own.has(place))).toEqual([]);
    expect(placesOf(definition.listBy?.list.path ?? "").filter((place) => place !== definition.listBy?.column)).toEqual(
      [],
    );
  });

  it("asks for a page as large as it counts on", () => {
    const limit = definition.list.query?.["limit"];
    expect(limit === undefined ? 0 : Number(limit)).toBe(definition.list.pageSize);
  });
});

function placesOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
}

describe("the catalog against the models of Okta's SDK", () => {
  const load = createRequire(import.meta.url);
  // The SDK is made from the management specification alone.
  const declared = OBJECTS.filter(({ openApi }) => openApi !== undefined && !openApi.startsWith("OAuthSpec_"));

  it.each(declared.map((definition) => [definition.name, definition] as const))(
    "declares every attribute of %s",
    (_, definition) => {
      const leaves = modelLeaves(load, definition.openApi ?? "");
      expect(leaves.length).toBeGreaterThan(0);
      expect(leaves.flatMap(({ path, type }) => faultOf(definition, path, type))).toEqual([]);
    },
  );
});

describe.skipIf(index === null)("the catalog against Okta's OpenAPI specification", () => {
  const declared = OBJECTS.filter((definition) => definition.openApi !== undefined);

  it.each(declared.map((definition) => [definition.name, definition] as const))(
    "declares every property of %s",
    (_, definition) => {
      if (!index) return;
      const leaves = openApiLeaves(index, definition.openApi ?? "", definition.only?.value);
      expect(leaves.length).toBeGreaterThan(0);
      expect(leaves.flatMap(({ path, type, format }) => faultOf(definition, path, columnTypeOf(type, format)))).toEqual(
        [],
      );
    },
  );

  it.each(OBJECTS.map((definition) => [definition.name, definition] as const))(
    "asks for %s only what the endpoint takes",
    (_, definition) => {
      if (!index) return;
      const shape = (path: string): string => path.replaceAll(/\{\w+\}/g, "{}");
      const path = shape(definition.list.path);
      // A single object of a list (the user behind a kind of contact) is named beside it, under the same scopes.
      const endpoint =
        [...index.lists, ...index.otherLists, ...index.singletons].find((one) => shape(one.path) === path) ??
        index.lists.find((one) =>
          Object.keys(one.related ?? {}).some((operation) => shape(operation) === `GET ${path}`),
        );
      expect(endpoint).toBeDefined();
      const parameters = new Map(endpoint?.query.map((parameter) => [parameter.name, parameter]));
      const sent = { ...definition.list.query, ...definition.list.fullQuery };
      expect(Object.keys(sent).filter((name) => !parameters.has(name))).toEqual([]);
      const { incremental } = definition;
      const filter = incremental.how === "filter" ? [incremental.parameter] : [];
      expect(filter.filter((name) => !parameters.has(name))).toEqual([]);
      expect(definition.list.pageSize).toBeLessThanOrEqual(parameters.get("limit")?.maximum ?? Infinity);
      expect(definition.scopes).toEqual(endpoint?.scopes);
    },
  );
});

/** What is wrong with the declaration of a leaf of that type. */
function faultOf(definition: ObjectDefinition, path: readonly string[], type: ColumnType | null): string[] {
  const coverage = coverageOf(definition, path);
  if (coverage === null) return [`${path.join(".")} is not declared`];
  if (!("column" in coverage) || coverage.in === "json" || type === null) return [];
  return fits(coverage.column, type) ? [] : [`${path.join(".")} is ${coverage.column.type}, not ${type}`];
}

/** A column may hold more than the specification promises, never less. Some times are strings there, or epoch numbers. */
function fits(column: ColumnDefinition, type: ColumnType): boolean {
  if (column.type === type || column.type === "json") return true;
  return (column.type === "instant" && type !== "boolean") || (column.type === "double" && type === "integer");
}

function columnTypeOf(type: string, format?: string): ColumnType | null {
  if (type === "string") return format === "date-time" ? "instant" : format === "boolean" ? "boolean" : "text";
  if (type === "boolean" || type === "integer") return type;
  if (type === "number") return "double";
  return type === "array" || type === "object" ? "json" : null;
}

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

interface Model {
  getAttributeTypeMap(): readonly Attribute[];
}

/** Leaves of an SDK model; models inside are followed, except maps and lists. */
function modelLeaves(
  load: NodeJS.Require,
  name: string,
  seen: readonly string[] = [],
): { path: string[]; type: ColumnType | null }[] {
  const model = modelNamed(load, name);
  if (seen.includes(name)) return [];
  if (!model) return variantsOf(load, name).flatMap((variant) => modelLeaves(load, variant, [...seen, name]));
  return model.getAttributeTypeMap().flatMap(({ baseName, type, format }) => {
    const below = baseName.startsWith("_") ? [] : modelLeaves(load, type, [...seen, name]);
    if (below.length > 0) return below.map((leaf) => ({ ...leaf, path: [baseName, ...leaf.path] }));
    return [{ path: [baseName], type: sdkType(type, format) }];
  });
}

function sdkType(type: string, format: string): ColumnType | null {
  if (type === "Date" || format === "date-time") return "instant";
  if (type === "string" || type === "boolean") return type === "string" ? "text" : "boolean";
  if (type.startsWith("Array<") || type.startsWith("{ [key")) return "json";
  return null;
}

function modelNamed(load: NodeJS.Require, name: string): Model | null {
  const model = exportedBy<Model>(load, name, name);
  return model?.getAttributeTypeMap ? (model as Model) : null;
}

/** The models that a union of the SDK stands for. */
function variantsOf(load: NodeJS.Require, name: string): string[] {
  const union = exportedBy<{ readonly mapping: Readonly<Record<string, string>> }>(load, name, `${name}Class`);
  return Object.values(union?.mapping ?? {});
}

function exportedBy<T>(load: NodeJS.Require, model: string, name: string): Partial<T> | undefined {
  if (!/^\w+$/.test(model)) return undefined;
  try {
    const module = load(`@okta/okta-sdk-nodejs/src/generated/models/${model}.js`) as Record<string, Partial<T>>;
    return module[name];
  } catch {
    return undefined;
  }
}

it("has child tables whose parts agree", () => {
  for (const definition of OBJECTS) {
    const parts = new Map<string, ChildTableDefinition>();
    for (const child of definition.children ?? []) {
      const other = parts.get(child.name);
      expect(child.key).toEqual(other?.key ?? child.key);
      parts.set(child.name, child);
      expect(objectNamed(child.name)).toBeUndefined();
    }
  }
});
