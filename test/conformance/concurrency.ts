import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  clubMembers,
  ids,
  keysOf,
  type LoaderSettings,
  liveRows,
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
  references: [{ table: "club_members", column: "person_id" }],
};

/** Merges among other people's statements and among each other. */
export function describeConcurrency(newSchema: SchemaFactory): void {
  describe("at the same time", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    test("somebody's script works on the rows: every batch goes through, counts are of its rows, the end is right", async () => {
      const all = Array.from({ length: 120 }, (_, index) => String(index).padStart(3, "0"));
      const rowsOf = (login: string) => all.map((id) => person({ id, login }));
      const children = [{ table: peopleTags, rows: all.flatMap((id) => tags(id, ["t"])) }];
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows: rowsOf("start"), children, scopes: [{}] })] });
      const over = new AbortController();
      let done = 0;
      const script = async (): Promise<void> => {
        for (let step = 0; !over.signal.aborted; step++) {
          const id = all[(step * 37) % 120];
          const statement = [
            `update people set login = 'mine' where id = '${id}'`,
            `delete from people where id = '${id}'`,
            `insert into people (id, login, _tidemark_hash) values ('${id}', 'mine', 'mine')`,
          ][step % 3];
          // The script may meet rows that are there, or be the one that a deadlock picks.
          await schema.query(statement ?? "").then(
            () => done++,
            () => undefined,
          );
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      };
      const scripts = [script()];
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await loader.begin(newPass());
      for (let round = 0; round < 12; round++) {
        const counts = await loader.commit(
          batch({ rows: rowsOf(`round ${round}`), children, merge: round % 3 !== 0, cursor: { round } }),
        );
        // A batch that is merged after one that was staged merges both.
        const read = counts.inserted + counts.updated + counts.unchanged;
        expect(read).toBe([0, 240, 120][round % 3]);
      }
      await loader.close();
      over.abort();
      await Promise.all(scripts);
      expect(done).toBeGreaterThan(5);
      const full = { ...PEOPLE_LOADER, compareAll: true };
      const last = batch({ rows: rowsOf("end"), children, merge: false, scopes: [{}] });
      await runPass(warehouse, full, { batches: [last] });
      const rows = await liveRows(warehouse, "people", ["id", "login"]);
      expect(rows).toEqual(all.map((id) => ({ id, login: "end" })));
    });

    test("one process removes parents whose pairs another writes: neither fails, and the end is right", async () => {
      const other = await schema.open();
      const people = Array.from({ length: 60 }, (_, index) => String(index));
      const pairs = (from: number) =>
        ["a", "b", "c"].flatMap((club) => people.slice(from, from + 20).map((id) => member(club, id)));
      await runPass(warehouse, MEMBERS_LOADER, { batches: [batch({ rows: pairs(0), scopes: [{}] })] });
      const parents = await openLoader(warehouse, WITH_MEMBERS);
      const links = await openLoader(other, MEMBERS_LOADER);
      await parents.begin(newPass());
      await links.begin(newPass());
      const removing = async (): Promise<void> => {
        for (let round = 0; round < 20; round++) {
          const at = (round * 7) % 40;
          const rows = people.map((id) => person({ id, login: String(round) }));
          const gone = people.slice(at, at + 20).map((id) => ({ key: { id }, reason: "event" as const }));
          await parents.commit(batch({ rows, gone, merge: true, cursor: { round } }));
        }
      };
      const writing = async (): Promise<void> => {
        for (let round = 0; round < 20; round++) {
          const counts = await links.commit(batch({ rows: pairs((round * 11) % 40), merge: true, cursor: { round } }));
          expect(counts.inserted + counts.updated + counts.unchanged).toBe(60);
        }
      };
      await Promise.all([removing(), writing()]);
      await parents.close();
      await links.close();
      // What stands now is what a serial order would have left: a quiet pass of each makes it what Okta has.
      await runPass(warehouse, WITH_MEMBERS, {
        batches: [batch({ rows: people.slice(0, 30).map((id) => person({ id })), merge: false, scopes: [{}] })],
      });
      await runPass(other, MEMBERS_LOADER, { batches: [batch({ rows: pairs(5), merge: false, scopes: [{}] })] });
      expect(await ids(warehouse)).toEqual(people.slice(0, 30).toSorted());
      expect(await keysOf(warehouse, clubMembers)).toHaveLength(60);
    });

    test("two processes begin on a new schema with different objects: both load", async () => {
      const other = await schema.open();
      await Promise.all([
        runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows: [person({ id: "1" })], scopes: [{}] })] }),
        runPass(other, MEMBERS_LOADER, { batches: [batch({ rows: [member("a", "1")], scopes: [{}] })] }),
      ]);
      expect(await ids(warehouse)).toEqual(["1"]);
      expect(await keysOf(warehouse, clubMembers)).toEqual([{ club_id: "a", person_id: "1" }]);
    });
  });
}
