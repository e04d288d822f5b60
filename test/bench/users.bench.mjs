// 100,000 users with 15 custom attributes into PostgreSQL: Tidemark against the bare floor and the obvious script.
import { openWarehouse } from "@tidemark/warehouse";

import {
  clearSchemas,
  configFolder,
  median,
  megabytes,
  progress,
  query,
  ratio,
  report,
  runContestant,
  runReplicate,
  seconds,
  settings,
  startPostgres,
  startSimulator,
} from "./support/bench.mjs";

const { users, runs, "script-runs": scriptRuns } = settings({ users: 100_000, runs: 5, "script-runs": 2 });
const [simulator, postgres] = await Promise.all([startSimulator({ users, groups: 5, apps: 3 }), startPostgres()]);
const target = { url: simulator.url, token: simulator.token, databaseUrl: postgres.url };
const config = await configFolder({ simulator, databaseUrl: postgres.url, schema: "tide", objects: "[users]" });

// The columns that everybody fills are those that Tidemark made of the org's schema.
await clearSchemas(postgres.url, ["tide"]);
await runReplicate(config);
const columns = await columnsOf("tide");

const times = { floor: [], tidemark: [], script: [] };
const pairs = { floor: [], script: [] };
for (let run = 1; run <= runs; run += 1) {
  const floor = await compete("floor");
  const tidemark = await compete("tidemark");
  pairs.floor.push(tidemark / floor);
  if (run <= scriptRuns) pairs.script.push((await compete("script")) / tidemark);
}

report({
  lines: [
    `${users.toLocaleString("en")} users, ${columns.length} columns, ${postgres.version}; medians of ${runs} runs (script: ${scriptRuns}) in turn; each a process of its own, from its start to its end.`,
    "",
    "| | wall | CPU of the process |",
    "| --- | --- | --- |",
    ...[
      ["bare floor", times.floor],
      ["tidemark", times.tidemark],
      ["obvious script", times.script],
    ].map(
      ([name, list]) =>
        `| ${name} | ${seconds(median(list.map(({ wallMs }) => wallMs)))} | ${seconds(median(list.map(({ cpuMs }) => cpuMs)))} |`,
    ),
  ],
  targets: [
    {
      name: "tidemark / floor (median of pairs)",
      value: median(pairs.floor),
      text: ratio(median(pairs.floor)),
      most: 1.5,
    },
    {
      name: "script / tidemark (median of pairs)",
      value: median(pairs.script),
      text: ratio(median(pairs.script)),
      least: 3,
    },
  ],
});
await Promise.all([simulator.stop(), postgres.stop(), config.remove()]);

/** Runs one of them on an empty schema; resolves to its wall time from the start of the process to its end. */
async function compete(name) {
  const schema = { floor: "floor", tidemark: "tide", script: "script" }[name];
  await clearSchemas(postgres.url, [schema]);
  const run =
    name === "tidemark"
      ? await runReplicate(config)
      : await runContestant(`${name}.mjs`, { ...target, schema, columns });
  const rows = run.report?.objects.find(({ object }) => object === "users").inserted ?? run.rows;
  if (rows !== users) throw new Error(`${name} stored ${rows} of ${users} users`);
  times[name].push(run);
  progress(`${name}: ${seconds(run.wallMs)}, CPU ${seconds(run.cpuMs)}, peak ${megabytes(run.peakRssMb)}`);
  return run.wallMs;
}

async function columnsOf(schema) {
  const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
  const warehouse = await openWarehouse({ type: "postgres", url: postgres.url, schema }, { clock, logger: silent });
  const [table] = (await warehouse.readRegistry("users")).filter(({ name }) => name === "users");
  await warehouse.close();
  const types = new Map(
    (
      await query(
        postgres.url,
        `select attname, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = '${schema}.users'::regclass and attnum > 0`,
      )
    ).map(({ attname, type }) => [attname, type]),
  );
  return table.columns
    .filter(({ path }) => !path[0].startsWith("{"))
    .map(({ name, path }) => ({ name, path, type: types.get(name) }));
}
