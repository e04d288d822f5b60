import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  clubMembers,
  finish,
  ids,
  keysOf,
  LOG,
  liveRows,
  member,
  MEMBERS_LOADER,
  newPass,
  openLoader,
  people,
  PEOPLE_LOADER,
  peopleTags,
  person,
  runPass,
  type SchemaFactory,
  tags,
  type TestSchema,
} from "./fixture.js";

const columns = people.columns.map((column) => column.name);

/** Batches, staging, cursors, counts: what a pass promises. */
export function describePasses(newSchema: SchemaFactory): void {
  describe("passes", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    test("every kind of value arrives as it was", async () => {
      const rows = [
        person({
          id: "plain",
          login: "a@b.c",
          active: true,
          badge: 12,
          score: 0.1,
          lastUpdated: "2026-03-04T05:06:07.089Z",
          extra: '{"a":[1,null,"x"]}',
        }),
        person({ id: "empty", login: "" }),
        person({
          id: "odd",
          login: "tab\t line\n return\r back\\slash \\N quote'\" 🤖 é",
          badge: 9223372036854775807n,
          score: -1e-300,
        }),
        person({
          id: "bad",
          login: "nul\u0000 half\uD83D.",
          extra: '{"nul":"\\u0000","half":"\\ud83d","pair":"\\ud83d\\ude00","back":"\\\\u0000"}',
        }),
      ];
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows, merge: false, scopes: [{}] })] });
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows })] });
      const stored = new Map((await liveRows(warehouse, "people", columns)).map((row) => [row["id"], row]));
      const json = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);
      expect(stored.get("plain")).toMatchObject({ login: "a@b.c", active: true, score: 0.1 });
      expect(Number(stored.get("plain")?.["badge"])).toBe(12);
      const instant = stored.get("plain")?.["last_updated"];
      expect(instant instanceof Date ? instant.toISOString() : instant).toBe("2026-03-04T05:06:07.089Z");
      expect(json(stored.get("plain")?.["_extra"])).toEqual({ a: [1, null, "x"] });
      expect(stored.get("empty")).toMatchObject({
        login: "",
        active: null,
        badge: null,
        score: null,
        last_updated: null,
        _extra: null,
      });
      expect(stored.get("odd")?.["login"]).toBe("tab\t line\n return\r back\\slash \\N quote'\" 🤖 é");
      expect(String(stored.get("odd")?.["badge"])).toBe("9223372036854775807");
      expect(stored.get("odd")?.["score"]).toBe(-1e-300);
      expect(stored.get("bad")?.["login"]).toBe("nul\uFFFD half\uFFFD.");
      expect(json(stored.get("bad")?.["_extra"])).toEqual({
        nul: "\uFFFD",
        half: "\uFFFD",
        pair: "😀",
        back: "\\u0000",
      });
    });

    test("counts are true, unchanged rows are not touched, the last of two rows with one key wins", async () => {
      const first = [person({ id: "1", login: "a" }), person({ id: "2" }), person({ id: "1", login: "b" })];
      expect(await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows: first })] })).toEqual({
        inserted: 2,
        updated: 0,
        unchanged: 0,
        deleted: 0,
      });
      const before = await liveRows(warehouse, "people", ["id", "login", "_tidemark_synced_at"]);
      expect(before).toMatchObject([{ id: "1", login: "b" }, { id: "2" }]);
      const second = [
        person({ id: "1", login: "b" }),
        person({ id: "2", login: "x" }),
        person({ id: "2", login: "y" }),
        person({ id: "3" }),
      ];
      expect(await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows: second })] })).toEqual({
        inserted: 1,
        updated: 1,
        unchanged: 1,
        deleted: 0,
      });
      const after = await liveRows(warehouse, "people", ["id", "login", "_tidemark_synced_at"]);
      expect(after).toMatchObject([{ id: "1" }, { id: "2", login: "y" }, { id: "3" }]);
      expect(after[0]?.["_tidemark_synced_at"]).toEqual(before[0]?.["_tidemark_synced_at"]);
      expect(after[1]?.["_tidemark_synced_at"]).not.toEqual(before[1]?.["_tidemark_synced_at"]);
    });

    test("a first load survives rows that come again in a later batch", async () => {
      const batches = [
        batch({
          rows: [person({ id: "1", login: "a" }), person({ id: "2" })],
          children: [{ table: peopleTags, rows: tags("1", ["x", "y"]) }],
        }),
        batch({
          rows: [person({ id: "3" }), person({ id: "1", login: "b" })],
          children: [{ table: peopleTags, rows: tags("1", ["z"]) }],
          scopes: [{}],
        }),
      ];
      expect(await runPass(warehouse, PEOPLE_LOADER, { batches })).toEqual({
        inserted: 3,
        updated: 1,
        unchanged: 0,
        deleted: 0,
      });
      expect(await liveRows(warehouse, "people", ["id", "login"])).toMatchObject([
        { id: "1", login: "b" },
        { id: "2" },
        { id: "3" },
      ]);
      expect(await liveRows(warehouse, "people_tags", ["person_id", "name"])).toEqual([{ person_id: "1", name: "z" }]);
    });

    test("a pass resumes where the last commit left it, with its own start, in another process", async () => {
      const pass = newPass("reconcile", 1_234);
      for (const merge of [true, false]) {
        await runPass(warehouse, PEOPLE_LOADER, {
          batches: [batch({ rows: ["1", "2", "3"].map((id) => person({ id })), scopes: [{}] })],
        });
        const loader = await openLoader(warehouse, PEOPLE_LOADER);
        await loader.begin({ ...pass, id: `p${merge}` });
        await loader.commit(batch({ rows: [person({ id: "1" })], merge, cursor: { page: 2 } }));
        await loader.close();

        const other = await schema.open();
        const resumed = await openLoader(other, PEOPLE_LOADER);
        expect(resumed.checkpoint).toMatchObject({
          pass: { id: `p${merge}`, mode: "reconcile", startedAt: 1_234 },
          cursor: { page: 2 },
        });
        expect(resumed.rowsBefore).toBe(3);
        await resumed.begin({ ...pass, id: `p${merge}` });
        await resumed.commit(batch({ rows: [person({ id: "2", login: "new" })], merge, scopes: [{}] }));
        expect(await resumed.findAbsent()).toBe(1);
        expect(await resumed.absentees(10)).toEqual([{ id: "3" }]);
        await resumed.finish(finish({ watermark: 5_000, memory: { grants: ["x"] } }));
        expect(resumed.checkpoint).toEqual({ pass: null, cursor: null, watermark: 5_000, memory: { grants: ["x"] } });
        await resumed.close();
        expect(await liveRows(warehouse, "people", ["id", "login"])).toMatchObject([
          { id: "1" },
          { id: "2", login: "new" },
        ]);
        const [status] = await warehouse.objectStatuses();
        expect(status).toMatchObject({
          object: "people",
          tableName: "people",
          mode: "reconcile",
          rows: 2,
          watermark: 5_000,
          lastReconcileAt: 1_234,
        });
      }
    });

    test("another pass clears what the last one staged", async () => {
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await loader.begin(newPass());
      await loader.commit(batch({ rows: [person({ id: "old" })], merge: false, cursor: { page: 9 } }));
      await loader.begin(newPass());
      expect(loader.checkpoint.cursor).toBeNull();
      await loader.commit(batch({ rows: [person({ id: "new" })], merge: false, scopes: [{}] }));
      expect(await ids(warehouse)).toEqual([]);
      expect(await loader.finish(finish())).toMatchObject({ inserted: 1 });
      await loader.close();
      expect(await ids(warehouse)).toEqual(["new"]);
    });

    test("rows read beside a pass leave its place and its staging alone", async () => {
      await runPass(warehouse, PEOPLE_LOADER, {
        batches: [batch({ rows: [person({ id: "1" }), person({ id: "2" })], scopes: [{}] })],
      });
      const pass = newPass();
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await loader.begin(pass);
      await loader.commit(batch({ rows: [person({ id: "1", login: "staged" })], merge: false, cursor: { page: 2 } }));
      await loader.close();

      const beside = await openLoader(warehouse, PEOPLE_LOADER);
      expect(await beside.commit(batch({ rows: [person({ id: "9" })] }))).toMatchObject({ inserted: 1 });
      await beside.finish(finish({ watermark: null, memory: { kept: true } }));
      await beside.close();
      expect(await liveRows(warehouse, "people", ["id", "login"])).toEqual([
        { id: "1", login: null },
        { id: "2", login: null },
        { id: "9", login: null },
      ]);

      const resumed = await openLoader(warehouse, PEOPLE_LOADER);
      expect(resumed.checkpoint).toMatchObject({ pass, cursor: { page: 2 } });
      await resumed.begin(pass);
      await resumed.commit(batch({ rows: [person({ id: "2" }), person({ id: "9" })], merge: false, scopes: [{}] }));
      expect(await resumed.findAbsent()).toBe(0);
      expect(await resumed.finish(finish())).toEqual({ inserted: 0, updated: 1, unchanged: 2, deleted: 0 });
      await resumed.close();
    });

    test("what a pass staged of a row never overwrites what was read of it later, beside the pass", async () => {
      const load = (id: string, login: string) => ({
        rows: [person({ id, login })],
        children: [{ table: peopleTags, rows: tags(id, [login]) }],
      });
      const pass = newPass();
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch(load("1", "first"))] });
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await loader.begin(pass);
      await loader.commit(batch({ ...load("1", "staged"), merge: false, cursor: { page: 2 } }));
      await loader.close();
      const beside = await openLoader(warehouse, PEOPLE_LOADER);
      await beside.commit(batch(load("1", "later")));
      await beside.close();
      const resumed = await openLoader(warehouse, PEOPLE_LOADER);
      await resumed.begin(pass);
      await resumed.commit(batch({ merge: false, scopes: [{}] }));
      expect(await resumed.findAbsent()).toBe(0);
      await resumed.finish(finish());
      await resumed.close();
      expect(await liveRows(warehouse, "people", ["id", "login"])).toEqual([{ id: "1", login: "later" }]);
      expect(await liveRows(warehouse, "people_tags", ["person_id", "name"])).toEqual([
        { person_id: "1", name: "later" },
      ]);
    });

    test("a batch that belongs to a pass is refused before the pass began", async () => {
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await expect(loader.commit(batch({ cursor: { page: 1 } }))).rejects.toMatchObject({ code: "INTERNAL" });
      await expect(loader.commit(batch({ scopes: [{}] }))).rejects.toMatchObject({ code: "INTERNAL" });
      await loader.close();
    });

    test("staged rows that somebody removed make the pass start over", async () => {
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await loader.begin(newPass());
      await loader.commit(batch({ rows: [person({ id: "1" })], merge: false, cursor: { page: 2 } }));
      await loader.close();
      await schema.query("delete from _tidemark_stage_people");
      const next = await openLoader(warehouse, PEOPLE_LOADER);
      expect(next.checkpoint).toMatchObject({ pass: null, cursor: null });
      await next.begin(newPass());
      await next.commit(batch({ rows: [person({ id: "2" })], merge: false, scopes: [{}] }));
      await next.finish(finish());
      await next.close();
      expect(await ids(warehouse)).toEqual(["2"]);
    });

    test("a failing batch changes nothing, and the one after it works", async () => {
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await loader.begin(newPass());
      await loader.commit(batch({ rows: [person({ id: "1" })], cursor: { page: 1 } }));
      const wrong = {
        hash: "x",
        values: [...person({ id: "3" }).values.slice(0, 3), "not a number", null, null, null],
      };
      const failing = loader.commit(batch({ rows: [person({ id: "2" }), wrong], cursor: { page: 2 } }));
      await expect(failing).rejects.toMatchObject({ code: "WAREHOUSE_VALUE" });
      expect(loader.checkpoint.cursor).toEqual({ page: 1 });
      expect(await ids(warehouse)).toEqual(["1"]);
      await loader.commit(batch({ rows: [person({ id: "2" })], cursor: { page: 2 } }));
      expect(await ids(warehouse)).toEqual(["1", "2"]);
      await loader.close();
    });

    test("child rows are those of the last version of their parent, staged or not", async () => {
      for (const merge of [true, false]) {
        const load = (loads: readonly [id: string, names: readonly string[]][][]) =>
          runPass(warehouse, PEOPLE_LOADER, {
            batches: loads.map((people) =>
              batch({
                merge,
                rows: people.map(([id, names]) => person({ id, login: names.join() })),
                children: [{ table: peopleTags, rows: people.flatMap(([id, names]) => tags(id, names)) }],
              }),
            ),
            end: { deleteAbsent: false },
          });
        await load([
          [
            ["1", ["a", "b", "c"]],
            ["2", ["x"]],
          ],
        ]);
        // 1 is read twice and shorter the second time; 2 not at all, so its tags stay.
        await load([
          [
            ["1", ["a", "q", "r"]],
            ["3", ["y"]],
          ],
          [["1", ["z"]]],
        ]);
        expect(await liveRows(warehouse, "people_tags", ["person_id", "name"])).toEqual([
          { person_id: "1", name: "z" },
          { person_id: "2", name: "x" },
          { person_id: "3", name: "y" },
        ]);
        await load([
          [
            ["1", []],
            ["2", []],
            ["3", []],
          ],
        ]);
        expect(await liveRows(warehouse, "people_tags", ["person_id"])).toEqual([]);
      }
    });

    test("scopes that end mid-pass are judged by what was seen of them, wherever their rows were", async () => {
      const rows = ["a", "b", "c"].flatMap((club) => ["1", "2", "3"].map((id) => member(club, id)));
      for (const merge of [true, false]) {
        await runPass(warehouse, MEMBERS_LOADER, { batches: [batch({ rows, scopes: [{}] })] });
        const loader = await openLoader(warehouse, MEMBERS_LOADER);
        await loader.begin(newPass("incremental"));
        // Club a in two batches, b (now empty) and the first part of c with them; c never ends.
        await loader.commit(batch({ rows: [member("a", "1")], merge: false, cursor: { n: 1 } }));
        await loader.commit(
          batch({
            rows: [member("a", "3"), member("c", "1")],
            merge,
            scopes: [{ club_id: "a" }, { club_id: "b" }],
            cursor: { n: 2 },
          }),
        );
        expect(await loader.findAbsent()).toBe(4);
        expect(await loader.absentees(2)).toEqual([
          { club_id: "a", person_id: "2" },
          { club_id: "b", person_id: "1" },
        ]);
        const counts = await loader.finish(finish({ complete: false }));
        expect(counts.deleted).toBe(4);
        await loader.close();
        const left = (await keysOf(warehouse, clubMembers)).map((key) => `${key["club_id"]}${key["person_id"]}`);
        expect(left).toEqual(["a1", "a3", "c1", "c2", "c3"]);
      }
    });

    test("an append-only feed keeps the place where its next pass goes on", async () => {
      const log = {
        ...clubMembers,
        name: "log_lines",
        object: "log_lines",
        key: ["id"],
        indexes: [],
        columns: [{ name: "id", type: "text" as const, path: ["id"] }],
      };
      const settings = { definition: LOG, tables: [log] };
      const line = (id: string) => ({ values: [id], hash: id });
      const batches = [
        batch({ rows: [line("1")], cursor: { after: 1 } }),
        batch({ rows: [line("2")], cursor: { after: 2 } }),
      ];
      await runPass(warehouse, settings, {
        batches,
        mode: "incremental",
        end: { cursor: { after: 2 }, complete: false },
      });
      const loader = await openLoader(warehouse, settings);
      expect(loader.checkpoint).toMatchObject({ pass: null, cursor: { after: 2 } });
      await loader.begin(newPass("incremental"));
      expect(loader.checkpoint.cursor).toEqual({ after: 2 });
      await loader.close();
    });

    test("compareAll undoes a person's edit that the hash does not show", async () => {
      const rows = [person({ id: "1", login: "a", extra: '{"b":1}' }), person({ id: "2", login: "b" })];
      for (const merge of [true, false]) {
        await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows })] });
        await schema.query("update people set login = 'edited' where id = '1'");
        expect(await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows, merge })] })).toMatchObject({
          updated: 0,
          unchanged: 2,
        });
        const counts = await runPass(
          warehouse,
          { ...PEOPLE_LOADER, compareAll: true },
          { batches: [batch({ rows, merge })] },
        );
        expect(counts).toEqual({ inserted: 0, updated: 1, unchanged: 1, deleted: 0 });
        expect(await liveRows(warehouse, "people", ["id", "login"])).toMatchObject([{ login: "a" }, { login: "b" }]);
      }
    });

    test("a dry run counts as the real one would, and leaves nothing", async () => {
      await runPass(warehouse, PEOPLE_LOADER, {
        batches: [batch({ rows: ["1", "2", "3"].map((id) => person({ id })), scopes: [{}] })],
      });
      const before = await warehouse.readCheckpoint("people");
      const batches = [
        batch({
          rows: [person({ id: "1" }), person({ id: "2", login: "x" }), person({ id: "4" })],
          merge: false,
          scopes: [{}],
        }),
      ];
      const dry = await runPass(warehouse, { ...PEOPLE_LOADER, dryRun: true }, { batches });
      expect(dry).toEqual({ inserted: 1, updated: 1, unchanged: 1, deleted: 1 });
      expect(await liveRows(warehouse, "people", ["id", "login"])).toEqual(
        ["1", "2", "3"].map((id) => ({ id, login: null })),
      );
      expect(await warehouse.readCheckpoint("people")).toEqual(before);
      expect(await runPass(warehouse, PEOPLE_LOADER, { batches })).toEqual(dry);
    });

    test("a rehearsed run sees its own tables and rows, others do not, and its lease is real", async () => {
      const rehearsal = await warehouse.rehearse();
      await runPass(rehearsal.warehouse, MEMBERS_LOADER, {
        batches: [batch({ rows: [member("a", "1")], scopes: [{}] })],
      });
      const loader = await openLoader(rehearsal.warehouse, MEMBERS_LOADER);
      expect(await rehearsal.warehouse.countRows("club_members")).toBe(1);
      await expect(warehouse.acquireLease("club_members", { holder: "other", ttlMs: 1_000 })).rejects.toMatchObject({
        code: "LEASE_HELD",
      });
      await loader.close();
      await rehearsal.end();
      expect(await warehouse.readRegistry()).toEqual([]);
      expect(await warehouse.objectStatuses()).toEqual([]);
    });
  });
}
