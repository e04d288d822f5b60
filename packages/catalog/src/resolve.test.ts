import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { widen } from "./attributes.js";
import { defineObject, type ObjectDefinition } from "./definition.js";
import { pathKey, snakeCase } from "./naming.js";
import { groupMembers } from "./objects/group_members.js";
import { groups } from "./objects/groups.js";
import { logEvents } from "./objects/log_events.js";
import { userSchemas } from "./objects/user_schemas.js";
import { users } from "./objects/users.js";
import { type ColumnRegistry, resolveTable, type ResolveOptions } from "./resolve.js";

function schemaOf(custom: Readonly<Record<string, unknown>>): unknown {
  return { definitions: { base: { properties: { login: { type: "string" } } }, custom: { properties: custom } } };
}

function columnsOf(definition: ObjectDefinition, options: ResolveOptions = {}): Record<string, string> {
  const columns = resolveTable(definition, options)[0]?.columns ?? [];
  return Object.fromEntries(columns.map((column) => [pathKey(column.path), column.name]));
}

function registryOf(definition: ObjectDefinition, options: ResolveOptions): ColumnRegistry {
  return Object.fromEntries(
    resolveTable(definition, options).map((table) => [
      table.name,
      Object.fromEntries(table.columns.map(({ name, type, path }) => [pathKey(path), { name, type }])),
    ]),
  );
}

/** Attribute names as orgs have them, with the troublesome ones among them. */
const attributeName = fc.oneof(
  fc.constantFrom("loginURL", "loginUrl", "loginurl", "login_url", "x5t#S256", "$ref", "_links", "_extra", "__proto__"),
  fc.constantFrom("日本", "größe", "a.b", "a\\.b", "1st", "LOGIN_PAGE", "background-image", "constructor"),
  fc.string({ minLength: 1, maxLength: 90 }),
  fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,89}$/),
);
const attributes = fc.dictionary(
  attributeName,
  fc.record({ type: fc.constantFrom("string", "integer", "number", "boolean", "array", "object", "strange") }),
  { maxKeys: 12 },
);

describe("column names", () => {
  it.each([
    ["lastUpdated", "last_updated"],
    ["loginURL", "login_url"],
    ["SAMLResponse", "saml_response"],
    ["userIDs", "user_ids"],
    ["x5t#S256", "x5t_s256"],
    ["$schema", "schema"],
    ["LOGIN_PAGE", "login_page"],
    ["client_id", "client_id"],
    ["array123", "array123"],
    ["windowsDomainQualifiedName", "windows_domain_qualified_name"],
  ])("%s becomes %s", (key, name) => {
    expect(snakeCase(key)).toBe(name);
  });

  it("are unique, short and plain for any attributes, and the same in any order of arrival", () => {
    fc.assert(
      fc.property(attributes, fc.integer({ min: 24, max: 63 }), (custom, maxIdentifier) => {
        const columns = columnsOf(users, { schemas: [schemaOf(custom)], maxIdentifier: Math.max(maxIdentifier, 45) });
        const names = Object.values(columns);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names.filter((one) => one !== "_extra")) {
          expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
          expect(name.length).toBeLessThanOrEqual(Math.max(maxIdentifier, 45));
        }
        for (const attribute of Object.keys(custom)) expect(columns[pathKey(["profile", attribute])]).toBeDefined();
        const backwards = Object.fromEntries(Object.entries(custom).toReversed());
        expect(
          columnsOf(users, { schemas: [schemaOf(backwards)], maxIdentifier: Math.max(maxIdentifier, 45) }),
        ).toEqual(columns);
      }),
    );
  });

  it("stay when attributes come and go, and types only widen", () => {
    fc.assert(
      fc.property(fc.array(attributes, { minLength: 1, maxLength: 4 }), (versions) => {
        let registry: ColumnRegistry = {};
        for (const custom of versions) {
          const before = registry["users"] ?? {};
          registry = registryOf(users, { schemas: [schemaOf(custom)], registry });
          for (const [key, column] of Object.entries(before)) {
            const after = registry["users"]?.[key];
            expect(after?.name).toBe(column.name);
            expect(widen(column.type, after?.type ?? "text")).toBe(after?.type);
          }
        }
      }),
    );
  });

  it.each([63, 64, 128])("longer than %i are shortened to the same every time, and stay apart", (maxIdentifier) => {
    const start = "profileAttribute".repeat(10);
    const custom = Object.fromEntries(["One", "Two", "one", "ONE", ""].map((end) => [start + end, { type: "string" }]));
    const names = columnsOf(users, { schemas: [schemaOf(custom)], maxIdentifier });
    const own = Object.keys(custom).map((name) => names[`profile.${name}`] ?? "");
    expect(new Set(own.map((name) => name.toLowerCase())).size).toBe(5);
    for (const name of own) expect(name).toMatch(new RegExp(`^profile_profile_attribute\\w{${maxIdentifier - 25}}$`));
    // Each alone, or with others that were there before, has the name that it has among all.
    for (const [at, attribute] of Object.keys(custom).entries()) {
      const alone = { schemas: [schemaOf({ [attribute]: { type: "string" } })], maxIdentifier };
      expect(columnsOf(users, alone)[`profile.${attribute}`]).toBe(own[at]);
    }
  });

  it("give a twin that comes later a name of its own", () => {
    const first = registryOf(users, { schemas: [schemaOf({ loginUrl: { type: "string" } })] });
    const both = { schemas: [schemaOf({ loginURL: { type: "string" }, loginUrl: { type: "string" } })] };
    const later = columnsOf(users, { ...both, registry: first });
    expect(later["profile.loginUrl"]).toBe("profile_login_url");
    expect(later["profile.loginURL"]).toMatch(/^profile_login_url_[0-9a-f]{8}$/);
    const together = columnsOf(users, both);
    expect(together["profile.loginURL"]).toBe("profile_login_url");
  });
});

