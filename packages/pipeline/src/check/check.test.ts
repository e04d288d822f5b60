import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseConfig } from "@tidemark/config";
import { createSimulator, type Simulator, type SimulatorOptions } from "@tidemark/okta-simulator";
import { afterEach, expect, test } from "vitest";

import { run, testConfig } from "../../../../test/support/pipeline.js";
import { freshSchema } from "../../../../test/support/postgres.js";
import { check, exitCodeOfCheck } from "./check.js";
import type { CheckOptions, CheckReport, CsvCheck, OktaCheck, WarehouseCheck } from "./types.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const SMALL: SimulatorOptions = { users: 30, groups: 6, apps: 4 };

async function org(options: SimulatorOptions = SMALL): Promise<Simulator> {
  const sim = await createSimulator(options);
  closing.push(() => sim.close());
  return sim;
}

async function look(yaml: string, options: Partial<CheckOptions> = {}): Promise<CheckReport> {
  const config = await parseConfig(yaml, { file: "tidemark.yaml", folder: process.cwd(), env: options.env ?? {} });
  return check({ config, env: {}, homeDir: "", cwd: "", ...options });
}

function oktaYaml(sim: Pick<Simulator, "url">, credentials: string): string {
  return `connections:\n  acme:\n    type: okta\n    orgUrl: ${sim.url}\n${credentials.replaceAll(/^/gm, "    ")}\npipelines: {}\n`;
}

function okta(report: CheckReport): OktaCheck {
  const found = report.connections.find((one): one is OktaCheck => one.kind === "okta");
  if (!found) throw new Error("no Okta connection was checked");
  return found;
}

function statuses(report: CheckReport): Record<string, string> {
  return Object.fromEntries(okta(report).objects.map(({ object, status }) => [object, status]));
}

test("tells who the token is, where settings came from and what answers, without touching the database", async () => {
  const sim = await org();
  const yaml = oktaYaml(sim, "token: ${env:MY_TOKEN}");
  const report = await look(yaml, { env: { MY_TOKEN: sim.token } });
  const found = okta(report);
  expect(report.ok).toBe(true);
  expect(exitCodeOfCheck(report)).toBe(0);
  expect(found.org).toMatchObject({ url: sim.url });
  expect(found.credentials).toMatchObject({ kind: "token", roles: [expect.stringMatching(/super/i)], scopes: null });
  expect(found.settings["token"]).toMatch(/^tidemark\.yaml:5:\d+ \(\$\{env:MY_TOKEN\}\)$/);
  expect(found.warnings.join()).toContain("30 days");
  expect(found.log).toEqual({ readable: true, reason: null });
  expect(new Set(Object.values(statuses(report)))).toEqual(new Set(["ok"]));
  expect(found.loads).toHaveLength(1);
  expect(found.loads[0]?.pipeline).toBeNull();
  expect(JSON.stringify(report)).not.toContain(sim.token);
  expect(report.requests).toBe(sim.requests.count());
});

test("settings from Okta's own environment names are shown by their names", async () => {
  const sim = await org();
  const yaml = "connections:\n  acme:\n    type: okta\npipelines: {}\n";
  const report = await look(yaml, { env: { OKTA_CLIENT_ORGURL: sim.url, OKTA_CLIENT_TOKEN: sim.token } });
  expect(okta(report).settings).toMatchObject({ orgUrl: "OKTA_CLIENT_ORGURL", token: "OKTA_CLIENT_TOKEN" });
});

