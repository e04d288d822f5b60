import { createServer as createTcpServer, type Server } from "node:net";

import { silentLogger, systemClock } from "@tidemark/kernel";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import type { FreshSchema } from "../../../../../test/support/postgres.js";
import { freshSqlServerSchema, sqlServerUrl } from "../../../../../test/support/sqlserver.js";
import type { Statement } from "../../dialect.js";
import { openWarehouse } from "../../open.js";
import type { Warehouse } from "../../warehouse.js";

const url = sqlServerUrl();

function plain(sql: string, ...bindings: Statement["bindings"][number][]): Statement {
  return { sql, bindings };
}

test("a server that nobody listens at, or that says something else, is told as such", async () => {
  const other: Server = createTcpServer((socket) => socket.resume().end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const info = async (): Promise<unknown> => {
    const config = {
      type: "sqlserver",
      url: `sqlserver://me:pw@127.0.0.1:${port}/x`,
      schema: "x",
      connectTimeoutMs: 1_000,
    } as const;
    const warehouse = await openWarehouse(config, { clock: systemClock, logger: silentLogger });
    return warehouse.info().finally(() => warehouse.close());
  };
  await expect(info()).rejects.toMatchObject({ code: "WAREHOUSE_UNREACHABLE" });
  await new Promise((resolve) => other.close(resolve));
  await expect(info()).rejects.toMatchObject({ code: "WAREHOUSE_UNREACHABLE", retryable: true });
});

describe.skipIf(url === null)("SQL Server dialect", () => {
  let place: FreshSchema;
  const login = `u_${process.pid}_${Date.now()}`;
  const password = "Pw-7!tidemark";
  const as = (change: (changed: URL) => void): string => {
    const changed = new URL(url ?? "");
    changed.username = login;
    changed.password = password;
    change(changed);
    return changed.href;
  };
  const prepared = async (): Promise<Warehouse> => {
    place = await freshSqlServerSchema();
    const warehouse = await place.open();
    await warehouse.prepare();
    return warehouse;
  };
  beforeAll(async () => {
    const admin = await freshSqlServerSchema();
    await admin.query(`create login ${login} with password = '${password}'`);
    await admin.query(`create user ${login} for login ${login}`);
    await admin.drop();
  });
  afterEach(() => place.drop());
  afterAll(async () => {
    const admin = await freshSqlServerSchema();
    await admin.query(`drop user ${login}`);
    await admin.query(`drop login ${login}`);
    await admin.drop();
  });

  test("a wrong password, a missing database and a missing right are told apart", async () => {
    place = await freshSqlServerSchema();
    const wrong = await place.open({ url: as((changed) => (changed.password = "s3cret")) });
    const error: unknown = await wrong.info().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "WAREHOUSE_AUTH" });
    expect(String((error as Error).message)).not.toContain("s3cret");
    const nowhere = await place.open({ url: (url ?? "").replace(/\/[^/]*$/, "/not_there") });
    await expect(nowhere.info()).rejects.toMatchObject({ code: "WAREHOUSE_NO_DATABASE" });
    const limited = await place.open({ url: as(() => undefined) });
    await expect(limited.prepare()).rejects.toMatchObject({
      code: "WAREHOUSE_DENIED",
      remedy: expect.stringContaining("CREATE SCHEMA"),
    });
    await place.query(`create schema [${place.schema}]`);
    await expect(limited.prepare()).rejects.toMatchObject({
      code: "WAREHOUSE_DENIED",
      remedy: expect.stringContaining("GRANT CONTROL ON SCHEMA"),
    });
  });

  test("the server says how the connection is encrypted; a certificate of nobody known is refused with the remedy", async () => {
    place = await freshSqlServerSchema();
    const at = async (tls: "verify" | "no-verify" | "off") => (await place.open({ tls })).info();
    expect(await at("no-verify")).toMatchObject({ tls: "no-verify" });
    expect(await at("off")).toMatchObject({ tls: "off" });
    await expect(at("verify")).rejects.toMatchObject({
      code: "WAREHOUSE_UNREACHABLE",
      retryable: false,
      message: expect.stringContaining("certificate is not accepted"),
      remedy: expect.stringMatching(/caFile.*tls: no-verify/),
    });
  });

  test("createDatabase makes the database that is missing, once, and who may not is told what to ask for", async () => {
    place = await freshSqlServerSchema();
    const database = `made_${Date.now()}`;
    const address = (user: string): string => {
      const changed = new URL(user);
      changed.pathname = `/${database}`;
      return changed.href;
    };
    const denied = await place.open({ url: address(as(() => undefined)), createDatabase: true });
    await expect(denied.prepare()).rejects.toMatchObject({
      code: "WAREHOUSE_DENIED",
      message: `Database ${database} does not exist and login ${login} may not create it`,
      remedy: expect.stringContaining(`CREATE DATABASE [${database}]`),
    });
    const plainly = await place.open({ url: address(url ?? "") });
    await expect(plainly.prepare()).rejects.toMatchObject({
      code: "WAREHOUSE_NO_DATABASE",
      remedy: expect.stringContaining("createDatabase: true"),
    });
    const made = await place.open({ url: address(url ?? ""), createDatabase: true });
    await made.prepare();
    await made.prepare();
    expect(await made.info()).toMatchObject({ database, schemaExists: true });
    await made.close();
    await place.query(`drop database ${database}`);
  });

  test("a name in grantSelect that is no user or role stops prepare before it makes anything", async () => {
    place = await freshSqlServerSchema();
    const warehouse = await place.open({ grantSelect: [login, "nobody_of_this_name", "public"] });
    await expect(warehouse.prepare()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: 'The database knows no user or role "nobody_of_this_name"',
      where: "grantSelect",
    });
    expect((await warehouse.info()).schemaExists).toBe(false);
  });

  test("a column of JSON keeps its check under another name", async () => {
    const warehouse = await prepared();
    const { statements } = warehouse.store.dialect;
    const columns = [
      { name: "id", type: "text", notNull: true },
      { name: "wh?t's", type: "json" },
    ] as const;
    const change = { from: "wh?t's", to: "w'h?t" };
    await warehouse.store.transaction("rename", async (tx) => {
      const made = statements.createTable(place.schema, { name: "t", primaryKey: ["id"], columns });
      for (const statement of [...made, statements.renameColumn(place.schema, "t", change)]) await tx.run(statement);
    });
    await place.query("insert into t values ('1', '[1]')");
    await expect(place.query("update t set [w'h?t] = 'nope'")).rejects.toThrow("ck_t.w'h?t");
    await warehouse.store.transaction("widen", async (tx) => {
      const widened = { column: change.to, from: "json", to: "text" } as const;
      for (const statement of statements.widenColumn(place.schema, "t", widened)) await tx.run(statement);
    });
    await place.query("update t set [w'h?t] = 'nope'");
  });

  test("a connection that is cut loses its transaction whole, and the next one works", async () => {
    const warehouse = await prepared();
    const cut = warehouse.store.transaction("test", async (tx) => {
      await tx.table("_tidemark_meta").insert({ name: "half", value: "x" });
      const client = tx.trx.client as { acquireConnection(): Promise<{ socket: { destroy(): void } }> };
      (await client.acquireConnection()).socket.destroy();
      await tx.table("_tidemark_meta").insert({ name: "other half", value: "x" });
    });
    await expect(cut).rejects.toMatchObject({ code: "WAREHOUSE_CONNECTION_LOST", retryable: true });
    expect(await place.query("select name from _tidemark_meta where name like '%half'")).toEqual([]);
    await warehouse.writeFact("alive", "yes");
    expect(await warehouse.readFact("alive")).toBe("yes");
  });

  test("of two transactions in a deadlock both succeed in the end", async () => {
    const warehouse = await prepared();
    for (const name of ["a", "b"]) await place.query(`insert into _tidemark_meta values ('${name}', '')`);
    const cross = (first: string, second: string): Promise<void> =>
      warehouse.store.transaction("test", async (tx) => {
        const append = async (name: string): Promise<void> => {
          const sql = `update [${place.schema}]._tidemark_meta set value = concat(value, ?) where name = ?`;
          await tx.run(plain(sql, first, name));
        };
        await append(first);
        await new Promise((resolve) => setTimeout(resolve, 150));
        await append(second);
      });
    await Promise.all([cross("a", "b"), cross("b", "a")]);
    const rows = await place.query<{ value: string }>("select value from _tidemark_meta where name in ('a', 'b')");
    expect(rows.map((row) => [...row.value].toSorted().join(""))).toEqual(["ab", "ab"]);
  });

  test("a statement after a swallowed error is refused instead of being run outside of the transaction", async () => {
    const warehouse = await prepared();
    await warehouse.writeFact("there", "1");
    const half = warehouse.store.transaction("test", async (tx) => {
      const insert = (name: string): PromiseLike<unknown> => tx.table("_tidemark_meta").insert({ name, value: "x" });
      await insert("before");
      await Promise.resolve(insert("before")).catch(() => undefined);
      await insert("after");
    });
    await expect(half).rejects.toMatchObject({ code: "WAREHOUSE_CONFLICT" });
    expect(await place.query("select name from _tidemark_meta where name in ('before', 'after')")).toEqual([]);
  });

  test("values come out of the bulk path as they went in, and a refused row leaves nothing", async () => {
    const warehouse = await prepared();
    await place.query(
      `create table t (id nvarchar(9) collate Latin1_General_BIN2 primary key, n bigint, f float(53), b bit,
       at datetime2(3), j nvarchar(max), h varchar(64) collate Latin1_General_BIN2, [a".b] nvarchar(max))`,
    );
    const types = {
      id: "text",
      n: "integer",
      f: "double",
      b: "boolean",
      at: "instant",
      j: "json",
      h: "hash",
      'a".b': "text",
    } as const;
    const columns = Object.entries(types).map(([name, type]) => ({ name, type }));
    const long = "ẞ🤖 ".repeat(5_000);
    const row = (id: string) => ({
      values: [id, 9007199254740993n, 0.1, true, "2026-01-02T03:04:05.006Z", '{"a":"\\\\ ?"}', "x7"],
      extra: [long],
    });
    const load = (ids: readonly string[]): Promise<number> =>
      warehouse.store.transaction("load", (tx) => tx.bulk({ schema: place.schema, table: "t", columns }, ids.map(row)));
    expect(await load(["1", "2"])).toBe(2);
    const [stored] = await place.query(`select n, f, b, at, j, h, [a".b] as ab from t where id = '2'`);
    expect(stored).toEqual({
      n: "9007199254740993",
      f: 0.1,
      b: true,
      at: new Date("2026-01-02T03:04:05.006Z"),
      j: '{"a":"\\\\ ?"}',
      h: "x7",
      ab: long,
    });
    await expect(load(["4", "1"])).rejects.toMatchObject({ code: "WAREHOUSE_CONFLICT" });
    await expect(load(["5", "longer than nine"])).rejects.toMatchObject({ retryable: false });
    expect(await load(["6"])).toBe(1);
    expect((await place.query("select id from t order by id")).map((one) => one["id"])).toEqual(["1", "2", "6"]);
  });

  test("counts are those of the statement, whatever people's triggers do", async () => {
    const warehouse = await prepared();
    await place.query(`create table [${place.schema}].seen (name nvarchar(max))`);
    await place.query(
      `create trigger [${place.schema}].watch on [${place.schema}].[_tidemark_meta] after insert, update as
       insert into [${place.schema}].seen select i.name from inserted i cross join [${place.schema}]._tidemark_meta`,
    );
    for (const name of ["a", "b", "c"]) await warehouse.writeFact(name, "1");
    const { store } = warehouse;
    const update = plain(`update [${place.schema}]._tidemark_meta set value = ? where name like 'fact:%'`, "2");
    expect((await store.read(update)).count).toBe(3);
    expect(await store.table("_tidemark_meta").where({ name: "fact:a" }).update({ value: "3" })).toBe(1);
    expect(await store.table("_tidemark_meta").where({ name: "fact:x" }).update({ value: "3" })).toBe(0);
    expect(await store.table("_tidemark_meta").where("name", "like", "fact:%").delete()).toBe(3);
  });

  test("requests that are made at once on one connection wait for each other", async () => {
    const warehouse = await prepared();
    const values = await warehouse.store.transaction("test", async (tx) => {
      const asked = Array.from({ length: 20 }, (_, at) => tx.run(plain("select ? as v, @@trancount as depth", at)));
      return (await Promise.all(asked)).map((answer) => answer.rows[0]);
    });
    expect(values.map((row) => [Number(row?.["v"]), row?.["depth"]])).toEqual(values.map((_, at) => [at, 1]));
  });

  test("keys that differ in case or in an accent stay apart", async () => {
    const warehouse = await prepared();
    for (const name of ["a", "A", "á", "ａ"]) await warehouse.writeFact(name, name);
    for (const name of ["a", "A", "á", "ａ"]) expect(await warehouse.readFact(name)).toBe(name);
  });

  test("a double that becomes text is read back as the same double", async () => {
    const warehouse = await prepared();
    const { statements } = warehouse.store.dialect;
    const doubles = [
      0,
      5,
      -3,
      1.5,
      0.1,
      0.3,
      1 / 3,
      123456.789,
      9.95,
      1e15,
      1e21,
      1e-7,
      1.7976931348623157e308,
      5e-324,
    ];
    await place.query("create table t (id int, [wh?t] float(53))");
    for (const [id, value] of doubles.entries())
      await place.query(`insert into t values (${id}, ${value.toExponential()})`);
    await place.query("insert into t values (99, null)");
    await warehouse.store.transaction("widen", async (tx) => {
      const change = { column: "wh?t", from: "double", to: "text" } as const;
      for (const statement of statements.widenColumn(place.schema, "t", change)) await tx.run(statement);
    });
    const rows = await place.query<{ id: number; text: string | null }>("select id, [wh?t] as text from t order by id");
    expect(rows.slice(0, -1).map((row) => Number(row.text))).toEqual(doubles);
    expect(rows.slice(0, 8).map((row) => row.text)).toEqual(
      doubles.slice(0, 8).map((value) => (value === 1 / 3 ? rows[6]?.text : String(value))),
    );
    expect(rows.at(-1)?.text).toBeNull();
  });

  test("roles of grantSelect may read, also tables that come later", async () => {
    place = await freshSqlServerSchema();
    const warehouse = await place.open({ grantSelect: [login] });
    await warehouse.prepare();
    await warehouse.prepare();
    const reader = await place.open({ url: as(() => undefined) });
    expect(await reader.objectStatuses()).toEqual([]);
    // Not every server that speaks SQL Server's language numbers it 229.
    await expect(reader.writeFact("a", "b")).rejects.toThrow(/permission/i);
  });
});
