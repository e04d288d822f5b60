import type { TableSpec } from "@tidemark/catalog";
import { ensureTables } from "@tidemark/loader";
import { contentColumns, type Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { cutOff, stepOf } from "./crashes.js";
import {
  batch,
  clubMembers,
  CLUB_MEMBERS,
  ids,
  liveRows,
  type LoaderSettings,
  member,
  runPass,
  type SchemaFactory,
  type TestSchema,
} from "./fixture.js";
import {
  attributes,
  type Attributes,
  batchOf,
  type Gadget,
  gadget,
  loaderOf,
  storedGadgets,
  tablesFor,
} from "./gadgets.js";
import { isBabelfish } from "./person.js";

/** More than any database's table can hold, also of columns alone. */
const MANY: Attributes = {
  ...attributes(300, "string", "aText"),
  ...attributes(50, "integer", "mCount"),
  ...attributes(300, "string", "zText"),
};

/** Lengths at which a value takes the most room in its row: as long as may be without being moved out of it. */
const LENGTHS = [23, 24, 36, 39, 40, 41, 64, 300];

function namesOf(tables: readonly TableSpec[]): string[] {
  return tables.map((table) => table.name);
}

/** Gadgets with another value of one attribute. */
function changed(items: readonly Gadget[], id: string, profile: Gadget["profile"]): Gadget[] {
  return items.map((item) => (item.id === id ? { ...item, profile: { ...item.profile, ...profile } } : item));
}

/** An attribute whose column is in a table that continues the main one. */
function attributeIn(table: TableSpec | undefined, type = "text"): { name: string; column: string } {
  const found = table?.columns.findLast((column) => column.path[0] === "profile" && column.type === type);
  return { name: found?.path[1] ?? "", column: found?.name ?? "" };
}

/** Objects with more columns than a table holds: tables that continue the main one. */
export function describeWide(newSchema: SchemaFactory): void {
  describe("more columns than a table holds", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    /** As many text attributes as the main table has room for. */
    async function fitting(): Promise<Attributes> {
      const probe = await tablesFor(warehouse, MANY);
      const inMain = probe[0]?.columns.filter((column) => column.path[0] === "profile").length ?? 0;
      return attributes(inMain, "string", "fits");
    }

    test("they all have typed columns, and hold values of every length", async () => {
      const tables = await tablesFor(warehouse, MANY);
      expect(tables.length).toBeGreaterThan(2);
      const columns = tables.flatMap((table) => table.columns.filter((column) => column.path[0] === "profile"));
      expect(columns.map((column) => column.path[1]).toSorted()).toEqual(Object.keys(MANY).toSorted());
      expect(columns.filter((column) => column.type === "integer")).toHaveLength(50);
      const items = [
        ...LENGTHS.map((length) => gadget(`of ${length}`, MANY, () => length)),
        gadget("of all", MANY, (n) => LENGTHS[n % LENGTHS.length] ?? 0),
      ].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      for (const merge of [true, false]) {
        const batches = [batchOf(tables, items, { merge, scopes: [{}] })];
        const counts = await runPass(warehouse, loaderOf(tables), { batches });
        expect(counts).toMatchObject({ inserted: items.length });
        expect(await storedGadgets(warehouse, tables)).toEqual(items);
        await runPass(warehouse, loaderOf(tables), { batches: [batch({ scopes: [{}] })] });
        expect(await storedGadgets(warehouse, tables)).toEqual([]);
      }
    });

    test("a change in any of the tables is an update of that row and touches no other", async () => {
      const tables = await tablesFor(warehouse, MANY);
      let items = ["1", "2", "3"].map((id) => gadget(id, MANY));
      await runPass(warehouse, loaderOf(tables), { batches: [batchOf(tables, items)] });
      const written = async (): Promise<Map<unknown, string>> => {
        const rows = await Promise.all(
          tables.map(({ name }) => liveRows(warehouse, name, ["id", "_tidemark_synced_at"])),
        );
        return new Map(
          ["1", "2", "3"].map((id) => [id, JSON.stringify(rows.map((all) => all.find((row) => row["id"] === id)))]),
        );
      };
      for (const [table, merge] of [
        [tables[0], true],
        [tables.at(-1), true],
        [tables.at(-1), false],
      ] as const) {
        const before = await written();
        items = changed(items, "2", { [attributeIn(table).name]: `new ${merge} in ${table?.name}` });
        const counts = await runPass(warehouse, loaderOf(tables), { batches: [batchOf(tables, items, { merge })] });
        expect(counts).toEqual({ inserted: 0, updated: 1, unchanged: 2, deleted: 0 });
        expect(await storedGadgets(warehouse, tables)).toEqual(items);
        const after = await written();
        expect([...after].filter(([id, text]) => before.get(id) !== text).map(([id]) => id)).toEqual(["2"]);
      }
    });

    test("an attribute that comes when the table is full opens another, with a row for each that is there", async () => {
      for (const deletes of ["hard", "soft"] as const) {
        const before = await fitting();
        const [main] = await tablesFor(warehouse, before);
        const first = main ? [main] : [];
        expect(first[0]?.columns.length).toBeLessThan(contentColumns(warehouse.store.dialect.capabilities));
        const settings = { deletes, definition: loaderOf(first).definition };
        const items = ["1", "2", "3"].map((id) => gadget(id, before));
        await runPass(
          warehouse,
          { ...settings, tables: first },
          { batches: [batchOf(first, items)], end: { watermark: 77 } },
        );
        await runPass(
          warehouse,
          { ...settings, tables: first },
          { batches: [batch({ gone: [{ key: { id: "3" }, reason: "event" }] })], end: { watermark: 78 } },
        );

        const more = { ...before, later: "string", aCount: "integer" };
        const tables = await tablesFor(warehouse, more);
        expect(namesOf(tables)).toEqual(["gadgets", "gadgets_2"]);
        expect(tables[0]).toEqual(first[0]);
        const report = await ensureTables(warehouse, tables, { deletes });
        expect(report).toEqual({ created: ["gadgets_2"], added: [], widened: [] });
        expect((await warehouse.readCheckpoint("gadgets")).watermark).toBe(78);
        expect(await storedGadgets(warehouse, tables)).toEqual(items.slice(0, 2));

        const written = await liveRows(warehouse, "gadgets_2", ["id", "_tidemark_synced_at"]);
        const filled = changed(items.slice(0, 2), "2", { later: "now", aCount: 5 });
        for (const merge of [true, false]) {
          const counts = await runPass(
            warehouse,
            { ...settings, tables },
            { batches: [batchOf(tables, filled, { merge })] },
          );
          expect(counts).toEqual({ inserted: 0, updated: merge ? 1 : 0, unchanged: merge ? 1 : 2, deleted: 0 });
        }
        expect(await storedGadgets(warehouse, await tablesFor(warehouse, more))).toEqual(filled);
        // A row that holds nothing there has not been written again.
        expect((await liveRows(warehouse, "gadgets_2", ["id", "_tidemark_synced_at"]))[0]).toEqual(written[0]);
        await warehouse.uninstall({ dropTables: true });
        expect((await warehouse.store.read(warehouse.store.dialect.statements.listTables(schema.schema))).rows).toEqual(
          [],
        );
        await warehouse.prepare();
      }
    });

    test("a run that is cut off while that table comes: the next one makes it whole", async () => {
      await schema.drop();
      for (let whole = 0, step = 1, failed = true; failed; whole += step) {
        schema = await newSchema();
        warehouse = await schema.open();
        step = stepOf(warehouse);
        await warehouse.prepare();
        const before = await fitting();
        const first = await tablesFor(warehouse, before);
        const items = ["1", "2"].map((id) => gadget(id, before));
        await runPass(warehouse, loaderOf(first), { batches: [batchOf(first, items)] });
        const tables = await tablesFor(warehouse, { ...before, later: "string" });
        failed = await cutOff(warehouse, whole, () => ensureTables(warehouse, tables, { deletes: "hard" }));
        const next = await schema.open();
        await ensureTables(next, tables, { deletes: "hard" });
        expect(await storedGadgets(next, tables)).toEqual(items);
        if (failed) await schema.drop();
      }
    });

    test("a row that leaves takes its other rows with it, from staging too, and comes back with them", async () => {
      const tables = await tablesFor(warehouse, MANY);
      const items = ["1", "2", "3"].map((id) => gadget(id, MANY));
      const gone = { gone: [{ key: { id: "1" }, reason: "event" as const }] };
      for (const deletes of ["hard", "soft"] as const) {
        const settings = { ...loaderOf(tables), deletes };
        await runPass(warehouse, settings, { batches: [batchOf(tables, items)], end: { deleteAbsent: false } });
        const counts = await runPass(warehouse, settings, {
          batches: [batchOf(tables, items, { merge: false }), batch({ ...gone, merge: false })],
        });
        expect(counts).toMatchObject({ deleted: 1, inserted: 0 });
        expect(await storedGadgets(warehouse, tables)).toEqual(items.slice(1));
        const absent = await runPass(warehouse, settings, {
          batches: [batchOf(tables, items.slice(1, 2), { scopes: [{}] })],
        });
        expect(absent).toMatchObject({ deleted: 1, unchanged: 1 });
        expect(await storedGadgets(warehouse, tables)).toEqual(items.slice(1, 2));
        for (const table of tables) {
          const rows = await schema.query(`select id from ${table.name}`);
          expect(rows).toHaveLength(deletes === "soft" ? 3 : 1);
        }
        const back = await runPass(warehouse, settings, { batches: [batchOf(tables, items)] });
        expect(back).toMatchObject({ inserted: 2, unchanged: 1 });
        expect(await storedGadgets(warehouse, tables)).toEqual(items);
      }
    });

    test("a dry run counts what the real one does, and leaves no table", async () => {
      const tables = await tablesFor(warehouse, MANY);
      const items = ["1", "2", "3"].map((id) => gadget(id, MANY));
      const rehearse = async (all: readonly TableSpec[], rows: readonly Gadget[]): Promise<unknown> => {
        const rehearsal = await warehouse.rehearse();
        const gone = items.filter((item) => !rows.some(({ id }) => id === item.id));
        const counts = await runPass(rehearsal.warehouse, loaderOf(all), {
          batches: [batchOf(all, rows, { gone: gone.map(({ id }) => ({ key: { id }, reason: "event" })) })],
          end: { deleteAbsent: false },
        });
        await rehearsal.end();
        return counts;
      };
      expect(await rehearse(tables, items)).toMatchObject({ inserted: 3 });
      expect(await warehouse.readRegistry()).toEqual([]);
      await runPass(warehouse, loaderOf(tables), { batches: [batchOf(tables, items)] });
      const more = await tablesFor(warehouse, { ...MANY, ...attributes(200, "string", "later") });
      const next = changed(items.slice(1), "2", { later7: "x" });
      expect(await rehearse(more, next)).toEqual({ inserted: 0, updated: 1, unchanged: 1, deleted: 1 });
      expect(await storedGadgets(warehouse, tables)).toEqual(items);
      expect(await tablesFor(warehouse, MANY)).toEqual(tables);
    });

    test("a column in such a table widens, takes a person's name and is emptied like any other, where it is", async () => {
      const tables = await tablesFor(warehouse, MANY);
      const items = ["1", "2"].map((id) => gadget(id, MANY));
      await runPass(warehouse, loaderOf(tables), { batches: [batchOf(tables, items)] });
      const holder = tables.find((table) => table.continues !== undefined && attributeIn(table, "integer").name !== "");
      const count = attributeIn(holder, "integer");
      const named = attributeIn(holder);
      const wishes = { rename: { [`profile.${named.name}`]: "chosen" } };
      const after = await tablesFor(warehouse, { ...MANY, [count.name]: "string" }, wishes);
      const report = await ensureTables(warehouse, after, { deletes: "hard" });
      expect(report).toEqual({
        created: [],
        added: [],
        widened: [{ table: holder?.name, column: count.column, to: "text" }],
      });
      const widened = items.map((item) => ({
        ...item,
        profile: { ...item.profile, [count.name]: String(item.profile[count.name]) },
      }));
      expect(await storedGadgets(warehouse, after)).toEqual(widened);
      const exclude = [`profile.${named.name}`];
      const still = await tablesFor(warehouse, { ...MANY, [count.name]: "string" }, { ...wishes, exclude });
      expect(still).toEqual(after);
      await runPass(warehouse, loaderOf(still), { batches: [batchOf(still, widened, { exclude })] });
      const emptied = widened.map((item) => {
        const kept = Object.entries(item.profile).filter(([name]) => name !== named.name);
        return { ...item, profile: Object.fromEntries(kept) };
      });
      expect(await storedGadgets(warehouse, still)).toEqual(emptied);
      expect(after.find((table) => table.name === holder?.name)?.columns.map((column) => column.name)).toContain(
        "chosen",
      );
    });

    test("its history has the times of the object's own", async () => {
      const tables = await tablesFor(warehouse, MANY);
      const last = tables.at(-1);
      const { name, column } = attributeIn(last);
      const settings = {
        ...loaderOf(tables),
        history: true,
        times: { now: () => Date.parse("2026-06-01T00:00:00.000Z") },
      };
      const [first, other] = ["1", "2"].map((id) => gadget(id, MANY));
      if (!first || !other) throw new Error("no gadgets");
      const later = "2026-02-02T02:02:02.002Z";
      const [next = first] = changed([first], "1", { [name]: "next" });
      for (const merge of [true, false]) {
        const value = `next ${merge}`;
        const lastUpdated = merge ? later : "2026-03-03T03:03:03.003Z";
        const profile = { ...next.profile, [name]: value };
        const batches = [batchOf(tables, [{ ...next, lastUpdated, profile }, other], { merge })];
        if (merge) await runPass(warehouse, settings, { batches: [batchOf(tables, [first, other])] });
        await runPass(warehouse, settings, { batches });
      }
      await runPass(warehouse, settings, {
        batches: [batch({ gone: [{ key: { id: "1" }, reason: "event" }] })],
        end: { deleteAbsent: false },
      });
      const versions = await liveRows(warehouse, `${last?.name}_history`, [
        "id",
        "_tidemark_valid_from",
        "_tidemark_valid_to",
        column,
        "_tidemark_valid_from_by",
      ]);
      const time = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);
      expect(versions.map((row) => Object.values(row).map(time)).toSorted()).toEqual([
        ["1", first.lastUpdated, later, first.profile[name], "last_updated"],
        ["1", later, "2026-03-03T03:03:03.003Z", "next true", "last_updated"],
        ["1", "2026-03-03T03:03:03.003Z", "2026-06-01T00:00:00.000Z", "next false", "last_updated"],
        ["2", other.lastUpdated, null, other.profile[name], "last_updated"],
      ]);
    });

    test("a person's edit there is undone by compareAll", async () => {
      const tables = await tablesFor(warehouse, MANY);
      const items = ["1", "2"].map((id) => gadget(id, MANY));
      const last = tables.at(-1);
      for (const merge of [true, false]) {
        await runPass(warehouse, loaderOf(tables), { batches: [batchOf(tables, items)] });
        await schema.query(`update ${last?.name} set ${attributeIn(last).column} = 'edited' where id = '1'`);
        await runPass(
          warehouse,
          { ...loaderOf(tables), compareAll: true },
          { batches: [batchOf(tables, items, { merge })] },
        );
        expect(await storedGadgets(warehouse, tables)).toEqual(items);
      }
    });
  });

  describe("names", () => {
    test("of tables as long as the database allows, alike but for their ends, clash nowhere", async (context) => {
      const schema = await newSchema();
      const warehouse = await schema.open();
      if (await isBabelfish(warehouse)) {
        await schema.drop();
        return context.skip("Babelfish's catalogue has names of 63 bytes at most");
      }
      await warehouse.prepare();
      const { identifierBytes } = warehouse.store.dialect.capabilities;
      const settingsOf = (end: string): LoaderSettings => {
        const name = "a".repeat(identifierBytes - 1) + end;
        const table: TableSpec = { ...clubMembers, name, object: name };
        const times = { now: () => 1_700_000_000_000 };
        return { definition: { ...CLUB_MEMBERS, name }, tables: [table], history: true, times };
      };
      const [first, second] = [settingsOf("1"), settingsOf("2")];
      for (const merge of [false, true]) {
        await runPass(warehouse, first, { batches: [batch({ rows: [member("a", "1")], merge, scopes: [{}] })] });
        await runPass(warehouse, second, { batches: [batch({ rows: [member("b", "2")], merge, scopes: [{}] })] });
      }
      const clubs = async ({ definition: { name } }: LoaderSettings): Promise<unknown[]> =>
        ids(warehouse, name, "club_id");
      expect([await clubs(first), await clubs(second)]).toEqual([["a"], ["b"]]);
      const left = await warehouse.uninstall({ dropTables: true });
      // Each with its staging, its absentees and its history.
      expect(new Set(left).size).toBe(8);
      expect(left.filter((name) => name.length > identifierBytes)).toEqual([]);
      await schema.drop();
    });

    test("of columns that are too long, or differ in case alone, stay apart, and stay when others come", async () => {
      const schema = await newSchema();
      const warehouse = await schema.open();
      await warehouse.prepare();
      const long = `a${"VeryLong".repeat(20)}Name`;
      const first: Attributes = { dept: "string", [`${long}One`]: "string" };
      const all: Attributes = {
        Dept: "string",
        DEPT: "string",
        [`${long}Two`]: "string",
        [`${long}TWO`]: "string",
        ...first,
      };
      const item = gadget("1", all);
      let tables = await tablesFor(warehouse, first);
      await runPass(warehouse, loaderOf(tables), { batches: [batchOf(tables, [gadget("1", first)])] });
      const before = tables[0]?.columns ?? [];
      tables = await tablesFor(warehouse, all);
      expect(tables[0]?.columns).toEqual(expect.arrayContaining([...before]));
      await runPass(warehouse, loaderOf(tables), { batches: [batchOf(tables, [item])] });
      expect(await storedGadgets(warehouse, tables)).toEqual([item]);
      const backwards = Object.fromEntries(Object.entries(all).toReversed());
      const again = await tablesFor(warehouse, backwards);
      expect(new Set(again[0]?.columns)).toEqual(new Set(tables[0]?.columns));
      const names = (
        await warehouse.store.read(warehouse.store.dialect.statements.listColumns(schema.schema, "gadgets"))
      ).rows;
      expect(names.map((row) => row["column_name"])).toEqual(
        expect.arrayContaining(before.map((column) => column.name)),
      );
      await schema.drop();
    });
  });
}
