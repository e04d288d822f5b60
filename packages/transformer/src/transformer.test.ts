import {
  defineObject,
  type KeyValues,
  type ObjectDefinition,
  objectNamed,
  resolveTable,
  type ResolveOptions,
} from "@tidemark/catalog";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { findLeaves } from "./testing/lossless.js";
import { compileTransformer, type Transformer } from "./transformer.js";

function named(name: string): ObjectDefinition {
  const definition = objectNamed(name);
  if (!definition) throw new Error(`no ${name}`);
  return definition;
}

function made(name: string, options: ResolveOptions = {}): Transformer {
  const definition = named(name);
  return compileTransformer(definition, resolveTable(definition, options), { exclude: options.columns?.exclude ?? [] });
}

function withCustom(properties: Readonly<Record<string, unknown>>): ResolveOptions {
  return { schemas: [{ definitions: { custom: { properties } } }] };
}

function cells(transformer: Transformer, item: unknown, parent: KeyValues = {}): Record<string, unknown> {
  const row = transformer.transform([item], parent).rows[0];
  const columns = transformer.tables[0]?.columns ?? [];
  return Object.fromEntries(
    columns.map((column, slot) => [column.name, row?.values[slot]]).filter(([, value]) => value !== null),
  );
}

function hashOf(transformer: Transformer, item: unknown): string | undefined {
  return transformer.transform([item], {}).rows[0]?.hash;
}

