import { parseConfig } from "@tidemark/config";
import { type Clock, systemClock } from "@tidemark/kernel";
import { createSimulator, type Simulator, type SimulatorOptions } from "@tidemark/okta-simulator";
import { afterEach, expect, test } from "vitest";

import { run, testConfig } from "../../../../test/support/pipeline.js";
import { type FreshSchema, freshSchema } from "../../../../test/support/postgres.js";
import { check } from "./check.js";
import type { CheckReport, LoadEstimate, OktaCheck } from "./types.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Real time, told faster than it is: a minute of waiting for Okta's windows passes in seconds. */
function fastClock(speed: number): Clock {
  const start = Date.now();
  const from = performance.now();
  return {
    now: () => start + (performance.now() - from) * speed,
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  };
}

interface Setting {
  readonly sim: Simulator;
  readonly target: FreshSchema;
  readonly yaml: string;
}

async function setUp(options: SimulatorOptions, pipeline?: string): Promise<Setting> {
  const sim = await createSimulator(options);
  const target = await freshSchema();
  closing.push(() => sim.close(), () => target.drop());
  return { sim, target, yaml: testConfig({ sim, databaseUrl: target.url, schema: target.schema, ...(pipeline ? { pipeline } : {}) }) };
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

test("requests and time of a first load under Okta's limits, and of an idle run", { timeout: 120_000 }, async () => {
  const clock = fastClock(12);
  const { yaml } = await setUp({ users: 5000, groups: 300, apps: 60, rateLimits: "okta", latencyMs: 250, clock });
  const okta = oktaOf(await checkOf(yaml, { clock, connection: "acme" }));
  console.log(JSON.stringify(okta, null, 1));
  const begun = clock.now();
  const first = await run(yaml, { clock });
  const seconds = (clock.now() - begun) / 1000;
  const begunIdle = clock.now();
  const idle = await run(yaml, { clock });
  const idleSeconds = (clock.now() - begunIdle) / 1000;
  console.log(first.requests, seconds, idle.requests, idleSeconds, JSON.stringify(first.warnings));
  for (const o of first.objects) console.log(o.object, o.status, o.read, o.requests, idle.objects.find((i) => i.object === o.object)?.requests, o.throttledMs, JSON.stringify(o.error));
  const load = loadOf(okta);
  expect(Math.abs(load.first.requests / first.requests - 1)).toBeLessThan(0.1);
  expect(Math.abs(load.first.seconds / seconds - 1)).toBeLessThan(0.25);
  expect(load.idle.requests).toBe(idle.requests);
});
