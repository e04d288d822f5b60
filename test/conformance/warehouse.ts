import { ensureTables } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { member, MEMBERS_LOADER, batch, people, runPass, type SchemaFactory, type TestSchema } from "./fixture.js";

/** The schema's bookkeeping: preparing it, runs, status, the bound org, selecting keys, uninstalling. */
export function describeWarehouse(newSchema: SchemaFactory): void {
  describe("bookkeeping", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
    });
    afterEach(() => schema.drop());

    test("several processes may prepare a new schema at once", async () => {
      const others = await Promise.all([schema.open(), schema.open(), schema.open()]);
      await Promise.all([warehouse, ...others].map((one) => one.prepare()));
      await warehouse.prepare();
      expect(await warehouse.objectStatuses()).toEqual([]);
    });

    test("bookkeeping of a newer version is left alone", async () => {
      await warehouse.prepare();
      await schema.query("update _tidemark_meta set value = '999' where name = 'bookkeeping_version'");
      await expect(warehouse.prepare()).rejects.toMatchObject({ code: "WAREHOUSE_SCHEMA_NEWER" });
    });

    test("a schema belongs to one org, whose address may change", async () => {
      await warehouse.prepare();
      await warehouse.bindOrg({ id: "00o1", url: "https://acme.okta.com" });
      await warehouse.bindOrg({ id: "00o1", url: "https://login.acme.com" });
      expect(await warehouse.boundOrg()).toEqual({ id: "00o1", url: "https://login.acme.com" });
      const other = warehouse.bindOrg({ id: "00o2", url: "https://other.okta.com" });
      await expect(other).rejects.toMatchObject({ code: "OKTA_OTHER_ORG", message: expect.stringContaining("00o2") });
      expect((await warehouse.boundOrg())?.id).toBe("00o1");
    });

    test("a run's record says how it began and ended", async () => {
      await warehouse.prepare();
      const startedAt = Date.parse("2026-02-03T04:05:06.789Z");
      const run = await warehouse.startRun({ pipeline: "nightly", startedAt, version: "1.2.3" });
      expect(await warehouse.recentRuns({ limit: 5 })).toMatchObject([
        { runId: run, status: "running", startedAt, finishedAt: null },
      ]);
      await warehouse.finishRun({
        run,
        status: "partial",
        finishedAt: "2026-02-03T04:06:00.001Z",
        completeAsOf: "2026-02-03T04:00:06.789Z",
        requests: 12,
        objects: [{ object: "users", error: { code: "X", message: "nul \u0000 and half \uD800" } }],
        error: { code: "OKTA_DENIED", message: "no" },
      });
      const [record] = await warehouse.recentRuns({ pipeline: "nightly", limit: 5 });
      expect(record).toMatchObject({
        pipeline: "nightly",
        status: "partial",
        completeAsOf: Date.parse("2026-02-03T04:00:06.789Z"),
        requests: 12,
        objects: [{ object: "users" }],
        error: { code: "OKTA_DENIED", message: "no" },
        tidemarkVersion: "1.2.3",
      });
      expect(await warehouse.recentRuns({ pipeline: "other", limit: 5 })).toEqual([]);
    });

    test("a run that was cut off is told as interrupted when the next one starts, one at work is not", async () => {
      await warehouse.prepare();
      const startedAt = Date.now() - 3_600_000;
      const lost = await warehouse.startRun({ pipeline: "nightly", startedAt });
      const working = await warehouse.startRun({ pipeline: "nightly", startedAt: startedAt + 1 });
      const young = await warehouse.startRun({ pipeline: "other", startedAt: Date.now() });
      const lease = await warehouse.acquireLease("people", { holder: `run ${working} on host`, ttlMs: 60_000 });
      await warehouse.startRun({ pipeline: "nightly", startedAt: Date.now() });
      await warehouse.startRun({ pipeline: "other", startedAt: Date.now() + 1 });
      const runs = new Map((await warehouse.recentRuns({ limit: 9 })).map((run) => [run.runId, run.status]));
      expect([lost, working, young].map((run) => runs.get(run))).toEqual(["interrupted", "running", "running"]);
      await lease.release();
    });

    test("an object's status keeps what a change leaves out", async () => {
      await warehouse.prepare();
      await warehouse.putObjectStatuses([
        { object: "users", status: "succeeded", watermark: 1_700_000_000_123, rows: 3 },
      ]);
      await warehouse.putObjectStatuses([
        { object: "users", status: "denied", errorCode: "OKTA_DENIED", errorMessage: "n\u0000o" },
      ]);
      expect(await warehouse.objectStatuses()).toMatchObject([
        {
          object: "users",
          status: "denied",
          watermark: 1_700_000_000_123,
          rows: 3,
          errorCode: "OKTA_DENIED",
          lastRunAt: null,
        },
      ]);
    });

    test("facts are kept by name and can be removed", async () => {
      await warehouse.prepare();
      expect(await warehouse.readFact("role")).toBeNull();
      await warehouse.writeFact("role", "a");
      await warehouse.writeFact("role", "b");
      expect(await warehouse.readFact("role")).toBe("b");
      await warehouse.writeFact("role", null);
      expect(await warehouse.readFact("role")).toBeNull();
    });

    test("keys come in pages, in order, from any place, and by value or time", async () => {
      await warehouse.prepare();
      const rows = ["b", "a", "c"].flatMap((club) => ["3", "1", "2"].map((id) => member(club, id)));
      await runPass(warehouse, MEMBERS_LOADER, { batches: [batch({ rows, scopes: [{}] })] });
      const select = async (options: object): Promise<string[]> => {
        const keys = await warehouse.selectKeys("club_members", ["club_id", "person_id"], { limit: 100, ...options });
        return keys.map((key) => `${key["club_id"]}${key["person_id"]}`);
      };
      expect(await select({})).toEqual(["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"]);
      expect(await select({ after: { club_id: "a", person_id: "2" }, limit: 3 })).toEqual(["a3", "b1", "b2"]);
      expect(await select({ where: { person_id: "2" } })).toEqual(["a2", "b2", "c2"]);
      expect(await warehouse.countRows("club_members", { club_id: "b" })).toBe(3);
      expect(await warehouse.countRows("club_members")).toBe(9);
      expect(await warehouse.distinctValues("club_members", "club_id")).toEqual(["a", "b", "c"]);
    });

    test("uninstalling removes bookkeeping, and tables only when asked", async () => {
      await warehouse.prepare();
      await ensureTables(warehouse, [people], { deletes: "hard" });
      await schema.query("create table mine (id int)");
      await warehouse.uninstall({ dropTables: false });
      const left = async (): Promise<string[]> => {
        const answer = await warehouse.store.read(warehouse.store.dialect.statements.listTables(schema.schema));
        return answer.rows.map((row) => String(row["table_name"])).toSorted();
      };
      expect(await left()).toEqual(["mine", "people"]);
      await warehouse.prepare();
      await expect(ensureTables(warehouse, [people], { deletes: "hard" })).rejects.toMatchObject({
        code: "WAREHOUSE_OCCUPIED",
      });
      await schema.query("drop table people");
      await ensureTables(warehouse, [people], { deletes: "hard" });
      await warehouse.uninstall({ dropTables: true });
      expect(await left()).toEqual(["mine"]);
    });

    test("uninstalling waits for nobody: a run at work refuses it", async () => {
      await warehouse.prepare();
      const lease = await warehouse.acquireLease("people", { holder: "run 7", ttlMs: 60_000 });
      await expect(warehouse.uninstall({ dropTables: true })).rejects.toMatchObject({ code: "LEASE_HELD" });
      await lease.release();
      await warehouse.uninstall({ dropTables: true });
    });
  });
}
