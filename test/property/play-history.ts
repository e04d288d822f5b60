import { createSimulator, type FaultRule, type Simulator, type SimulatorOptions } from "@tidemark/okta-simulator";

import { differences } from "../support/compare.js";
import { run, testConfig } from "../support/pipeline.js";
import { freshSchema } from "../support/postgres.js";
import { VirtualClock } from "../support/virtual-clock.js";
import { type Happening, play, type Step, type Trouble } from "./histories.js";

/** Longer than every lag, and than the time after which what an event named is read once more. */
const QUIET_MS = 11 * 60_000;

const FAULTS: Readonly<Record<Exclude<Trouble, "none" | "stopped">, FaultRule>> = {
  throttled: { kind: "status", status: 429, resetAfterMs: 2_000, probability: 0.2, times: 20 },
  errors: { kind: "status", status: 500, probability: 0.2, times: 20 },
  dropped: { kind: "drop", probability: 0.2, times: 10 },
  truncated: { kind: "truncate", probability: 0.2, times: 10 },
  "empty-pages": { kind: "emptyPageWithNext", probability: 0.3, times: 10 },
  denied: { kind: "status", status: 403, code: "E0000006", probability: 0.3, times: 60 },
  expired: { kind: "expiredCursor", probability: 0.5, times: 10 },
};

/** What a history is played on, and what of it is compared. */
export interface Stage {
  readonly org: SimulatorOptions;
  /** YAML of the pipeline; default: the core objects. */
  readonly pipeline?: string;
  /**
   * Objects whose tables must equal the org after a quiet run, or after a reconcile alone. `silent` are paths of lists of
   * which something changed without a word in the log.
   */
  readonly compared: (sim: Simulator, mode: "quiet" | "reconcile", silent: ReadonlySet<string>) => readonly string[];
}

/** Plays a history with runs in between; returns what the tables have otherwise than the org in the end. */
export async function playHistory(steps: readonly Step[], stage: Stage): Promise<string[]> {
  const clock = new VirtualClock();
  const lag = { listMs: 20_000, searchMs: 60_000, membershipMs: 30_000, logMs: 5_000 };
  const sim = await createSimulator({ ...stage.org, clock, lag });
  const place = await freshSchema();
  const yaml = testConfig({
    sim,
    databaseUrl: place.url,
    schema: place.schema,
    ...(stage.pipeline === undefined ? {} : { pipeline: stage.pipeline }),
  });
  const warehouse = await place.open();
  try {
    await run(yaml, { clock });
    const untold = new Set<string>();
    for (const [at, step] of steps.entries())
      await take(sim, step, { clock, yaml, stopAfterMs: 40 + ((at * 137) % 900), untold });
    sim.faults.clear();
    const lines: string[] = [];
    for (const mode of [{}, { reconcile: true }]) {
      // What Okta does after a write happens at the latest now, and then nothing for a while.
      sim.org.settle();
      clock.advance(QUIET_MS);
      const report = await run(yaml, { clock, allowMassDelete: true, ...mode });
      if (report.status !== "succeeded")
        lines.push(
          `run ${report.status}: ${JSON.stringify(report.error ?? report.objects.filter((object) => object.status !== "succeeded"))}`,
        );
      const silent = "reconcile" in mode;
      for (const object of stage.compared(sim, silent ? "reconcile" : "quiet", untold))
        lines.push(
          ...(await differences(sim, { query: place.query, warehouse }, object, { silent })).map(
            (line) => `${silent ? "after reconcile: " : ""}${line}`,
          ),
        );
    }
    return lines;
  } finally {
    await sim.close();
    await place.drop();
  }
}

function happen(sim: Simulator, happening: Happening, around: { clock: VirtualClock; untold: Set<string> }): void {
  const path = play(sim, happening);
  if (path !== undefined) around.untold.add(path);
  around.clock.advance(500);
}

async function take(
  sim: Simulator,
  step: Step,
  around: { clock: VirtualClock; yaml: string; stopAfterMs: number; untold: Set<string> },
): Promise<void> {
  const { clock, yaml } = around;
  switch (step.step) {
    case "happen":
      return happen(sim, step.happening, around);
    case "wait":
      clock.advance(step.ms);
      return;
    case "run": {
      sim.faults.clear();
      const { trouble } = step;
      if (trouble !== "none" && trouble !== "stopped") sim.faults.add(FAULTS[trouble]);
      const stop = new AbortController();
      // Slow answers, so that there are cursors to go on from.
      if (trouble === "stopped") sim.faults.add({ kind: "latency", ms: 700, probability: 0.5 });
      if (trouble === "stopped")
        setTimeout(() => stop.abort(new DOMException("stopped", "AbortError")), around.stopAfterMs);
      await run(yaml, { clock, allowMassDelete: true, signal: stop.signal });
      sim.faults.clear();
      return;
    }
    default:
      step satisfies never;
  }
}
