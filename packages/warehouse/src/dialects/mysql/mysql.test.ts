import { createServer as createTcpServer, type Server } from "node:net";

import { silentLogger, systemClock } from "@tidemark/kernel";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { freshDatabase, mysqlUrl } from "../../../../../test/support/mysql.js";
import type { FreshSchema } from "../../../../../test/support/postgres.js";
import { openWarehouse } from "../../open.js";
import { mapError } from "./errors.js";

const url = mysqlUrl();

function failing(errno: number, sqlMessage = "words"): unknown {
  return mapError(Object.assign(new Error(sqlMessage), { errno, sqlMessage, code: "ER_X" }), "test");
}

test("error numbers of both servers become codes with a remedy", () => {
  const expected: readonly [number, string, boolean][] = [
    [1021, "WAREHOUSE_FULL", false],
    [1114, "WAREHOUSE_FULL", false],
    [1205, "WAREHOUSE_CONFLICT", true],
    [1213, "WAREHOUSE_CONFLICT", true],
    [2006, "WAREHOUSE_CONNECTION_LOST", true],
    [1290, "WAREHOUSE_READ_ONLY", false],
    [1118, "WAREHOUSE_VALUE", false],
    [1040, "WAREHOUSE_UNREACHABLE", true],
    [9999, "WAREHOUSE_STATEMENT", false],
  ];
  for (const [errno, code, retryable] of expected) {
    expect(failing(errno), String(errno)).toMatchObject({ code, retryable, remedy: expect.stringMatching(/\w{3}/) });
  }
});

test("what a server quotes of the data stays out of the message", () => {
  const messages = [
    "Incorrect integer value: 's3cret' for column `a`.`b`.`badge` at row 1",
    "Duplicate entry 's3cret' for key 'PRIMARY'",
    "Truncated incorrect datetime value: 's3cret'",
  ];
  for (const words of messages) expect((failing(1366, words) as Error).message).not.toContain("s3cret");
  expect((failing(1366, messages[0]) as Error).message).toContain("badge");
});

test("a server that nobody listens at, or that says something else, is told as such", async () => {
  const other: Server = createTcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const info = async (port_: number): Promise<unknown> => {
    const config = {
      type: "mysql",
      url: `mysql://me:pw@127.0.0.1:${port_}`,
      schema: "x",
      connectTimeoutMs: 1_000,
    } as const;
    const warehouse = await openWarehouse(config, { clock: systemClock, logger: silentLogger });
    return warehouse.info().finally(() => warehouse.close());
  };
  await expect(info(port)).rejects.toMatchObject({ code: "WAREHOUSE_UNREACHABLE" });
  await new Promise((resolve) => other.close(resolve));
  await expect(info(port)).rejects.toMatchObject({ code: "WAREHOUSE_UNREACHABLE", retryable: true });
});

