import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { pathKey } from "./naming.js";
import { users } from "./objects/users.js";
import { type ColumnRegistry, resolveTable, type ResolveOptions } from "./resolve.js";
import type { TableSpec } from "./table.js";

const DECLARED = users.columns.length + 1;
/** What the main table keeps free of attributes. */
const RESERVED = 16;

function schemaOf(attributes: Readonly<Record<string, string>>): unknown {
  const properties = Object.fromEntries(Object.entries(attributes).map(([name, type]) => [name, { type }]));
  return { definitions: { custom: { properties } } };
}

function texts(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${String(n).padStart(4, "0")}`, "string"]));
}

function registryOf(tables: readonly TableSpec[]): ColumnRegistry {
  return Object.fromEntries(
    tables.map((table) => [
      table.name,
      Object.fromEntries(table.columns.map(({ name, type, path }) => [pathKey(path), { name, type }])),
    ]),
  );
}

/** Path → table, column and type of the columns that are no copies of a key. */
function placesOf(tables: readonly TableSpec[]): Map<string, string> {
  const places = new Map<string, string>();
  for (const table of tables) {
    for (const { path, name, type } of table.columns) {
      if (table.continues !== undefined && table.key.includes(name)) continue;
      const key = pathKey(path);
      expect(places.has(key)).toBe(false);
      places.set(key, `${table.name} ${name} ${type}`);
    }
  }
  return places;
}

function resolve(attributes: Readonly<Record<string, string>>, options: ResolveOptions): TableSpec[] {
  return resolveTable(users, { ...options, schemas: [schemaOf(attributes)] });
}

describe("tables that continue another", () => {
  it("are not made while the columns fit", () => {
    expect(resolve(texts(500), {})).toHaveLength(1);
    const maxColumns = DECLARED + 20 + RESERVED;
    expect(resolve(texts(20), { maxColumns })).toHaveLength(1);
    expect(resolve(texts(21), { maxColumns })).toHaveLength(2);
  });

  it("have the key, then what found no room, in the order of the paths", () => {
    const [main, second, third, ...rest] = resolve(texts(150), { maxColumns: DECLARED + RESERVED + 10 });
    expect(rest).toEqual([]);
    expect(main).toMatchObject({ name: "users", indexes: users.indexes });
    expect(main?.continues).toBeUndefined();
    expect(main?.columns.at(-1)?.name).toBe("_extra");
    expect(main?.columns.some((column) => column.name === "profile_a0009")).toBe(true);
    expect(second).toMatchObject({ name: "users_2", object: "users", continues: "users", key: ["id"], indexes: [] });
    expect(second?.columns[0]).toEqual({ name: "id", type: "text", path: ["{parent}", "id"] });
    expect(second?.columns[1]?.name).toBe("profile_a0010");
    expect(second?.columns).toHaveLength(DECLARED + RESERVED + 10);
    expect(third).toMatchObject({ name: "users_3", continues: "users" });
  });

  it("leave the main table room for columns that a later version declares", () => {
    const maxColumns = DECLARED + RESERVED + 10;
    const registry = registryOf(resolve(texts(150), { maxColumns }));
    const later = { ...users, columns: [...users.columns, { path: ["newest"], type: "text" as const }] };
    const tables = resolveTable(later, { registry, maxColumns });
    expect(tables[0]?.columns.map((column) => column.name)).toContain("newest");
    expect(tables[0]?.columns.length).toBeLessThanOrEqual(maxColumns);
  });

  it("keep a column whose attribute is declared later, or excluded, where it is", () => {
    const maxColumns = DECLARED + RESERVED + 1;
    const before = resolve(texts(9), { maxColumns });
    const registry = registryOf(before);
    const declared = { ...users, columns: [...users.columns, { path: ["profile", "a0005"], type: "text" as const }] };
    const options = { registry, maxColumns, schemas: [schemaOf(texts(9))] };
    expect(placesOf(resolveTable(declared, options))).toEqual(placesOf(before));
    const columns = { exclude: ["profile.a0005"] };
    expect(placesOf(resolveTable(users, { ...options, columns }))).toEqual(placesOf(before));
  });

  it("refuse a name that one of the other tables has", () => {
    const maxColumns = DECLARED + RESERVED + 1;
    const columns = { rename: { "profile.a0005": "profile_login" } };
    const registry = registryOf(resolve(texts(9), { maxColumns }));
    expect(() => resolve(texts(9), { maxColumns, registry, columns })).toThrow(/profile_login/);
  });

  const attributes = fc.dictionary(
    fc.stringMatching(/^[a-cA-C][a-zA-Z0-9_]{0,70}$/),
    fc.constantFrom("string", "integer", "number", "boolean", "array"),
    { maxKeys: 60 },
  );
  const limit = fc.integer({ min: DECLARED, max: DECLARED + 60 });

  it("hold every attribute once, none above the limit, whatever order attributes come in", () => {
    fc.assert(
      fc.property(attributes, limit, (all, maxColumns) => {
        const tables = resolve(all, { maxColumns });
        const places = placesOf(tables);
        for (const name of Object.keys(all)) expect(places.has(pathKey(["profile", name]))).toBe(true);
        for (const { columns } of tables) expect(columns.length).toBeLessThanOrEqual(maxColumns);
        const names = tables.flatMap((table) => table.columns.map((column) => column.name.toLowerCase()));
        expect(new Set(names).size).toBe(names.length - (tables.length - 1));
        const later = tables.slice(1).flatMap((table) => table.columns.slice(1));
        expect(later.filter((column) => column.path[0] !== "profile")).toEqual([]);
        const backwards = Object.fromEntries(Object.entries(all).toReversed());
        expect(placesOf(resolve(backwards, { maxColumns }))).toEqual(places);
      }),
    );
  });

  it("never lose a column to another table, whatever attributes and limits come later", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(attributes, limit), { minLength: 2, maxLength: 4 }), (versions) => {
        let registry: ColumnRegistry = {};
        let before = new Map<string, string>();
        let widest = 0;
        for (const [all, maxColumns] of versions) {
          const tables = resolve(all, { registry, maxColumns });
          const places = placesOf(tables);
          for (const [key, place] of before) {
            expect(places.get(key)?.split(" ").slice(0, 2)).toEqual(place.split(" ").slice(0, 2));
          }
          widest = Math.max(widest, maxColumns);
          for (const { columns } of tables) expect(columns.length).toBeLessThanOrEqual(widest);
          registry = registryOf(tables);
          before = places;
        }
      }),
    );
  });
});
