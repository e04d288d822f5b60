import { parseConfig } from "@tidemark/config";
import { createSimulator, type Simulator } from "@tidemark/okta-simulator";
import { afterEach, expect, test } from "vitest";

import { run, testConfig } from "../../../test/support/pipeline.js";
import { type FreshSchema, freshSchema } from "../../../test/support/postgres.js";
import { exitCodeOfStatus, status, type StatusOptions, type StatusReport } from "./status.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function setUp(pipeline?: string): Promise<{ sim: Simulator; target: FreshSchema; yaml: string }> {
  const sim = await createSimulator({ users: 30, groups: 6, apps: 4 });
  const target = await freshSchema();
  closing.push(
    () => sim.close(),
    () => target.drop(),
  );
  return {
    sim,
    target,
    yaml: testConfig({ sim, databaseUrl: target.url, schema: target.schema, ...(pipeline ? { pipeline } : {}) }),
  };
}

async function statusOf(yaml: string, options: Partial<StatusOptions> = {}): Promise<StatusReport> {
  const config = await parseConfig(yaml, { file: "tidemark.yaml", folder: process.cwd(), env: {} });
  return status({ config, ...options });
}

const HOUR = 3_600_000;

test("tells rows, watermark and age of every object, and Okta is not asked", async () => {
  const { sim, yaml } = await setUp();
  const report = await run(yaml);
  sim.requests.clear();
  const told = await statusOf(yaml, { maxAgeMs: HOUR });
  expect(sim.requests.count()).toBe(0);
  const [nightly] = told.pipelines;
  expect(nightly).toMatchObject({
    pipeline: "nightly",
    neverRan: false,
    error: null,
    stale: [],
    org: { url: sim.url },
  });
  expect(nightly?.lastRun).toMatchObject({
    run: report.run,
    status: "succeeded",
    requests: report.requests,
    completeAsOf: report.completeAsOf,
  });
  const users = nightly?.objects.find(({ object }) => object === "users");
  expect(users).toMatchObject({
    status: "succeeded",
    mode: "full",
    rows: 30,
    stale: false,
    degraded: null,
    error: null,
    pending: 0,
  });
  expect(users?.watermark).toBe(report.objects.find(({ object }) => object === "users")?.watermark);
  expect(users?.lastReconcileAt).not.toBeNull();
  expect(users?.ageMs).toBeGreaterThan(0);
  expect(users?.ageMs).toBeLessThan(HOUR / 2);
  expect(exitCodeOfStatus(told)).toBe(0);
});

test("what is older than the asked age is stale and sets the exit code; without one nothing is", async () => {
  const { yaml } = await setUp();
  await run(yaml);
  const old = await statusOf(yaml, { maxAgeMs: 1000 });
  expect(old.pipelines[0]?.stale).toContain("users");
  expect(exitCodeOfStatus(old)).toBe(1);
  expect(exitCodeOfStatus(await statusOf(yaml))).toBe(0);
});

test("an object that was denied is told with its error; stale only when somebody named it", async () => {
  const { sim, yaml } = await setUp();
  sim.faults.add({ kind: "status", status: 403, match: { path: "/api/v1/groups/rules" } });
  await run(yaml);
  const told = await statusOf(yaml, { maxAgeMs: HOUR });
  const rules = told.pipelines[0]?.objects.find(({ object }) => object === "group_rules");
  expect(rules).toMatchObject({
    status: "denied",
    watermark: null,
    ageMs: null,
    stale: false,
    error: { code: "OKTA_DENIED" },
  });
  expect(exitCodeOfStatus(told)).toBe(0);
  const named = await statusOf(yaml.replace("objects: core", "objects: [core, group_rules]"), { maxAgeMs: HOUR });
  expect(named.pipelines[0]?.stale).toEqual(["group_rules"]);
});

test("a pipeline that never ran says so, before and after another one made the tables", async () => {
  const { yaml } = await setUp();
  const nobody = await statusOf(yaml);
  expect(nobody.pipelines[0]).toMatchObject({
    neverRan: true,
    lastRun: null,
    stale: [],
    error: { code: "NEVER_RAN", remedy: "tidemark replicate nightly" },
  });
  expect(exitCodeOfStatus(nobody)).toBe(0);
  expect(exitCodeOfStatus(await statusOf(yaml, { maxAgeMs: HOUR }))).toBe(1);
  await run(yaml);
  const two = `${yaml}  hourly:\n    source: acme\n    destination: warehouse\n    objects: [users]\n`;
  const told = await statusOf(two);
  expect(told.pipelines.map(({ pipeline, neverRan }) => [pipeline, neverRan])).toEqual([
    ["nightly", false],
    ["hourly", true],
  ]);
  expect((await statusOf(two, { pipeline: "hourly" })).pipelines).toHaveLength(1);
  await expect(statusOf(two, { pipeline: "weekly" })).rejects.toMatchObject({ code: "USAGE" });
});

test("a database that does not answer is the pipeline's error, without its password", async () => {
  const { yaml } = await setUp();
  const told = await statusOf(yaml.replace(/url: postgres.*/, "url: postgres://nobody:hidden@127.0.0.1:1/none"));
  expect(told.pipelines[0]).toMatchObject({ error: { code: "WAREHOUSE_UNREACHABLE" }, neverRan: false });
  expect(exitCodeOfStatus(told)).toBe(1);
  expect(JSON.stringify(told)).not.toContain("hidden");
});
