import { afterEach, describe, expect, test } from "vitest";

import { canCompare } from "../support/compare.js";
import { SELECTED } from "../support/selected-objects.js";
import { createWorld, lineOf, type World } from "../support/world.js";

let world: World;
afterEach(() => world.close());

/** Every answer takes so long that each page is committed with its cursor. */
const SLOW = { kind: "latency", ms: 3_000 } as const;

/** Runs that break off after `each` requests of the path, until one goes through; returns how many did not. */
async function runInPieces(object: string, path: string, each: number): Promise<number> {
  for (let broken = 0; broken < 50; broken += 1) {
    world.sim.faults.clear();
    world.sim.faults.add({ ...SLOW, match: { path } });
    // The whole object breaks off by this refusal, without another try.
    world.sim.faults.add({ kind: "status", status: 401, code: "E0000015", match: { path }, after: each });
    const report = await world.run();
    if (lineOf(report, object).status === "succeeded") return broken;
  }
  throw new Error(`${object} never ends`);
}

describe("a first load that breaks off again and again", () => {
  const cases: readonly { object: string; path: string; asked: RegExp; apps?: number }[] = [
    { object: "linked_objects", path: "^/api/v1/users/.*/linkedObjects/.*", asked: /linkedObjects\/\w+$/ },
    { object: "policy_rules", path: "^/api/v1/policies/[^/]+/rules", asked: /policies\/[^/]+\/rules$/ },
    { object: "role_subscriptions", path: "^/api/v1/roles/.*", asked: /subscriptions$/ },
  ];

  test.each(cases)("of $object goes on where it stopped", async ({ object, path, asked }) => {
    world = await createWorld({ users: 14, apps: 3, pipeline: `objects: [${object}]` });
    const broken = await runInPieces(object, path, 9);
    const requests = world.sim.requests.count(asked);
    world.sim.faults.clear();
    expect(broken).toBeGreaterThan(0);
    expect(await world.differences(canCompare(world.sim, object) ? [object] : [])).toEqual([]);
    const before = await world.query<Record<string, unknown>>(`select * from ${object}`);
    world.sim.requests.clear();
    world.quiet();
    const again = lineOf(await world.run({ reconcile: true }), object);
    expect(again).toMatchObject({ status: "succeeded", inserted: 0, updated: 0, deleted: 0 });
    expect(before.length).toBe(again.read);
    // Each time what was asked ahead is asked again, and no more.
    expect(requests).toBeLessThan(world.sim.requests.count(asked) + broken * 17);
  });
});

describe("a third of all paths denied, then allowed again", () => {
  const compared = (): string[] => SELECTED.filter((name) => canCompare(world.sim, name));

  test("loses nothing, and the next runs know everything again", { timeout: 300_000 }, async () => {
    world = await createWorld({ users: 15, groups: 4, apps: 3, pipeline: `objects: [${SELECTED.join(", ")}]` });
    await world.run();
    const { org } = world.sim;
    org.create("network_zones", { type: "IP", name: "New", gateways: [] });
    const policy = org.create("policies", { type: "ACCESS_POLICY", name: "Payroll" });
    org.create("policy_rules", { name: "Only by key", priority: 0 }, { policyId: String(policy["id"]) });
    world.quiet();
    for (const third of ["[a-h]", "[i-q]", "[r-z]"]) {
      world.sim.faults.clear();
      // By the last letter of the path: lists, items and lists under a parent, each in some runs.
      world.sim.faults.add({
        kind: "status",
        status: 403,
        code: "E0000006",
        match: { path: `^/(api|oauth2|integrations)/(?!v1/org$).*${third}` },
      });
      const denied = await world.run({ reconcile: third === "[r-z]" });
      expect(denied.objects.filter(({ deleted }) => deleted > 0)).toEqual([]);
      world.quiet();
    }
    world.sim.faults.clear();
    world.quiet();
    expect((await world.run()).status).toBe("succeeded");
    world.quiet();
    expect((await world.run({ reconcile: true })).status).toBe("succeeded");
    expect(await world.differences(compared())).toEqual([]);
  });
});
