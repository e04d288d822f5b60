import { openObjectLoader } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  finish,
  ids,
  newPass,
  openLoader,
  PEOPLE,
  people,
  PEOPLE_LOADER,
  person,
  type SchemaFactory,
  type TestSchema,
} from "./fixture.js";

/** Fenced leases: one writer per object, by the database's clock. */
export function describeLeases(newSchema: SchemaFactory): void {
  describe("leases", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    const expire = (): Promise<unknown> => schema.query("update _tidemark_leases set expires_ms = 1");

    test("of many that ask at once one gets it, and the others learn who has it until when", async () => {
      const asked = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) =>
          warehouse.acquireLease("people", { holder: `run ${index}`, ttlMs: 60_000 }),
        ),
      );
      const held = asked.filter((one) => one.status === "fulfilled");
      expect(held).toHaveLength(1);
      for (const one of asked) {
        if (one.status === "fulfilled") continue;
        expect(one.reason).toMatchObject({ code: "LEASE_HELD", retryable: true });
        expect(one.reason.message).toMatch(/run \d.*20\d\d-/);
        expect(one.reason.retryAfterMs).toBeGreaterThan(50_000);
      }
      await held[0]?.value.release();
    });

    test("tokens grow with every holder, also after a release", async () => {
      const first = await warehouse.acquireLease("people", { holder: "a", ttlMs: 60_000 });
      await first.release();
      const second = await warehouse.acquireLease("people", { holder: "b", ttlMs: 60_000 });
      expect(second.token).toBeGreaterThan(first.token);
      // A late release of the old holder takes nothing from the new one.
      await first.release();
      await expect(warehouse.acquireLease("people", { holder: "c", ttlMs: 1 })).rejects.toMatchObject({
        code: "LEASE_HELD",
      });
      await second.release();
    });

    test("a holder known to be dead is not waited for", async () => {
      const lease = await warehouse.acquireLease("people", { holder: "host/17", ttlMs: 60_000 });
      const next = await warehouse.acquireLease("people", {
        holder: "host/18",
        ttlMs: 60_000,
        isDead: (who) => who === "host/17",
      });
      await expect(lease.renew()).rejects.toMatchObject({ code: "LEASE_LOST" });
      expect(lease.lost.aborted).toBe(true);
      await lease.release();
      await next.release();
    });

    test("the timer keeps a lease alive while nothing is committed", async () => {
      const lease = await warehouse.acquireLease("people", { holder: "a", ttlMs: 600 });
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      await expect(warehouse.acquireLease("people", { holder: "b", ttlMs: 600 })).rejects.toMatchObject({
        code: "LEASE_HELD",
      });
      await lease.release();
    });

    test("who lost the lease writes nothing, and the successor goes on from the last commit", async () => {
      const old = await openLoader(warehouse, PEOPLE_LOADER);
      const pass = newPass();
      await old.begin(pass);
      await old.commit(batch({ rows: [person({ id: "1" })], cursor: { page: 2 } }));
      await expire();
      const lease = await warehouse.acquireLease("people", { holder: "next", ttlMs: 60_000 });
      const next = await openObjectLoader({
        warehouse,
        definition: PEOPLE,
        tables: PEOPLE_LOADER.tables,
        lease,
        deletes: "hard",
        runId: "2",
      });
      expect(next.checkpoint).toMatchObject({ pass, cursor: { page: 2 } });

      await expect(old.commit(batch({ rows: [person({ id: "2" })], cursor: { page: 3 } }))).rejects.toMatchObject({
        code: "LEASE_LOST",
      });
      await expect(old.finish(finish())).rejects.toMatchObject({ code: "LEASE_LOST" });
      await expect(old.begin(newPass())).rejects.toMatchObject({ code: "LEASE_LOST" });
      expect(await ids(warehouse)).toEqual(["1"]);

      await next.begin(pass);
      await next.commit(batch({ rows: [person({ id: "3" })], scopes: [{}] }));
      await next.finish(finish());
      expect(await ids(warehouse)).toEqual(["1", "3"]);
      await old.close();
      await next.close();
    });

    test("nobody takes over between a commit's check and its end", async () => {
      const loader = await openLoader(warehouse, { ...PEOPLE_LOADER, ttlMs: 60_000 });
      await loader.begin(newPass());
      // The commit renews the lease inside its transaction, so a claim has to wait for it and then finds it alive.
      await expire();
      const rows = Array.from({ length: 3_000 }, (_, index) => person({ id: String(index), login: "x".repeat(200) }));
      const committing = loader.commit(batch({ rows }));
      const claim = warehouse.acquireLease("people", { holder: "thief", ttlMs: 60_000 });
      const [committed, claimed] = await Promise.allSettled([committing, claim]);
      if (claimed.status === "fulfilled") await claimed.value.release();
      // Either order is right; both winning is not.
      expect([committed.status, claimed.status].filter((status) => status === "fulfilled")).toHaveLength(1);
      expect(await warehouse.countRows(people.name)).toBe(committed.status === "fulfilled" ? 3_000 : 0);
      await loader.close();
    });
  });
}
