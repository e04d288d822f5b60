import { afterEach, describe, expect, test } from "vitest";

import { createWorld, lineOf, type World } from "../support/world.js";

let world: World;
afterEach(() => world.close());

const countOf = async (table: string): Promise<number> =>
  Number((await world.query<{ n: string }>(`select count(*) n from "${table}"`))[0]?.n);

describe("what a deletion needs", () => {
  test("a deleted user, group and application leave at the next run, with the rows under them", async () => {
    world = await createWorld();
    await world.run();
    world.sim.org.deleteUser(world.sim.org.userId(3));
    world.sim.org.deleteGroup(world.sim.org.groupId(2));
    world.sim.org.deleteApp(world.sim.org.appId(1));
    world.quiet();
    const report = await world.run();
    expect(report.status).toBe("succeeded");
    expect(lineOf(report, "users").deleted).toBe(1);
    expect(await world.differences()).toEqual([]);
  });

  test("an assignment that ended is not forgotten when the rows asked for as a control are just gone", async () => {
    world = await createWorld({ lag: { listMs: 0, searchMs: 0, membershipMs: 0, logMs: 600_000 } });
    await world.run();
    const pairs = await world.query<{ application_id: string; user_id: string; scope: string }>(
      "select application_id, user_id, scope from application_users order by application_id, user_id",
    );
    const [first] = pairs;
    const ended = pairs.findLast(
      ({ application_id, scope }) => application_id !== first?.application_id && scope === "USER",
    );
    if (!first || !ended) throw new Error("the org has too few assignments");
    world.sim.org.unassignUser(ended.application_id, ended.user_id);
    world.quiet();
    // Its event has not arrived, so its rows are in the table still.
    world.sim.org.deactivateApp(first.application_id);
    world.sim.org.deleteApp(first.application_id);
    await world.run();
    world.quiet();
    await world.run();
    expect(await world.differences()).toEqual([]);
  });

  test("deactivated users stay as rows", async () => {
    world = await createWorld();
    await world.run();
    world.sim.org.deactivateUser(world.sim.org.userId(3));
    world.quiet();
    await world.run();
    const rows = await world.query<{ status: string }>(
      `select status from users where id = '${world.sim.org.userId(3)}'`,
    );
    expect(rows).toEqual([{ status: "DEPROVISIONED" }]);
    expect(await world.differences()).toEqual([]);
  });

  for (const [what, path] of [
    ["users", "/api/v1/users"],
    ["groups", "/api/v1/groups"],
    ["applications", "/api/v1/apps"],
    ["group rules", "/api/v1/groups/rules"],
  ] as const) {
    test(`an empty answer to the listing of ${what} deletes nothing`, async () => {
      world = await createWorld();
      await world.run();
      world.sim.faults.add({ kind: "emptyPage", match: { path: `^${path}$` } });
      const report = await world.run({ reconcile: true });
      expect(report.objects.map((object) => object.deleted)).toEqual(report.objects.map(() => 0));
      expect(report.status).toBe("partial");
      world.sim.faults.clear();
      world.quiet();
      expect((await world.run({ reconcile: true })).status).toBe("succeeded");
      expect(await world.differences()).toEqual([]);
    });
  }

  test("member lists that come back empty delete nothing", async () => {
    world = await createWorld();
    await world.run();
    const before = await countOf("group_members");
    world.sim.faults.add({ kind: "emptyPage", match: { path: "^/api/v1/groups/[^/]+/users$" } });
    await world.run({ reconcile: true });
    expect(await countOf("group_members")).toBe(before);
    world.sim.faults.clear();
  });

  test("assignment lists that come back empty delete nothing", async () => {
    world = await createWorld();
    await world.run();
    const before = [await countOf("application_users"), await countOf("application_groups")];
    world.sim.faults.add({ kind: "emptyPage", match: { path: "^/api/v1/apps/[^/]+/(users|groups)$" } });
    await world.run({ reconcile: true });
    expect([await countOf("application_users"), await countOf("application_groups")]).toEqual(before);
  });

  test("a narrowed admin role deletes nothing, in this run and the next, until it is restored", async () => {
    world = await createWorld();
    await world.run();
    const before = await Promise.all(
      ["users", "groups", "group_members", "applications", "application_users"].map(countOf),
    );
    world.sim.faults.add({ kind: "role", role: "narrowed", keep: 0.5 });
    for (let again = 0; again < 2; again += 1) {
      world.clock.advance(60_000);
      const report = await world.run({ reconcile: true });
      expect(report.objects.reduce((sum, object) => sum + object.deleted, 0)).toBe(0);
    }
    expect(
      await Promise.all(["users", "groups", "group_members", "applications", "application_users"].map(countOf)),
    ).toEqual(before);
    world.sim.faults.clear();
    world.sim.org.deleteUser(world.sim.org.userId(3));
    world.quiet();
    const restored = await world.run({ reconcile: true });
    expect(restored.status).toBe("succeeded");
    expect(await world.differences()).toEqual([]);
  });

  test("a lost admin role is reported as denied and deletes nothing", async () => {
    world = await createWorld();
    await world.run();
    const before = await countOf("users");
    world.sim.faults.add({ kind: "role", role: "lost" });
    const report = await world.run({ reconcile: true });
    expect(new Set(report.objects.map((object) => object.status))).not.toContain("succeeded");
    expect(await countOf("users")).toBe(before);
  });

  test("a lost role whose lists are simply empty deletes nothing", async () => {
    world = await createWorld();
    await world.run();
    const before = await Promise.all(["users", "groups", "group_members", "applications"].map(countOf));
    world.sim.faults.add({ kind: "role", role: "lost", lists: "empty" });
    await world.run({ reconcile: true });
    await world.run({ full: true });
    expect(await Promise.all(["users", "groups", "group_members", "applications"].map(countOf))).toEqual(before);
  });

  test("the mass-delete guard stops the object and says how to go on", async () => {
    world = await createWorld({ users: 200 });
    await world.run();
    // Deletions that the log does not tell: only the listing shows them.
    world.sim.faults.add({ kind: "status", status: 403, code: "E0000006", match: { path: "/api/v1/logs" } });
    for (let index = 10; index < 80; index += 1) world.sim.org.deleteUser(world.sim.org.userId(index));
    world.quiet();
    const stopped = await world.run({ reconcile: true });
    expect(lineOf(stopped, "users")).toMatchObject({ status: "guarded", deleted: 0, error: { code: "MASS_DELETE" } });
    expect(stopped.status).toBe("partial");
    expect(await countOf("users")).toBe(200);
    const allowed = await world.run({ reconcile: true, allowMassDelete: true });
    expect(lineOf(allowed, "users")).toMatchObject({ status: "succeeded", deleted: 70 });
  });
});

