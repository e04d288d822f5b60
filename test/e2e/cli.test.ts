import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { createSimulator, type Simulator } from "@tidemark/okta-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type CliResult, configFolder, spawnCli } from "../support/cli.js";
import { testConfig } from "../support/pipeline.js";
import { freshSchema, type FreshSchema } from "../support/postgres.js";

const BIN = join(import.meta.dirname, "../../apps/cli/bin/tidemark.js");

let sim: Simulator;
let place: FreshSchema;
let cwd: string;

beforeAll(async () => {
  sim = await createSimulator({ users: 50, groups: 5, apps: 3, customAttributes: 3 });
  place = await freshSchema();
  cwd = await configFolder(testConfig({ sim, databaseUrl: place.url, schema: place.schema }));
});
afterAll(async () => {
  await sim.close();
  await place.drop();
});

/** The real command in a process of its own. */
function tidemark(...argv: string[]): Promise<CliResult> {
  return spawnCli(argv, { cwd }).result;
}

/** What stdout holds, which must be one JSON document and nothing else. */
function documentOf({ stdout }: CliResult): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function tables(): Promise<string[]> {
  const rows = await place.query<{ name: string }>("select tablename as name from pg_tables where schemaname = $1", [
    place.schema,
  ]);
  return rows.map(({ name }) => name).toSorted();
}

test("--help is there within 200 ms of what node itself takes", () => {
  const fastest = (...args: string[]): number => {
    const times = Array.from({ length: 9 }, () => {
      const begin = performance.now();
      execFileSync(process.execPath, args, { stdio: "ignore" });
      return performance.now() - begin;
    });
    return Math.min(...times);
  };
  const [bare, help] = [fastest("-e", "0"), fastest(BIN, "--help")];
  // On a loaded machine both take longer by the same factor; bare node takes about 40 ms on an idle one.
  expect(help - bare).toBeLessThan(200 * Math.max(1, bare / 100));
});

describe.sequential("the life of a pipeline", () => {
  test("--json before anything ran: one document each, and the documented exit codes", async () => {
    const check = await tidemark("check", "--json");
    expect({ code: check.code, document: documentOf(check) }).toMatchObject({ code: 0, document: { ok: true } });
    const status = await tidemark("status", "--max-age", "26h", "--json");
    expect({ code: status.code, document: documentOf(status) }).toMatchObject({
      code: 1,
      document: { pipelines: [{ pipeline: "nightly", neverRan: true }] },
    });
    expect(await tables()).toEqual([]);
  });

  test("a dry run tells what a run would do, and leaves no rows", async () => {
    const rehearsed = await tidemark("replicate", "nightly", "--dry-run", "--json");
    expect(documentOf(rehearsed)).toMatchObject({ status: "succeeded", dryRun: true });
    expect((await tables()).filter((name) => !name.startsWith("_tidemark"))).toEqual([]);
  });

  test("a run: 0, and its document has every documented field", async () => {
    const run = await tidemark("replicate", "nightly", "--json");
    const document = documentOf(run);
    expect({ code: run.code, status: document["status"] }).toEqual({ code: 0, status: "succeeded" });
    expect(Object.keys(document)).toEqual(
      expect.arrayContaining(["pipeline", "run", "status", "startedAt", "finishedAt", "requests", "objects"]),
    );
    const fields = [
      "object",
      "mode",
      "status",
      "read",
      "inserted",
      "updated",
      "unchanged",
      "deleted",
      "requests",
      "throttledMs",
      "watermark",
    ];
    for (const line of document["objects"] as object[])
      expect(Object.keys(line)).toEqual(expect.arrayContaining(fields));
    expect(await place.query("select count(*)::int as n from users")).toEqual([{ n: 50 }]);
  });

  test("status: young enough is 0, too old is 1, a wrong age is 2", async () => {
    expect(await tidemark("status", "nightly", "--max-age", "26h")).toMatchObject({ code: 0 });
    const old = await tidemark("status", "--max-age", "1ms", "--json");
    expect(old.code).toBe(1);
    expect(documentOf(old)).toMatchObject({ pipelines: [{ stale: expect.arrayContaining(["users"]) }] });
    expect(await tidemark("status", "--max-age", "soon")).toMatchObject({ code: 2, stdout: "" });
  });

  test("a failed run is 1, a partial one 3, wrong usage 2; each with one document", async () => {
    sim.faults.add({ kind: "malformed", as: "html", match: { path: "^/api/v1/groups$" } });
    const partial = await tidemark("replicate", "nightly", "--objects", "users,groups", "--json");
    expect({ code: partial.code, document: documentOf(partial) }).toMatchObject({
      code: 3,
      document: { status: "partial" },
    });
    const failed = await tidemark("replicate", "nightly", "--objects", "groups", "--json");
    expect({ code: failed.code, document: documentOf(failed) }).toMatchObject({
      code: 1,
      document: { status: "failed" },
    });
    sim.faults.clear();
    const wrong = await tidemark("replicate", "nightly", "--objects", "grups", "--json");
    expect({ code: wrong.code, document: documentOf(wrong) }).toMatchObject({
      code: 2,
      document: { error: { code: "USAGE" } },
    });
  });

  test("mapping names every attribute's table and column, also as CSV", async () => {
    const shown = await tidemark("mapping", "nightly");
    expect(shown).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^users +profile\.login +users +profile_login +text$/m),
    });
    expect(await tidemark("mapping", "nightly", "--csv", "map.csv")).toMatchObject({ code: 0, stdout: "" });
    const csv = await readFile(join(cwd, "map.csv"), "utf8");
    expect(csv).toMatch(/^object,attribute,table,column,type\r\n/);
    expect(csv).toContain("\r\nusers,profile.login,users,profile_login,text\r\n");
  });

  test("uninstall takes the bookkeeping, and the tables when asked; what is somebody else's stays", async () => {
    await place.query("create table mine (n int)");
    const kept = await tidemark("uninstall", "nightly", "--json");
    expect({ code: kept.code, document: documentOf(kept) }).toMatchObject({ code: 0, document: { dropTables: false } });
    const left = await tables();
    expect(left).toEqual(expect.arrayContaining(["users", "groups", "mine"]));
    expect(left.filter((name) => name.startsWith("_tidemark"))).toEqual([]);
    await place.query(
      `drop table ${left
        .filter((name) => name !== "mine")
        .map((name) => `"${name}"`)
        .join(", ")} cascade`,
    );
    expect(await tidemark("replicate", "nightly")).toMatchObject({ code: 0 });
    expect(await tidemark("uninstall", "nightly", "--drop-tables")).toMatchObject({ code: 0 });
    expect(await tables()).toEqual(["mine"]);
  });
});

