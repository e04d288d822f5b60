import { randomBytes } from "node:crypto";
import { createServer } from "node:net";

import { silentLogger, systemClock, TidemarkError } from "@tidemark/kernel";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type FreshSchema, freshSchema, postgresUrl } from "../../../../../test/support/postgres.js";
import { openWarehouse, type Warehouse } from "../../index.js";

const PASSWORD = "s3cret-Pa55";

function addressWith(change: (url: URL) => void): string {
  const url = new URL(postgresUrl());
  change(url);
  return url.href;
}

async function failure(work: Promise<unknown>): Promise<TidemarkError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TidemarkError)) throw new Error(`not an error of ours: ${String(error)}`);
  expect(error.remedy).toBeTruthy();
  expect(JSON.stringify([error.message, error.remedy, error.where])).not.toContain(PASSWORD);
  return error;
}

async function prepareAt(url: string, schema = "tidemark_nowhere"): Promise<TidemarkError> {
  const deps = { clock: systemClock, logger: silentLogger };
  let warehouse: Warehouse | undefined;
  try {
    const opening = openWarehouse({ type: "postgres", url, schema, connectTimeoutMs: 2_000 }, deps);
    return await failure(
      opening.then((opened) => {
        warehouse = opened;
        return opened.prepare();
      }),
    );
  } finally {
    await warehouse?.close();
  }
}

describe("a database that cannot be used", () => {
  test("nobody listens", async () => {
    const url = addressWith((to) => (to.port = "1"));
    expect(await prepareAt(url)).toMatchObject({ code: "WAREHOUSE_UNREACHABLE", retryable: true });
  });

  test("the host has no address", async () => {
    const url = addressWith((to) => (to.hostname = "nowhere.invalid"));
    expect(await prepareAt(url)).toMatchObject({ code: "WAREHOUSE_UNREACHABLE" });
  });

  test("something else listens, and hangs up or says nothing", async () => {
    for (const answer of ["hang up", "say nothing"]) {
      const server = createServer((socket) => (answer === "hang up" ? socket.destroy() : undefined));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      const url = `postgres://u:${PASSWORD}@127.0.0.1:${port}/db`;
      expect(await prepareAt(url)).toMatchObject({ code: "WAREHOUSE_UNREACHABLE" });
      server.close();
    }
  });

  test("the server has no TLS, but the url asks for it", async () => {
    const url = addressWith((to) => to.searchParams.set("sslmode", "require"));
    expect(await prepareAt(url)).toMatchObject({ code: "WAREHOUSE_UNREACHABLE" });
  });

  test("the password is wrong", async () => {
    const url = addressWith((to) => (to.password = PASSWORD));
    expect(await prepareAt(url)).toMatchObject({ code: "WAREHOUSE_AUTH", retryable: false });
  });

  test("the database does not exist", async () => {
    const url = addressWith((to) => (to.pathname = "/no_such_database"));
    expect(await prepareAt(url)).toMatchObject({
      code: "WAREHOUSE_NO_DATABASE",
      message: expect.stringContaining("no_such_database"),
    });
  });

  test("the url is none, or another product's", async () => {
    expect(await prepareAt(`not a url ${PASSWORD}`)).toMatchObject({ code: "CONFIG_INVALID" });
    expect(await prepareAt(`mysql://u:${PASSWORD}@h/d`)).toMatchObject({ code: "CONFIG_INVALID" });
  });

  test("the caFile is not there", async () => {
    const deps = { clock: systemClock, logger: silentLogger };
    const opening = openWarehouse(
      { type: "postgres", url: postgresUrl(), schema: "x", caFile: "/nowhere/ca.pem" },
      deps,
    );
    expect(await failure(opening)).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("/nowhere/ca.pem"),
    });
  });
});

describe("a user without rights", () => {
  const user = `user_${randomBytes(4).toString("hex")}`;
  const url = (): string => addressWith((to) => ((to.username = user), (to.password = PASSWORD)));
  let owner: pg.Client;
  let schema: FreshSchema;

  beforeAll(async () => {
    owner = new pg.Client({ connectionString: postgresUrl() });
    await owner.connect();
    await owner.query(`create role ${user} login password '${PASSWORD}'`);
  });
  afterAll(async () => {
    await owner.query(`drop owned by ${user}; drop role ${user}`);
    await owner.end();
  });
  beforeEach(async () => {
    schema = await freshSchema();
  });
  afterEach(async () => {
    await owner.query(`alter role ${user} reset all`);
    await schema.drop();
  });

  test("may not make the schema", async () => {
    const error = await prepareAt(url(), schema.schema);
    expect(error).toMatchObject({ code: "WAREHOUSE_DENIED", message: expect.stringContaining(schema.schema) });
    expect(error.remedy).toContain(`AUTHORIZATION "${user}"`);
  });

  test("may not make tables in it", async () => {
    await owner.query(`create schema ${schema.schema}; grant usage on schema ${schema.schema} to ${user}`);
    const error = await prepareAt(url(), schema.schema);
    expect(error).toMatchObject({ code: "WAREHOUSE_DENIED" });
    expect(error.remedy).toContain("GRANT USAGE, CREATE");
  });

  test("is kept to reading", async () => {
    await owner.query(`create schema ${schema.schema} authorization ${user}`);
    await owner.query(`alter role ${user} set default_transaction_read_only = on`);
    const error = await prepareAt(url(), schema.schema);
    expect(error).toMatchObject({ code: "WAREHOUSE_READ_ONLY" });
    expect(error.remedy).toContain("default_transaction_read_only");
  });

  test("may not write somebody else's bookkeeping", async () => {
    const warehouse = await schema.open();
    await warehouse.prepare();
    await owner.query(`grant usage, create on schema ${schema.schema} to ${user}`);
    expect(await prepareAt(url(), schema.schema)).toMatchObject({ code: "WAREHOUSE_DENIED" });
  });

  test("is told by info() what is missing", async () => {
    const warehouse = await schema.open({ url: url() });
    expect(await warehouse.info()).toMatchObject({
      user,
      schemaExists: false,
      mayCreateSchema: false,
      mayCreateTables: false,
      readOnly: false,
    });
    await owner.query(`create schema ${schema.schema} authorization ${user}`);
    expect(await warehouse.info()).toMatchObject({ schemaExists: true, mayCreateTables: true, tooOld: false });
    expect((await warehouse.info()).version).toMatch(/^PostgreSQL \d/);
  });

  test("grantSelect lets a role read, and a role that is not there is named", async () => {
    const warehouse = await schema.open({ grantSelect: [user] });
    await warehouse.prepare();
    const reader = new pg.Client({ connectionString: url() });
    await reader.connect();
    expect((await reader.query(`select count(*)::int as n from ${schema.schema}._tidemark_runs`)).rows).toEqual([
      { n: 0 },
    ]);
    await expect(reader.query(`select * from ${schema.schema}._tidemark_queue`)).rejects.toMatchObject({
      code: "42501",
    });
    await reader.end();
    const other = await schema.open({ grantSelect: ["no_such_role"] });
    expect(await failure(other.prepare())).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("no_such_role"),
    });
  });
});

