import { ensureTables } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  CLUB_MEMBERS,
  clubMembers,
  ids,
  member,
  openLoader,
  PEOPLE_LOADER,
  person,
  runPass,
  type SchemaFactory,
  type TestSchema,
} from "./fixture.js";
import { personOf } from "./person.js";

const HARD = { deletes: "hard" } as const;

/** Ids stay apart whatever the database's own collation is; where somebody changed a key's, nothing is merged. */
export function describeCollations(newSchema: SchemaFactory): void {
  describe("collations", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
    });
    afterEach(() => schema.drop());

    test("a schema whose default ignores case, or has no place for emoji, is no matter", async (context) => {
      const { looseSchema } = personOf(warehouse);
      if (!looseSchema) return context.skip("schemas have no collation here");
      await schema.query(looseSchema(schema.schema));
      await warehouse.prepare();
      const rows = ["a", "A", "🤖", "ａ"].map((id) => person({ id, login: `🤖 ${id}` }));
      for (const merge of [true, false]) {
        await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows, merge, scopes: [{}] })] });
        expect(await ids(warehouse)).toHaveLength(4);
      }
      const pairs = ["a", "A"].flatMap((club) => ["x", "X"].map((id) => member(club, id)));
      await runPass(
        warehouse,
        { definition: CLUB_MEMBERS, tables: [clubMembers] },
        { batches: [batch({ rows: pairs })] },
      );
      expect(await warehouse.countRows("club_members")).toBe(4);
      for (const name of ["fact", "FACT", "fáct", "🤖"]) await warehouse.writeFact(name, name);
      expect(await warehouse.readFact("FACT")).toBe("FACT");
      expect(await warehouse.readFact("🤖")).toBe("🤖");
    });

    test("a key that somebody gave a careless collation is refused before anything is merged, with the remedy", async (context) => {
      const { looseKey } = personOf(warehouse);
      await warehouse.prepare();
      const rows = [person({ id: "a", login: "small" })];
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows, scopes: [{}] })], end: { watermark: 77 } });
      for (const [index, sql] of (looseKey?.change ?? []).entries()) {
        const done = await schema.query(sql).then(
          () => true,
          () => index > 0,
        );
        if (!done) return context.skip("this server has no such collation");
      }
      if (!looseKey) return context.skip("collations cannot be changed here");
      const refused = {
        code: "WAREHOUSE_COLLATION",
        where: `${schema.schema}.people.id`,
        remedy: expect.stringMatching(/ALTER TABLE .*people.*id.*COLLATE/s),
      };
      await expect(openLoader(warehouse, PEOPLE_LOADER)).rejects.toMatchObject(refused);
      await expect(ensureTables(warehouse, PEOPLE_LOADER.tables, HARD)).rejects.toMatchObject(refused);
      expect(await schema.query("select id, login from people")).toEqual([{ id: "a", login: "small" }]);
      expect((await warehouse.readCheckpoint("people")).watermark).toBe(77);

      await schema.query(looseKey.undo);
      const both = [...rows, person({ id: "A", login: "LARGE" })];
      expect(await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows: both })] })).toMatchObject({
        inserted: 1,
        unchanged: 1,
      });
    });
  });
}
