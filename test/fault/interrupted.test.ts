import { afterEach, describe, expect, test } from "vitest";

import type { ObjectReport } from "../../packages/pipeline/src/report.js";
import { createKillable, type EndedRun, type Killable } from "./killable.js";
import { ANY_WAREHOUSE, FAULTY_WAREHOUSES } from "./warehouses.js";

let target: Killable;
afterEach(() => target.close());

const DONE = { code: 0, report: { status: "succeeded" } };
const USER_PAGES = /^GET \/api\/v1\/users$/;
const MEMBER_PAGES = /^GET \/api\/v1\/groups\/\{id\}\/users$/;

function lineOf(run: EndedRun, object: string): ObjectReport | undefined {
  return run.report?.objects.find((line) => line.object === object);
}

/** How a process ends; that signals are heard is no matter of the warehouse. */
const ENDS = [
  { signal: "SIGKILL", code: null },
  { signal: "SIGINT", code: 130 },
  { signal: "SIGTERM", code: 130 },
] as const;

for (const kind of FAULTY_WAREHOUSES) {
  describe.skipIf(kind.place === null)(
    `${kind.name}: a first load that was cut off goes on behind its last committed batch`,
    () => {
      for (const { signal, code } of kind === ANY_WAREHOUSE ? ENDS : ENDS.slice(0, 1)) {
        test(`of users, by ${signal}`, async () => {
          target = await createKillable({ kind, users: 2_000, pipeline: "objects: [users]" });
          target.sim.faults.add({ kind: "latency", ms: 350, match: { path: "^/api/v1/users$" } });
          const when = async (): Promise<boolean> => (await target.count("users")) > 0;
          const cut = await target.run([], { at: { when }, disturb: ({ kill }) => kill(signal) });
          expect(cut.code).toBe(code);
          const committed = await target.count("users");
          expect(committed).toBeLessThan(2_000);
          target.sim.requests.clear();
          const resumed = await target.run();
          expect(resumed).toMatchObject(DONE);
          expect(lineOf(resumed, "users")).toMatchObject({
            mode: "full",
            read: 2_000 - committed,
            inserted: 2_000 - committed,
          });
          expect(target.sim.requests.count(USER_PAGES)).toBe(10 - committed / 200);
          // Nobody waits out the lease of a process that is no more.
          expect(resumed.activeMs).toBeLessThan(30_000);
          expect(await target.differences({ objects: ["users"] })).toEqual([]);
          expect(await target.leftovers()).toEqual([]);
        });
      }

      test("of the members of groups: those that were read whole are not asked for again", async () => {
        target = await createKillable({ kind, users: 300, groups: 40, pipeline: "objects: [groups, group_members]" });
        target.sim.faults.add({ kind: "latency", ms: 700, match: { path: "^/api/v1/groups/" } });
        const when = async (): Promise<boolean> => (await target.count("group_members")) > 0;
        const cut = await target.run([], { at: { when }, disturb: ({ kill }) => kill("SIGKILL") });
        expect(cut.code).toBeNull();
        target.sim.requests.clear();
        expect(await target.run()).toMatchObject(DONE);
        expect(target.sim.requests.count(MEMBER_PAGES)).toBeLessThan(41);
        expect(await target.differences({ objects: ["groups", "group_members"] })).toEqual([]);
      });
    },
  );
}

test("Ctrl-C is told by exit code, report and the run's record; the second one ends it at once", async () => {
  target = await createKillable({ users: 400, latencyMs: 50, pipeline: "objects: [users, groups]" });
  target.sim.faults.add({ kind: "stall", match: { path: "^/api/v1/users$" } });
  const at = { when: () => target.sim.requests.count(USER_PAGES) > 0 };
  const once = await target.run([], { at, disturb: ({ kill }) => kill("SIGINT") });
  expect(once).toMatchObject({
    code: 130,
    report: { status: "interrupted" },
    stderr: expect.stringContaining("Stopping"),
  });
  expect(await target.place.query("select status from _tidemark_runs")).toEqual([{ status: "interrupted" }]);
  target.sim.requests.clear();
  const twice = await target.run([], {
    at,
    disturb: ({ kill }) => {
      kill("SIGINT");
      setTimeout(() => kill("SIGINT"), 50);
    },
  });
  // null: the second one came when the process was going down by itself already, and nobody caught it any more.
  expect([130, null]).toContain(twice.code);
  target.sim.faults.clear();
  expect(await target.run()).toMatchObject(DONE);
  expect(await target.differences({ objects: ["users", "groups"] })).toEqual([]);
});