describe("resolveTable", () => {
  it("widens a column that exists, but never text to JSON", () => {
    const typeAfter = (...types: string[]): string | undefined => {
      let registry: ColumnRegistry = {};
      for (const type of types) registry = registryOf(users, { schemas: [schemaOf({ a: { type } })], registry });
      return registry["users"]?.["profile.a"]?.type;
    };
    expect(typeAfter("integer", "number", "integer")).toBe("double");
    expect(typeAfter("boolean", "string", "boolean")).toBe("text");
    expect(typeAfter("string", "array")).toBe("text");
    expect(typeAfter("integer", "array")).toBe("text");
    expect(typeAfter("array", "string")).toBe("json");
  });

  it("types attributes by the org's schemas, and by what holds all values where user types differ", () => {
    const schemas = [
      schemaOf({
        a: { type: "integer" },
        b: { type: "boolean" },
        c: { type: "array" },
        d: { type: "string", format: "date-time" },
        gone: null,
      }),
      schemaOf({ a: { type: "number" }, b: { type: "string" }, c: { type: "array" } }),
    ];
    const columns = resolveTable(users, { schemas })[0]?.columns ?? [];
    const types = Object.fromEntries(columns.map((column) => [column.name, column.type]));
    expect(types).toMatchObject({
      profile_a: "double",
      profile_b: "text",
      profile_c: "json",
      profile_d: "text",
      profile_login: "text",
    });
    expect(types["profile_gone"]).toBeUndefined();
    expect(columns.at(-1)).toEqual({ name: "_extra", type: "json", path: ["{extra}"] });
  });

  it("lists profile columns in the schema's order", () => {
    const schema = {
      definitions: {
        base: { properties: { lastName: { type: "string" }, login: { type: "string" } } },
        custom: { properties: { z: { type: "string" }, a: { type: "string" } } },
      },
    };
    const names = (resolveTable(users, { schemas: [schema] })[0]?.columns ?? []).map((column) => column.name);
    const order = names.filter((name) =>
      ["profile_last_name", "profile_login", "profile_z", "profile_a", "profile_email"].includes(name),
    );
    expect(order).toEqual(["profile_last_name", "profile_login", "profile_z", "profile_a", "profile_email"]);
  });

  it("puts parents first and indexes pairs from both sides", () => {
    const [table] = resolveTable(groupMembers);
    expect(table?.columns.map((column) => column.name)).toEqual(["group_id", "user_id", "_extra"]);
    expect(table?.columns[0]?.path).toEqual(["{parent}", "group_id"]);
    expect(table?.key).toEqual(["group_id", "user_id"]);
    expect(table?.indexes).toEqual([["user_id", "group_id"]]);
  });

  it("makes one child table of several collections", () => {
    const [, attributes, ...rest] = resolveTable(userSchemas);
    expect(rest).toEqual([]);
    expect(attributes?.name).toBe("user_schema_attributes");
    expect(attributes?.columns.slice(0, 3).map((column) => column.name)).toEqual(["schema_id", "definition", "name"]);
    expect(resolveTable(logEvents)[1]?.columns.find((column) => column.name === "position")?.type).toBe("integer");
  });

  it("follows a person's wishes", () => {
    const columns = { exclude: ["profile.secondEmail", "credentials"], rename: { "profile.login": "login" } };
    const resolved = columnsOf(users, { columns });
    expect(resolved["profile.login"]).toBe("login");
    expect(resolved["profile.secondEmail"]).toBeUndefined();
    expect(resolved["credentials.provider.type"]).toBeUndefined();
    // A column that exists is emptied, not left with what it held.
    const registry = registryOf(users, {});
    expect(columnsOf(users, { columns, registry })["profile.secondEmail"]).toBe("profile_second_email");
  });

  it.each([
    [{ exclude: ["id"] }, /id, which is part of its key/],
    [{ rename: { id: "user" } }, /part of its key/],
    [{ rename: { "profile.login": "status" } }, /the name status, which status has already/],
    [{ rename: { "profile.login": "x", "profile.email": "X" } }, /gives the name X twice/],
    [{ rename: { "profile.login": "_tidemark_hash" } }, /cannot be a column's/],
    [{ rename: { "profile.login": "_extra" } }, /Tidemark's own/],
  ])("refuses the wish %j", (columns, message) => {
    expect(() => resolveTable(users, { columns })).toThrow(message);
  });

  it("never loses a declared name to an attribute", () => {
    const registry = { groups: { "profile.name": { name: "profile_name", type: "text" as const } } };
    const columns = columnsOf(groups, {
      schemas: [schemaOf({ Name: { type: "string" }, name: { type: "string" } })],
      registry,
    });
    expect(columns["profile.name"]).toBe("profile_name");
    expect(columns["profile.Name"]).toMatch(/^profile_name_[0-9a-f]{8}$/);
  });

  it("does the same for an object with awkward paths", () => {
    const odd = defineObject({
      ...groups,
      name: "odd",
      columns: [
        ...groups.columns,
        { path: ["$schema"], type: "text" },
        { path: ["schema"], type: "text" },
        { path: ["_tidemark", "hash"], type: "text" },
        { path: ["#"], type: "text" },
      ],
    });
    const columns = columnsOf(odd);
    expect(columns["$schema"]).toBe("schema");
    expect(columns["schema"]).toMatch(/^schema_[0-9a-f]{8}$/);
    expect(columns["_tidemark.hash"]).toBe("tidemark_hash");
    expect(columns["#"]).toMatch(/^c_[0-9a-f]{8}$/);
  });
});
