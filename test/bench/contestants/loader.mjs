// Tidemark's loader as the pipeline uses it: a lease, a pass, pages of 200 rows gathered to batches of 5,000, each
// committed with its cursor, the next one gathered while the last is stored, and the end of the pass. One phase a process.
import { setImmediate as immediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";

import { objectNamed } from "@tidemark/catalog";
import { silentLogger, systemClock } from "@tidemark/kernel";
import { ensureTables, openObjectLoader } from "@tidemark/loader";
import { openWarehouse } from "@tidemark/warehouse";

import { cpuMs, peakRssMb } from "../support/peak.mjs";
import { USERS_TABLE, userBatches } from "../support/user-rows.mjs";

const LEASE_MS = 60_000;
const PAGE_ROWS = 200;
const BATCH_ROWS = 5_000;
const { type, url, schema, phase, rows, version } = JSON.parse(process.argv[2] ?? "{}");

/** How the pipeline stores what it lists: in a first load, in a reconcile, and with `--full`. */
const PHASES = {
  load: { mode: "full", merge: true, compareAll: false },
  reconcile: { mode: "reconcile", merge: true, compareAll: false },
  full: { mode: "full", merge: false, compareAll: true },
};
const how = PHASES[phase];

// As `tidemark replicate` does.
setFlagsFromString("--heap-growing-percent=80");

const warehouse = await openWarehouse({ type, url, schema }, { clock: systemClock, logger: silentLogger });
await warehouse.prepare();
await ensureTables(warehouse, [USERS_TABLE], { deletes: "hard" });

const started = performance.now();
const lease = await warehouse.acquireLease("users", { holder: "bench", ttlMs: LEASE_MS });
const loader = await openObjectLoader({
  warehouse,
  definition: objectNamed("users"),
  tables: [USERS_TABLE],
  lease,
  deletes: "hard",
  compareAll: how.compareAll,
  runId: "bench",
});
await loader.begin({ id: `bench-${version}`, mode: how.mode, startedAt: Date.now() });
const counts = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };
let storing = null;
let read = 0;
for await (const batch of gathered(userBatches({ rows, version, size: PAGE_ROWS }))) {
  if (storing) add(await storing);
  read += batch.length;
  storing = loader.commit({
    rows: batch,
    merge: how.merge,
    scopes: read === rows ? [{}] : [],
    gone: [],
    cursor: { next: `/api/v1/users?after=${batch.at(-1).values[0]}&limit=200` },
  });
  storing.catch(() => undefined);
}
if (storing) add(await storing);
await loader.findAbsent();
add(await loader.finish({ watermark: Date.now(), deleteAbsent: true, complete: true, memory: {}, cursor: null }));
await loader.close();
const ms = performance.now() - started;
await warehouse.close();
process.stdout.write(JSON.stringify({ ms, counts, maxRssMb: peakRssMb(), cpuMs: cpuMs() }));

/** Batches of pages; what is being stored goes on between two pages, as it does while Okta is asked for the next one. */
async function* gathered(pages) {
  let batch = [];
  for (const page of pages) {
    batch.push(...page);
    await immediate();
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function add(more) {
  for (const name of Object.keys(counts)) counts[name] += more[name];
}
