import { objectNamed } from "@tidemark/catalog";
import { type Clock, systemClock } from "@tidemark/kernel";
import { createSimulator, type Simulator, type SimulatorOptions } from "@tidemark/okta-simulator";
import type { Warehouse } from "@tidemark/warehouse";

import type { RunReport } from "../../packages/pipeline/src/report.js";
import { play, HAPPENINGS } from "../property/histories.js";
import { configFolder, spawnCli } from "../support/cli.js";
import { COMPARED_OBJECTS, differences } from "../support/compare.js";
import { testConfig } from "../support/pipeline.js";
import type { FreshSchema } from "../support/postgres.js";
import { QUIET_MS } from "../support/world.js";
import type { Random } from "./random.js";
import { ANY_WAREHOUSE, endSessions, type FaultyWarehouse } from "./warehouses.js";

/** How a run of the real command ended. */
export interface EndedRun {
  /** Null when a signal ended the process. */
  readonly code: number | null;
  /** What `--json` printed, when the run came that far. */
  readonly report: RunReport | null;
  readonly stderr: string;
  /** Requests that it sent. */
  readonly requests: number;
  /** From the first request to the end. */
  readonly activeMs: number;
}

/** When a run is disturbed: `ms` after its process began or after its first request, or once something is the case. */
export type Moment =
  | { readonly after: "start" | "request"; readonly ms: number }
  | { readonly when: () => Promise<boolean> | boolean };

/** A run's process, as far as it can be disturbed. */
export interface Victim {
  kill(signal: NodeJS.Signals): void;
  /** Ends its sessions on the database server; says how many there were. */
  endSessions(): Promise<number>;
}

/** A simulated org that outlives the processes that replicate it, and the schema they replicate it into. */
export interface Killable {
  readonly sim: Simulator;
  readonly place: FreshSchema;
  readonly warehouse: Warehouse;
  /** A run of `tidemark replicate nightly` in a process of its own. `at` says when `disturb` happens to it. */
  run(flags?: readonly string[], disturbance?: { at: Moment; disturb: (victim: Victim) => unknown }): Promise<EndedRun>;
  /** A number of random things happen in the org. */
  change(random: Random, count: number): void;
  /** Time passes in the org, long enough for every re-read. */
  quiet(): void;
  /** Keys of the object's rows that the org has too: nothing but the object's end in the org may take them away. */
  rightfulKeys(object: string): Promise<Set<string>>;
  /** What the tables have otherwise than the org. */
  differences(options?: { silent?: boolean; objects?: readonly string[] }): Promise<string[]>;
  /** Held leases and rows in staging tables: what a run that ended well does not leave behind. */
  leftovers(): Promise<string[]>;
  /** What org and bookkeeping know of the rows in which they differ, for whoever has to find out why. */
  explain(differences: readonly string[]): Promise<string>;
  /** How many rows a table has; 0 while it is not there. */
  count(table: string): Promise<number>;
  /** Drops every table and view. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

export interface KillableOptions extends SimulatorOptions {
  /** The kind of warehouse, and where in it; otherwise on the test run's server. */
  readonly kind?: FaultyWarehouse;
  readonly place?: () => Promise<FreshSchema>;
  readonly pipeline?: string;
}