test("a wrong token, an address that is no org, and credentials that are missing", async () => {
  const sim = await org();
  const wrong = await look(oktaYaml(sim, "token: 00Qwrongwrongwrongwrongwrongwrongwrongwro"));
  expect(okta(wrong).problems).toMatchObject([
    { code: "OKTA_TOKEN_INVALID", remedy: expect.stringContaining("API token") },
  ]);
  expect(exitCodeOfCheck(wrong)).toBe(1);
  expect(JSON.stringify(wrong)).not.toContain("00Qwrong");
  const missing = await look(
    "connections:\n  acme:\n    type: okta\n    orgUrl: https://acme.okta.com\npipelines: {}\n",
  );
  expect(okta(missing).problems).toMatchObject([{ code: "CONFIG_INVALID", message: expect.stringContaining("token") }]);
  expect(exitCodeOfCheck(missing)).toBe(2);
  await expect(look(oktaYaml(sim, "token: x"), { connection: "nobody" })).rejects.toMatchObject({ code: "USAGE" });
});

test("objects that are denied or not licensed are results, with what would help; named ones set the exit code", async () => {
  const sim = await org();
  sim.faults.add({ kind: "status", status: 403, match: { path: "/api/v1/groups/rules" } });
  sim.faults.add({ kind: "status", code: "E0000015", match: { path: "^/api/v1/apps/[^/]+/groups$" } });
  const preset = testConfig({ sim, databaseUrl: "postgres://x@127.0.0.1:1/x", schema: "x" });
  const report = await look(preset, { connection: "acme" });
  expect(statuses(report)).toMatchObject({ group_rules: "denied", application_groups: "unavailable", users: "ok" });
  const denied = okta(report).objects.find(({ object }) => object === "group_rules");
  expect(denied?.remedy).toMatch(/okta\.groups\.read.*READ_ONLY_ADMIN/);
  expect(report.ok).toBe(true);
  expect(exitCodeOfCheck(report)).toBe(0);
  const named = await look(preset.replace("objects: core", "objects: [users, group_rules]"), { connection: "acme" });
  expect(Object.keys(statuses(named))).toEqual(["users", "group_rules"]);
  expect(exitCodeOfCheck(named)).toBe(3);
});

test("children of a denied parent are not asked for", async () => {
  const sim = await org();
  sim.faults.add({ kind: "status", status: 403, match: { path: "/api/v1/apps" } });
  const report = await look(oktaYaml(sim, `token: ${sim.token}`));
  expect(statuses(report)).toMatchObject({ applications: "denied", application_users: "unchecked", groups: "ok" });
  expect(okta(report).loads[0]?.objects.find(({ object }) => object === "application_users")).toMatchObject({
    rows: null,
    first: { requests: 0 },
  });
});

test("a service app shows its scopes, and without okta.logs.read the idle run is estimated as the listing that it is", async () => {
  const scopes = ["okta.users.read", "okta.groups.read", "okta.apps.read", "okta.schemas.read", "okta.userTypes.read"];
  const sim = await org({ ...SMALL, scopes });
  const { target, yaml } = await withWarehouse(sim, scopes);
  const report = await look(yaml, { connection: "acme" });
  const found = okta(report);
  expect(found.credentials).toMatchObject({ kind: "app", ownerId: sim.clientId, scopes: [...scopes].toSorted() });
  expect(found.log?.readable).toBe(false);
  expect(found.warnings.join()).toContain("okta.logs.read");
  const first = await run(yaml);
  const idle = await run(yaml);
  await target.drop();
  expect(found.loads[0]).toMatchObject({ first: { requests: first.requests }, idle: { requests: idle.requests } });
});

async function withWarehouse(
  sim: Simulator,
  scopes: readonly string[],
): Promise<{ target: Awaited<ReturnType<typeof freshSchema>>; yaml: string }> {
  const target = await freshSchema();
  const yaml = testConfig({ sim, databaseUrl: target.url, schema: target.schema }).replace(
    `token: ${sim.token}`,
    `clientId: ${sim.clientId}\n    scopes: [${scopes.join(", ")}]\n    privateKey: ${JSON.stringify(sim.privateKeyPem)}`,
  );
  return { target, yaml };
}

