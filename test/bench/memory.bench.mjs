// Peak of resident memory of `tidemark replicate` on 1,000,000 users, as the kernel counted it (VmHWM).
import {
  configFolder,
  megabytes,
  progress,
  report,
  runReplicate,
  seconds,
  settings,
  startPostgres,
  startSimulator,
} from "./support/bench.mjs";

const { users, core } = settings({ users: 1_000_000, core: 0 });
const [simulator, postgres] = await Promise.all([
  startSimulator({ users, ...(core ? {} : { groups: 5, apps: 3 }) }),
  startPostgres(),
]);
const config = await configFolder({
  simulator,
  databaseUrl: postgres.url,
  schema: "tide",
  objects: core ? "core" : "[users]",
});

const runs = [];
for (const [name, more] of [
  ["first load", []],
  ["reconcile", ["--reconcile"]],
]) {
  const run = await runReplicate(config, more);
  const read = run.report.objects.find(({ object }) => object === "users").read;
  if (read !== users) throw new Error(`${name} read ${read} of ${users} users`);
  progress(`${name}: ${seconds(run.wallMs)}, peak ${megabytes(run.peakRssMb)}`);
  runs.push({ name, ...run });
}

report({
  lines: [
    `${users.toLocaleString("en")} users${core ? " and the other core objects" : ""}, ${postgres.version}; the command as a process of its own.`,
    "",
    "| | wall | peak resident memory |",
    "| --- | --- | --- |",
    ...runs.map((run) => `| ${run.name} | ${seconds(run.wallMs)} | ${megabytes(run.peakRssMb)} |`),
  ],
  targets: runs.map((run) => ({
    name: `peak resident memory, ${run.name}`,
    value: run.peakRssMb,
    text: megabytes(run.peakRssMb),
    most: 256,
  })),
});
await Promise.all([simulator.stop(), postgres.stop(), config.remove()]);
