import { afterEach, describe, expect, test } from "vitest";

import { COMPARED_OBJECTS } from "../support/compare.js";
import { createKillable, type EndedRun, type Killable, type Moment } from "./killable.js";
import { createRandom, type Random } from "./random.js";
import { ANY_WAREHOUSE, FAULTY_WAREHOUSES } from "./warehouses.js";

const LONG = process.env["TIDEMARK_TEST_LONG"] === "1";
const SEED = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 1_000_000);

/** What is killed, in this order, before a run that may end. */
const RUNS = [
  { run: "first load", flags: [] },
  { run: "incremental run", flags: [] },
  { run: "reconcile", flags: ["--reconcile"] },
  { run: "full run", flags: ["--full"] },
] as const;
/** 13 rounds of 8 kills are a little more than 100 moments. */
const KILLS_OF_A_RUN = 2;
const ROUNDS = LONG ? 13 : 1;

let target: Killable;
afterEach(() => target.close());

for (const kind of FAULTY_WAREHOUSES) {
  describe.skipIf(kind.place === null)(`kill -9 at random moments of runs into ${kind.name}`, () => {
    const kills = LONG || kind === ANY_WAREHOUSE ? KILLS_OF_A_RUN : 1;
    test(
      `${ROUNDS * RUNS.length * kills} of them: nothing is lost, doubled or deleted`,
      { timeout: 3_600_000 },
      async () => {
        target = await createKillable({ kind, latencyMs: 60 });
        // Long listings, so that a kill finds some of their batches committed and others not.
        target.sim.faults.add({ kind: "latency", ms: 250, jitterMs: 200, match: { path: "^/api/v1/users$" } });
        target.sim.faults.add({ kind: "latency", ms: 100, jitterMs: 400, match: { path: "^/api/v1/(groups|apps)/" } });
        const random = createRandom(SEED);
        const log: string[] = [`seed ${SEED}`];
        const spans = new Map<string, number>();
        let killed = 0;
        for (let round = 0; round < ROUNDS; round += 1) {
          for (const { run, flags } of RUNS) {
            if (run === "first load") await target.wipe();
            for (let time = 0; time < kills; time += 1) {
              target.change(random, 3);
              const span = spans.get(run) ?? 3_500;
              const ended = await killAt(random, flags, span);
              log.push(
                `${run}: ${ended.code === null ? `killed after ${Math.round(ended.activeMs)} ms` : `ended with ${ended.code}`}, ${ended.requests} requests`,
              );
              spans.set(run, ended.code === null ? Math.min(10_000, span * 1.1) : ended.activeMs);
              if (ended.code === null) killed += 1;
              else expectDone(ended, log);
            }
            // A pass that goes on shows its listing's beginning; the run after it brings what happened since.
            target.quiet();
            expectDone(await target.run(), log);
            target.quiet();
            expectDone(await target.run(), log);
            await expectEqual({}, log);
            expect(await target.leftovers(), log.join("\n")).toEqual([]);
          }
          target.quiet();
          const reconciled = expectDone(await target.run(["--reconcile"]), log);
          const changed = reconciled.filter(
            ({ object, inserted, updated, deleted }) =>
              COMPARED_OBJECTS.includes(object) && (inserted + deleted > 0 || (updated > 0 && object !== "users")),
          );
          expect(changed, log.join("\n")).toEqual([]);
          await expectEqual({ silent: true }, log);
        }
        if (process.env["TIDEMARK_VERBOSE"] === "1") console.log(log.join("\n"));
        // Moments after the end of a run prove nothing; how long a run takes is known after the first.
        expect(killed, log.join("\n")).toBeGreaterThan(ROUNDS * RUNS.length * (kills - 1));
      },
    );
  });
}

/** Kills a run at a random moment, and sees that no row was lost that the org still has. */
async function killAt(random: Random, flags: readonly string[], span: number): Promise<EndedRun> {
  const before = await Promise.all(COMPARED_OBJECTS.map((object) => target.rightfulKeys(object)));
  const early = random.next() < 0.15;
  const at: Moment = early ? { after: "start", ms: random.below(1_500) } : { after: "request", ms: random.below(span) };
  const ended = await target.run(flags, { at, disturb: ({ kill }) => kill("SIGKILL") });
  for (const [index, object] of COMPARED_OBJECTS.entries()) {
    const after = await target.rightfulKeys(object);
    const lost = [...(before[index] ?? [])].filter((key) => !after.has(key));
    expect(lost, `rows of ${object} that the org still has`).toEqual([]);
  }
  return ended;
}

async function expectEqual(options: { silent?: boolean }, log: readonly string[]): Promise<void> {
  const differences = await target.differences(options);
  if (differences.length > 0) throw new Error([...log, await target.explain(differences)].join("\n"));
}

function expectDone(run: EndedRun, log: readonly string[]): NonNullable<EndedRun["report"]>["objects"] {
  expect(run, log.join("\n")).toMatchObject({ code: 0, report: { status: "succeeded" } });
  // Nobody waits for the lease of a process that is no more.
  expect(run.activeMs, log.join("\n")).toBeLessThan(30_000);
  return run.report?.objects ?? [];
}
