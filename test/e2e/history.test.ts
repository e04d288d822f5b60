import { afterEach, describe, expect, test } from "vitest";

import { freshDatabase, mysqlUrl } from "../support/mysql.js";
import { freshSchema, type FreshSchema } from "../support/postgres.js";
import { freshSqlServerSchema, sqlServerUrl } from "../support/sqlserver.js";
import { createWorld, type World } from "../support/world.js";

const WAREHOUSES: readonly { name: string; place: (() => Promise<FreshSchema>) | null; isTrue: string }[] = [
  { name: "PostgreSQL", place: () => freshSchema(), isTrue: "" },
  { name: "MySQL/MariaDB", place: mysqlUrl() === null ? null : () => freshDatabase(), isTrue: "" },
  // A bit is no condition.
  { name: "SQL Server", place: sqlServerUrl() === null ? null : () => freshSqlServerSchema(), isTrue: " = 1" },
];
const PIPELINE = `objects: core
history: [users, groups, group_members]`;

interface Version extends Record<string, unknown> {
  readonly from: Date;
  readonly from_by: string;
  readonly to: Date | null;
  readonly to_by: string | null;
}

for (const { name, place, isTrue } of WAREHOUSES) {
  describe.skipIf(place === null)(`histories in ${name}`, { timeout: 240_000 }, () => {
    let world: World;
    afterEach(() => world.close());

    /** Versions of the rows that meet a condition, oldest first. */
    const versions = async (table: string, where: string): Promise<Version[]> => {
      const rows = await world.query<Record<string, unknown>>(`select * from ${table}_history where ${where}`);
      const found = rows.map((row): Version => ({
        ...row,
        from: row["_tidemark_valid_from"] as Date,
        from_by: String(row["_tidemark_valid_from_by"]),
        to: row["_tidemark_valid_to"] as Date | null,
        to_by: row["_tidemark_valid_to_by"] as string | null,
      }));
      return found.toSorted((a, b) => a.from.getTime() - b.from.getTime());
    };

    test("memberships come and go at the times of Okta's events, users change at their lastUpdated", async () => {
      world = await createWorld({ pipeline: PIPELINE, ...(place ? { place } : {}) });
      const { org } = world.sim;
      const user = String(org.createUser({ firstName: "Versioned" })["id"]);
      const group = String(org.createGroup({ name: "Audited" })["id"]);
      world.quiet();
      expect((await world.run()).status).toBe("succeeded");

      world.clock.advance(3_600_000);
      const joined = world.clock.now();
      org.addMember(group, user);
      world.clock.advance(1_000);
      const renamed = world.clock.now();
      org.updateUser(user, { firstName: "Renamed" });
      world.quiet();
      await world.run();
      world.clock.advance(3_600_000);
      const left = world.clock.now();
      org.removeMember(group, user);
      world.quiet();
      await world.run();

      const membership = `group_id = '${group}' and user_id = '${user}'`;
      expect(await versions("group_members", membership)).toMatchObject([
        { from: new Date(joined), from_by: "event", to: new Date(left), to_by: "event" },
      ]);
      const [before, after, ...more] = await versions("users", `id = '${user}'`);
      expect(more).toEqual([]);
      expect(before).toMatchObject({ profile_first_name: "Versioned", to: new Date(renamed), to_by: "last_updated" });
      expect(after).toMatchObject({ profile_first_name: "Renamed", from: new Date(renamed), to: null });

      // The group ends, and with it the memberships that it has, at the time of the delete event.
      org.addMember(group, user);
      world.quiet();
      await world.run();
      world.clock.advance(3_600_000);
      const ended = world.clock.now();
      org.deleteGroup(group);
      world.quiet();
      await world.run();
      expect((await versions("groups", `id = '${group}'`)).at(-1)).toMatchObject({
        to: new Date(ended),
        to_by: "event",
      });
      const last = (await versions("group_members", membership)).at(-1);
      expect(last?.to).toEqual(new Date(ended));
      expect(await world.differences()).toEqual([]);

      const current = await world.query(
        `select group_id, user_id from group_members_history where _tidemark_current${isTrue}`,
      );
      const rows = await world.query("select group_id, user_id from group_members");
      const text = (row: Record<string, unknown>): string => `${String(row["group_id"])} ${String(row["user_id"])}`;
      expect(current.map(text).toSorted()).toEqual(rows.map(text).toSorted());
    });

    test("an idle run and a reconcile add no version", async () => {
      world = await createWorld({ pipeline: PIPELINE, ...(place ? { place } : {}) });
      await world.run();
      const count = async (): Promise<unknown> =>
        (await world.query("select count(*) as n from users_history"))[0]?.["n"];
      const before = Number(await count());
      expect(before).toBeGreaterThan(0);
      world.quiet();
      await world.run();
      await world.run({ reconcile: true });
      await world.run({ full: true });
      expect(Number(await count())).toBe(before);
    });
  });
}