test("objects --json is the catalog", async () => {
  const { code, stdout, stderr } = await tidemark("objects", "--json");
  const names = (JSON.parse(stdout) as { object: string }[]).map(({ object }) => object);
  expect({ code, stderr, names }).toMatchObject({
    code: 0,
    stderr: "",
    names: expect.arrayContaining(["users", "group_members"]),
  });
});

test("init with flags writes a file that replicate can read", async () => {
  const folder = await configFolder("");
  const argv = [
    "init",
    "--org-url",
    "acme.okta.com",
    "--name",
    "acme",
    "--objects",
    "users,groups",
    "--pipeline",
    "hourly",
    "--force",
  ];
  expect(await spawnCli(argv, { cwd: folder }).result).toMatchObject({ code: 0 });
  const run = await spawnCli(["replicate", "hourly", "--json"], {
    cwd: folder,
    env: { OKTA_CLIENT_TOKEN: "", DATABASE_URL: "" },
  }).result;
  expect({ code: run.code, document: documentOf(run) }).toMatchObject({
    code: 2,
    document: { error: { code: "CONFIG_SECRET" } },
  });
});

test("simulate serves an org that replicate can be pointed at, until a signal", async () => {
  const { child, result } = spawnCli(["simulate", "--users", "30", "--rate-limits", "off"]);
  const [chunk] = (await once(child.stdout ?? child, "data")) as [Buffer];
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(chunk.toString())?.[0] ?? "";
  const token = /API token: (\S+)/.exec(chunk.toString())?.[1] ?? "";
  const schema = await freshSchema();
  const folder = await configFolder(
    testConfig({ sim: { url, token }, databaseUrl: schema.url, schema: schema.schema, pipeline: "objects: [users]" }),
  );
  expect(await spawnCli(["replicate", "nightly"], { cwd: folder }).result).toMatchObject({ code: 0 });
  expect(await schema.query("select count(*)::int as n from users")).toEqual([{ n: 30 }]);
  child.kill("SIGINT");
  expect(await result).toMatchObject({ code: 0 });
  await schema.drop();
});
