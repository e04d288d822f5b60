import { chmod, mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { silentLogger, systemClock } from "@tidemark/kernel";
import { openWarehouse, type WarehouseConfig } from "@tidemark/warehouse";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";

import { configFolder, runCli } from "../support/cli.js";
import { startEmbeddedPostgres } from "../support/embedded-postgres.js";
import { freshDatabase, mysqlUrl } from "../support/mysql.js";
import { hasMariadb, startMariadb } from "../support/own-mariadb.js";
import { freshSchema, type FreshSchema, postgresUrl } from "../support/postgres.js";
import { createWorld, type World } from "../support/world.js";

const WAREHOUSES = [
  { name: "PostgreSQL", there: true, place: () => freshSchema(), sleep: "select pg_sleep(20)" },
  {
    name: "MySQL/MariaDB",
    there: mysqlUrl() !== null,
    place: () => freshDatabase(),
    sleep: "select 1 from (select 1 as n) as one where sleep(20)",
  },
] as const;

/** Makes schema and tables, and gives what the server says of the connection. */
async function prepareAt(config: WarehouseConfig) {
  const warehouse = await openWarehouse(config, { clock: systemClock, logger: silentLogger });
  try {
    await warehouse.prepare();
    return await warehouse.info();
  } finally {
    await warehouse.close();
  }
}

for (const { name, there, place, sleep } of WAREHOUSES) {
  describe.skipIf(!there)(`a connection to ${name}`, () => {
    let world: World | null = null;
    let schema: FreshSchema | null = null;
    afterEach(async () => {
      await world?.close();
      await schema?.drop();
      world = schema = null;
    });

    test("the smallest pool does for a dry run, a first run, one with changes and a reconcile", async () => {
      world = await createWorld({ users: 200, place, connection: "poolSize: 2" });
      const { org } = world.sim;
      expect((await world.run({ dryRun: true })).status).toBe("succeeded");
      expect((await world.run()).status).toBe("succeeded");
      org.addMember(String(org.createGroup({ name: "New" })["id"]), String(org.createUser({ firstName: "New" })["id"]));
      world.quiet();
      expect((await world.run({ dryRun: true })).status).toBe("succeeded");
      expect((await world.run()).status).toBe("succeeded");
      expect((await world.run({ reconcile: true })).status).toBe("succeeded");
      expect(await world.differences()).toEqual([]);
    });

    test("a dry run in the smallest pool keeps the leases of objects side by side alive", async () => {
      schema = await place();
      const warehouse = await schema.open({ poolSize: 2 });
      await warehouse.prepare();
      const rehearsal = await warehouse.rehearse();
      const leases = await Promise.all(
        ["a", "b", "c", "d"].map((object) => rehearsal.warehouse.acquireLease(object, { holder: "run 1", ttlMs: 600 })),
      );
      await Promise.all(leases.map((_, index) => rehearsal.warehouse.writeFact(`f${index}`, "x")));
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const other = await schema.open();
      for (const object of ["a", "b", "c", "d"])
        await expect(other.acquireLease(object, { holder: "run 2", ttlMs: 600 })).rejects.toMatchObject({
          code: "LEASE_HELD",
        });
      await Promise.all(leases.map((lease) => lease.release()));
      await rehearsal.end();
    });

    test("work waits its turn when every connection of the pool is busy for longer than a server may take to answer", async () => {
      schema = await place();
      const warehouse = await schema.open({ poolSize: 2, connectTimeoutMs: 300 });
      await warehouse.prepare();
      const long = sleep.replace("20", "1");
      const work = [1, 2, 3, 4].map((n) =>
        warehouse.store.transaction(`step ${n}`, async (tx) => (await tx.run({ sql: long, bindings: [] })).count),
      );
      expect(await Promise.all(work)).toHaveLength(4);
    });

    test("a statement that takes longer than statementTimeout fails, and a run within it passes", async () => {
      schema = await place();
      const warehouse = await schema.open({ statementTimeoutMs: 300 });
      const expected = {
        code: "WAREHOUSE_STATEMENT",
        message: expect.stringContaining("time limit"),
        remedy: expect.stringContaining("statementTimeout"),
      };
      const begun = Date.now();
      await expect(
        warehouse.store.transaction("wait", (tx) => tx.run({ sql: sleep, bindings: [] })),
      ).rejects.toMatchObject(expected);
      await expect(
        warehouse.store.guard("wait", () => warehouse.store.read({ sql: sleep, bindings: [] })),
      ).rejects.toMatchObject(expected);
      expect(Date.now() - begun).toBeLessThan(10_000);
      world = await createWorld({ place, connection: "statementTimeout: 1m\npoolSize: 2" });
      expect((await world.run()).status).toBe("succeeded");
      expect(await world.differences()).toEqual([]);
    });

    test("a server that takes the connection and says nothing is given up after connectTimeout, with TLS or without", async () => {
      schema = await place();
      const silent = createServer(() => undefined);
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const url = new URL(schema.url);
      url.host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
      for (const tls of ["off", "verify"] as const) {
        const begun = Date.now();
        const warehouse = await schema.open({ url: url.href, connectTimeoutMs: 500, tls });
        await expect(warehouse.info()).rejects.toMatchObject({ code: "WAREHOUSE_UNREACHABLE" });
        expect(Date.now() - begun).toBeGreaterThan(450);
        expect(Date.now() - begun).toBeLessThan(8_000);
      }
      silent.close();
    });
  });
}

describe("grantSelect", () => {
  test("on PostgreSQL: tables made later are readable, and a mistyped role stops the run before it makes anything", async () => {
    const role = `reader_${Date.now()}`;
    const world = await createWorld({ connection: `grantSelect: [${role}]`, pipeline: "objects: [users]" });
    const owner = new pg.Client({ connectionString: postgresUrl() });
    await owner.connect();
    await expect(world.run()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: `The database knows no user or role "${role}"`,
      where: expect.stringMatching(/^tidemark\.yaml:10:\d+ connections\.warehouse\.grantSelect$/),
      remedy: expect.stringContaining("CREATE ROLE"),
    });
    expect(await world.query("select 1 from pg_namespace where nspname = $1", [world.place.schema])).toEqual([]);

    await owner.query(`create role ${role} login password 'pw'`);
    const url = new URL(postgresUrl());
    url.username = role;
    url.password = "pw";
    const reader = new pg.Client({ connectionString: url.href });
    await reader.connect();
    const readable = async (...tables: string[]): Promise<void> => {
      for (const table of tables) await reader.query(`select * from "${world.place.schema}"."${table}" limit 1`);
    };
    expect((await world.run()).status).toBe("succeeded");
    await readable("users", "_tidemark_runs", "_tidemark_objects");
    expect((await world.run({}, "objects: core")).status).toBe("succeeded");
    await readable("groups", "group_members", "application_users", "identity_mappings");
    await expect(readable("_tidemark_leases")).rejects.toMatchObject({ code: "42501" });
    await reader.end();
    await world.close();
    await owner.query(`drop owned by ${role}; drop role ${role}`);
    await owner.end();
  });

  test.skipIf(mysqlUrl() === null)("on MySQL/MariaDB: the same, and no user is made of a mistyped name", async () => {
    const role = `reader_${Date.now()}`;
    const connection = `grantSelect: ["${role}", "${role}@127.0.0.1"]`;
    const world = await createWorld({
      connection,
      pipeline: "objects: [users]",
      place: () => freshDatabase(),
    });
    await expect(world.run()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: `The database knows no user or role "${role}", "${role}@127.0.0.1"`,
      where: expect.stringMatching(/^tidemark\.yaml:10:\d+ connections\.warehouse\.grantSelect$/),
    });
    const [users] = await world.query<{ n: number }>("select count(*) as n from mysql.user where user = ?", [role]);
    expect(Number(users?.n)).toBe(0);
    const made = "select table_name as t from information_schema.tables where table_schema = ?";
    expect(await world.query(made, [world.place.schema])).toEqual([]);

    await world.query(`create role '${role}'`);
    await world.query(`create user '${role}'@'127.0.0.1' identified by 'pw'`);
    expect((await world.run()).status).toBe("succeeded");
    expect((await world.run({}, "objects: core")).status).toBe("succeeded");
    const url = new URL(world.place.url);
    url.username = role;
    url.password = "pw";
    const reader = await openWarehouse(
      { type: "mysql", url: url.href, schema: world.place.schema },
      { clock: systemClock, logger: silentLogger },
    );
    for (const table of ["users", "groups", "identity_mappings", "_tidemark_runs"])
      await reader.store.read({ sql: `select * from \`${world.place.schema}\`.\`${table}\` limit 1`, bindings: [] });
    await expect(
      reader.store.guard("look", () =>
        reader.store.read({ sql: `select * from \`${world.place.schema}\`._tidemark_leases`, bindings: [] }),
      ),
    ).rejects.toMatchObject({ code: "WAREHOUSE_DENIED" });
    const [granted] = await world.query<{ n: number }>(
      "select count(*) as n from information_schema.table_privileges where grantee like ? and table_schema = ?",
      [`'${role}'@''`, world.place.schema],
    );
    expect(Number(granted?.n)).toBeGreaterThan(5);
    await reader.close();
    await world.query(`drop user '${role}'@'127.0.0.1'`);
    await world.query(`drop role '${role}'`);
    await world.close();
  });
});

