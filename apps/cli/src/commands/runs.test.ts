import { once } from "node:events";
import { createSimulator, type Simulator } from "@tidemark/okta-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { configFolder, runCli, spawnCli } from "../../../../test/support/cli.js";
import { freshSchema, type FreshSchema } from "../../../../test/support/postgres.js";

let simulator: Simulator;
let place: FreshSchema;

beforeAll(async () => {
  simulator = await createSimulator({ users: 200, rateLimits: "off" });
  place = await freshSchema();
});

afterAll(async () => {
  await simulator.close();
  await place.drop();
});

function config(
  changes: { readonly token?: string; readonly orgUrl?: string; readonly url?: string; readonly more?: string } = {},
): Promise<string> {
  return configFolder(`connections:
  acme: { type: okta, orgUrl: "${changes.orgUrl ?? simulator.url}", token: ${changes.token ?? "'${env:OKTA_TOKEN}'"} }
  warehouse: { type: postgres, url: "${changes.url ?? place.url}", schema: ${place.schema} }
pipelines:
  nightly: { source: acme, destination: warehouse, objects: [users, groups, group_members]${changes.more ?? ""} }
`);
}

const env = (): Record<string, string> => ({ OKTA_TOKEN: simulator.token });

describe.sequential("replicate, status and uninstall", () => {
  test("the first run exits with 0 and gives the documented document", async () => {
    const cwd = await config();
    const { code, stdout, stderr } = await runCli(["replicate", "nightly", "--json"], { cwd, env: env() });
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect({ code, report }).toMatchObject({
      code: 0,
      report: {
        pipeline: "nightly",
        run: expect.any(String),
        status: "succeeded",
        startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        finishedAt: expect.stringMatching(/Z$/),
        requests: expect.any(Number),
        objects: expect.arrayContaining([
          expect.objectContaining({
            object: "users",
            mode: "full",
            status: "succeeded",
            read: 200,
            inserted: 200,
            updated: 0,
            unchanged: 0,
            deleted: 0,
          }),
        ]),
      },
    });
    expect(stderr).toContain("✓ users (full): 200 read");
    expect(await place.query("select count(*)::int as n from users")).toEqual([{ n: 200 }]);
  });

  test("without --json the summary is a table and a closing line", async () => {
    const { code, stdout } = await runCli(["replicate", "nightly"], { cwd: await config(), env: env() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^OBJECT +MODE +STATUS +READ +INSERTED +UPDATED +DELETED +REQUESTS +WAITED$/m);
    expect(stdout).toMatch(/^nightly: succeeded in [\d.]+s, \d+ requests?, complete as of /m);
  });

  test("objects are reported in the catalog's order, and a schedule is said not to be kept", async () => {
    const cwd = await config({ more: ", schedule: { every: 15m }" });
    const { stdout } = await runCli(["replicate", "nightly", "--json"], { cwd, env: env() });
    const report = JSON.parse(stdout) as { objects: { object: string }[]; warnings: string[] };
    expect(report.objects.map(({ object }) => object)).toEqual(["users", "groups", "group_members"]);
    expect(report.warnings).toEqual([expect.stringContaining("nothing runs by itself")]);
  });

  test("status tells rows and age, and --max-age decides the exit code", async () => {
    const cwd = await config();
    const fresh = await runCli(["status", "nightly", "--max-age", "1h"], { cwd, env: env() });
    expect(fresh).toMatchObject({ code: 0, stdout: expect.stringMatching(/^users +succeeded +200 /m) });
    const old = await runCli(["status", "--max-age", "1ms", "--json"], { cwd, env: env() });
    expect(old.code).toBe(1);
    expect(JSON.parse(old.stdout)).toMatchObject({
      pipelines: [{ pipeline: "nightly", stale: expect.arrayContaining(["users"]) }],
    });
  });

  test("mapping shows custom attributes once the pipeline has run", async () => {
    const { code, stdout } = await runCli(["mapping", "nightly"], { cwd: await config(), env: env() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^users +profile\.firstName +users +profile_first_name +text$/m);
    expect(stdout.split("\n").filter((line) => /^users +profile\./.test(line)).length).toBeGreaterThan(40);
  });

  test("check finds both ends usable and estimates the cost", async () => {
    const { code, stdout } = await runCli(["check"], { cwd: await config(), env: env() });
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^acme \(okta\): ok$/m);
    expect(stdout).toMatch(/^warehouse \(postgres\): ok$/m);
    expect(stdout).toMatch(/^ +OBJECT +ANSWER +ROWS +FIRST LOAD +IDLE$/m);
    expect(stdout).toMatch(/^ +users +ok +\d+ +1 +1$/m);
    expect(stdout).toMatch(/token from tidemark\.yaml:2:\d+ \(\$\{env:OKTA_TOKEN\}\)/);
    expect(stdout).toMatch(
      /Pipeline nightly: first load about \d+ requests, .*; a run after which nothing changed about \d+ requests/,
    );
    expect(stdout).not.toContain(simulator.token);
  });

  test("uninstall removes bookkeeping, and tables only when asked", async () => {
    const cwd = await config();
    expect(await runCli(["uninstall", "nightly"], { cwd, env: env() })).toMatchObject({ code: 0 });
    expect(await tables()).toEqual(expect.arrayContaining(["users", "groups", "group_members"]));
    expect((await tables()).filter((name) => name.startsWith("_tidemark"))).toEqual([]);
  });
});

async function tables(): Promise<string[]> {
  const rows = await place.query<{ name: string }>("select tablename as name from pg_tables where schemaname = $1", [
    place.schema,
  ]);
  return rows.map(({ name }) => name);
}

describe("what goes wrong has its exit code and a remedy", () => {
  test("a wrong token: 1, naming it; and the token is not shown", async () => {
    const cwd = await config({ token: "00wrong-token-value" });
    const { code, stdout, stderr } = await runCli(["replicate", "nightly", "--json"], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "failed", error: { code: "OKTA_TOKEN_INVALID" } });
    expect(stdout + stderr).not.toContain("00wrong-token-value");
  });

  test("a database that does not answer: 1, and stdout holds the document alone", async () => {
    const cwd = await config({ url: "postgres://u:pw-value@127.0.0.1:9/none" });
    const { code, stdout, stderr } = await spawnCli(["replicate", "nightly", "--json"], { cwd, env: env() }).result;
    expect({ code, report: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      report: { status: "failed", error: { code: "WAREHOUSE_UNREACHABLE" } },
    });
    expect(stdout + stderr).not.toContain("pw-value");
  });

  test("an object that the pipeline does not have: 2", async () => {
    const { code, stderr } = await runCli(["replicate", "nightly", "--objects", "usres"], {
      cwd: await config(),
      env: env(),
    });
    expect(code).toBe(2);
    expect(stderr).toContain("users");
  });
});

