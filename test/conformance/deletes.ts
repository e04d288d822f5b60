import type { DeleteReason } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  clubMembers,
  finish,
  ids,
  keysOf,
  liveRows,
  type LoaderSettings,
  member,
  MEMBERS_LOADER,
  newPass,
  openLoader,
  PEOPLE_LOADER,
  peopleTags,
  person,
  runPass,
  type SchemaFactory,
  tags,
  type TestSchema,
} from "./fixture.js";

const WITH_MEMBERS: LoaderSettings = {
  ...PEOPLE_LOADER,
  references: [
    { table: "club_members", column: "person_id" },
    { table: "not_there", column: "person_id" },
  ],
};

/** Rows that leave: by evidence, with what belongs to them, under each policy; and rows that come back. */
export function describeDeletes(newSchema: SchemaFactory): void {
  describe("deletes", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    async function fill(deletes: "hard" | "soft" | "ignore"): Promise<void> {
      const rows = ["1", "2", "3"].map((id) => person({ id }));
      const children = [{ table: peopleTags, rows: ["1", "2", "3"].flatMap((id) => tags(id, ["t"])) }];
      await runPass(warehouse, { ...PEOPLE_LOADER, deletes }, { batches: [batch({ rows, children, scopes: [{}] })] });
      const members = ["a", "b"].flatMap((club) => ["1", "2", "3"].map((id) => member(club, id)));
      await runPass(warehouse, { ...MEMBERS_LOADER, deletes }, { batches: [batch({ rows: members, scopes: [{}] })] });
    }

    const pairs = async (): Promise<string[]> =>
      (await keysOf(warehouse, clubMembers)).map((key) => `${key["club_id"]}${key["person_id"]}`);
    const gone = (id: string, reason: DeleteReason) => ({ key: { id }, reason });

    test("hard: the row goes, with its child rows and what refers to it", async () => {
      await fill("hard");
      const loader = await openLoader(warehouse, WITH_MEMBERS);
      const counts = await loader.commit(
        batch({ gone: [gone("1", "event"), gone("3", "not_found"), gone("never", "event")] }),
      );
      await loader.close();
      expect(counts.deleted).toBe(2);
      expect(await ids(warehouse)).toEqual(["2"]);
      expect(await ids(warehouse, "people_tags", "person_id")).toEqual(["2"]);
      expect(await pairs()).toEqual(["a2", "b2"]);
    });

    test("a row that a filter no longer selects leaves alone: what refers to it still exists in Okta", async () => {
      await fill("hard");
      const loader = await openLoader(warehouse, WITH_MEMBERS);
      expect((await loader.commit(batch({ gone: [gone("1", "filtered")] }))).deleted).toBe(1);
      await loader.close();
      expect(await ids(warehouse)).toEqual(["2", "3"]);
      expect(await ids(warehouse, "people_tags", "person_id")).toEqual(["2", "3"]);
      expect(await pairs()).toHaveLength(6);
    });

    test("part of a key stands for every row that has it", async () => {
      await fill("hard");
      const loader = await openLoader(warehouse, MEMBERS_LOADER);
      const counts = await loader.commit(
        batch({
          gone: [
            { key: { club_id: "a" }, reason: "parent" },
            { key: { person_id: "2", club_id: "b" }, reason: "event" },
          ],
        }),
      );
      await loader.close();
      expect(counts.deleted).toBe(4);
      expect(await pairs()).toEqual(["b1", "b3"]);
    });

    test("soft: rows stay, marked with time and reason, and are counted no more", async () => {
      await fill("soft");
      const loader = await openLoader(warehouse, { ...WITH_MEMBERS, deletes: "soft" });
      expect((await loader.commit(batch({ gone: [gone("1", "event")] }))).deleted).toBe(1);
      expect((await loader.commit(batch({ gone: [gone("1", "not_found")] }))).deleted).toBe(0);
      await loader.close();
      expect(await ids(warehouse)).toEqual(["2", "3"]);
      expect(await warehouse.countRows("people")).toBe(2);
      expect(await pairs()).toEqual(["a2", "a3", "b2", "b3"]);
      const marked = await schema.query(
        "select id, _tidemark_delete_reason as why from people where _tidemark_deleted_at is not null",
      );
      expect(marked).toEqual([{ id: "1", why: "event" }]);
      const children = await schema.query(
        "select person_id, _tidemark_delete_reason as why from people_tags where _tidemark_deleted_at is not null",
      );
      expect(children).toEqual([{ person_id: "1", why: "parent" }]);
    });

    test("soft: a row that comes back lives again, with or without a change", async () => {
      for (const merge of [true, false]) {
        await fill("soft");
        const settings = { ...PEOPLE_LOADER, deletes: "soft" as const };
        await runPass(warehouse, settings, {
          batches: [batch({ gone: [gone("1", "event"), gone("2", "event")] })],
          end: { deleteAbsent: false },
        });
        const rows = [person({ id: "1" }), person({ id: "2", login: "new" }), person({ id: "3" })];
        const children = [{ table: peopleTags, rows: tags("1", ["t"]) }];
        const counts = await runPass(warehouse, settings, { batches: [batch({ rows, children, merge })] });
        expect(counts).toEqual({ inserted: 2, updated: 0, unchanged: 1, deleted: 0 });
        expect(await liveRows(warehouse, "people", ["id", "login", "_tidemark_delete_reason"])).toEqual([
          { id: "1", login: null, _tidemark_delete_reason: null },
          { id: "2", login: "new", _tidemark_delete_reason: null },
          { id: "3", login: null, _tidemark_delete_reason: null },
        ]);
        expect(await ids(warehouse, "people_tags", "person_id")).toEqual(["1"]);
        await schema.query("update people set login = null, _tidemark_hash = 'x' where id = '2'");
      }
    });

    test("soft: a row marked long ago is no absentee", async () => {
      await fill("soft");
      const settings = { ...PEOPLE_LOADER, deletes: "soft" as const };
      await runPass(warehouse, settings, {
        batches: [batch({ gone: [gone("1", "event")] })],
        end: { deleteAbsent: false },
      });
      const counts = await runPass(warehouse, settings, {
        batches: [batch({ rows: [person({ id: "2" })], scopes: [{}] })],
      });
      expect(counts).toMatchObject({ unchanged: 1, deleted: 1 });
      const reasons = await schema.query("select id, _tidemark_delete_reason as why from people order by id");
      expect(reasons).toEqual([
        { id: "1", why: "event" },
        { id: "2", why: null },
        { id: "3", why: "absent" },
      ]);
    });

    test("ignore: nothing leaves, and nothing is missed", async () => {
      await fill("ignore");
      const settings = { ...WITH_MEMBERS, deletes: "ignore" as const };
      const loader = await openLoader(warehouse, settings);
      await loader.begin(newPass());
      expect(
        (await loader.commit(batch({ rows: [person({ id: "2" })], gone: [gone("1", "event")], scopes: [{}] }))).deleted,
      ).toBe(0);
      expect(await loader.findAbsent()).toBe(0);
      expect((await loader.finish(finish())).deleted).toBe(0);
      await loader.close();
      expect(await ids(warehouse)).toEqual(["1", "2", "3"]);
      expect(await pairs()).toHaveLength(6);
    });

    test("from hard to soft the marks' columns come; back to hard the marked rows go", async () => {
      await fill("hard");
      const soft = { ...PEOPLE_LOADER, deletes: "soft" as const };
      await runPass(warehouse, soft, {
        batches: [batch({ gone: [gone("1", "event")] })],
        end: { deleteAbsent: false },
      });
      expect(await schema.query("select id from people order by id")).toHaveLength(3);
      await runPass(warehouse, PEOPLE_LOADER, { batches: [], end: { deleteAbsent: false } });
      expect(await schema.query("select id from people order by id")).toEqual([{ id: "2" }, { id: "3" }]);
    });

    test("absentees are deleted only when told, without the spared, and with what refers to them", async () => {
      await fill("hard");
      const rows = [person({ id: "1" })];
      const kept = await runPass(warehouse, WITH_MEMBERS, {
        batches: [batch({ rows, scopes: [{}] })],
        end: { deleteAbsent: false },
      });
      expect(kept.deleted).toBe(0);
      expect(await ids(warehouse)).toEqual(["1", "2", "3"]);
      const counts = await runPass(warehouse, WITH_MEMBERS, {
        batches: [batch({ rows, scopes: [{}] })],
        end: { spared: [{ id: "2" }] },
      });
      expect(counts.deleted).toBe(1);
      expect(await ids(warehouse)).toEqual(["1", "2"]);
      expect(await pairs()).toEqual(["a1", "a2", "b1", "b2"]);
    });

    test("absentees that a filter hides leave alone, also when nothing else is deleted", async () => {
      await fill("hard");
      const batches = [batch({ rows: [person({ id: "1" })], scopes: [{}] })];
      const counts = await runPass(warehouse, WITH_MEMBERS, {
        batches,
        end: { deleteAbsent: false, filtered: [{ id: "2" }] },
      });
      expect(counts.deleted).toBe(1);
      expect(await ids(warehouse)).toEqual(["1", "3"]);
      expect(await pairs()).toHaveLength(6);
    });

    test("a row that is staged and then gone does not come back at the end of the pass", async () => {
      for (const deletes of ["hard", "soft"] as const) {
        await fill(deletes);
        const loader = await openLoader(warehouse, { ...PEOPLE_LOADER, deletes });
        await loader.begin(newPass());
        const rows = ["1", "2", "9"].map((id) => person({ id, login: "staged" }));
        const children = [{ table: peopleTags, rows: ["1", "2", "9"].flatMap((id) => tags(id, ["s"])) }];
        await loader.commit(batch({ rows, children, merge: false, cursor: { n: 1 } }));
        const late = await loader.commit(
          batch({ gone: [gone("1", "event"), gone("9", "not_found")], merge: false, scopes: [{}] }),
        );
        expect(late.deleted).toBe(1);
        expect(await loader.findAbsent()).toBe(1);
        expect(await loader.finish(finish())).toMatchObject({ inserted: 0, updated: 1, deleted: 1 });
        await loader.close();
        expect(await ids(warehouse)).toEqual(["2"]);
        expect(await ids(warehouse, "people_tags", "person_id")).toEqual(["2"]);
        await schema.query("delete from people where id = '2'");
      }
    });

    test("a row that turns up after its scope ended is no absentee", async () => {
      await fill("hard");
      const loader = await openLoader(warehouse, MEMBERS_LOADER);
      await loader.begin(newPass("reconcile"));
      await loader.commit(batch({ rows: [member("a", "1")], scopes: [{ club_id: "a" }], cursor: { n: 1 } }));
      await loader.commit(batch({ rows: [member("a", "2")], cursor: { n: 2 } }));
      expect(await loader.findAbsent()).toBe(1);
      expect(await loader.absentees(9)).toEqual([{ club_id: "a", person_id: "3" }]);
      await loader.finish(finish());
      await loader.close();
      expect(await pairs()).toEqual(["a1", "a2", "b1", "b2", "b3"]);
    });

    test("recorded absentees survive a crash before the judgement", async () => {
      await fill("hard");
      const pass = newPass("reconcile");
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await loader.begin(pass);
      await loader.commit(batch({ rows: [person({ id: "1" })], scopes: [{}], cursor: { done: true } }));
      await loader.close();
      const resumed = await openLoader(warehouse, PEOPLE_LOADER);
      await resumed.begin(pass);
      expect(await resumed.findAbsent()).toBe(2);
      expect((await resumed.finish(finish())).deleted).toBe(2);
      await resumed.close();
      expect(await ids(warehouse)).toEqual(["1"]);
    });
  });
}
