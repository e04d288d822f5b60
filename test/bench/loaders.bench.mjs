// 1,000,000 rows of users into each server that is there, and merges of 1,000,000 with 1 % changed: the loader, as the
// pipeline uses it, against a bulk load and a merge written by hand on the same driver.
import { parseArgs } from "node:util";

import { median, megabytes, progress, ratio, report, runContestant, seconds, settings } from "./support/bench.mjs";
import { changedRows, userBatches } from "./support/user-rows.mjs";
import { warehouses } from "./support/warehouses.mjs";

const SCHEMAS = { hand: "bench_hand", loader: "bench_tidemark" };
/** What is compared: a phase of the loader with one of the hand-written script. */
const PAIRS = [
  { phase: "load", against: "load", name: "first load" },
  { phase: "reconcile", against: "merge", name: "merge by hash (reconcile: batch by batch)" },
  { phase: "full", against: "merge-all", name: "merge by all columns (`--full`: in one step)" },
];
const MOST = 1.5;
const MOST_MB = 200;

const { rows, runs } = settings({ rows: 1_000_000, runs: 3 });
const { only = "" } = parseArgs({ options: { only: { type: "string" } }, strict: false }).values;
const makingMs = timeOfMaking();
const found = [];
const missing = [];
for await (const server of warehouses(String(only).split(",").filter(Boolean))) {
  if (server.reason !== undefined) {
    progress(`${server.name}: missing, ${server.reason}`);
    missing.push(server);
    continue;
  }
  progress(`${server.version} (${server.durability})`);
  const measured = new Map(PAIRS.map(({ name }) => [name, { ratios: [], loader: [], hand: [] }]));
  try {
    for (let run = 1; run <= runs; run += 1) await measure(server, measured);
  } finally {
    for (const schema of Object.values(SCHEMAS)) await server.clear(schema);
    await server.stop();
  }
  found.push({ server, measured });
}

report({
  lines: [
    `${rows.toLocaleString("en")} rows of 30 columns and about 1 kB, a primary key; ${changedRows(rows).toLocaleString("en")} rows change from merge to merge. ${runs} runs in turn, by hand first, each phase a process of its own; making the rows, which is part of both, takes ${seconds(makingMs)} alone.`,
    ...found.map(({ server }) => `${server.version}: ${server.durability}.`),
    ...missing.map(({ name, reason }) => `${name} is missing: ${reason}.`),
    "",
    "| server | | loader / by hand: median (least – most) | by hand | loader | peak memory of the loader |",
    "| --- | --- | --- | --- | --- | --- |",
    ...found.flatMap(({ server, measured }) =>
      [...measured].map(([name, { ratios, loader, hand }]) => {
        const range = `${Math.min(...ratios).toFixed(2)} – ${Math.max(...ratios).toFixed(2)}`;
        const walls = [hand, loader].map((list) => seconds(median(list.map(({ ms }) => ms))));
        return `| ${server.version} | ${name} | ${ratio(median(ratios))} (${range}) | ${walls.join(" | ")} | ${megabytes(peak(loader))} |`;
      }),
    ),
  ],
  targets: found.flatMap(({ server, measured }) => [
    ...[...measured].map(([name, { ratios }]) => ({
      name: `${server.version}: ${name}, loader / by hand (median of pairs)`,
      value: median(ratios),
      text: ratio(median(ratios)),
      most: MOST,
    })),
    {
      name: `${server.version}: peak of resident memory of the loader`,
      value: Math.max(...[...measured.values()].map(({ loader }) => peak(loader))),
      text: megabytes(Math.max(...[...measured.values()].map(({ loader }) => peak(loader)))),
      most: MOST_MB,
    },
  ]),
});
if (found.length === 0) process.exitCode = 1;

/** One run: both load an empty table, then merge version after version of the rows. */
async function measure(server, measured) {
  for (const schema of Object.values(SCHEMAS)) await server.clear(schema);
  for (const [version, { phase, against, name }] of PAIRS.entries()) {
    const hand = await compete(server, { script: "by-hand.mjs", schema: SCHEMAS.hand, phase: against, version });
    const loader = await compete(server, { script: "loader.mjs", schema: SCHEMAS.loader, phase, version });
    const into = measured.get(name);
    into.hand.push(hand);
    into.loader.push(loader);
    into.ratios.push(loader.ms / hand.ms);
    progress(
      `${name}: by hand ${seconds(hand.ms)}, loader ${seconds(loader.ms)} = ${ratio(loader.ms / hand.ms)}, CPU ${seconds(hand.cpuMs)} and ${seconds(loader.cpuMs)}, peak ${megabytes(hand.maxRssMb)} and ${megabytes(loader.maxRssMb)}`,
    );
  }
}

async function compete({ type, url, settle }, { script, ...input }) {
  await settle(Object.values(SCHEMAS));
  const run = await runContestant(script, { type, url, rows, ...input });
  const expected =
    input.phase === "load" ? { inserted: rows, updated: 0 } : { inserted: 0, updated: changedRows(rows) };
  const { inserted, updated, deleted = 0 } = run.counts;
  if (inserted !== expected.inserted || updated !== expected.updated || deleted !== 0) {
    throw new Error(`${script} ${input.phase} counted ${JSON.stringify(run.counts)}, not ${JSON.stringify(expected)}`);
  }
  return run;
}

function peak(list) {
  return Math.max(...list.map(({ maxRssMb }) => maxRssMb));
}

function timeOfMaking() {
  const started = performance.now();
  let made = 0;
  for (const batch of userBatches({ rows })) made += batch.length;
  if (made !== rows) throw new Error(`${made} rows were made instead of ${rows}`);
  return performance.now() - started;
}
