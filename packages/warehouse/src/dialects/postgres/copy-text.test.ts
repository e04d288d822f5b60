import type { ColumnType, SqlValue } from "@tidemark/catalog";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { postgresUrl } from "../../../../../test/support/postgres.js";
import { copyRows } from "./bulk.js";
import { cleanJson, cleanText } from "../../text.js";
import { copyLine } from "./copy-text.js";

const TYPES: readonly ColumnType[] = ["text", "json", "integer", "double", "boolean"];

describe("COPY text", () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: postgresUrl() });
    await client.connect();
    await client.query("create temp table t (n serial, a text, b jsonb, c bigint, d double precision, e boolean)");
  });
  afterAll(() => client.end());

  // Whole strings of units, so that escapes, control characters, NUL and lone surrogates are frequent.
  const nasty = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        "\\",
        "\t",
        "\n",
        "\r",
        "\u0000",
        "\uD83D",
        "\uDE00",
        "\\N",
        "\\.",
        '"',
        "'",
        "\u2028",
        "\b",
        "\v",
        "é",
        "🤖",
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    maxLength: 12,
  });
  const json = fc.jsonValue({ stringUnit: "binary" }).map((value) => JSON.stringify(value));
  const escapedJson = fc
    .array(fc.constantFrom("\\u0000", "\\ud83d", "\\ude00", "\\\\", "\\u0041", "u0000", "\\n", "x"))
    .map((parts) => `"${parts.join("")}"`);
  const row = fc.tuple(
    fc.option(nasty),
    fc.option(fc.oneof(json, escapedJson)),
    fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    fc.option(fc.double({ noNaN: true })),
    fc.option(fc.boolean()),
  );

  // What JSON text means, with what PostgreSQL cannot store replaced, in keys too.
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") return cleanText(value);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== "object" || value === null) return value === 0 ? 0 : value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), clean(inner)]));
  };
  const expectedJson = (text: string): unknown => clean(JSON.parse(text));

  test("whatever text, JSON, number or boolean: PostgreSQL gets it as it was, save NUL and lone surrogates", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        await client.query("truncate t");
        const columns = ["a", "b", "c", "d", "e"].map((name, index) => ({ name, type: TYPES[index] ?? "text" }));
        const lines = rows.map((values) => ({ values: values as SqlValue[], extra: [] }));
        expect(await copyRows(client, { schema: "", work: true, table: "t", columns }, lines)).toBe(rows.length);
        const stored = await client.query<{
          a: string | null;
          c: string | null;
          d: number | null;
          e: boolean | null;
          b: unknown;
        }>("select a, b, c, d, e from t order by n");
        rows.forEach(([a, b, c, d, e], index) => {
          const got = stored.rows[index];
          expect(got?.a).toBe(a === null ? null : cleanText(a));
          expect(got?.b).toEqual(b === null ? null : expectedJson(b));
          expect(got?.c).toBe(c === null ? null : String(c));
          expect(got?.d === 0 ? 0 : got?.d).toBe(d === 0 ? 0 : d);
          expect(got?.e).toBe(e);
        });
      }),
      { numRuns: 60 },
    );
  });

  test("JSON keeps its meaning: only escapes that jsonb refuses change", async () => {
    await fc.assert(
      fc.asyncProperty(escapedJson, async (text) => {
        const answer = await client.query<{ value: unknown }>("select $1::text::jsonb as value", [cleanJson(text)]);
        expect(answer.rows[0]?.value).toBe(expectedJson(text));
      }),
      { numRuns: 200 },
    );
  });

  test("a line has one tab between values and one newline, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(fc.option(nasty), { minLength: 1 }), (values) => {
        const line = copyLine(
          { values, extra: [null, "h"] },
          values.map(() => "text" as const),
        );
        expect(line.split("\t")).toHaveLength(values.length + 2);
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(line).not.toContain("\r");
      }),
    );
  });

  test("an error in the middle of the rows leaves the connection usable", async () => {
    const bad = { values: ["not a number"], extra: [] };
    const target = { schema: "", work: true, table: "t", columns: [{ name: "c", type: "integer" as const }] };
    const many = Array.from({ length: 50_000 }, () => bad);
    await expect(copyRows(client, target, many)).rejects.toMatchObject({ code: "22P02" });
    await expect(
      copyRows(
        client,
        target,
        (function* () {
          yield { values: [1], extra: [] };
          throw new TypeError("the rows' own fault");
        })(),
      ),
    ).rejects.toThrow("the rows' own fault");
    expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });
});