describe.skipIf(url === null)("MySQL/MariaDB dialect", () => {
  let place: FreshSchema;
  const user = `u_${process.pid}`;
  const as = (name: string, password = "pw"): string => {
    const changed = new URL(url ?? "");
    changed.username = name;
    changed.password = password;
    return changed.href;
  };
  beforeAll(async () => {
    const admin = await freshDatabase();
    await admin.query(`create user if not exists ${user} identified by 'pw'`);
    await admin.drop();
  });
  afterEach(() => place.drop());
  afterAll(async () => {
    const admin = await freshDatabase();
    await admin.query(`drop user if exists ${user}`);
    await admin.drop();
  });

  test("a wrong password and a missing right are told, the right with the GRANT that helps", async () => {
    place = await freshDatabase();
    const wrong = await place.open({ url: as(user, "s3cret") });
    const error: unknown = await wrong.info().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "WAREHOUSE_AUTH" });
    expect(String((error as Error).message)).not.toContain("s3cret");
    const limited = await place.open({ url: as(user) });
    await expect(limited.prepare()).rejects.toMatchObject({
      code: "WAREHOUSE_DENIED",
      remedy: expect.stringContaining("CREATE DATABASE"),
    });
    await place.query(`grant select, insert on \`${place.schema}\`.* to ${user}`);
    await expect(limited.prepare()).rejects.toMatchObject({
      code: "WAREHOUSE_DENIED",
      remedy: expect.stringContaining("CREATE TEMPORARY TABLES"),
    });
    await place.query(
      `grant select, insert, update, delete, create, alter, drop, index, create view, create temporary tables on \`${place.schema}\`.* to ${user}`,
    );
    await limited.prepare();
    expect(await limited.info()).toMatchObject({ readOnly: false, schemaExists: true, mayCreateTables: true });
  });

  test("a connection that is killed loses its transaction whole, and the next one works", async () => {
    place = await freshDatabase();
    const warehouse = await place.open();
    await warehouse.prepare();
    const killed = warehouse.store.transaction("test", async (tx) => {
      await tx.table("_tidemark_meta").insert({ name: "half", value: "x" });
      const own = await tx.run({ sql: "select connection_id() as id", bindings: [] });
      await place.query(`kill ${String(own.rows[0]?.["id"])}`);
      await tx.table("_tidemark_meta").insert({ name: "other half", value: "x" });
    });
    await expect(killed).rejects.toMatchObject({ code: "WAREHOUSE_CONNECTION_LOST", retryable: true });
    expect(await place.query("select name from _tidemark_meta where name like '%half'")).toEqual([]);
    await warehouse.writeFact("alive", "yes");
    expect(await warehouse.readFact("alive")).toBe("yes");
  });

  test("of two transactions in a deadlock both succeed in the end", async () => {
    place = await freshDatabase();
    const warehouse = await place.open();
    await warehouse.prepare();
    for (const name of ["a", "b"]) await place.query(`insert into _tidemark_meta values ('${name}', '')`);
    const cross = (first: string, second: string): Promise<void> =>
      warehouse.store.transaction("test", async (tx) => {
        const append = async (name: string): Promise<void> => {
          await tx.run({
            sql: "update _tidemark_meta set value = concat(value, ?) where name = ?",
            bindings: [first, name],
          });
        };
        await append(first);
        await new Promise((resolve) => setTimeout(resolve, 150));
        await append(second);
      });
    await Promise.all([cross("a", "b"), cross("b", "a")]);
    const rows = await place.query<{ value: string }>("select value from _tidemark_meta where name in ('a', 'b')");
    expect(rows.map((row) => [...row.value].toSorted().join(""))).toEqual(["ab", "ab"]);
  });

  test("rows arrive as INSERTs where local_infile is off, and the server's info says so", async () => {
    place = await freshDatabase();
    const warehouse = await place.open();
    await warehouse.prepare();
    await place.query("create table t (id varchar(9) primary key, n bigint, b boolean, at datetime(3), j json)");
    const types = { id: "text", n: "integer", b: "boolean", at: "instant", j: "json" } as const;
    const columns = Object.entries(types).map(([name, type]) => ({ name, type }));
    const row = (id: string) => ({
      values: [id, 9007199254740993n, true, "2026-01-02T03:04:05.006Z", '{"a":"\\\\ ?"}'],
      extra: [],
    });
    const load = (ids: readonly string[]): Promise<number> =>
      warehouse.store.transaction("load", (tx) => tx.bulk({ schema: place.schema, table: "t", columns }, ids.map(row)));
    await place.query("set global local_infile = 0");
    try {
      expect((await warehouse.info()).notes).toHaveLength(1);
      expect(await load(["1", "2"])).toBe(2);
    } finally {
      await place.query("set global local_infile = 1");
    }
    expect((await warehouse.info()).notes).toEqual([]);
    expect(await load(["3"])).toBe(1);
    const rows = await place.query("select n, b, at, json_value(j, '$.a') as a from t group by n, b, at, a");
    expect(rows).toEqual([{ n: "9007199254740993", b: true, at: new Date("2026-01-02T03:04:05.006Z"), a: "\\ ?" }]);
    await expect(load(["4", "3"])).rejects.toMatchObject({ code: "WAREHOUSE_CONFLICT" });
    expect(await place.query("select id from t order by id")).toHaveLength(3);
  });

  test("keys that differ in case or in a blank at the end stay apart", async () => {
    place = await freshDatabase();
    const warehouse = await place.open();
    await warehouse.prepare();
    for (const name of ["a", "A", "a ", "á"]) await warehouse.writeFact(name, name);
    for (const name of ["a", "A", "a ", "á"]) expect(await warehouse.readFact(name)).toBe(name);
  });

  test("roles of grantSelect may read, also tables that come later", async () => {
    place = await freshDatabase();
    const warehouse = await place.open({ grantSelect: [user] });
    await warehouse.prepare();
    await warehouse.prepare();
    const reader = await place.open({ url: as(user) });
    expect(await reader.objectStatuses()).toEqual([]);
    await expect(reader.writeFact("a", "b")).rejects.toMatchObject({ code: "WAREHOUSE_DENIED" });
  });
});
