import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, test } from "vitest";

import { configFolder, runCli } from "../support/cli.js";
import { freshDatabase, mysqlUrl } from "../support/mysql.js";
import { testConfig } from "../support/pipeline.js";
import { freshSchema, type FreshSchema } from "../support/postgres.js";
import { freshSqlServerSchema, sqlServerUrl } from "../support/sqlserver.js";
import { createWorld, lineOf, type World } from "../support/world.js";
import { cutOff, stepOf } from "../conformance/crashes.js";
import { END, freeze, SCHEMA, type Watched } from "./freeze.js";
import { changeOrg, PIPELINE, SIZE } from "./story.js";

const VERSIONS = [1];
const OBJECTS = ["users", "groups", "group_members"];

interface Kind {
  readonly name: string;
  readonly file: string;
  readonly place: (() => Promise<FreshSchema>) | null;
  drivers(): Promise<Watched[]>;
}

const KINDS: readonly Kind[] = [
  {
    name: "PostgreSQL",
    file: "postgres",
    place: () => freshSchema(),
    drivers: async () => [{ prototype: (await import("pg")).default.Client.prototype, methods: ["query"] }],
  },
  {
    name: "MySQL/MariaDB",
    file: "mysql",
    place: mysqlUrl() === null ? null : () => freshDatabase(),
    drivers: async () => {
      const { createConnection } = await import("mysql2/promise");
      const probe = await createConnection(mysqlUrl() ?? "");
      await probe.end();
      const { connection } = probe as unknown as { connection: object };
      return [{ prototype: Object.getPrototypeOf(connection) as object, methods: ["query"] }];
    },
  },
  {
    name: "SQL Server",
    file: "sqlserver",
    place: sqlServerUrl() === null ? null : () => freshSqlServerSchema(),
    drivers: async () => [{ prototype: (await import("tedious")).Connection.prototype, methods: ["execSqlBatch"] }],
  },
];

const fixture = (kind: Kind, version: number): string =>
  join(import.meta.dirname, "fixtures", `v${version}.${kind.file}.sql`);

let world: World;
afterEach(() => world.close());

async function start(kind: Kind): Promise<World> {
  world = await createWorld({ ...SIZE, pipeline: PIPELINE, ...(kind.place ? { place: kind.place } : {}) });
  return world;
}

/** The schema as that version left it, and the org as it is by then. */
async function load(kind: Kind, version: number): Promise<void> {
  changeOrg(world);
  const text = readFileSync(fixture(kind, version), "utf8").replaceAll(SCHEMA, world.place.schema);
  for (const statement of text.split(END)) if (statement !== "") await world.query(statement);
}

for (const kind of KINDS) {
  const frozen = VERSIONS.filter((version) => existsSync(fixture(kind, version)));
  describe.skipIf(kind.place === null)(`bookkeeping of an older version in ${kind.name}`, () => {
    test.each(frozen)(
      "version %i: what it had is kept, nothing is read again, and the next run goes on",
      async (version) => {
        await start(kind);
        await load(kind, version);
        const { warehouse } = world;
        const before = { objects: await warehouse.objectStatuses(), runs: await warehouse.recentRuns({ limit: 9 }) };
        expect(before.objects.map(({ object }) => object)).toEqual(OBJECTS.toSorted());
        expect(before.runs.length).toBe(2);
        expect(await world.differences(OBJECTS)).toEqual([]);

        const cwd = await configFolder(
          testConfig({
            sim: world.sim,
            databaseUrl: world.place.url,
            schema: world.place.schema,
            type: warehouse.type,
            pipeline: PIPELINE,
          }),
        );
        const status = await runCli(["status", "nightly", "--json"], { cwd });
        expect(status).toMatchObject({ code: 0 });
        for (const { object, watermark } of before.objects) {
          expect(status.stdout).toContain(object);
          expect(status.stdout).toContain(new Date(watermark ?? 0).toISOString());
        }

        world.quiet();
        world.sim.requests.clear();
        const report = await world.run();
        expect(report.status).toBe("succeeded");
        for (const object of OBJECTS) {
          const line = lineOf(report, object);
          expect(line).toMatchObject({ mode: "incremental", status: "succeeded", inserted: 0, updated: 0, deleted: 0 });
          const had = before.objects.find((entry) => entry.object === object);
          expect(Date.parse(line.watermark ?? "")).toBeGreaterThan(had?.watermark ?? Infinity);
        }
        // The whole of the users is one page, which nobody asks for.
        expect(lineOf(report, "users").read).toBeLessThan(SIZE.users);
        expect(await world.differences(OBJECTS)).toEqual([]);
        expect((await warehouse.recentRuns({ limit: 9 })).slice(1)).toEqual(before.runs);
      },
    );

    test.skipIf(frozen.length === 0)(
      "columns and tables that it lacks are made, also when that is cut off anywhere",
      async () => {
        for (let whole = 0, failed = true; failed; whole += stepOf(world.warehouse)) {
          if (whole > 0) await world.close();
          await start(kind);
          await load(kind, 1);
          const { schema } = world.place;
          const complete = await columnsOf(world);
          const { quote } = world.warehouse.store.dialect.statements;
          const table = (name: string): string => [schema, name].map(quote).join(".");
          for (const [name, column] of [
            ["_tidemark_objects", "degraded"],
            ["_tidemark_objects", "error_code"],
            ["_tidemark_checkpoints", "memory"],
          ] as const)
            await world.query(`alter table ${table(name)} drop column ${quote(column)}`);
          await world.query(`drop table ${table("_tidemark_scopes")}`);
          await world.query(`update ${table("_tidemark_meta")} set value = '0' where name = 'bookkeeping_version'`);

          failed = await cutOff(world.warehouse, whole, () => world.warehouse.prepare());
          const next = await world.place.open();
          await next.prepare();
          expect(await versionOf(world)).toBe("1");
          expect(await columnsOf(world)).toEqual(complete);
          if (failed) continue;
          world.quiet();
          const report = await world.run();
          for (const object of OBJECTS)
            expect(lineOf(report, object)).toMatchObject({ status: "succeeded", inserted: 0 });
          expect(await world.differences(OBJECTS)).toEqual([]);
        }
      },
    );

    // For whoever raises the version: TIDEMARK_FREEZE=<number> writes what the code at hand leaves behind.
    const number = process.env["TIDEMARK_FREEZE"];
    if (number === undefined) return;
    test("freeze this version", async () => {
      await start(kind);
      const text = await freeze(world, await kind.drivers());
      writeFileSync(fixture(kind, Number(number)), text);
      expect(text).toContain("create table");
    });
  });
}

async function versionOf({ query, place, warehouse }: World): Promise<unknown> {
  const { quote } = warehouse.store.dialect.statements;
  const table = [place.schema, "_tidemark_meta"].map(quote).join(".");
  const [row] = await query(`select value as version from ${table} where name = 'bookkeeping_version'`);
  return row?.["version"];
}

/** Columns of the bookkeeping tables, as the database knows them. */
async function columnsOf({ query, place }: World): Promise<string[]> {
  const rows = await query<{ name: string; own: string }>(
    `select table_name as name, column_name as own from information_schema.columns where table_schema = '${place.schema}'`,
  );
  const names = rows.map(({ name, own }) => `${name}.${own}`);
  return names.filter((name) => /^_tidemark_(?!stage|absent)/.test(name)).toSorted();
}