describe("a Unix socket", () => {
  test("of PostgreSQL, by the folder that it is in", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tidemark-socket-"));
    await chmod(folder, 0o777);
    const server = await startEmbeddedPostgres({ flags: ["-c", `unix_socket_directories=${folder}`] });
    const { port } = new URL(server.url);
    for (const url of [
      `postgres://tidemark:tidemark@localhost:${port}/postgres?host=${folder}`,
      `postgres://tidemark:tidemark@${encodeURIComponent(folder)}:${port}/postgres`,
    ]) {
      const info = await prepareAt({ type: "postgres", url, schema: "by_socket" });
      expect(info).toMatchObject({ user: "tidemark", schemaExists: true, tls: "off" });
    }
    // The port is part of the socket's name, and the host may be left out when it is the usual one.
    const gone = prepareAt({
      type: "postgres",
      url: `postgres://tidemark:tidemark@/postgres?host=${folder}`,
      schema: "x",
    });
    await expect(gone).rejects.toMatchObject({
      code: "WAREHOUSE_UNREACHABLE",
      message: expect.stringContaining(`${folder}/.s.PGSQL.5432`),
    });
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test.skipIf(!hasMariadb)("of MySQL/MariaDB, by its path", async () => {
    const server = await startMariadb({ setup: ["create user someone@localhost identified by 'p@ss'"] });
    for (const host of ["localhost", ""]) {
      const url = `mysql://root@${host}?socket=${server.socket}`;
      const info = await prepareAt({ type: "mysql", url, schema: "by_socket" });
      expect(info).toMatchObject({ user: "root@localhost", schemaExists: true, tls: "off" });
    }
    const denied = prepareAt({ type: "mysql", url: `mysql://someone:p%40ss@/?socket=${server.socket}`, schema: "y" });
    await expect(denied).rejects.toMatchObject({ code: "WAREHOUSE_DENIED" });
    await server.stop();
  });
});

describe("createDatabase", () => {
  const database = `made_${Date.now()}`;
  const url = new URL(postgresUrl());
  url.pathname = `/${database}`;
  const settings: WarehouseConfig = { type: "postgres", url: url.href, schema: "idp" };
  const admin = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: postgresUrl() });
    await client.connect();
    return client
      .query<Record<string, unknown>>(sql)
      .then(({ rows }) => rows)
      .finally(() => client.end());
  };
  afterEach(() => admin(`drop database if exists ${database} with (force)`));

  test("the missing database is made by the first run alone, also when several start at once", async () => {
    await expect(prepareAt(settings)).rejects.toMatchObject({
      code: "WAREHOUSE_NO_DATABASE",
      remedy: expect.stringContaining("createDatabase: true"),
    });
    const check = await runCli(["check", "db"], {
      cwd: await configFolder(
        `connections:\n  db:\n    type: postgres\n    url: ${url.href}\n    createDatabase: true\n`,
      ),
    });
    expect(check).toMatchObject({ code: 0, stdout: expect.stringMatching(/warning: .*the first run makes it/) });
    expect(await admin(`select 1 from pg_database where datname = '${database}'`)).toEqual([]);

    const all = await Promise.all([1, 2, 3].map(() => prepareAt({ ...settings, createDatabase: true })));
    expect(all).toMatchObject([1, 2, 3].map(() => ({ database, schemaExists: true })));
    expect(await prepareAt({ ...settings, createDatabase: true })).toMatchObject({ database });
  });

  test("who may not make one is told what to ask for", async () => {
    const user = `plain_${Date.now()}`;
    await admin(`create role ${user} login password 'geheim'`);
    const own = new URL(url);
    own.username = user;
    own.password = "geheim";
    await expect(prepareAt({ ...settings, url: own.href, createDatabase: true })).rejects.toMatchObject({
      code: "WAREHOUSE_DENIED",
      message: `Database ${database} does not exist and user ${user} may not create it`,
      remedy: `As an administrator: CREATE DATABASE "${database}" OWNER "${user}"; or ALTER ROLE "${user}" CREATEDB;`,
    });
    await admin(`drop role ${user}`);
  });
});
