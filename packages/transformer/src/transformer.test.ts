import { objectNamed, resolveTable } from "@tidemark/catalog";
import { describe, expect, it } from "vitest";

import { compileTransformer } from "./transformer.js";

function usersTransformer(custom: Record<string, unknown> = {}): ReturnType<typeof compileTransformer> {
  const definition = objectNamed("users");
  if (!definition) throw new Error("no users");
  return compileTransformer(
    definition,
    resolveTable(definition, { schemas: [{ definitions: { custom: { properties: custom } } }] }),
  );
}

function cells(transformer: ReturnType<typeof compileTransformer>, item: unknown): Record<string, unknown> {
  const row = transformer.transform([item], {}).rows[0];
  const columns = transformer.tables[0]?.columns ?? [];
  return Object.fromEntries(
    columns.map((column, index) => [column.name, row?.values[index]]).filter(([, value]) => value !== null),
  );
}

describe("compileTransformer", () => {
  it("puts declared leaves, custom attributes and unknown leaves where they belong", () => {
    const transformer = usersTransformer({ level: { type: "integer" } });
    const item = {
      id: "00u1",
      type: { id: "oty1" },
      lastUpdated: "2026-03-29T13:52:09Z",
      profile: { login: "a@example.com", level: 3, unknownOne: [1, { b: 2 }] },
      credentials: { password: { value: "secret" }, recovery_question: { question: "q", answer: "secret" } },
      brandNew: { deep: { leaf: true } },
      _links: { self: { href: "https://acme.okta.com/api/v1/users/00u1" } },
    };
    expect(cells(transformer, item)).toEqual({
      id: "00u1",
      type_id: "oty1",
      last_updated: "2026-03-29T13:52:09.000Z",
      profile_login: "a@example.com",
      profile_level: 3,
      credentials_password: "{}",
      credentials_recovery_question_question: "q",
      _extra: '{"brandNew":{"deep":{"leaf":true}},"profile":{"unknownOne":[1,{"b":2}]}}',
    });
  });
});