/** Okta's clock: the machine's, ahead by what the test let pass. */
class AheadClock implements Clock {
  #ahead = 0;
  now(): number {
    return systemClock.now() + this.#ahead;
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
  advance(ms: number): void {
    this.#ahead += ms;
  }
}

export async function createKillable(options: KillableOptions = {}): Promise<Killable> {
  const { kind = ANY_WAREHOUSE, place: newPlace = kind.place, pipeline, ...simulator } = options;
  if (newPlace === null) throw new Error(`there is no ${kind.name} server`);
  const clock = new AheadClock();
  const sim = await createSimulator({ users: 1_600, groups: 10, apps: 5, customAttributes: 3, clock, ...simulator });
  const place = await newPlace();
  const warehouse = await place.open();
  const yaml = testConfig({
    sim,
    databaseUrl: await kind.runsAt(place),
    schema: place.schema,
    type: warehouse.type,
    ...(pipeline === undefined ? {} : { pipeline }),
  });
  const cwd = await configFolder(yaml);
  return {
    sim,
    place,
    warehouse,
    run: (flags = [], disturbance) =>
      runCommand(sim, {
        cwd,
        flags,
        endSessions: async (pid) => endSessions(kind, place, await kind.sessionsOf(place, pid)),
        ...disturbance,
      }),
    change(random, count) {
      const kinds = Object.keys(HAPPENINGS) as (keyof typeof HAPPENINGS)[];
      for (let done = 0; done < count; done += 1) {
        play(sim, {
          kind: kinds[random.below(kinds.length)] ?? "createUser",
          pick: [random.below(10_000), random.below(10_000)],
        });
      }
    },
    quiet() {
      sim.org.settle();
      clock.advance(QUIET_MS);
    },
    rightfulKeys: (object) => rightfulKeys(sim, { place, warehouse }, object),
    async differences({ objects = COMPARED_OBJECTS, ...options } = {}) {
      const lines = await Promise.all(
        objects.map((object) => differences(sim, { query: place.query, warehouse }, object, options)),
      );
      return lines.flat();
    },
    leftovers: () => leftovers(place, warehouse),
    async count(table) {
      const there = (await tablesOf(place)).some(({ name }) => name === table);
      return there ? warehouse.countRows(table) : 0;
    },
    explain: (lines) => explain(sim, { place, warehouse }, lines),
    async wipe() {
      for (const { name, kind } of await tablesOf(place)) {
        await place.query(`drop ${kind === "VIEW" ? "view" : "table"} ${nameOf(warehouse, name)}`);
      }
    },
    async close() {
      await sim.close();
      await place.drop();
    },
  };
}

async function runCommand(
  sim: Simulator,
  how: {
    cwd: string;
    flags: readonly string[];
    endSessions: (pid: number) => Promise<number>;
    at?: Moment;
    disturb?: (victim: Victim) => unknown;
  },
): Promise<EndedRun> {
  const before = sim.requests.count();
  const { child, result } = spawnCli(["replicate", "nightly", "--json", "--allow-mass-delete", ...how.flags], {
    cwd: how.cwd,
  });
  let ended = false;
  let firstRequestAt: number | null = null;
  const watching = watch(() => {
    if (firstRequestAt === null && sim.requests.count() > before) firstRequestAt = performance.now();
    return ended || firstRequestAt !== null;
  });
  const disturbing = (async () => {
    const { at, disturb } = how;
    if (!at || !disturb) return;
    if ("when" in at) await watch(async () => ended || (await at.when()));
    else {
      if (at.after === "request") await watching;
      await systemClock.sleep(at.ms);
    }
    if (ended) return;
    await disturb({
      kill: (signal) => void child.kill(signal),
      endSessions: () => how.endSessions(child.pid ?? 0),
    });
  })();
  const { stdout, stderr } = await result;
  const endedAt = performance.now();
  ended = true;
  await Promise.all([watching, disturbing]);
  return {
    code: child.exitCode,
    report: child.exitCode === null || stdout.trim() === "" ? null : (JSON.parse(stdout) as RunReport),
    stderr,
    requests: sim.requests.count() - before,
    activeMs: firstRequestAt === null ? 0 : endedAt - firstRequestAt,
  };
}

async function watch(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await systemClock.sleep(5);
}

/** False while the server does not answer. */
export function isUp(place: FreshSchema): Promise<boolean> {
  return place.query("select 1 as up").then(
    () => true,
    () => false,
  );
}

/** Views first, which read the others. */
async function tablesOf(place: FreshSchema): Promise<{ name: string; kind: string }[]> {
  return place.query(
    `select table_name as name, table_type as kind from information_schema.tables
     where table_schema = '${place.schema}' order by table_type desc`,
  );
}

/** A table of the place, as a statement of a person names it. */
function nameOf(warehouse: Warehouse, table: string): string {
  return [warehouse.schema, table].map(warehouse.store.dialect.statements.quote).join(".");
}

/** The org's keys of an object, in the order of its table's key. */
function keysInOrg(sim: Simulator, object: string): Set<string> {
  const keys = new Set<string>();
  switch (object) {
    case "group_members":
      for (const pair of sim.org.truth("group_members"))
        keys.add(`${String(pair["groupId"])}/${String(pair["userId"])}`);
      break;
    case "application_users":
    case "application_groups":
      for (const item of sim.org.truth(object)) keys.add(`${String(item["applicationId"])}/${String(item["id"])}`);
      break;
    case "users":
    case "groups":
    case "applications":
    case "group_rules":
    case "user_types":
      for (const item of sim.org.truth(object)) keys.add(String(item["id"]));
      break;
    default:
      throw new Error(`no truth of ${object}`);
  }
  return keys;
}

interface Target {
  readonly place: FreshSchema;
  readonly warehouse: Warehouse;
}

async function rightfulKeys(sim: Simulator, { place, warehouse }: Target, object: string): Promise<Set<string>> {
  if (!(await tablesOf(place)).some(({ name }) => name === object)) return new Set();
  const columns = objectNamed(object)?.key ?? [];
  const rows = await place.query(`select ${columns.join(", ")} from ${nameOf(warehouse, object)}`);
  const inOrg = keysInOrg(sim, object);
  const keys = rows.map((row) => columns.map((column) => String(row[column])).join("/"));
  return new Set(keys.filter((key) => inOrg.has(key)));
}

async function explain(sim: Simulator, { place, warehouse }: Target, lines: readonly string[]): Promise<string> {
  const told: string[] = [];
  for (const line of lines.slice(0, 3)) {
    const [object = "", key = ""] = line.split(/[ :.]+/);
    const ids = key.split("/");
    const names = (value: unknown): boolean => ids.some((id) => JSON.stringify(value).includes(id));
    if (object === "users" || object === "groups" || object === "applications") {
      for (const item of sim.org.truth(object))
        if (item["id"] === key) told.push(`org: ${JSON.stringify(item).slice(0, 400)}`);
    }
    for (const event of sim.org.truth("log_events")) {
      if (names(event["target"]))
        told.push(
          `event: ${String(event["published"])} ${String(event["eventType"])} ${JSON.stringify(event["target"]).slice(0, 200)}`,
        );
    }
    for (const table of ["_tidemark_checkpoints", "_tidemark_objects", "_tidemark_queue"]) {
      const rows = await place.query(`select * from ${nameOf(warehouse, table)} where object = '${object}'`);
      told.push(`${table}: ${JSON.stringify(rows)}`);
    }
  }
  const runs = await warehouse.recentRuns({ limit: 4 });
  return [...lines, ...told, ...runs.map((run) => JSON.stringify(run))].join("\n");
}

async function leftovers(place: FreshSchema, warehouse: Warehouse): Promise<string[]> {
  const held = await place.query<{ object: string }>("select object from _tidemark_leases where holder is not null");
  const unfinished = await place.query<{ object: string }>(
    "select object from _tidemark_checkpoints where pass_id is not null or staged <> 0",
  );
  const lines = [
    ...held.map(({ object }) => `lease of ${object}`),
    ...unfinished.map(({ object }) => `pass of ${object}`),
  ];
  for (const { name, kind } of await warehouse.readRegistry()) {
    const rows = kind === "staging" ? await warehouse.countRows(name) : 0;
    if (rows > 0) lines.push(`${rows} rows in ${name}`);
  }
  return lines;
}
