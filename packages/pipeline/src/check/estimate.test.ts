import { parseConfig } from "@tidemark/config";
import type { Clock } from "@tidemark/kernel";
import { createSimulator, type Simulator, type SimulatorOptions } from "@tidemark/okta-simulator";
import { afterEach, expect, test } from "vitest";

import { JumpingClock } from "../../../../test/support/jumping-clock.js";
import { run, testConfig } from "../../../../test/support/pipeline.js";
import { type FreshSchema, freshSchema } from "../../../../test/support/postgres.js";
import type { RunReport } from "../report.js";
import { check } from "./check.js";
import type { CheckReport, LoadEstimate, OktaCheck } from "./types.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Setting {
  readonly sim: Simulator;
  readonly target: FreshSchema;
  readonly yaml: string;
}

async function setUp(options: SimulatorOptions, pipeline?: string): Promise<Setting> {
  const sim = await createSimulator(options);
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

async function checkOf(yaml: string, options: { clock?: Clock; connection?: string } = {}): Promise<CheckReport> {
  const config = await parseConfig(yaml, { file: "tidemark.yaml", folder: process.cwd(), env: {} });
  return check({ config, env: {}, homeDir: "", cwd: "", ...options });
}

function oktaOf(report: CheckReport): OktaCheck {
  const found = report.connections.find((one): one is OktaCheck => one.kind === "okta");
  if (!found) throw new Error("no Okta connection was checked");
  return found;
}

function loadOf(okta: OktaCheck): LoadEstimate {
  const [load] = okta.loads;
  if (!load) throw new Error("nothing was estimated");
  return load;
}

/** The same time, but a ledger of its own: what another process would have. */
function elsewhere(clock: Clock): Clock {
  return { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) };
}

test.each(["this process", "another process"])(
  "under Okta's limits, a load in %s takes the requests and the time that were estimated",
  { timeout: 120_000 },
  async (where) => {
    const clock = new JumpingClock(250);
    closing.push(async () => clock.stop());
    const { yaml } = await setUp({ users: 1500, groups: 150, apps: 60, rateLimits: "okta", latencyMs: 250, clock });
    const okta = oktaOf(await checkOf(yaml, { clock, connection: "acme" }));
    const timed = async (): Promise<{ requests: number; seconds: number }> => {
      const begun = clock.now();
      const { requests, status } = await run(yaml, { clock: where === "this process" ? clock : elsewhere(clock) });
      expect(status).toBe("succeeded");
      return { requests, seconds: (clock.now() - begun) / 1000 };
    };
    const first = await timed();
    const load = loadOf(okta);
    expect(Math.abs(load.first.requests / first.requests - 1)).toBeLessThan(0.1);
    expect(Math.abs(load.first.seconds / first.seconds - 1)).toBeLessThan(0.25);
    // Otherwise the time would be that of the answers alone, and the test of nothing.
    expect(first.seconds).toBeGreaterThan(100);
    expect(okta.requests).toBeLessThan(first.requests * 0.15);
    const idle = await timed();
    expect(load.idle.requests).toBe(idle.requests);
  },
);

/** Objects whose requests were not those that were estimated. What comes into the log meanwhile nobody can know. */
function wrong(kind: "first" | "idle", load: LoadEstimate, report: RunReport): string[] {
  return report.objects.flatMap(({ object, requests, status }) => {
    const estimated = load.objects.find((one) => one.object === object)?.[kind].requests ?? -1;
    const off = Math.abs(estimated - requests);
    // Of parents that are asked side by side some are on their way when the last refusal comes.
    const allowed = status === "denied" ? 8 : kind === "first" ? Math.max(1, requests * 0.05) : 0;
    return object === "log_events" || off <= allowed ? [] : [`${object}: ${estimated} instead of ${requests}`];
  });
}

test("of every object the load and an idle run are known from a few questions", { timeout: 300_000 }, async () => {
  const users = 200;
  const { sim, yaml } = await setUp({ users, groups: 30, apps: 20 }, "objects: all");
  const okta = oktaOf(await checkOf(yaml, { connection: "acme" }));
  expect(okta.objects.filter(({ status }) => status !== "ok")).toEqual([]);
  for (const below of ["factors", "grants", "clients", "risk", "linkedObjects/.*"])
    expect(sim.requests.count(new RegExp(`^GET /api/v1/users/[^/]+/${below}$`))).toBeLessThan(users / 3);
  const load = loadOf(okta);
  const first = await run(yaml);
  expect(first.status).toBe("succeeded");
  expect(wrong("first", load, first)).toEqual([]);
  expect(Math.abs(load.first.requests / first.requests - 1)).toBeLessThan(0.01);
  expect(okta.requests).toBeLessThan(first.requests / 4);
  expect(wrong("idle", load, await run(yaml))).toEqual([]);
});

test(
  "what a run may not read, or the org has not bought, is estimated as the few requests that it takes to find out",
  { timeout: 300_000 },
  async () => {
    const options = { users: 60, groups: 6, apps: 6, withoutFeatures: ["api-access-management"] as const };
    const { sim, yaml } = await setUp(options, "objects: all");
    for (const path of ["/api/v1/logs", "/api/v1/users/[^/]+/factors", "/api/v1/apps/[^/]+/users", "/api/v1/brands$"])
      sim.faults.add({ kind: "status", status: 403, code: "E0000006", match: { path: `^${path}` } });
    const okta = oktaOf(await checkOf(yaml, { connection: "acme" }));
    const load = loadOf(okta);
    const statuses = Object.fromEntries(okta.objects.map(({ object, status }) => [object, status]));
    expect(statuses).toMatchObject({
      enrolled_factors: "denied",
      brands: "denied",
      themes: "unchecked",
      authorization_servers: "unavailable",
      user_grants: "ok",
    });
    expect(wrong("first", load, await run(yaml))).toEqual([]);
    expect(wrong("idle", load, await run(yaml))).toEqual([]);
  },
);
