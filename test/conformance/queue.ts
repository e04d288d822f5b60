import type { WorkItem } from "@tidemark/warehouse";
import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { batch, ids, openLoader, PEOPLE_LOADER, person, type SchemaFactory, type TestSchema } from "./fixture.js";

function item(of: Partial<WorkItem>): WorkItem {
  return { object: "people", effect: "row", key: { id: "1" }, eventAt: 100, dueAt: 100, seq: 1, ...of };
}

/** The change feed's work list. */
export function describeQueue(newSchema: SchemaFactory): void {
  describe("work list", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    test("one entry stays for each object, effect and key, with the latest event", async () => {
      const first = [
        item({ eventAt: 300, seq: 3 }),
        item({ eventAt: 100, seq: 1 }),
        item({ key: { id: "2" }, dueAt: 60 }),
      ];
      await warehouse.enqueue(first, { at: 1 });
      const second = [
        item({ eventAt: 200, seq: 2, dueAt: 50 }),
        item({ effect: "gone", dueAt: 70 }),
        item({ object: "other" }),
      ];
      await warehouse.enqueue(second, { at: 2 });
      expect(await warehouse.dueEntries("people", 1_000, 10)).toMatchObject([
        { object: "people", effect: "row", key: { id: "1" }, eventAt: 300, dueAt: 50, seq: 3 },
        { effect: "row", key: { id: "2" } },
        { effect: "gone", key: { id: "1" } },
      ]);
      expect(await warehouse.readFeed()).toEqual({ at: 2 });
      expect(await warehouse.pendingEntries("people")).toBe(3);
    });

    test("of adding and removing one pair the later event decides, whatever order they arrive in", async () => {
      const key = { person_id: "2", club_id: "1" };
      await warehouse.enqueue([item({ effect: "remove", key, seq: 7, eventAt: 70 })], null);
      await warehouse.enqueue(
        [item({ effect: "add", key: { club_id: "1", person_id: "2" }, seq: 6, eventAt: 60 })],
        null,
      );
      expect(await warehouse.dueEntries("people", 1_000, 10)).toMatchObject([
        { effect: "remove", seq: 7, eventAt: 70 },
      ]);
      await warehouse.enqueue([item({ effect: "add", key, seq: 8, eventAt: 80 })], null);
      expect(await warehouse.dueEntries("people", 1_000, 10)).toMatchObject([{ effect: "add", seq: 8, eventAt: 80 }]);
      expect(await warehouse.readFeed()).toBeNull();
    });

    test("entries wait until they are due, and come the longest due first", async () => {
      await warehouse.enqueue(
        [
          item({ key: { id: "late" }, dueAt: 500 }),
          item({ key: { id: "b" }, dueAt: 20 }),
          item({ key: { id: "a" }, dueAt: 10 }),
        ],
        null,
      );
      const idsAt = async (now: number, limit = 10): Promise<unknown[]> =>
        (await warehouse.dueEntries("people", now, limit)).map((entry) => entry.key["id"]);
      expect(await idsAt(499)).toEqual(["a", "b"]);
      expect(await idsAt(500, 1)).toEqual(["a"]);
      expect(await idsAt(500)).toEqual(["a", "b", "late"]);
    });

    test("a batch settles its entries with its rows, or postpones them", async () => {
      await warehouse.enqueue([item({}), item({ key: { id: "2" } })], null);
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      const [one, two] = await warehouse.dueEntries("people", 1_000, 10);
      const settled = [
        { id: one?.id ?? "", againAt: null },
        { id: two?.id ?? "", againAt: 5_000 },
      ];
      await loader.commit(batch({ rows: [person({ id: "1" })], settled }));
      await loader.close();
      expect(await ids(warehouse)).toEqual(["1"]);
      expect(await warehouse.dueEntries("people", 4_999, 10)).toEqual([]);
      expect(await warehouse.dueEntries("people", 5_000, 10)).toMatchObject([{ key: two?.key, dueAt: 5_000 }]);
    });

    test("settling what was read leaves a newer event of the same row alone", async () => {
      await warehouse.enqueue([item({})], null);
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      const [read] = await warehouse.dueEntries("people", 1_000, 10);
      await warehouse.enqueue([item({ eventAt: 900, seq: 9 })], null);
      await loader.commit(batch({ settled: [{ id: read?.id ?? "", againAt: null }] }));
      await loader.close();
      expect(await warehouse.dueEntries("people", 1_000, 10)).toMatchObject([{ eventAt: 900 }]);
    });

    test("many at once, from several writers, all arrive once", async () => {
      const part = (from: number): WorkItem[] =>
        Array.from({ length: 1_500 }, (_, index) => item({ key: { id: String(from + index) }, seq: from + index }));
      await Promise.all([0, 500, 1_000].map((from) => warehouse.enqueue(part(from), { from })));
      expect(await warehouse.pendingEntries("people")).toBe(2_500);
    });
  });
}
