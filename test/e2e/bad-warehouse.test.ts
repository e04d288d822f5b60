import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { KINDS } from "./bad-kinds.js";
import { type BadWorld, createBadWorld } from "./bad-world.js";

const RUN = ["replicate", "nightly"] as const;

for (const kind of KINDS) {
  describe.skipIf(kind.place === null)(`${kind.name}, when something is wrong with it`, () => {
    let world: BadWorld;
    const expectRefusal: BadWorld["expectRefusal"] = (...refusal) => world.expectRefusal(...refusal);
    const administer = async (statements: readonly string[]): Promise<void> => {
      for (const sql of statements) await world.admin(sql);
    };

    beforeAll(async () => {
      world = await createBadWorld(kind);
      const first = await world.tidemark(RUN);
      if (first.code !== 0) throw new Error(`the first run failed: ${first.stderr}`);
    });
    afterEach(() => world.sim.faults.clear());
    afterAll(() => world.close());

    test("nobody listens", async () => {
      await expectRefusal(
        RUN,
        { url: world.urlWith({ port: "9" }) },
        { exit: 1, code: "WAREHOUSE_UNREACHABLE", says: ["127.0.0.1:9", "host, port"] },
      );
    });

    test("a wrong password", async () => {
      await expectRefusal(
        RUN,
        { url: world.urlWith({ password: "Wr0ng-PassW0rd" }) },
        { exit: 1, code: "WAREHOUSE_AUTH", says: [world.user.name, "password"] },
      );
    });

    test("a schema that is not there and that the user may not make", async () => {
      await expectRefusal(
        RUN,
        { schema: "not_there_yet" },
        {
          exit: 1,
          code: "WAREHOUSE_DENIED",
          says: ["not_there_yet", world.user.name, kind.says.createSchema("not_there_yet", world.user.name)],
        },
      );
    });

    test("a schema in which the user may not make tables", async () => {
      const schema = `${world.place.schema}_closed`;
      await administer(kind.createClosed(schema, world.user.name));
      await expectRefusal(
        RUN,
        { schema },
        { exit: 1, code: "WAREHOUSE_DENIED", says: [schema, kind.says.createTables] },
      );
      expect(await world.admin(kind.tables(schema))).toEqual([]);
      await world.admin(kind.dropSchema(schema));
    });

    test("a schema in which somebody else's users table stands: it stays, the rest is replicated", async () => {
      const schema = `${world.place.schema}_taken`;
      const users = `${kind.quote(schema)}.users`;
      await administer(kind.createSchema(schema, world.user.name));
      await world.admin(`create table ${users} (id varchar(20) primary key, shoe_size int)`);
      await world.admin(`insert into ${users} values ('me', 43)`);
      const before = await world.admin(kind.columns(schema, "users"));
      await expectRefusal(
        RUN,
        { schema },
        {
          exit: 3,
          code: "WAREHOUSE_OCCUPIED",
          says: [`${schema}.users`, "not made by Tidemark", /another schema|rename/, /^groups +full +succeeded/m],
        },
      );
      await world.tidemark(["uninstall", "nightly", "--drop-tables"], { schema });
      expect(await world.admin(`select * from ${users}`)).toEqual([{ id: "me", shoe_size: 43 }]);
      expect(await world.admin(kind.columns(schema, "users"))).toEqual(before);
      await world.admin(kind.dropSchema(schema));
    });

    test("a disk that is full when rows are staged: nothing of the batch is stored, and all once there is room", async () => {
      const { schema } = world.place;
      await administer(kind.fillDisk(schema, "_tidemark_stage_users"));
      await expectRefusal(
        [...RUN, "--full"],
        {},
        {
          exit: 1,
          code: "WAREHOUSE_FULL",
          says: [/disk.* full/, "No space left on device", "Free space"],
          midway: true,
        },
      );
      await administer(kind.freeDisk(schema, "_tidemark_stage_users"));
      expect((await world.tidemark([...RUN, "--full"])).code).toBe(0);
    });

    test("a key whose collation somebody changed: ids that it takes for one would be lost, so nothing is merged", async () => {
      const { schema } = world.place;
      // Okta's ids differ in case alone, so that the change can only be made while they are not there.
      await world.admin(`delete from ${kind.quote(schema)}.users`);
      await administer(kind.loosen(schema));
      await expectRefusal(
        [...RUN, "--reconcile"],
        {},
        {
          exit: 3,
          code: "WAREHOUSE_COLLATION",
          says: [`${schema}.users.id`, "ALTER TABLE", "COLLATE", /^groups +reconcile +succeeded/m],
        },
      );
      await administer(kind.tighten(schema));
      expect((await world.tidemark([...RUN, "--reconcile"])).stdout).toMatch(/^users +reconcile +succeeded +60 +60 /m);
    });

    test("a url of another kind of database, and one that is none", async () => {
      for (const url of [kind.otherUrl, "server=db;password=Sesame-0pen"]) {
        await expectRefusal(
          RUN,
          { url },
          {
            exit: 2,
            code: "CONFIG_INVALID",
            says: ["tidemark.yaml:8:10 connections.warehouse.url", kind.says.url],
            remedy: false,
          },
        );
      }
    });
  });
}
