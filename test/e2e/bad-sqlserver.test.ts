import { randomBytes } from "node:crypto";

import { createSimulator, type Simulator } from "@tidemark/okta-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { RunReport } from "../../packages/pipeline/src/report.js";
import { run, testConfig } from "../support/pipeline.js";
import type { FreshSchema } from "../support/postgres.js";
import { freshSqlServerSchema, sqlServerUrl } from "../support/sqlserver.js";

const URL_GIVEN = sqlServerUrl();

describe.skipIf(URL_GIVEN === null)("SQL Server, when something is wrong with it", { timeout: 240_000 }, () => {
  let sim: Simulator;
  let place: FreshSchema;
  const poor = `poor_${randomBytes(4).toString("hex")}`;

  beforeAll(async () => {
    sim = await createSimulator({ users: 20, groups: 3, apps: 2 });
    place = await freshSqlServerSchema();
  }, 240_000);
  afterAll(async () => {
    await place.query(`drop user ${poor}`).catch(() => undefined);
    await place.query(`drop login ${poor}`).catch(() => undefined);
    await place.drop();
    await sim.close();
  });

  function changed(change: (url: URL) => void): string {
    const url = new URL(URL_GIVEN ?? "sqlserver://");
    change(url);
    return url.href;
  }

  function replicate(databaseUrl: string, schema = place.schema): Promise<RunReport> {
    return run(testConfig({ sim, databaseUrl, schema, type: "sqlserver", pipeline: "objects: [users]" }), { env: {} });
  }

  test("nobody listens", async () => {
    const report = await replicate(changed((url) => (url.port = "9")));
    expect(report).toMatchObject({ status: "failed", error: { code: "WAREHOUSE_UNREACHABLE" } });
    expect(report.error?.remedy).toContain("host, port");
  });

  test("a wrong password, which is not repeated", async () => {
    const report = await replicate(changed((url) => (url.password = "Wr0ng-PassW0rd")));
    expect(report).toMatchObject({ status: "failed", error: { code: "WAREHOUSE_AUTH" } });
    expect(JSON.stringify(report)).not.toContain("Wr0ng-PassW0rd");
  });

  test("a database that is not there", async () => {
    const report = await replicate(changed((url) => (url.pathname = "/nowhere_to_be_found")));
    expect(report).toMatchObject({ status: "failed", error: { code: "WAREHOUSE_NO_DATABASE" } });
    expect(report.error?.remedy).toContain("createDatabase");
  });

  test("a login that may not make tables: told, with the grant that helps, and nothing is made", async () => {
    await place.query(`create login ${poor} with password = 'P00r-but-honest'`);
    await place.query(`create user ${poor} for login ${poor}`);
    const url = changed((one) => {
      one.username = poor;
      one.password = "P00r-but-honest";
    });
    const report = await replicate(url, `closed_${poor}`);
    expect(report).toMatchObject({ status: "failed", error: { code: "WAREHOUSE_DENIED" } });
    expect(report.error?.remedy).toMatch(/grant/i);
    expect(await place.query(`select name from sys.schemas where name = 'closed_${poor}'`)).toEqual([]);
  });

  test("a users table of somebody else's: it stays as it is, the run says so", async () => {
    await place.query(`create schema [${place.schema}]`);
    await place.query(`create table [${place.schema}].[users] (id nvarchar(20) primary key, shoe_size int)`);
    await place.query(`insert into [${place.schema}].[users] values ('me', 43)`);
    const report = await replicate(URL_GIVEN ?? "");
    expect(report.objects.find(({ object }) => object === "users")).toMatchObject({
      status: "failed",
      error: { code: "WAREHOUSE_OCCUPIED" },
    });
    expect(await place.query(`select * from [${place.schema}].[users]`)).toEqual([{ id: "me", shoe_size: 43 }]);
  });
});
