// A first load under Okta's default limits, against the shortest time that row counts, page maxima and limits allow.
// `--real=1` runs it on the machine's clock, with the simulated org in a process of its own.
import { subscribe, unsubscribe } from "node:diagnostics_channel";

import { parseConfig } from "@tidemark/config";
import { createSimulator } from "@tidemark/okta-simulator";
import { replicate } from "@tidemark/pipeline";

import {
  clearSchemas,
  configFolder,
  progress,
  ratio,
  report,
  runReplicate,
  seconds,
  settings,
  startPostgres,
  startSimulator,
} from "./support/bench.mjs";
import { EventClock } from "./support/virtual-clock.mjs";

const LATENCY_MS = 250;
const WINDOW_MS = 60_000;
const SHARE = 0.5;
/** Requests a minute (Okta docs, May 2025), of the buckets that the load needs. */
const LIMITS = {
  workforce: { users: 600, groups: 500, apps: 100 },
  enterprise: { users: 600, groups: 600, apps: 100 },
};
/** Rows a page at most (Okta docs and specification; groups as Okta advises). */
const PAGES = {
  users: 200,
  groups: 200,
  group_rules: 200,
  group_members: 1000,
  applications: 200,
  application_users: 500,
  application_groups: 200,
};

const { users, groups, apps, real } = settings({ users: 5000, groups: 300, apps: 60, real: 0 });
const postgres = await startPostgres();
const found = [];
for (const plan of Object.keys(LIMITS)) {
  await clearSchemas(postgres.url, ["tide"]);
  const options = { users, groups, apps, latencyMs: LATENCY_MS, rateLimits: "okta", plan };
  const load = real ? await loadInRealTime(options) : await loadInVirtualTime(options);
  const ideal = idealOf(load.truth, LIMITS[plan]);
  progress(
    `${plan}: ${seconds(load.ms)}, ideal ${seconds(ideal.ms)}, ${load.requests} requests, ${load.refused} refused`,
  );
  found.push({ plan, load, ideal });
}

report({
  lines: [
    `${users.toLocaleString("en")} users, ${groups} groups, ${apps} applications with members and assignments; latency ${LATENCY_MS} ms, share ${SHARE}; ${real ? "the machine's clock" : "one virtual clock for both sides"}.`,
    "",
    "| plan | load | ideal | ideal by bucket: requests, a window, time | requests made | 429 |",
    "| --- | --- | --- | --- | --- | --- |",
    ...found.map(({ plan, load, ideal }) => {
      const buckets = ideal.buckets.map(
        (bucket) => `${bucket.name} ${bucket.requests}, ${bucket.capacity}, ${seconds(bucket.ms)}`,
      );
      return `| ${plan} | ${seconds(load.ms)} | ${seconds(ideal.ms)} | ${buckets.join("; ")} | ${load.requests} | ${load.refused} |`;
    }),
  ],
  targets: found.flatMap(({ plan, load, ideal }) => [
    { name: `${plan}: load / ideal`, value: load.ms / ideal.ms, text: ratio(load.ms / ideal.ms), most: 1.1 },
    { name: `${plan}: answers 429`, value: load.refused, text: String(load.refused), most: 0 },
  ]),
});
await postgres.stop();

/**
 * The ideal: each list takes ceil(rows / page maximum) requests, and one when it is empty, except where the parent's own
 * listing tells (members of groups). A bucket lets share × limit through in any 60 s, so its n-th request starts
 * floor((n - 1) / (share × limit)) minutes after its first. A page is asked for when the one before is there.
 */
function idealOf(truth, limits) {
  const pages = (object, rows) => Math.max(1, Math.ceil(rows / PAGES[object]));
  const children = (object, atLeast) => truth[object].map((rows) => (rows === 0 ? atLeast : pages(object, rows)));
  const members = children("group_members", 0);
  const assignments = children("application_users", 1);
  const requests = {
    users: pages("users", truth.users),
    groups: pages("groups", truth.groups) + pages("group_rules", truth.group_rules) + sum(members),
    apps: pages("applications", truth.applications) + sum(assignments) + sum(children("application_groups", 1)),
  };
  const buckets = Object.entries(requests).map(([name, count]) => {
    const capacity = Math.floor(SHARE * limits[name]);
    return { name, requests: count, capacity, ms: Math.floor((count - 1) / capacity) * WINDOW_MS + LATENCY_MS };
  });
  const chains = [
    requests.users,
    pages("groups", truth.groups) + Math.max(...members),
    pages("applications", truth.applications) + Math.max(...assignments),
  ];
  return { buckets, ms: Math.max(...buckets.map(({ ms }) => ms), ...chains.map((length) => length * LATENCY_MS)) };
}

async function loadInVirtualTime(options) {
  const clock = new EventClock();
  const simulator = await createSimulator({ ...options, clock });
  const truth = countTruth((object) => simulator.org.truth(object));
  let refused = 0;
  const count = ({ response }) => (refused += response.statusCode === 429 ? 1 : 0);
  subscribe("http.server.response.finish", count);
  const yaml = `connections:
  org: { type: okta, orgUrl: "${simulator.url}", token: "${simulator.token}", rateLimit: { share: ${SHARE} } }
  warehouse: { type: postgres, url: "${postgres.url}", schema: tide }
pipelines:
  bench: { source: org, destination: warehouse, objects: core }
`;
  const config = await parseConfig(yaml, { file: "tidemark.yaml", folder: process.cwd(), env: {} });
  const started = clock.now();
  const driving = clock.run();
  const run = await replicate({ config, pipeline: "bench", env: {}, clock }).finally(() => clock.stop());
  await driving;
  const ms = clock.now() - started;
  await simulator.close();
  unsubscribe("http.server.response.finish", count);
  if (run.status !== "succeeded") throw new Error(JSON.stringify(run));
  return { ms, truth, requests: run.requests, refused };
}

async function loadInRealTime(options) {
  const simulator = await startSimulator(options);
  const config = await configFolder({ simulator, databaseUrl: postgres.url, schema: "tide" });
  const { report: run } = await runReplicate(config);
  const ms = Date.parse(run.finishedAt) - Date.parse(run.startedAt);
  const truth = {};
  for (const object of [
    "users",
    "groups",
    "group_rules",
    "applications",
    "group_members",
    "application_users",
    "application_groups",
  ]) {
    const lines = await (await fetch(`${simulator.url}/_simulator/truth/${object}`)).text();
    truth[object] = lines
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
  const [statuses] = await Promise.all([simulator.stop(), config.remove()]);
  return { ms, truth: countTruth((object) => truth[object]), requests: run.requests, refused: statuses[429] ?? 0 };
}

/** Rows by object; of children a list of the rows under each parent. */
function countTruth(rowsOf) {
  const total = (object) => [...rowsOf(object)].length;
  const under = (object, column, parents) => {
    const counts = new Map([...rowsOf(parents)].map(({ id }) => [id, 0]));
    for (const row of rowsOf(object)) counts.set(row[column], (counts.get(row[column]) ?? 0) + 1);
    return [...counts.values()];
  };
  return {
    users: total("users"),
    groups: total("groups"),
    group_rules: total("group_rules"),
    applications: total("applications"),
    group_members: under("group_members", "groupId", "groups"),
    application_users: under("application_users", "applicationId", "applications"),
    application_groups: under("application_groups", "applicationId", "applications"),
  };
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
