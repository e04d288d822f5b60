import type { TableSpec } from "@tidemark/catalog";
import { ensureTables } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import { describe, expect, test } from "vitest";

import {
  batch,
  liveRows,
  PEOPLE,
  people,
  peopleTags,
  PEOPLE_LOADER,
  person,
  runPass,
  type SchemaFactory,
  tags,
} from "./fixture.js";

/** A boolean that turns into text, an instant that does, a column that is new, and one that goes by another name. */
const changed: TableSpec = {
  ...people,
  indexes: [["user_name"]],
  columns: [
    ...people.columns.map((column) => {
      if (column.name === "login") return { ...column, name: "user_name" };
      return column.name === "active" || column.name === "last_updated" ? { ...column, type: "text" as const } : column;
    }),
    { name: "nickname", type: "text", path: ["profile", "nickname"] },
  ],
};
const CHANGED = { definition: PEOPLE, tables: [changed, peopleTags] };

/** Lets `whole` statements through and fails after the one that follows; false when there were no more than those. */
export async function cutOff(warehouse: Warehouse, whole: number, work: () => Promise<unknown>): Promise<boolean> {
  const { connection } = warehouse.store;
  const run = connection.run.bind(connection);
  let seen = 0;
  connection.run = async (db, statement) => {
    const result = await run(db, statement);
    if (seen++ === whole) throw new Error("cut off");
    return result;
  };
  const failed = await work().then(
    () => false,
    () => true,
  );
  connection.run = run;
  return failed;
}

/** Where DDL is rolled back like everything else, some places stand for all. */
export function stepOf(warehouse: Warehouse): number {
  return warehouse.store.dialect.capabilities.transactionalDdl ? 5 : 1;
}

/** Work that ends in the middle, wherever that is, and is taken up by the next run. */
export function describeCrashes(newSchema: SchemaFactory): void {
  describe("a run that is cut off", () => {
    const row = {
      id: "1",
      login: "a",
      active: true,
      lastUpdated: "2026-03-04T05:06:07.089Z",
    };
    const children = [{ table: peopleTags, rows: tags("1", ["x"]) }];

    test("while bookkeeping and tables are made: the next one makes the rest", async () => {
      for (let whole = 0, step = 1, failed = true; failed; whole += step) {
        const schema = await newSchema();
        const warehouse = await schema.open();
        step = stepOf(warehouse);
        failed = await cutOff(warehouse, whole, async () => {
          await warehouse.prepare();
          await ensureTables(warehouse, [people, peopleTags], { deletes: "soft", history: true });
        });
        const next = await schema.open();
        await next.prepare();
        await runPass(
          next,
          { ...PEOPLE_LOADER, deletes: "soft", history: true, times: { now: () => 1_000 } },
          { batches: [batch({ rows: [person(row)], children, merge: false })] },
        );
        for (const table of ["people", "people_history"]) {
          expect(await liveRows(next, table, ["id", "login", "active"])).toEqual([
            { id: "1", login: "a", active: true },
          ]);
        }
        await schema.drop();
      }
    });

    test("while tables grow and widen: nothing is lost, and the next one does the rest", async () => {
      for (let whole = 0, step = 1, failed = true; failed; whole += step) {
        const schema = await newSchema();
        const warehouse = await schema.open();
        step = stepOf(warehouse);
        await warehouse.prepare();
        await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows: [person(row)], children })] });
        failed = await cutOff(warehouse, whole, () => ensureTables(warehouse, CHANGED.tables, { deletes: "soft" }));
        const next = await schema.open();
        await ensureTables(next, CHANGED.tables, { deletes: "soft" });
        expect(await liveRows(next, "people", ["id", "active", "last_updated", "nickname", "user_name"])).toEqual([
          { id: "1", user_name: "a", active: "true", last_updated: row.lastUpdated, nickname: null },
        ]);
        const values = ["2", "b", "no", 1, 0.5, "never", null, "Bee"];
        await runPass(
          next,
          { ...CHANGED, deletes: "soft" },
          {
            batches: [batch({ rows: [{ hash: "2", values }], children: [], merge: false })],
            end: { deleteAbsent: false },
          },
        );
        expect(await liveRows(next, "people", ["id", "active", "nickname"])).toEqual([
          { id: "1", active: "true", nickname: null },
          { id: "2", active: "no", nickname: "Bee" },
        ]);
        await schema.drop();
      }
    });

    test("while a table that was dropped is made anew: its object is read from the start", async () => {
      for (let whole = 0, step = 1, failed = true; failed; whole += step) {
        const schema = await newSchema();
        const warehouse = await schema.open();
        step = stepOf(warehouse);
        await warehouse.prepare();
        await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows: [person(row)] })], end: { watermark: 77 } });
        await schema.query("drop table people");
        failed = await cutOff(warehouse, whole, () =>
          ensureTables(warehouse, [people, peopleTags], { deletes: "hard" }),
        );
        const next = await schema.open();
        await ensureTables(next, [people, peopleTags], { deletes: "hard" });
        expect((await next.readCheckpoint("people")).watermark).toBeNull();
        await schema.drop();
      }
    });

    test("while it uninstalls: the next one removes the rest", async () => {
      for (let whole = 0, step = 1, failed = true; failed; whole += step) {
        const schema = await newSchema();
        const warehouse = await schema.open();
        step = stepOf(warehouse);
        await warehouse.prepare();
        await ensureTables(warehouse, [people, peopleTags], { deletes: "hard" });
        failed = await cutOff(warehouse, whole, () => warehouse.uninstall({ dropTables: true }));
        const next = await schema.open();
        await next.uninstall({ dropTables: true });
        const left = await next.store.read(next.store.dialect.statements.listTables(schema.schema));
        expect(left.rows).toEqual([]);
        await schema.drop();
      }
    });
  });
}
