import { parseConfig } from "@tidemark/config";
import { afterEach, expect, test } from "vitest";

import { testConfig } from "../support/pipeline.js";
import { createWorld, lineOf, type World } from "../support/world.js";

let world: World;
afterEach(() => world.close());

const FACTORS = "objects: { users: {}, enrolled_factors: {} }";

async function count(table: string): Promise<number> {
  const [row] = await world.query<{ n: unknown }>(`select count(*) as n from ${table}`);
  return Number(row?.["n"]);
}

/** Grows each time that somebody takes the lease. */
async function leaseToken(object: string): Promise<number> {
  const [row] = await world.query<{ token: unknown }>(`select token from _tidemark_leases where object = '${object}'`);
  return Number(row?.["token"]);
}

test("an object of which nothing is to be read is not opened, and its watermark moves all the same", async () => {
  world = await createWorld({ pipeline: FACTORS });
  const first = lineOf(await world.run(), "enrolled_factors");
  const before = await leaseToken("enrolled_factors");
  world.quiet();
  const idle = lineOf(await world.run(), "enrolled_factors");
  expect(await leaseToken("enrolled_factors")).toBe(before);
  expect(idle).toMatchObject({ status: "succeeded", mode: "incremental", read: 0, requests: 0 });
  expect(Date.parse(String(idle.watermark))).toBeGreaterThan(Date.parse(String(first.watermark)));
  const [stored] = await world.query<{ watermark: unknown }>(
    "select watermark from _tidemark_objects where object = 'enrolled_factors'",
  );
  expect(new Date(String(stored?.["watermark"])).toISOString()).toBe(idle.watermark);
});

test("another filter of its parent brings the rows below the parents that come back", async () => {
  world = await createWorld({ pipeline: FACTORS });
  await world.run({}, "objects: { users: { filter: { status: [SUSPENDED] } }, enrolled_factors: {} }");
  const few = await count("enrolled_factors");
  world.quiet();
  const report = await world.run({ allowMassDelete: true });
  expect(lineOf(report, "enrolled_factors")).toMatchObject({ status: "succeeded", mode: "reconcile" });
  expect(await count("enrolled_factors")).toBeGreaterThan(few);
  expect(lineOf(await world.run({ reconcile: true }), "enrolled_factors")).toMatchObject({ inserted: 0, deleted: 0 });
});

test("a lease that a dead run left behind is taken over and given back", async () => {
  world = await createWorld({ pipeline: FACTORS });
  await world.run();
  world.quiet();
  await world.query(
    "update _tidemark_leases set holder = 'a run that died', expires_ms = 1 where object = 'enrolled_factors'",
  );
  expect(lineOf(await world.run(), "enrolled_factors").status).toBe("succeeded");
  expect(await world.query("select holder from _tidemark_leases where holder is not null")).toEqual([]);
});

test("a new role for readers is given to tables of which nothing is to be read", async () => {
  const role = `quiet_reader_${Date.now()}`;
  world = await createWorld({ pipeline: FACTORS });
  await world.run();
  await world.query(`create role ${role}`);
  try {
    world.quiet();
    const yaml = testConfig({
      sim: world.sim,
      databaseUrl: world.place.url,
      schema: world.place.schema,
      pipeline: FACTORS,
      connection: `grantSelect: [${role}]`,
    });
    await world.run({ config: await parseConfig(yaml, { file: "tidemark.yaml", folder: process.cwd(), env: {} }) });
    const granted = await world.query(
      `select table_name from information_schema.role_table_grants where grantee = '${role}' and table_name = 'enrolled_factors'`,
    );
    expect(granted).toHaveLength(1);
  } finally {
    await world.query(`drop owned by ${role}`);
    await world.query(`drop role ${role}`);
  }
});