describe("a statement that fails", () => {
  let schema: FreshSchema;
  let warehouse: Warehouse;
  beforeEach(async () => {
    schema = await freshSchema();
    warehouse = await schema.open();
    await warehouse.prepare();
  });
  afterEach(() => schema.drop());

  const raise = (sqlstate: string): Promise<unknown> =>
    warehouse.store.transaction("try", (tx) =>
      tx.run({ sql: `do $$ begin raise exception 'as planned' using errcode = '${sqlstate}'; end $$`, bindings: [] }),
    );

  test.each([
    ["53100", "WAREHOUSE_FULL", false],
    ["57P01", "WAREHOUSE_CONNECTION_LOST", true],
    ["08006", "WAREHOUSE_CONNECTION_LOST", true],
    ["25006", "WAREHOUSE_READ_ONLY", false],
    ["22003", "WAREHOUSE_VALUE", false],
    ["40P01", "WAREHOUSE_CONFLICT", true],
    ["XX000", "WAREHOUSE_STATEMENT", false],
  ] as const)("SQLSTATE %s is %s", async (state, code, retryable) => {
    const error = await failure(raise(state));
    expect(error).toMatchObject({ code, retryable, message: expect.stringContaining("as planned") });
  });

  test("a cut connection is told as such, and the next statement has a new one", async () => {
    const cut = warehouse.store.transaction("store something", async (tx) => {
      await tx.table("_tidemark_meta").insert({ name: "half", value: "done" });
      const [own] = (await tx.run({ sql: "select pg_backend_pid() as pid", bindings: [] })).rows;
      await schema.query("select pg_terminate_backend($1)", [own?.["pid"]]);
      await tx.table("_tidemark_meta").insert({ name: "other", value: "half" });
    });
    expect(await failure(cut)).toMatchObject({ code: "WAREHOUSE_CONNECTION_LOST", retryable: true });
    expect(await schema.query("select name from _tidemark_meta where name in ('half', 'other')")).toEqual([]);
    expect(await warehouse.readFact("x")).toBeNull();
  });

  test("two transactions that lock each other out both end well", async () => {
    await schema.query("create table t (id int primary key, n int); insert into t values (1, 0), (2, 0)");
    const add = (first: number, second: number): Promise<void> =>
      warehouse.store.transaction("add", async (tx) => {
        await tx.table("t").where({ id: first }).increment("n", 1);
        await new Promise((resolve) => setTimeout(resolve, 200));
        await tx.table("t").where({ id: second }).increment("n", 1);
      });
    await Promise.all([add(1, 2), add(2, 1)]);
    expect(await schema.query("select id, n from t order by id")).toEqual([
      { id: 1, n: 2 },
      { id: 2, n: 2 },
    ]);
  });

  test("a statement's time limit is kept, and named", async () => {
    const limited = await schema.open({ statementTimeoutMs: 100 });
    const slow = limited.store.transaction("wait", (tx) => tx.run({ sql: "select pg_sleep(5)", bindings: [] }));
    const error = await failure(slow);
    expect(error).toMatchObject({ code: "WAREHOUSE_STATEMENT" });
    expect(error.remedy).toContain("statementTimeout");
    const alone = limited.store.read({ sql: "select pg_sleep(5)", bindings: [] });
    expect(await failure(limited.store.guard("wait", () => alone))).toMatchObject({ code: "WAREHOUSE_STATEMENT" });
  });

  test("what hangs on a table is named when it stands in the way", async () => {
    await schema.query("create table t (id int); create view report as select id from t");
    const error = await failure(
      warehouse.store.transaction("drop it", (tx) =>
        tx.run(warehouse.store.dialect.statements.dropTable(schema.schema, "t")),
      ),
    );
    expect(error).toMatchObject({ code: "WAREHOUSE_STATEMENT", message: expect.stringContaining("report") });
  });
});