test("Ctrl-C stops with 130, and the next run carries on", async () => {
  const slow = await createSimulator({ users: 3_000, latencyMs: 150, rateLimits: "off" });
  const schema = await freshSchema();
  try {
    const cwd = await configFolder(`connections:
  acme: { type: okta, orgUrl: "${slow.url}", token: "${slow.token}" }
  warehouse: { type: postgres, url: "${schema.url}", schema: ${schema.schema} }
pipelines:
  nightly: { source: acme, destination: warehouse, objects: [users, groups, group_members] }
`);
    const { child, result } = spawnCli(["replicate", "nightly", "--json"], { cwd });
    await waitFor(() => slow.requests.count() > 8);
    child.kill("SIGINT");
    const interrupted = await result;
    expect(interrupted).toMatchObject({ code: 130 });
    expect(JSON.parse(interrupted.stdout)).toMatchObject({ status: "interrupted" });
    const again = await runCli(["replicate", "nightly"], { cwd });
    expect(again, again.stdout).toMatchObject({ code: 0 });
    expect(await schema.query("select count(*)::int as n from users")).toEqual([{ n: 3_000 }]);
  } finally {
    await slow.close();
    await schema.drop();
  }
});

test("simulate says where it listens, answers, and stops on a signal", async () => {
  const { child, result } = spawnCli(["simulate", "--users", "20", "--seed", "7"]);
  const [chunk] = (await once(child.stdout ?? child, "data")) as [Buffer];
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(chunk.toString())?.[0] ?? "";
  const token = /API token: (\S+)/.exec(chunk.toString())?.[1] ?? "";
  const response = await fetch(`${url}/api/v1/users?limit=5`, {
    headers: { authorization: `SSWS ${token}`, accept: "application/json" },
  });
  expect(((await response.json()) as unknown[]).length).toBe(5);
  child.kill("SIGTERM");
  expect(await result).toMatchObject({ code: 0 });
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
