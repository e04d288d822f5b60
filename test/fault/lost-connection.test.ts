import { afterEach, describe, expect, test } from "vitest";

import { createKillable, type EndedRun, isUp, type Killable } from "./killable.js";
import { createRandom } from "./random.js";
import { endSessions, FAULTY_WAREHOUSES } from "./warehouses.js";

let target: Killable;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await target.close();
  for (const close of closing.splice(0)) await close();
});

const DONE = { code: 0, report: { status: "succeeded" } };
const USER_PAGES = /^GET \/api\/v1\/users$/;
const CONNECTION_CODES = ["WAREHOUSE_CONNECTION_LOST", "WAREHOUSE_UNREACHABLE"];

/** Everything that went wrong in a run and is no lost connection. */
function otherFaults({ report, stderr }: EndedRun): string[] {
  const errors = [report?.error, ...(report?.objects ?? []).map(({ error }) => error)].filter(
    (error) => error !== undefined,
  );
  const others = errors
    .filter(({ code }) => !CONNECTION_CODES.includes(code))
    .map(({ code, message }) => `${code}: ${message}`);
  return /fault of Tidemark itself|^ +at .*:\d+/m.test(stderr) ? [...others, stderr] : others;
}

function expectTold(run: EndedRun, seed: number): void {
  expect({ seed, others: otherFaults(run) }).toEqual({ seed, others: [] });
  expect([0, 1, 3], run.stderr).toContain(run.code);
}

for (const kind of FAULTY_WAREHOUSES) {
  describe(`${kind.name} goes away in the middle of a run`, () => {
    test.skipIf(kind.place === null)(
      "every connection is cut at random moments: told, nothing half done, and the next run goes on",
      async () => {
        target = await createKillable({ kind, users: 800, latencyMs: 40 });
        const random = createRandom(Date.now() % 100_000);
        let hit = 0;
        for (const flags of [[], [], ["--reconcile"], ["--full"]]) {
          const run = await target.run(flags, {
            at: { after: "request", ms: random.below(1_500) },
            disturb: async ({ endSessions }) => void (hit += await endSessions()),
          });
          expectTold(run, random.seed);
          target.change(random, 2);
        }
        expect(hit).toBeGreaterThan(0);
        for (let again = 0; again < 2; again += 1) {
          target.quiet();
          expect(await target.run()).toMatchObject(DONE);
        }
        expect(await target.differences()).toEqual([]);
        expect(await target.leftovers()).toEqual([]);
      },
    );

    test.skipIf(kind.place === null)(
      "a session that ends before its commit is told, and nothing of it is there",
      async () => {
        target = await createKillable({ kind, users: 10 });
        const { warehouse, place } = target;
        await warehouse.prepare();
        await warehouse.writeFact("before", "kept");
        const lost = warehouse.store.transaction("write a fact", async (tx) => {
          await tx.table("_tidemark_meta").where({ name: "fact:before" }).update({ value: "lost" });
          const { rows } = await tx.run({ sql: kind.ownSession, bindings: [] });
          expect(await endSessions(kind, place, [Number(rows[0]?.["id"])])).toBe(1);
        });
        await expect(lost).rejects.toMatchObject({ code: "WAREHOUSE_CONNECTION_LOST" });
        expect(await place.query("select value from _tidemark_meta where name = 'fact:before'")).toEqual([
          { value: "kept" },
        ]);
      },
    );

    if (kind.ownServer === undefined) return;
    test.skipIf(kind.ownServer === null).each(["crash", "restart"] as const)(
      "a %s of the server (one of the test's own)",
      async (fate) => {
        const server = await kind.ownServer?.();
        if (!server) throw new Error(`no ${kind.name} server of the test's own`);
        closing.push(() => server.stop());
        target = await createKillable({ kind, place: server.place, users: 2_000, latencyMs: 20 });
        target.sim.faults.add({ kind: "latency", ms: 350, match: { path: "^/api/v1/users$" } });
        const committed = async (): Promise<boolean> => (await target.count("users")) > 0;
        const run = await target.run([], { at: { when: committed }, disturb: () => server[fate](target.place) });
        // A run that wrote nothing at that moment and found the server up again may well end as if nothing had been.
        expectTold(run, 0);
        // While it recovers it refuses connections.
        while (!(await isUp(target.place))) await new Promise((resolve) => setTimeout(resolve, 50));
        target.sim.requests.clear();
        expect(await target.run()).toMatchObject(DONE);
        expect(target.sim.requests.count(USER_PAGES)).toBeLessThan(10);
        expect(await target.differences()).toEqual([]);
      },
    );
  });
}
