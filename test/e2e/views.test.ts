import { afterEach, describe, expect, test } from "vitest";

import { WAREHOUSES } from "../support/warehouses.js";
import { createWorld, type World } from "../support/world.js";

for (const { name, place } of WAREHOUSES) {
  describe.skipIf(place === null)(`views in ${name}`, { timeout: 240_000 }, () => {
    let world: World;
    afterEach(() => world.close());

    test("the views show live people in live groups, and who is who in which application", async () => {
      world = await createWorld({ ...(place ? { place } : {}), pipeline: "objects: core\ndeletes: soft" });
      await world.run();
      const { org } = world.sim;
      const [group, user] = [org.groupId(2), org.userId(3)];
      org.addMember(group, user);
      org.assignUser(org.appId(0), user, { credentials: { userName: "somebody.else" } });
      world.quiet();
      await world.run();
      const effective = () =>
        world.query(
          `select group_id, user_id, login, group_name from effective_group_members where group_id = '${group}' and user_id = '${user}'`,
        );
      expect(await effective()).toHaveLength(1);
      expect(
        await world.query(
          `select application_id, user_name from identity_mappings where user_id = '${user}' and user_name = 'somebody.else'`,
        ),
      ).toEqual([{ application_id: org.appId(0), user_name: "somebody.else" }]);
      org.deactivateUser(user);
      world.quiet();
      await world.run();
      expect(
        await world.query(`select user_id from group_members where group_id = '${group}' and user_id = '${user}'`),
      ).toHaveLength(1);
      expect(await effective()).toEqual([]);
      expect(await world.query(`select user_id from identity_mappings where user_id = '${user}'`)).toEqual([]);
      // Made once: a later run leaves the view, and what depends on it, alone.
      await world.query("create view on_top as select login from effective_group_members");
      await world.run();
      expect((await world.query("select login from on_top")).length).toBeGreaterThan(0);
    });

    test("application_usage needs the log; without it the other views are there", async () => {
      world = await createWorld(place ? { place } : {});
      await world.run();
      const views = () =>
        world.query<{ table_name: string }>(
          `select TABLE_NAME as table_name from INFORMATION_SCHEMA.VIEWS where TABLE_SCHEMA = '${world.place.schema}' order by 1`,
        );
      expect((await views()).map((row) => row.table_name)).toEqual(["effective_group_members", "identity_mappings"]);
      await world.run({}, "objects: [core, log]");
      expect((await views()).map((row) => row.table_name)).toEqual([
        "application_usage",
        "effective_group_members",
        "identity_mappings",
      ]);
      await world.warehouse.uninstall({ dropTables: true });
      const { statements } = world.warehouse.store.dialect;
      expect((await world.warehouse.store.read(statements.listTables(world.place.schema))).rows).toEqual([]);
    });
  });
}
