import { OBJECTS, resolveTable } from "@tidemark/catalog";
import { ensureTables } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  CLUB_MEMBERS,
  clubMembers,
  ids,
  keysOf,
  type LoaderSettings,
  member,
  MEMBERS_LOADER,
  PEOPLE_LOADER,
  peopleTags,
  person,
  runPass,
  type SchemaFactory,
  tags,
  type TestSchema,
} from "./fixture.js";
import { indexesOf, isBabelfish, personOf } from "./person.js";

/** What `_tidemark_runs` and `_tidemark_objects` have, as README and contract say; scripts rely on it. */
const PUBLIC: Readonly<Record<string, string>> = {
  _tidemark_runs: `run_id pipeline status started_at finished_at complete_as_of requests objects error
    tidemark_version`,
  _tidemark_objects: `object pipeline table_name status mode watermark rows last_run_id last_run_at last_success_at
    last_reconcile_at complete_as_of degraded error_code error_message`,
};
const INSTANTS = /^(started_at|finished_at|complete_as_of|watermark|last_(run|success|reconcile)_at)$/;

/** Order of writing, indexes of pair tables, public columns: what people and scripts build upon. */
export function describeOrder(newSchema: SchemaFactory): void {
  describe("what people build upon", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    test("foreign keys that a person added hold: parents are written before their children and removed after", async (context) => {
      if (await isBabelfish(warehouse)) return context.skip("Babelfish looks for a foreign key's parents elsewhere");
      const mine = personOf(warehouse);
      const settings: LoaderSettings = {
        ...PEOPLE_LOADER,
        references: [{ table: "club_members", column: "person_id" }],
      };
      await ensureTables(warehouse, [...PEOPLE_LOADER.tables, clubMembers], { deletes: "hard" });
      await schema.query(mine.addForeignKey(schema.schema, "people_tags", "person_id"));
      await schema.query(mine.addForeignKey(schema.schema, "club_members", "person_id"));
      const load = (own: readonly string[], merge: boolean) => {
        const children = [{ table: peopleTags, rows: own.flatMap((id) => tags(id, ["x", id])) }];
        return runPass(warehouse, settings, {
          batches: [batch({ rows: own.map((id) => person({ id })), children, merge, scopes: [{}] })],
        });
      };
      for (const merge of [true, false]) {
        await load(["1", "2", "3"], merge);
        await runPass(warehouse, MEMBERS_LOADER, {
          batches: [batch({ rows: ["1", "2", "3"].map((id) => member("a", id)), merge, scopes: [{}] })],
        });
        await load(["1", "2", "3", "4"], merge);
        expect(await load(["2", "4"], merge)).toMatchObject({ deleted: 2 });
        expect(await keysOf(warehouse, clubMembers)).toEqual([{ club_id: "a", person_id: "2" }]);
        const gone = [{ key: { id: "2" }, reason: "event" as const }];
        await runPass(warehouse, settings, { batches: [batch({ gone, merge })], end: { deleteAbsent: false } });
        expect(await ids(warehouse)).toEqual(["4"]);
        expect(await ids(warehouse, "people_tags", "person_id")).toEqual(["4", "4"]);
        expect(await keysOf(warehouse, clubMembers)).toEqual([]);
      }
      // A pair whose parent is not there is refused as what it is, and nothing of its batch is stored.
      const orphan = runPass(warehouse, MEMBERS_LOADER, { batches: [batch({ rows: [member("a", "nobody")] })] });
      await expect(orphan).rejects.toMatchObject({ code: "WAREHOUSE_VALUE" });
      expect(await warehouse.countRows(CLUB_MEMBERS.name)).toBe(0);
    });

    test("pair tables are indexed from both sides", async () => {
      // Both halves of the key are other objects' ids.
      const pairs = OBJECTS.filter(
        ({ key, references = {} }) => key.length === 2 && key.every((column) => references[column] !== undefined),
      ).flatMap((object) => resolveTable(object).filter((table) => table.name === object.name));
      expect(pairs.map((table) => table.name)).toEqual(
        expect.arrayContaining(["group_members", "application_users", "application_groups"]),
      );
      await ensureTables(warehouse, pairs, { deletes: "hard" });
      for (const table of pairs) {
        const indexes = await indexesOf(schema, warehouse, table.name);
        const leading = new Set([...indexes.values()].map((columns) => columns[0]));
        expect({ [table.name]: table.key.filter((column) => !leading.has(column)) }).toEqual({ [table.name]: [] });
      }
    });

    test("the public bookkeeping tables have the documented columns, instants to the millisecond", async () => {
      for (const [table, columns] of Object.entries(PUBLIC)) {
        const rows = await schema.query<{ name: string; digits: unknown }>(
          `select column_name as name, datetime_precision as digits from information_schema.columns
           where table_schema = '${schema.schema}' and table_name = '${table}' order by ordinal_position`,
        );
        expect(rows.map((row) => row.name)).toEqual(columns.split(/\s+/));
        for (const { name, digits } of rows) {
          expect({ [name]: digits === null ? null : Number(digits) }).toEqual({
            [name]: INSTANTS.test(name) ? 3 : null,
          });
        }
      }
    });
  });
}
