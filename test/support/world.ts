import { createSimulator, type Simulator, type SimulatorOptions } from "@tidemark/okta-simulator";
import type { Warehouse } from "@tidemark/warehouse";

import type { ObjectReport, RunReport } from "../../packages/pipeline/src/report.js";
import type { ReplicateOptions } from "../../packages/pipeline/src/run.js";
import { COMPARED_OBJECTS, differences } from "./compare.js";
import { run, testConfig } from "./pipeline.js";
import { freshSchema, type FreshSchema } from "./postgres.js";
import { VirtualClock } from "./virtual-clock.js";

/** A simulated org, a schema, and a pipeline between them, on one clock that the test moves. */
export interface World {
  readonly sim: Simulator;
  readonly clock: VirtualClock;
  readonly place: FreshSchema;
  readonly warehouse: Warehouse;
  /** A run of the pipeline. */
  run(options?: Partial<ReplicateOptions>, pipeline?: string): Promise<RunReport>;
  /** Time passes, long enough for every lag and re-read. */
  quiet(): void;
  /** What the tables have otherwise than the org; empty when equal. */
  differences(objects?: readonly string[]): Promise<string[]>;
  query: FreshSchema["query"];
  close(): Promise<void>;
}

/** Longer than every lag, and than the time after which what an event named is read once more. */
export const QUIET_MS = 11 * 60_000;

/** Starts a world; `pipeline` is the YAML below the pipeline's source and destination, `connection` that below the warehouse's schema, `place` where the tables are. */
export async function createWorld(
  options: SimulatorOptions & { pipeline?: string; connection?: string; place?: () => Promise<FreshSchema> } = {},
): Promise<World> {
  const { pipeline, connection, place: newPlace = () => freshSchema(), ...simulator } = options;
  const clock = new VirtualClock();
  const sim = await createSimulator({ users: 60, groups: 6, apps: 4, customAttributes: 3, clock, ...simulator });
  const place = await newPlace();
  const warehouse = await place.open();
  const yaml = (lines: string | undefined): string =>
    testConfig({
      sim,
      databaseUrl: place.url,
      schema: place.schema,
      type: warehouse.type,
      ...(lines === undefined ? {} : { pipeline: lines }),
      ...(connection === undefined ? {} : { connection }),
    });
  return {
    sim,
    clock,
    place,
    warehouse,
    run: (given = {}, lines = pipeline) => run(yaml(lines), { clock, env: {}, ...given }),
    quiet() {
      sim.org.settle();
      clock.advance(QUIET_MS);
    },
    async differences(objects = COMPARED_OBJECTS) {
      const lines = await Promise.all(
        objects.map((object) => differences(sim, { query: place.query, warehouse }, object)),
      );
      return lines.flat();
    },
    query: place.query,
    async close() {
      await sim.close();
      await place.drop();
    },
  };
}

/** An object's line of a report. */
export function lineOf(report: RunReport, object: string): ObjectReport {
  const line = report.objects.find((candidate) => candidate.object === object);
  if (!line)
    throw new Error(
      `${object} is not in the report: ${JSON.stringify(report.error ?? report.objects.map((entry) => entry.object))}`,
    );
  return line;
}