describe("a row", () => {
  it("has declared leaves, custom attributes and unknown leaves where they belong", () => {
    const item = {
      id: "00u1",
      type: { id: "oty1" },
      lastUpdated: "2026-03-29T13:52:09Z",
      profile: { login: "a@example.com", level: 3, unknownOne: [1, { b: 2 }] },
      credentials: { password: { value: "secret" }, recovery_question: { question: "q", answer: "secret" } },
      brandNew: { deep: { leaf: true, none: null } },
      _links: { self: { href: "https://acme.okta.com/api/v1/users/00u1" } },
    };
    expect(cells(made("users", withCustom({ level: { type: "integer" } })), item)).toEqual({
      id: "00u1",
      type_id: "oty1",
      last_updated: "2026-03-29T13:52:09.000Z",
      profile_login: "a@example.com",
      profile_level: 3,
      credentials_password: "{}",
      credentials_recovery_question_question: "q",
      _extra: '{"brandNew":{"deep":{"leaf":true,"none":null}},"profile":{"unknownOne":[1,{"b":2}]}}',
    });
  });

  it("keeps what does not fit its column under its own path", () => {
    const custom = withCustom({
      level: { type: "integer" },
      on: { type: "boolean" },
      list: { type: "array" },
      name: { type: "string" },
      share: { type: "number" },
    });
    const item = {
      id: "00u1",
      created: "yesterday",
      status: { odd: 1 },
      type: "oty1",
      profile: { level: 1.5, on: "true", list: "no list", name: 12, share: "0.5" },
    };
    expect(cells(made("users", custom), item)).toEqual({
      id: "00u1",
      profile_list: '"no list"',
      profile_name: "12",
      _extra:
        '{"created":"yesterday","profile":{"level":1.5,"on":"true","share":"0.5"},"status":{"odd":1},"type":"oty1"}',
    });
  });

  it("holds whole numbers beyond 2^53, which the parser hands over as digits", () => {
    const transformer = made("users", withCustom({ big: { type: "integer" } }));
    const bigOf = (big: unknown): Record<string, unknown> => cells(transformer, { id: "00u1", profile: { big } });
    expect(bigOf("9007199254740993")).toEqual({ id: "00u1", profile_big: 9007199254740993n });
    expect(bigOf("-9223372036854775808")["profile_big"]).toBe(-9223372036854775808n);
    expect(bigOf("9223372036854775808")).toEqual({ id: "00u1", _extra: '{"profile":{"big":"9223372036854775808"}}' });
    expect(bigOf("42")).toEqual({ id: "00u1", _extra: '{"profile":{"big":"42"}}' });
  });

  it("takes ids from links, and prefers the plain field", () => {
    const link = { source: { href: "https://acme.okta.com/api/v1/apps/0oa1?x=1" } };
    expect(cells(made("groups"), { id: "00g1", _links: link })).toEqual({ id: "00g1", source_id: "0oa1" });
    for (const item of [
      { id: "00g1", source: { id: "0oa2" }, _links: link },
      { id: "00g1", _links: link, source: { id: "0oa2" } },
    ]) {
      expect(cells(made("groups"), item)).toEqual({ id: "00g1", source_id: "0oa2" });
    }
    expect(cells(made("groups"), { id: "00g1", _links: { source: [] }, _embedded: { stats: {} } })).toEqual({
      id: "00g1",
    });
  });

  it("is only the pair where the item is somebody else's", () => {
    const user = { id: "00u1", profile: { login: "x" }, credentials: { password: { value: "p" } } };
    const transformer = made("group_members");
    expect(cells(transformer, user, { group_id: "00g1" })).toEqual({ group_id: "00g1", user_id: "00u1" });
    expect(transformer.keysOf([user, {}, null], { group_id: "00g1" })).toEqual([{ group_id: "00g1", user_id: "00u1" }]);
  });

  it("leaves excluded paths out everywhere", () => {
    const columns = { exclude: ["profile.email", "newThing", "type"] };
    const item = { id: "00u1", type: { id: "t", more: 1 }, newThing: { a: 1 }, profile: { email: "e", login: "l" } };
    expect(cells(made("users", { columns }), item)).toEqual({ id: "00u1", profile_login: "l" });
  });

  it("hides secrets also where their parent has another shape than usual", () => {
    const item = {
      id: "0oa1",
      credentials: [{ password: { value: "hush" }, oauthClient: { client_secret: "hush", client_id: "c" } }],
    };
    expect(cells(made("applications"), item)).toEqual({
      id: "0oa1",
      _extra: '{"credentials":[{"oauthClient":{"client_id":"c"},"password":{}}]}',
    });
  });

  it("survives keys that JavaScript treats specially", () => {
    const item = JSON.parse(
      '{"id":"00u1","__proto__":{"polluted":1},"constructor":{"a":1},"profile":{"__proto__":"x","toString":"y"}}',
    ) as unknown;
    const row = cells(made("users"), item);
    expect(row["_extra"]).toBe(
      '{"__proto__":{"polluted":1},"constructor":{"a":1},"profile":{"__proto__":"x","toString":"y"}}',
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("rejects", () => {
  it("name the item and what is wrong with it, and spare the rest of the page", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`) as unknown;
    const page = [null, "x", [], {}, { id: null }, { id: "" }, { id: { a: 1 } }, { id: "00u0", deep }, { id: "00u1" }];
    const { rows, rejects } = made("users").transform(page, {});
    expect(rows.map((row) => row.values[0])).toEqual(["00u1"]);
    expect(rejects.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(rejects.map(({ reason }) => reason)).toEqual([
      "users: an item is not an object but null",
      "users: an item is not an object but a string",
      "users: an item is not an object but a list",
      ...Array.from({ length: 4 }, () => "users: an item has no value for the key column id (id)"),
      "users: an item is nested too deeply",
    ]);
  });

  it("refuse a parent without its id: that is a fault of the caller", () => {
    expect(() => made("group_members").transform([], {})).toThrow(/No value for the parent column group_id/);
  });
});

describe("child rows", () => {
  const attributes = (item: unknown): { rows: readonly unknown[][]; extra: unknown } => {
    const transformer = made("user_schemas");
    const { rows, children } = transformer.transform([item], { schema_id: "osc1" });
    const shown = ["definition", "name", "type", "_extra"].map(
      (name) => children[0]?.table.columns.findIndex((column) => column.name === name) ?? -1,
    );
    return {
      rows: children[0]?.rows.map((row) => shown.map((slot) => row.values[slot])) ?? [],
      extra: rows[0]?.values.at(-1),
    };
  };

  it("come from several collections, with what no column takes beside them", () => {
    const base = { properties: { login: { type: "string", novelty: 1 } } };
    const custom = { properties: { level: { type: "integer" }, gone: null } };
    expect(
      attributes({ id: "x", definitions: { base, custom: { properties: { level: { type: "integer" } } } } }).rows,
    ).toEqual([
      ["base", "login", "string", '{"novelty":1}'],
      ["custom", "level", "integer", null],
    ]);
    // An element that is no object cannot be a row: the collection stays whole in the parent.
    const { rows, extra } = attributes({ id: "x", definitions: { base, custom } });
    expect(rows).toEqual([["base", "login", "string", '{"novelty":1}']]);
    expect(extra).toBe('{"definitions":{"custom":{"properties":{"gone":null,"level":{"type":"integer"}}}}}');
  });

  it("carry the parent's key and their place, and are named also when there are none", () => {
    const transformer = made("log_events");
    const target = [
      { id: "a", type: "User" },
      { id: "b", type: "User" },
    ];
    const { children } = transformer.transform(
      [{ uuid: "u1", target }, { uuid: "u2", target: null }, { uuid: "u3" }],
      {},
    );
    expect(children).toHaveLength(1);
    expect(children[0]?.table).toBe(transformer.tables[1]);
    expect(children[0]?.rows.map((row) => row.values.slice(0, 3))).toEqual([
      ["u1", 0, "a"],
      ["u1", 1, "b"],
    ]);
  });

  it("change their parent's hash", () => {
    const transformer = made("log_events");
    const [one, two] = [
      hashOf(transformer, { uuid: "u", target: [{ id: "a" }] }),
      hashOf(transformer, { uuid: "u", target: [{ id: "b" }] }),
    ];
    expect(one).not.toBe(two);
  });
});

/** Any JSON, with the keys of real items among its keys. */
const anyJson = fc.jsonValue({ maxDepth: 4 });
const anyItem = fc
  .record(
    {
      status: anyJson,
      created: fc.oneof(anyJson, fc.constant("2026-01-01T00:00:00Z")),
      type: fc.oneof(anyJson, fc.record({ id: anyJson, more: anyJson }, { requiredKeys: [] })),
      profile: fc.oneof(anyJson, fc.dictionary(fc.constantFrom("login", "level", "list", "x", "__proto__"), anyJson)),
      credentials: fc.oneof(anyJson, fc.record({ provider: anyJson, password: anyJson }, { requiredKeys: [] })),
      other: anyJson,
    },
    { requiredKeys: [] },
  )
  .map((item): Record<string, unknown> => ({ id: "00u1", ...item }));

describe("for any JSON", () => {
  const definition = named("users");
  const tables = resolveTable(definition, withCustom({ level: { type: "integer" }, list: { type: "array" } }));
  const transformer = compileTransformer(definition, tables);

  it("no leaf is lost", () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        const transformed = transformer.transform([item], {});
        const lost = findLeaves(item, { definition, tables, transformed }).filter(({ where }) => where === "lost");
        expect(lost).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("the order of keys changes neither row nor hash", () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        expect(transformer.transform([backwards(item)], {}).rows).toEqual(transformer.transform([item], {}).rows);
      }),
    );
  });

  it("another value is another hash", () => {
    fc.assert(
      fc.property(anyItem, anyItem, (left, right) => {
        const rows = transformer.transform([left, right], {}).rows;
        expect(rows[0]?.hash === rows[1]?.hash).toBe(
          JSON.stringify(text(rows[0]?.values)) === JSON.stringify(text(rows[1]?.values)),
        );
      }),
    );
  });
});

function text(values: readonly unknown[] | undefined): string[] {
  return (values ?? []).map(String);
}

function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, below] of Object.entries(value).toReversed()) copy[key] = backwards(below);
  return copy;
}

describe("the hash", () => {
  const item = { id: "00u1", profile: { login: "a" } };

  it("does not change with empty columns, names or the order of columns", () => {
    const before = hashOf(made("users"), item);
    expect(before).toMatch(/^[\w-]{22}$/);
    expect(hashOf(made("users", withCustom({ later: { type: "string" } })), item)).toBe(before);
    expect(hashOf(made("users", { columns: { rename: { "profile.login": "login" } } }), item)).toBe(before);
    const definition = named("users");
    const turned = resolveTable(definition).map((table) => ({ ...table, columns: table.columns.toReversed() }));
    expect(hashOf(compileTransformer(definition, turned), item)).toBe(before);
  });

  it("tells a value from the same value elsewhere", () => {
    expect(hashOf(made("users"), { id: "00u1", profile: { firstName: "a" } })).not.toBe(
      hashOf(made("users"), { id: "00u1", profile: { lastName: "a" } }),
    );
  });

  it("does not mind the order of sets, and minds that of other lists", () => {
    const app = (features: string[], uris: string[]): unknown => ({
      id: "0oa1",
      features,
      settings: { oauthClient: { grant_types: features, redirect_uris: uris } },
    });
    const transformer = made("applications");
    const before = hashOf(transformer, app(["a", "b"], ["x", "y"]));
    expect(hashOf(transformer, app(["b", "a"], ["x", "y"]))).toBe(before);
    expect(hashOf(transformer, app(["a", "b"], ["y", "x"]))).not.toBe(before);
    expect(hashOf(transformer, app(["a", "c"], ["x", "y"]))).not.toBe(before);
    // Stored as Okta gave it.
    expect(cells(transformer, app(["b", "a"], []))["features"]).toBe('["b","a"]');
  });

  it("is the same for a set inside a map's element", () => {
    const definition = defineObject({
      ...named("group_rules"),
      columns: [...named("group_rules").columns, { path: ["deep"], type: "json" }],
      sets: [["deep", "*", "list"]],
    });
    const transformer = compileTransformer(definition, resolveTable(definition));
    const rule = (list: number[]): unknown => ({ id: "0pr1", deep: { anyKey: { list } } });
    expect(hashOf(transformer, rule([1, 2]))).toBe(hashOf(transformer, rule([2, 1])));
  });
});
