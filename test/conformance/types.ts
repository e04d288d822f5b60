import type { Row, SqlValue, TableSpec } from "@tidemark/catalog";
import { ensureTables } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  ids,
  liveRows,
  type LoaderSettings,
  PEOPLE,
  people,
  PEOPLE_LOADER,
  peopleTags,
  person,
  runPass,
  type SchemaFactory,
  tags,
  type TestSchema,
} from "./fixture.js";
import { personOf, productOf } from "./person.js";
import { anyInstant, anyInteger, anyJson, anyNumber, anyText, INSTANTS, readJson } from "./values.js";

/** Without indexes on free text, which may hold less. */
const plain: TableSpec = { ...people, indexes: [] };
const PLAIN: LoaderSettings = { definition: PEOPLE, tables: [plain, peopleTags] };
const COLUMNS = plain.columns.map((column) => column.name);

/** Ids that people or careless collations take for one. */
const TWINS = [
  ..."a A á à ä ae æ ß ss SS ı i I İ ﬁ fi 🤖 🤖🤖 🦾 Ω 1 01 ſ s カ か ｶ".split(" "),
  ..."a\u0301 \u2126 \u200Ba a\u200B \u0661 ａ".split(" "),
  " a",
  "a ",
  "a  ",
  "a\t",
];

/** How rows get into a table: straight, through staging, through the work table of a batch. */
const PATHS = ["new rows of a batch", "a staged pass", "changed rows of a batch"] as const;

