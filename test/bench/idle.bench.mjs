// An incremental run on 100,000 users after which nothing changed, but 1,000,000 sign-ins were logged.
import {
  configFolder,
  median,
  megabytes,
  progress,
  report,
  runReplicate,
  seconds,
  settings,
  startPostgres,
  startSimulator,
} from "./support/bench.mjs";

const DAY_MS = 86_400_000;
const { users, "sign-ins": signIns, runs } = settings({ users: 100_000, "sign-ins": 1_000_000, runs: 5 });
const [simulator, postgres] = await Promise.all([startSimulator({ users }), startPostgres()]);
const config = await configFolder({ simulator, databaseUrl: postgres.url, schema: "tide" });

const load = await runReplicate(config);
progress(
  `first load of core: ${seconds(load.wallMs)}, ${load.report.requests} requests, peak ${megabytes(load.peakRssMb)}`,
);
// What the load itself made due once more (lists lag) belongs to the load.
const settling = await runReplicate(config);
progress(`run after it: ${seconds(settling.wallMs)}, ${settling.report.requests} requests`);

const idle = [];
for (let run = 1; run <= runs; run += 1) {
  // In the log's order these come behind everything that was read, as sign-ins of the last day that arrive now.
  await simulator.control("POST", "org/signIns", { args: [signIns, DAY_MS] });
  const ran = await runReplicate(config);
  const moved = ran.report.objects.filter(({ inserted, updated, deleted }) => inserted + updated + deleted > 0);
  if (moved.length > 0) throw new Error(`nothing was to change, but ${JSON.stringify(moved)}`);
  progress(`idle run: ${seconds(ran.wallMs)}, ${ran.report.requests} requests`);
  idle.push(ran);
}

const wall = median(idle.map(({ wallMs }) => wallMs));
const requests = Math.max(...idle.map(({ report: { requests } }) => requests));
report({
  lines: [
    `${users.toLocaleString("en")} users and the core objects (${load.report.objects.map(({ object, read }) => `${object} ${read}`).join(", ")}); before each of ${runs} runs ${signIns.toLocaleString("en")} sign-ins are logged. The command as a process of its own, start-up included; its CPU time ${seconds(median(idle.map(({ cpuMs }) => cpuMs)))}, fastest ${seconds(Math.min(...idle.map(({ wallMs }) => wallMs)))}. The first load: ${load.report.requests} requests, ${seconds(load.wallMs)}, peak of resident memory ${megabytes(load.peakRssMb)}.`,
  ],
  targets: [
    { name: "requests of an idle run (the most)", value: requests, text: String(requests), most: 19 },
    { name: "wall time of an idle run (median)", value: wall / 1000, text: seconds(wall), most: 3 },
  ],
});
await Promise.all([simulator.stop(), postgres.stop(), config.remove()]);