test("a row filter of the pipeline counts only what it selects", async () => {
  const sim = await org({ ...SMALL, users: 900 });
  const pipeline = "objects:\n  users: { filter: { status: [DEPROVISIONED] } }";
  const report = await look(testConfig({ sim, databaseUrl: "postgres://x@127.0.0.1:1/x", schema: "x", pipeline }), {
    connection: "acme",
  });
  const users = okta(report).loads[0]?.objects.find(({ object }) => object === "users");
  const truth = sim.org.truth("users");
  const deprovisioned = [...truth].filter((user) => user["status"] === "DEPROVISIONED").length;
  expect(users).toMatchObject({ rows: deprovisioned, exact: true });
});

test("of many users a few pages and a few users are asked for, and the cost is that of all", async () => {
  const users = 8_000;
  const sim = await org({ ...SMALL, users });
  const pipeline = "objects: [users, enrolled_factors, user_risk]";
  const yaml = testConfig({ sim, databaseUrl: "postgres://x@127.0.0.1:1/x", schema: "x", pipeline });
  const report = await look(yaml, { connection: "acme" });
  expect(report.requests).toBeLessThan(100);
  const cost = Object.fromEntries((okta(report).loads[0]?.objects ?? []).map((one) => [one.object, one]));
  expect(cost["users"]).toMatchObject({ rows: users, exact: true, first: { requests: users / 200 } });
  expect(cost["user_risk"]?.first.requests).toBe(users);
  expect(cost["enrolled_factors"]).toMatchObject({ exact: false, first: { requests: users }, idle: { requests: 0 } });
});

test("a warehouse shows its version, rights and the org that it holds; one that does not answer is a problem", async () => {
  const sim = await org();
  const target = await freshSchema();
  closing.push(() => target.drop());
  const yaml = testConfig({ sim, databaseUrl: target.url, schema: target.schema });
  const warehouse = async (text: string): Promise<WarehouseCheck> =>
    (await look(text, { connection: "warehouse" })).connections[0] as WarehouseCheck;
  const before = await warehouse(yaml);
  expect(before).toMatchObject({
    ok: true,
    boundOrg: null,
    server: { version: expect.stringContaining("PostgreSQL"), schemaExists: false, readOnly: false },
  });
  expect(
    await target.query(`select 1 from information_schema.schemata where schema_name = '${target.schema}'`),
  ).toEqual([]);
  await run(yaml);
  expect(await warehouse(yaml)).toMatchObject({ ok: true, boundOrg: { url: sim.url }, server: { schemaExists: true } });
  const dead = await warehouse(yaml.replace(/url: postgres.*/, "url: postgres://nobody:hidden@127.0.0.1:1/none"));
  expect(dead).toMatchObject({ ok: false, server: null, problems: [{ code: "WAREHOUSE_UNREACHABLE" }] });
  expect(JSON.stringify(dead)).not.toContain("hidden");
  const readOnly = await warehouse(
    yaml.replace(
      target.url,
      `${target.url}${target.url.includes("?") ? "&" : "?"}options=-c%20default_transaction_read_only%3Don`,
    ),
  );
  expect(readOnly).toMatchObject({ ok: false, problems: [{ code: "WAREHOUSE_READ_ONLY" }] });
});

test("a csv folder is writable when it, or the nearest folder that is there, is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-check-"));
  closing.push(() => rm(folder, { recursive: true }));
  const yaml = (dir: string): string => `connections:\n  files:\n    type: csv\n    dir: ${dir}\npipelines: {}\n`;
  const csv = async (dir: string): Promise<CsvCheck> => (await look(yaml(dir))).connections[0] as CsvCheck;
  expect(await csv(join(folder, "not", "yet"))).toMatchObject({ ok: true, writable: true });
  expect(await csv("/dev/null/export")).toMatchObject({
    ok: false,
    writable: false,
    problems: [{ code: "CONFIG_INVALID" }],
  });
  if (process.getuid?.() === 0) return;
  await chmod(folder, 0o500);
  expect(await csv(folder)).toMatchObject({ ok: false });
});
