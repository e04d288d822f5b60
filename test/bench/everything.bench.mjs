// Every object of the catalog: a first load, a run in which nothing changed, and one with six changes, on 100,000 users.
// What costs a request a user (`per-user`) is loaded for fewer (`--per-user-users`): its idle cost does not depend on them.
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

const { users, "per-user-users": few, runs } = settings({ users: 100_000, "per-user-users": 2_000, runs: 3 });
const postgres = await startPostgres();
const large = await measure({ users, schema: "tide", objects: "[core, config, log]" });
const whole = await measure({ users: few, schema: "tide_all", objects: "all" });
await postgres.stop();

report({
  lines: [large, whole].map(
    ({ users: count, objects, load, idle }) =>
      `${count.toLocaleString("en")} users, ${objects} objects: first load ${load.report.requests.toLocaleString("en")} requests in ${seconds(load.wallMs)}, peak of resident memory ${megabytes(load.peakRssMb)}; ${runs} idle runs of ${idle.map(({ report: { requests } }) => requests).join(", ")} requests, median ${seconds(median(idle.map(({ wallMs }) => wallMs)))}.`,
  ),
  targets: [large, whole].flatMap(({ users: count, idle, changed }) => [
    {
      name: `requests of an idle run of everything, ${count.toLocaleString("en")} users (the most)`,
      value: Math.max(...idle.map(({ report: { requests } }) => requests)),
      text: String(Math.max(...idle.map(({ report: { requests } }) => requests))),
      most: 39,
    },
    {
      name: `requests after six changes, ${count.toLocaleString("en")} users`,
      value: changed.report.requests,
      text: String(changed.report.requests),
      most: 79,
    },
  ]),
});

async function measure({ users: count, schema, objects }) {
  const simulator = await startSimulator({ users: count });
  const config = await configFolder({ simulator, databaseUrl: postgres.url, schema, objects });
  // Of a group that gives applications, more would end than the group.
  const doomed = (await simulator.control("POST", "org/createGroup", { args: [{ name: "Doomed" }] })).id;
  const load = await runReplicate(config);
  progress(`${objects}, ${count} users: first load ${seconds(load.wallMs)}, ${load.report.requests} requests`);
  // What the load itself made due once more (lists lag) belongs to the load.
  await runReplicate(config);
  const idle = [];
  for (let run = 1; run <= runs; run += 1) {
    const ran = await runReplicate(config);
    const moved = ran.report.objects.filter(({ inserted, updated, deleted }) => inserted + updated + deleted > 0);
    if (moved.length > 0) throw new Error(`nothing was to change, but ${JSON.stringify(moved)}`);
    progress(`idle run: ${seconds(ran.wallMs)}, ${ran.report.requests} requests`);
    idle.push(ran);
  }
  await change(simulator, doomed);
  const changed = await runReplicate(config);
  progress(`six changes: ${changed.report.requests} requests`);
  await Promise.all([simulator.stop(), config.remove()]);
  return { users: count, objects: load.report.objects.length, load, idle, changed };
}

/** One user, one membership in Everyone and a group, one assignment, one policy rule, one zone; one group ends. */
async function change(simulator, doomed) {
  const call = (method, args) => simulator.control("POST", `org/${method}`, { args });
  const [user, group, app] = await Promise.all([call("userId", [5]), call("groupId", [1]), call("appId", [0])]);
  await call("updateUser", [user, { firstName: "Renamed" }]);
  await call("addMember", [group, user]).catch(() => call("removeMember", [group, user]));
  await call("assignUser", [app, user]).catch(() => undefined);
  const policy = (await call("create", ["policies", { type: "OKTA_SIGN_ON", name: "New", conditions: {} }])).id;
  await call("create", [
    "policy_rules",
    { type: "SIGN_ON", name: "Rule", actions: { signon: { access: "ALLOW" } }, conditions: {} },
    { policyId: policy },
  ]);
  await call("create", [
    "network_zones",
    { type: "IP", name: "Office", gateways: [{ type: "CIDR", value: "192.0.2.0/24" }] },
  ]);
  await call("deleteGroup", [doomed]);
}
