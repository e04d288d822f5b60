import { OBJECTS } from "@tidemark/catalog";
import { afterEach, describe, expect, test } from "vitest";

import type { RunReport } from "../../packages/pipeline/src/report.js";
import { canCompare } from "../support/compare.js";
import { WAREHOUSES } from "../support/warehouses.js";
import { createWorld, lineOf, type World } from "../support/world.js";

let world: World;
afterEach(() => world.close());

const EVERYTHING = "objects: all";

/** Objects that the simulated org can be asked about directly. */
function comparable(): string[] {
  return OBJECTS.map(({ name }) => name).filter((name) => canCompare(world.sim, name));
}

function unlike(report: RunReport, status: string): string[] {
  return report.objects
    .filter((line) => line.status !== status)
    .map((line) => `${line.object} ${line.status}: ${line.error?.message ?? ""}`);
}

/** Inserted, updated and deleted rows of the objects that have any. */
function changes(report: RunReport): Record<string, string> {
  const changed = report.objects.filter((line) => line.inserted + line.updated + line.deleted > 0);
  return Object.fromEntries(
    changed.map((line) => [line.object, `+${line.inserted} ~${line.updated} -${line.deleted}`]),
  );
}

for (const { name, place } of WAREHOUSES) {
  describe.skipIf(place === null)(`every object in ${name}`, { timeout: 400_000 }, () => {
    test("is loaded whole, an idle run costs little and changes nothing, a reconcile finds nothing", async () => {
      world = await createWorld({ ...(place ? { place } : {}), users: 40, apps: 6, pipeline: EVERYTHING });
      const first = await world.run();
      expect(unlike(first, "succeeded")).toEqual([]);
      expect(first.objects.map(({ object }) => object)).toEqual(OBJECTS.map((object) => object.name));
      expect(first.unknownEvents ?? {}).toEqual({});
      expect(await world.differences(comparable())).toEqual([]);
      world.quiet();
      await world.run();
      world.quiet();
      const idle = await world.run();
      expect(changes(idle)).toEqual({});
      expect(idle.requests).toBeLessThan(40);
      const again = await world.run({ reconcile: true });
      expect(unlike(again, "succeeded")).toEqual([]);
      expect(changes(again)).toEqual({});
    });
  });
}

test("objects that the token may not read, or the org has not bought, hinder no other and lose nothing", async () => {
  world = await createWorld({
    users: 30,
    apps: 5,
    pipeline: EVERYTHING,
    withoutFeatures: ["api-access-management"],
  });
  const first = await world.run();
  const lacking = first.objects.filter(({ status }) => status !== "succeeded").map(({ object }) => object);
  expect(lacking.length).toBeGreaterThan(3);
  expect(lacking.every((object) => object.startsWith("authorization_server"))).toBe(true);
  // Under a preset, what the org never had does not count against the run.
  expect(first.status).toBe("succeeded");
  const before = await counts();
  const paths = ["policies", "idps.*", "apps/[^/]+/.+", "brands", "iam", "device.*", "realm.*", "rate-limit.*"];
  for (const path of paths.map((one) => `/api/v1/${one}`))
    world.sim.faults.add({ kind: "status", status: 403, code: "E0000006", match: { path: `^${path}` } });
  world.quiet();
  const second = await world.run({ reconcile: true });
  const denied = second.objects.filter(({ status }) => status === "denied").map(({ object }) => object);
  expect(denied.length).toBeGreaterThan(OBJECTS.length / 4);
  expect(second.status).toBe("partial");
  expect(second.objects.filter(({ deleted }) => deleted > 0)).toEqual([]);
  expect(await counts()).toEqual(before);
  expect(lineOf(second, "users").status).toBe("succeeded");
});

async function counts(): Promise<Record<string, number>> {
  const rows = await world.query<{ object: string; rows: unknown }>("select object, rows from _tidemark_objects");
  const skipped = new Set(["log_events"]);
  return Object.fromEntries(
    rows.filter(({ object }) => !skipped.has(object)).map((row) => [row.object, Number(row.rows)]),
  );
}
