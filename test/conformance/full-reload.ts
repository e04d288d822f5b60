import type { ObjectLoader } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  finish,
  type LoaderSettings,
  liveRows,
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
import { betweenStatements, indexesOf, isBabelfish, personOf, tableIn } from "./person.js";

const FULL: LoaderSettings = { ...PEOPLE_LOADER, compareAll: true };
const OKTA = Array.from({ length: 40 }, (_, index) => String(index + 1).padStart(2, "0"));

/** `--full`: everything is staged, then one transaction makes the same table right. */
export function describeFullReload(newSchema: SchemaFactory): void {
  describe("a full reload", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
      await load("old");
    });
    afterEach(() => schema.drop());

    const rowsOf = (login: string) => OKTA.map((id) => person({ id, login, badge: Number(id) }));
    const childrenOf = (name: string) => [
      { table: peopleTags, rows: OKTA.slice(0, 9).flatMap((id) => tags(id, [name, "x"])) },
    ];

    async function load(login: string): Promise<void> {
      const first = batch({ rows: rowsOf(login), children: childrenOf(login), scopes: [{}] });
      await runPass(warehouse, PEOPLE_LOADER, { batches: [first], end: { watermark: 77 } });
    }

    /** Everything that Okta has, staged and judged, up to the transaction that makes the table right. */
    async function stage(login: string, rows = rowsOf(login)): Promise<ObjectLoader> {
      const loader = await openLoader(warehouse, FULL);
      await loader.begin(newPass("full"));
      const half = rows.length / 2;
      await loader.commit(batch({ rows: rows.slice(0, half), merge: false, cursor: { page: 2 } }));
      const children = childrenOf(login).map(({ table, rows: all }) => ({
        table,
        rows: all.filter((row) => rows.slice(half).some((parent) => parent.values[0] === row.values[0])),
      }));
      await loader.commit(batch({ rows: rows.slice(half), children, merge: false, scopes: [{}] }));
      await loader.findAbsent();
      return loader;
    }

    const people = () => liveRows(warehouse, "people", ["id", "login", "badge", "_tidemark_synced_at"]);
    const everything = async () => [await people(), await liveRows(warehouse, "people_tags", ["person_id", "name"])];

    test("undoes what people did to rows, and keeps what they added to the table", async () => {
      const mine = personOf(warehouse);
      const { statements } = warehouse.store.dialect;
      const role = `r_${schema.schema}`;
      await schema.query(`create role ${role}`);
      await warehouse.store.transaction("grant", async (tx) => {
        for (const one of statements.grantSelect(schema.schema, "people", role)) await tx.run(one);
      });
      await schema.query("create view logins as select id, login from people where badge > 1");
      await schema.query(`create index mine on ${tableIn(schema, warehouse, "people")} (badge)`);
      await schema.query("create table changes (id varchar(9))");
      await schema.query("alter table people add note varchar(20)");
      await schema.query("update people set note = 'kept'");
      for (const sql of mine.auditTrigger(schema.schema)) await schema.query(sql);
      const indexes = await indexesOf(schema, warehouse, "people");
      const before = await people();

      await schema.query("update people set login = 'edited', badge = null where id = '01'");
      await schema.query("delete from people where id = '02'");
      await schema.query("insert into people (id, login, _tidemark_hash) values ('99', 'mine', '')");
      await schema.query("delete from people_tags where person_id = '03'");
      await schema.query("delete from changes");

      const loader = await stageWithTags();
      expect(await loader.absentees(9)).toEqual([{ id: "99" }]);
      expect(await loader.finish(finish())).toEqual({ inserted: 1, updated: 1, unchanged: 38, deleted: 1 });
      await loader.close();

      const after = await people();
      const written = new Set(["01", "02"]);
      expect(after.filter((row) => !written.has(String(row["id"])))).toEqual(
        before.filter((row) => !written.has(String(row["id"]))),
      );
      expect(after.map((row) => row["login"])).toEqual(OKTA.map(() => "old"));
      expect(await schema.query("select id from changes")).toEqual([{ id: "01" }]);
      expect(await schema.query("select count(*) as n from logins")).toEqual([{ n: expect.anything() }]);
      expect((await schema.query("select login from logins where id = '02'"))[0]).toEqual({ login: "old" });
      const notes = await schema.query<{ id: string; note: string | null }>("select id, note from people order by id");
      expect(notes.filter((row) => row.note !== "kept")).toEqual([{ id: "02", note: null }]);
      expect(await indexesOf(schema, warehouse, "people")).toEqual(indexes);
      const missing = await warehouse.store.read(statements.missingGrants(schema.schema, "people", [role]));
      // Babelfish does not tell what was granted.
      expect(missing.rows).toHaveLength((await isBabelfish(warehouse)) ? 1 : 0);
      expect(await liveRows(warehouse, "people_tags", ["person_id"])).toHaveLength(18);
      await schema.drop();
      schema = await newSchema();
      await schema.query(`drop role ${role}`);
    });

    async function stageWithTags(): Promise<ObjectLoader> {
      const loader = await openLoader(warehouse, FULL);
      await loader.begin(newPass("full"));
      await loader.commit(batch({ rows: rowsOf("old"), children: childrenOf("old"), merge: false, scopes: [{}] }));
      await loader.findAbsent();
      return loader;
    }

    test("readers see the old rows until the new ones are there, and wait for nothing", async () => {
      const loader = await stage("new", rowsOf("new").slice(4));
      const read = () => schema.query("select count(*) as n, min(login) as low, max(login) as high from people");
      const [old] = await read();
      let reads = 0;
      await betweenStatements(
        warehouse,
        async () => {
          reads++;
          const late = new Promise<string>((resolve) => setTimeout(resolve, 5_000, "a reader waits"));
          expect(await Promise.race([read(), late])).toEqual([old]);
        },
        () => loader.finish(finish()),
      );
      await loader.close();
      expect(reads).toBeGreaterThan(5);
      expect(await read()).toEqual([{ n: expect.anything(), low: "new", high: "new" }]);
      expect(await warehouse.countRows("people")).toBe(36);
    });

    test("that fails, wherever that is, changes nothing; the next attempt does all of it", async () => {
      const loader = await stage("new", rowsOf("new").slice(4));
      const before = await everything();
      for (let whole = 0; ; whole++) {
        let seen = 0;
        const failed = await betweenStatements(
          warehouse,
          async () => {
            if (seen++ === whole) throw new Error("cut off");
          },
          () => loader.finish(finish()),
        ).then(
          () => false,
          () => true,
        );
        if (!failed) break;
        expect(await everything()).toEqual(before);
        expect((await warehouse.readCheckpoint("people")).watermark).toBe(77);
      }
      await loader.close();
      expect((await people()).map((row) => [row["id"], row["login"]])).toEqual(OKTA.slice(4).map((id) => [id, "new"]));
    }, 240_000);

    test("that meets a value which the table does not take changes nothing, and says so", async () => {
      await schema.query("alter table people add constraint no_boom check (login <> 'boom')");
      const rows = [...rowsOf("new").slice(0, -1), person({ id: "40", login: "boom" })];
      const loader = await stage("new", rows);
      const before = await everything();
      await expect(loader.finish(finish())).rejects.toMatchObject({
        code: "WAREHOUSE_VALUE",
        message: expect.stringContaining("no_boom"),
      });
      expect(await everything()).toEqual(before);
      await schema.query("alter table people drop constraint no_boom");
      expect(await loader.finish(finish())).toMatchObject({ updated: 40 });
      await loader.close();
    });
  });
}
