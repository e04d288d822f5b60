import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { freshDatabase } from "../support/mysql.js";
import { hasMariadb, type OwnMariadb, startMariadb } from "../support/own-mariadb.js";
import { createWorld, type World } from "../support/world.js";

/** What no session of a well-behaved program depends on: zone, modes, isolation, commits, character set, limits. */
const UNUSUAL = [
  "--local-infile=0",
  "--default-time-zone=-07:30",
  "--character-set-server=latin1",
  "--collation-server=latin1_swedish_ci",
  "--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,ONLY_FULL_GROUP_BY",
  "--transaction-isolation=SERIALIZABLE",
  "--autocommit=0",
  "--innodb-strict-mode=0",
  "--max-allowed-packet=4M",
];
/** Temporary tables, through which changed rows go, in one file that cannot grow. */
const SMALL = ["--innodb-temp-data-file-path=ibtmp1:12M:autoextend:max:12M"];

const ADMIN = "tidemark@127.0.0.1";
const setup = [
  "set session autocommit = 1",
  `create user ${ADMIN} identified by 'tidemark'`,
  `grant all on *.* to ${ADMIN} with grant option`,
  "create user plain@127.0.0.1 identified by 'plain'",
  "grant select, insert, update, delete, create, alter, drop, index, create view, create temporary tables on *.* to plain@127.0.0.1",
  "commit",
];

describe.skipIf(!hasMariadb)("a MariaDB of another configuration", () => {
  let server: OwnMariadb;
  let world: World | null = null;
  const url = (user = "tidemark"): string => `mysql://${user}:${user}@127.0.0.1:${server.port}`;
  afterEach(async () => {
    await world?.close();
    world = null;
  });

  describe("with every default unusual, and local_infile off", () => {
    beforeAll(async () => {
      server = await startMariadb({ flags: UNUSUAL, setup });
    });
    afterAll(() => server.stop());

    test("the tables are what the org is, rows go by INSERT, and `check` says so", async () => {
      world = await createWorld({ users: 150, place: () => freshDatabase(url()) });
      const { org } = world.sim;
      expect(await world.run()).toMatchObject({ status: "succeeded" });
      expect(await world.differences()).toEqual([]);
      expect(await world.query("select @@global.local_infile as allowed")).toEqual([{ allowed: 0 }]);
      const { notes } = await world.warehouse.info();
      expect(notes).toEqual([expect.stringMatching(/local_infile is off.*SET GLOBAL local_infile = ON/)]);

      const [user] = await world.query<{ id: string }>(
        "select id from users where status = 'ACTIVE' order by id limit 1",
      );
      org.updateUser(user?.id ?? "", { firstName: "Zoë 🤖", lastName: 'O\\\'Neil \\ "quoted"' });
      org.createUser({ firstName: "Fresh" });
      world.quiet();
      expect(await world.run()).toMatchObject({ status: "succeeded" });
      expect(await world.differences()).toEqual([]);
      expect(await world.run({ full: true })).toMatchObject({ status: "succeeded" });
      expect(await world.differences()).toEqual([]);
    });

    test("read_only: told with the remedy, and the data stays", async () => {
      world = await createWorld({ users: 20, place: () => freshDatabase(url()) });
      await world.run();
      const before = await world.query("select id, _tidemark_hash from users order by id");
      const plain = await world.place.open({ url: url("plain") });
      await world.query("set global read_only = 1");
      await expect(plain.prepare()).rejects.toMatchObject({
        code: "WAREHOUSE_READ_ONLY",
        remedy: expect.stringContaining("read_only"),
      });
      await expect(plain.writeFact("a", "b")).rejects.toMatchObject({ code: "WAREHOUSE_READ_ONLY" });
      await world.query("set global read_only = 0");
      expect(await world.query("select id, _tidemark_hash from users order by id")).toEqual(before);
      await plain.writeFact("a", "b");
    });
  });

  test("a version that is too old is refused before anything is made", async () => {
    server = await startMariadb({ flags: ["--version=10.5.20-MariaDB"], setup });
    const place = await freshDatabase(url());
    const warehouse = await place.open();
    await expect(warehouse.prepare()).rejects.toMatchObject({
      code: "WAREHOUSE_TOO_OLD",
      message: expect.stringContaining("10.5.20"),
      remedy: expect.stringContaining("MariaDB 10.6"),
    });
    expect((await warehouse.info()).schemaExists).toBe(false);
    await place.drop();
    await server.stop();
  });

  test("a data file that is full: told, the tables as they were, and all done once there is room", async () => {
    server = await startMariadb({ flags: SMALL, setup });
    world = await createWorld({ users: 100, place: () => freshDatabase(url()) });
    const { org } = world.sim;
    expect(await world.run()).toMatchObject({ status: "succeeded" });
    const users = () => world?.query("select id, _tidemark_hash from users order by id");
    const before = await users();
    const ballast = await createConnection({ uri: url(), database: world.place.schema });
    await ballast.query("create temporary table ballast (id int auto_increment primary key, filler longblob)");
    for (const size of [1_000_000, 100_000, 10_000, 1_000]) await fill(ballast, size);

    const active = await world.query("select id from users where status = 'ACTIVE'");
    for (const { id } of active) org.updateUser(String(id), { lastName: "x".repeat(45) });
    world.quiet();
    const full = await world.run();
    const errors = [full.error, ...full.objects.map((object) => object.error)].filter((error) => error);
    expect(errors[0]).toMatchObject({ code: "WAREHOUSE_FULL" });
    expect(await users()).toEqual(before);
    await ballast.end();
    world.quiet();
    expect(await world.run()).toMatchObject({ status: "succeeded" });
    expect(await world.differences()).toEqual([]);
    await world.close();
    world = null;
    await server.stop();
  });
});

/** Rows of a size until no further one fits. */
async function fill(connection: Connection, size: number): Promise<void> {
  for (let room = true; room;) {
    room = await connection.query(`insert into ballast (filler) values (repeat('x', ${size}))`).then(
      () => true,
      () => false,
    );
  }
}