describe("what becomes of deleted rows", () => {
  test("soft: marked with time and reason, revived when the pair is back", async () => {
    world = await createWorld({ pipeline: "objects: core\ndeletes: soft" });
    await world.run();
    const [group, user] = [world.sim.org.groupId(2), world.sim.org.userId(3)];
    world.sim.org.addMember(group, user);
    world.quiet();
    await world.run();
    const marks = () =>
      world.query(
        `select _tidemark_deleted_at is not null as deleted, _tidemark_delete_reason reason from group_members where group_id = '${group}' and user_id = '${user}'`,
      );
    expect(await marks()).toEqual([{ deleted: false, reason: null }]);
    world.sim.org.removeMember(group, user);
    world.quiet();
    await world.run();
    expect(await marks()).toEqual([{ deleted: true, reason: "absent" }]);
    world.sim.org.addMember(group, user);
    world.quiet();
    await world.run();
    expect(await marks()).toEqual([{ deleted: false, reason: null }]);
  });

  test("ignore: rows stay as they were", async () => {
    world = await createWorld({ pipeline: "objects: core\ndeletes: ignore" });
    await world.run();
    const before = await countOf("users");
    world.sim.org.deleteUser(world.sim.org.userId(3));
    world.quiet();
    await world.run();
    expect(await countOf("users")).toBe(before);
  });

  test("a user whose status is no longer selected leaves at the next run, and comes back with it", async () => {
    world = await createWorld({ pipeline: "objects:\n  users: { filter: { status: [ACTIVE] } }" });
    await world.run();
    const [active] = await world.query<{ id: string }>(
      `select id from users where id <> '${world.sim.org.userId(0)}' limit 1`,
    );
    const id = active?.id ?? "";
    expect(
      new Set((await world.query<{ status: string }>("select distinct status from users")).map((row) => row.status)),
    ).toEqual(new Set(["ACTIVE"]));
    world.sim.org.suspendUser(id);
    world.quiet();
    expect(lineOf(await world.run(), "users").deleted).toBe(1);
    expect(await world.query(`select 1 from users where id = '${id}'`)).toEqual([]);
    world.sim.org.unsuspendUser(id);
    world.quiet();
    expect(lineOf(await world.run(), "users").inserted).toBe(1);
  });
});

test("the schema of a deleted user type leaves with it, its attributes too", async () => {
  world = await createWorld();
  const type = String(world.sim.org.createUserType({ name: "contractor2", displayName: "Contractor 2" })["id"]);
  await world.run();
  const schemas = await countOf("user_schemas");
  world.sim.org.deleteUserType(type);
  world.quiet();
  await world.run();
  expect(await countOf("user_schemas")).toBe(schemas - 1);
  expect(
    await world.query(
      "select 1 from user_schema_attributes a where not exists (select 1 from user_schemas s where s.schema_id = a.schema_id)",
    ),
  ).toEqual([]);
});