/** Values that arrive as they are. */
export function describeTypes(newSchema: SchemaFactory): void {
  describe("types", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    let version = 0;

    /** Brings rows in by one of the paths; ids that are there already change, the others are new. */
    async function load(into: Warehouse, path: (typeof PATHS)[number], rows: readonly (readonly SqlValue[])[]) {
      version += 1;
      if (path === "changed rows of a batch") {
        const other = rows.map((values): Row => ({
          hash: "other",
          values: [values[0] ?? null, ...values.slice(1).map(() => null)],
        }));
        await runPass(into, PLAIN, { batches: [batch({ rows: other })], end: { deleteAbsent: false } });
      }
      const all = rows.map((values): Row => ({ hash: `v${version}`, values }));
      const merge = path !== "a staged pass";
      return runPass(into, PLAIN, { batches: [batch({ rows: all, merge, scopes: [{}] })] });
    }

    async function stored(from: Warehouse): Promise<Map<unknown, Record<string, unknown>>> {
      const rows = await from.selectRows({ table: "people", columns: COLUMNS }, { limit: 1_000 });
      return new Map(rows.map((row) => [row["id"], row]));
    }

    test("any value of any type arrives as it was, whichever way it takes", async () => {
      const { standIn } = personOf(warehouse);
      const escapesStay = standIn !== undefined && (await schema.query(standIn)).length > 0;
      const needsNoEscape = (sign: string): boolean => JSON.stringify(sign) === `"${sign}"`;
      const asKey = (text: string): string =>
        escapesStay ? Array.from(text, (sign) => (needsNoEscape(sign) ? sign : "_")).join("") : text;
      const rows = fc.uniqueArray(
        fc.tuple(
          anyText.map((text) => asKey(text.slice(0, 60))),
          fc.option(anyText),
          fc.option(fc.boolean()),
          fc.option(anyInteger),
          fc.option(anyNumber),
          fc.option(anyInstant),
          fc.option(anyJson),
        ),
        { selector: ([id]) => warehouse.store.dialect.cleanText(id).trimEnd(), minLength: 1, maxLength: 30 },
      );
      await fc.assert(
        fc.asyncProperty(rows, fc.constantFrom(...PATHS), async (given, path) => {
          await load(warehouse, path, given);
          const found = await stored(warehouse);
          expect(found.size).toBe(given.length);
          for (const [id, login, active, badge, score, at, json] of given) {
            const row = found.get(warehouse.store.dialect.cleanText(id)) ?? {};
            const instant = row["last_updated"];
            expect({
              ...row,
              badge: row["badge"] === null ? null : String(row["badge"]),
              last_updated: instant instanceof Date ? instant.toISOString() : instant,
              _extra: row["_extra"] === null && json !== "null" ? null : readJson(row["_extra"]),
            }).toEqual({
              id: warehouse.store.dialect.cleanText(id),
              login: login === null ? null : warehouse.store.dialect.cleanText(login),
              active,
              badge: badge === null ? null : String(badge),
              score,
              last_updated: at,
              _extra: json === null ? null : readJson(warehouse.store.dialect.cleanJson(json)),
            });
          }
        }),
        { numRuns: Number(process.env["TIDEMARK_TEST_RUNS"] ?? 9), endOnFailure: true },
      );
    });

    test("instants keep their millisecond whatever zone, date style or isolation sessions have", async () => {
      const mine = personOf(warehouse);
      for (const [index, url] of mine.sessions(schema.url).entries()) {
        const odd = await schema.open({ url });
        for (const path of PATHS) {
          const rows = INSTANTS.map((at, place) => [String(place + 10), null, null, null, 0.1 + 0.2, at, null]);
          await load(odd, path, rows);
          for (const reader of [odd, warehouse]) {
            const seen = await liveRows(reader, "people", ["id", "last_updated", "score"]);
            expect(seen.map((row) => (row["last_updated"] as Date).toISOString())).toEqual(INSTANTS);
            expect(seen.every((row) => row["score"] === 0.1 + 0.2)).toBe(true);
          }
          const person = await schema.query<{ at: string }>(
            `select ${mine.instantText("last_updated")} as at from people order by id`,
          );
          expect(person.map((row) => row.at)).toEqual(INSTANTS);
        }
        const name = `at_${index}`;
        const withAt = (type: "instant" | "text"): TableSpec => ({
          ...plain,
          columns: [...plain.columns, { name, type, path: [name] }],
        });
        const rows = INSTANTS.map((at, place) => ({
          hash: name,
          values: [...person({ id: String(place + 10) }).values, at],
        }));
        await runPass(
          odd,
          { definition: PEOPLE, tables: [withAt("instant"), peopleTags] },
          { batches: [batch({ rows })] },
        );
        await ensureTables(odd, [withAt("text")], { deletes: "hard" });
        expect((await liveRows(odd, "people", ["id", name])).map((row) => row[name])).toEqual(INSTANTS);
      }
    });

    test("the database's own times are now, in UTC", async () => {
      await runPass(warehouse, PLAIN, { batches: [batch({ rows: [person({ id: "1" })] })] });
      await schema.query("insert into people (id, _tidemark_hash) values ('2', '')");
      const times = await liveRows(warehouse, "people", ["id", "_tidemark_synced_at"]);
      for (const row of times) {
        expect(Math.abs((row["_tidemark_synced_at"] as Date).getTime() - Date.now())).toBeLessThan(60_000);
      }
    });

    test("long text and long JSON are whole", async () => {
      const text = "🤖é\u0800x".repeat(105_000);
      const json = JSON.stringify({ text, list: Array.from({ length: 20_000 }, (_, index) => index) });
      expect(Buffer.byteLength(text)).toBeGreaterThan(1_000_000);
      for (const path of PATHS) {
        await load(warehouse, path, [["1", text, null, null, null, null, json]]);
        const row = (await stored(warehouse)).get("1");
        expect(row?.["login"] === text).toBe(true);
        expect(JSON.stringify(readJson(row?.["_extra"])) === JSON.stringify(readJson(json))).toBe(true);
      }
    });

    test("ids that differ in case, accents, blanks or normalisation alone are rows of their own", async () => {
      const keys = TWINS.filter((key) => !personOf(warehouse).padsKeys || key === key.trimEnd());
      const sorted = keys.toSorted();
      const rows = keys.map((id) => person({ id, login: id }));
      const children = [{ table: peopleTags, rows: keys.flatMap((id) => tags(id, [id])) }];
      for (const merge of [true, false]) {
        await runPass(warehouse, PEOPLE_LOADER, { batches: [], end: { deleteAbsent: false } });
        await schema.query("delete from people");
        const first = await runPass(warehouse, PEOPLE_LOADER, {
          batches: [batch({ rows, children, merge, scopes: [{}] })],
        });
        expect(first).toMatchObject({ inserted: keys.length });
        const again = await runPass(warehouse, PEOPLE_LOADER, {
          batches: [batch({ rows, children, merge, scopes: [{}] })],
        });
        expect(again).toEqual({ inserted: 0, updated: 0, unchanged: keys.length, deleted: 0 });
        expect((await ids(warehouse)).toSorted()).toEqual(sorted);
        const tagged = await liveRows(warehouse, "people_tags", ["person_id", "name"]);
        expect(tagged.filter((row) => row["person_id"] !== row["name"])).toEqual([]);
        expect(tagged).toHaveLength(keys.length);
        const gone = [{ key: { id: "A" }, reason: "event" as const }];
        const less = await runPass(warehouse, PEOPLE_LOADER, {
          batches: [batch({ gone, merge })],
          end: { deleteAbsent: false },
        });
        expect(less.deleted).toBe(1);
        expect((await ids(warehouse)).toSorted()).toEqual(sorted.filter((id) => id !== "A"));
      }
      // A walk in pages meets each key once, in whatever order the database has.
      const walked: string[] = [];
      for (let after: Record<string, string> | null = null; ;) {
        const page: Record<string, string>[] = await warehouse.selectKeys("people", ["id"], { limit: 4, after });
        walked.push(...page.map((key) => key["id"] ?? ""));
        after = page.at(-1) ?? null;
        if (after === null) break;
      }
      expect(walked.toSorted()).toEqual(sorted.filter((id) => id !== "A"));
    });

    test("minus zero is zero, and hashes that differ in case are different", async () => {
      await load(warehouse, PATHS[0], [["1", null, null, null, -0, null, null]]);
      expect((await stored(warehouse)).get("1")?.["score"]).toBe(0);
      for (const hash of ["abc", "abC", "f".repeat(64), "F".repeat(64)]) {
        const row = { hash, values: ["1", null, null, null, null, null, null] };
        for (const merge of [true, false]) {
          const counts = await runPass(warehouse, PLAIN, { batches: [batch({ rows: [row], merge })] });
          expect(counts).toMatchObject(merge ? { updated: 1 } : { updated: 0, unchanged: 1 });
        }
      }
    });

    test("JSON: null is not NULL, text is text, and numbers and keys are kept as far as the database does", async () => {
      const product = await productOf(warehouse);
      const texts = {
        "1": "null",
        "2": '""',
        "3": '{"n":123456789012345678901234567890.125}',
        "4": '{"a":1,"a":2}',
        "5": '"a\\u2028\\/\\\\\\"\\n"',
        "6": "9223372036854775807",
      };
      for (const path of PATHS) {
        await load(
          warehouse,
          path,
          Object.entries(texts).map(([id, json]) => [id, null, null, null, null, null, json]),
        );
        const rows = await schema.query<{ id: string; json: string }>(
          `select id, ${personOf(warehouse).jsonText("_extra")} as json from people where _extra is not null order by id`,
        );
        const json = new Map(rows.map((row) => [row.id, row.json]));
        expect(json.get("1")).toBe("null");
        expect(json.get("2")).toBe('""');
        expect(json.get("3")).toContain(product.bigNumber);
        expect(json.get("4")?.replaceAll(" ", "")).toBe(product.duplicateKeys === "all" ? '{"a":1,"a":2}' : '{"a":2}');
        expect(JSON.parse(json.get("5") ?? "")).toBe('a\u2028/\\"\n');
        expect(json.get("6")).toBe("9223372036854775807");
      }
    });

    test("a column of JSON takes any JSON, also a megabyte of it, and nothing else, whoever writes it", async () => {
      const texts = ["1", "true", "null", '""', '"1,2"', "[]", "[1,2]", "{}", `{"a":"${"x".repeat(1_000_000)}"}`];
      /** Some drivers parse JSON by themselves, and cannot tell text in it from its own text then. */
      const storedJson = async (): Promise<Map<string, unknown>> => {
        const rows = await schema.query<{ id: string; json: string }>(
          `select id, ${personOf(warehouse).jsonText("_extra")} as json from people where _extra is not null`,
        );
        return new Map(rows.map(({ id, json }) => [id, readJson(json)]));
      };
      for (const path of PATHS) {
        await load(
          warehouse,
          path,
          texts.map((json, place) => [String(place), null, null, null, null, null, json]),
        );
        const found = await storedJson();
        for (const [place, json] of texts.entries()) expect(found.get(String(place))).toEqual(readJson(json));
      }
      const write = (text: string) => schema.query(`update people set _extra = '${text}' where id = '1'`);
      for (const text of ["nope", "", "1,2", '{"a":1', "[1],[2]"])
        await expect(write(text), text).rejects.toThrow(/json|constraint/i);
      expect((await storedJson()).get("1")).toBe(true);
      await write('{"a": [1, "x"]}');
      // Text is not held against anything.
      const asText = {
        ...plain,
        columns: plain.columns.map((one) => (one.type === "json" ? { ...one, type: "text" } : one)),
      };
      await ensureTables(warehouse, [asText as TableSpec, peopleTags], { deletes: "hard" });
      await write("nope");
      expect((await stored(warehouse)).get("1")?.["_extra"]).toBe("nope");
    });

    test("JSON nests as deep as the database takes it; deeper is refused as a whole, with the batch", async () => {
      const { jsonDepth } = await productOf(warehouse);
      const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
      await load(warehouse, PATHS[0], [["1", null, null, null, null, null, nested(jsonDepth)]]);
      expect(JSON.stringify(readJson((await stored(warehouse)).get("1")?.["_extra"]))).toBe(nested(jsonDepth));
      if (jsonDepth >= 1_000) return;
      for (const path of PATHS) {
        const deeper = load(warehouse, path, [
          ["1", "new", null, null, null, null, null],
          ["2", null, null, null, null, null, nested(jsonDepth + 1)],
        ]);
        await expect(deeper).rejects.toMatchObject({ code: "WAREHOUSE_VALUE" });
        expect((await stored(warehouse)).get("1")?.["login"]).toBeNull();
      }
    });
  });
}
