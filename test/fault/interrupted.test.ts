import { afterEach, describe, expect, test } from "vitest";

import type { ObjectReport } from "../../packages/pipeline/src/report.js";
import { startEmbeddedPostgres } from "../support/embedded-postgres.js";
import { createKillable, type EndedRun, type Killable } from "./killable.js";
import { createRandom } from "./random.js";

let target: Killable;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await target.close();
  for (const close of closing.splice(0)) await close();
});

const DONE = { code: 0, report: { status: "succeeded" } };
const USER_PAGES = /^GET \/api\/v1\/users$/;
const MEMBER_PAGES = /^GET \/api\/v1\/groups\/\{id\}\/users$/;

function isUp({ place }: Killable): Promise<boolean> {
  return place.query("select 1").then(
    () => true,
    () => false,
  );
}

function lineOf(run: EndedRun, object: string): ObjectReport | undefined {
  return run.report?.objects.find((line) => line.object === object);
}

describe("a first load that was cut off goes on behind its last committed batch", () => {
  for (const { signal, code } of [
    { signal: "SIGKILL", code: null },
    { signal: "SIGINT", code: 130 },
    { signal: "SIGTERM", code: 130 },
  ] as const) {
    test(`of users, by ${signal}`, async () => {
      target = await createKillable({ users: 2_000, pipeline: "objects: [users]" });
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
    target = await createKillable({ users: 300, groups: 40, pipeline: "objects: [groups, group_members]" });
    target.sim.faults.add({ kind: "latency", ms: 700, match: { path: "^/api/v1/groups/" } });
    const when = async (): Promise<boolean> => (await target.count("group_members")) > 0;
    const cut = await target.run([], { at: { when }, disturb: ({ kill }) => kill("SIGKILL") });
    expect(cut.code).toBeNull();
    target.sim.requests.clear();
    expect(await target.run()).toMatchObject(DONE);
    expect(target.sim.requests.count(MEMBER_PAGES)).toBeLessThan(41);
    expect(await target.differences({ objects: ["groups", "group_members"] })).toEqual([]);
  });
});

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

describe("the database goes away in the middle of a run", () => {
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

  test("every connection is cut at random moments: told, nothing half done, and the next run goes on", async () => {
    target = await createKillable({ users: 800, latencyMs: 40 });
    const random = createRandom(Date.now() % 100_000);
    let hit = 0;
    const cut = async (): Promise<void> => {
      const ended = await target.place.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1",
        [target.application],
      );
      hit += ended.length;
    };
    for (const flags of [[], [], ["--reconcile"], ["--full"]]) {
      const run = await target.run(flags, { at: { after: "request", ms: random.below(1_500) }, disturb: cut });
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
  });

  test("the server itself crashes and recovers", async () => {
    const server = await startEmbeddedPostgres({ fsync: true });
    closing.push(() => server.stop());
    target = await createKillable({ users: 2_000, databaseUrl: server.url, latencyMs: 20 });
    target.sim.faults.add({ kind: "latency", ms: 350, match: { path: "^/api/v1/users$" } });
    // A server process that dies makes the others end as well, and the server replays its log (PostgreSQL documentation).
    const crash = async (): Promise<void> => {
      const [own] = await target.place.query<{ pid: number }>("select pg_backend_pid() as pid");
      if (own) process.kill(own.pid, "SIGKILL");
    };
    const committed = async (): Promise<boolean> => (await target.count("users")) > 0;
    const run = await target.run([], { at: { when: committed }, disturb: crash });
    // A run that wrote nothing at that moment and found the server up again may well end as if nothing had been.
    expectTold(run, 0);
    // While it recovers it refuses connections.
    while (!(await isUp(target))) await new Promise((resolve) => setTimeout(resolve, 50));
    target.sim.requests.clear();
    expect(await target.run()).toMatchObject(DONE);
    expect(target.sim.requests.count(USER_PAGES)).toBeLessThan(10);
    expect(await target.differences()).toEqual([]);
  });
});

describe("two runs of one pipeline at once", () => {
  /** Both end, and each either did its objects or says who has them. */
  async function runBoth(flags: readonly string[] = []): Promise<void> {
    const both = await Promise.all([target.run(flags), target.run(flags)]);
    const wrong = both.flatMap(({ code, report, stderr }) => {
      if (code !== 0 && code !== 3 && code !== 1) return [stderr];
      const objects = report?.objects ?? [];
      return objects
        .filter(
          ({ status, error }) => status !== "succeeded" && !(status === "skipped" && error?.code === "LEASE_HELD"),
        )
        .map(({ object, status, error }) => `${object}: ${status} ${error?.code ?? ""} ${error?.message ?? ""}`);
    });
    expect(wrong).toEqual([]);
    expect(both.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
  }

  test("nothing is lost or doubled: first loads, increments, full runs", { timeout: 400_000 }, async () => {
    target = await createKillable({ users: 600, latencyMs: 30 });
    const random = createRandom(4);
    for (const flags of [[], [], ["--reconcile"], ["--full"]]) {
      await runBoth(flags);
      target.change(random, 4);
    }
    for (let again = 0; again < 2; again += 1) {
      target.quiet();
      expect(await target.run()).toMatchObject(DONE);
    }
    expect(await target.differences()).toEqual([]);
    expect(await target.leftovers()).toEqual([]);
  });
});
