import { afterEach, describe, expect, test } from "vitest";

import { WAREHOUSES } from "../support/warehouses.js";
import { createWorld, lineOf, type World } from "../support/world.js";

const DAY_MS = 86_400_000;
const EVENTS = 12_000;

let world: World;
afterEach(() => world.close());

async function rows(): Promise<number> {
  const [row] = await world.query<{ n: unknown }>("select count(*) as n from log_events");
  return Number(row?.["n"]);
}

/** How many events the log holds. */
function logged(): number {
  return [...world.sim.org.truth("log_events")].length;
}

for (const { name, place } of WAREHOUSES) {
  describe.skipIf(place === null)(`the System Log in ${name}`, { timeout: 240_000 }, () => {
    test("its past is read in slices, also over an interruption, and then polled by its own cursor", async () => {
      world = await createWorld({
        ...(place ? { place } : {}),
        users: 20,
        pipeline: "objects: { log_events: { since: 20d } }",
      });
      world.sim.org.signIns(EVENTS, 20 * DAY_MS);
      world.sim.faults.add({
        kind: "status",
        status: 403,
        code: "E0000006",
        match: { path: "/api/v1/logs" },
        after: 9,
      });
      expect(lineOf(await world.run(), "log_events").status).toBe("denied");
      const before = await rows();
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(EVENTS);
      world.sim.faults.clear();
      world.sim.requests.clear();
      const resumed = lineOf(await world.run(), "log_events");
      expect(resumed).toMatchObject({ status: "succeeded" });
      // What was there already was not read once more, but for pages that were on their way.
      expect(resumed.read).toBeLessThan(EVENTS - before + 8_000);
      expect(await rows()).toBe(logged());
      world.sim.org.signIn(world.sim.org.userId(3), 5);
      world.quiet();
      const next = lineOf(await world.run(), "log_events");
      expect(next).toMatchObject({ inserted: 5, updated: 0 });
      expect(next.requests).toBeLessThan(3);
    });

    test("retain drops what is older, targets too, and does not call it deleted", async () => {
      world = await createWorld({ ...(place ? { place } : {}), users: 20 });
      world.sim.org.signIns(3_000, 10 * DAY_MS);
      const pipeline = "objects: { log_events: { retain: 5d } }";
      const first = lineOf(await world.run({}, pipeline), "log_events");
      expect(first).toMatchObject({ status: "succeeded", deleted: 0 });
      const kept = await rows();
      expect(kept).toBeGreaterThan(1_300);
      expect(kept).toBeLessThan(1_700);
      world.clock.advance(2 * DAY_MS);
      const later = lineOf(await world.run({}, pipeline), "log_events");
      expect(later).toMatchObject({ status: "succeeded", deleted: 0 });
      expect(later.expired).toBe(kept - (await rows()));
      expect(later.expired).toBeGreaterThan(400);
      expect(
        await world.query(
          "select t.uuid from log_event_targets t left join log_events e on e.uuid = t.uuid where e.uuid is null",
        ),
      ).toEqual([]);
    });
  });
}

test("event types that nobody declared are counted and shown", async () => {
  world = await createWorld({ users: 10, pipeline: "objects: log" });
  world.sim.org.report("galaxy.wormhole.open", 3);
  const report = await world.run();
  expect(report.unknownEvents).toEqual({ "galaxy.wormhole.open": 3 });
  expect(report.warnings.join("\n")).toContain("galaxy.wormhole.open (3)");
});

test("a place in the log that Okta no longer takes is a gap: what the log drives is listed again, and the run says so", async () => {
  world = await createWorld({ users: 20, pipeline: "objects: [core, network_zones]" });
  await world.run();
  world.quiet();
  await world.run();
  world.sim.org.create("network_zones", {
    type: "IP",
    name: "Quay",
    gateways: [{ type: "CIDR", value: "192.0.2.0/24" }],
  });
  world.quiet();
  world.sim.faults.add({ kind: "expiredCursor", match: { path: "/api/v1/logs" }, times: 1 });
  const report = await world.run();
  expect(report.status).toBe("succeeded");
  expect(report.warnings.join("\n")).toMatch(/does not take the link .* listed again: .*network_zones/);
  expect(lineOf(report, "network_zones")).toMatchObject({ mode: "reconcile", inserted: 1 });
  expect(lineOf(report, "applications")).toMatchObject({ mode: "reconcile", status: "succeeded" });
  // Once is enough.
  world.quiet();
  const next = await world.run();
  expect(next.warnings).toEqual([]);
  expect(lineOf(next, "network_zones")).toMatchObject({ mode: "incremental", requests: 0 });
});
