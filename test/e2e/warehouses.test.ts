import { afterEach, describe, expect, test } from "vitest";

import { freshDatabase, mysqlUrl } from "../support/mysql.js";
import { freshSchema, type FreshSchema } from "../support/postgres.js";
import { freshSqlServerSchema, sqlServerUrl } from "../support/sqlserver.js";
import { createWorld, lineOf, type World } from "../support/world.js";

const WAREHOUSES: readonly { name: string; place: (() => Promise<FreshSchema>) | null }[] = [
  { name: "PostgreSQL", place: () => freshSchema() },
  { name: "MySQL/MariaDB", place: mysqlUrl() === null ? null : () => freshDatabase() },
  { name: "SQL Server", place: sqlServerUrl() === null ? null : () => freshSqlServerSchema() },
];

for (const { name, place } of WAREHOUSES) {
  describe.skipIf(place === null)(`a pipeline into ${name}`, () => {
    let world: World;
    afterEach(() => world.close());
    const start = async (): Promise<World> => {
      world = await createWorld({ users: 120, ...(place ? { place } : {}) });
      return world;
    };

    /** A new attribute of the default user type, and a user who has it. */
    async function newAttribute(): Promise<string> {
      const { org } = world.sim;
      const type = [...org.truth("user_types")].find((candidate) => candidate["default"] === true);
      const [user] = await world.query<{ id: string }>(
        `select id from users where type_id = '${String(type?.["id"])}' and status = 'ACTIVE' order by id`,
      );
      const id = user?.id ?? "";
      org.addUserAttribute("default", "badgeNumber", { title: "Badge", type: "integer" });
      org.updateUser(id, { badgeNumber: 42, firstName: "Zoë 🤖" });
      return id;
    }

    test("the tables are what the org is, after a first run and after one with changes between", async () => {
      const { org } = (await start()).sim;
      const first = await world.run();
      expect(first.status).toBe("succeeded");
      expect(await world.differences()).toEqual([]);

      const changed = await newAttribute();
      const created = String(org.createUser({ firstName: "Fresh" })["id"]);
      const group = String(org.createGroup({ name: "New" })["id"]);
      org.addMember(group, created);
      org.addMember(group, changed);
      world.quiet();
      const second = await world.run();
      expect(second.status).toBe("succeeded");
      expect(lineOf(second, "users")).toMatchObject({ mode: "incremental", inserted: 1 });
      expect(await world.differences()).toEqual([]);

      const third = await world.run({ reconcile: true });
      expect(third.objects.map((object) => object.inserted + object.deleted)).toEqual(third.objects.map(() => 0));
      expect(await world.differences()).toEqual([]);
    });

    test("a dry run into a new schema counts what the real one does, and leaves no table of an object", async () => {
      await start();
      const counts = (report: Awaited<ReturnType<World["run"]>>) =>
        report.objects.map((object) => `${object.object} ${object.status} ${object.inserted}`).toSorted();
      const dry = await world.run({ dryRun: true });
      expect(await world.warehouse.readRegistry()).toEqual([]);
      expect(counts(await world.run())).toEqual(counts(dry));
      await newAttribute();
      world.quiet();
      const again = await world.run({ dryRun: true });
      expect(lineOf(again, "users")).toMatchObject({ status: "succeeded", updated: 1 });
      expect(lineOf(await world.run(), "users").updated).toBe(1);
      expect(await world.differences()).toEqual([]);
    });
  });
}
