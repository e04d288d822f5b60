import { afterEach, describe, expect, test } from "vitest";

import { createWorld, lineOf, type World } from "../support/world.js";

let world: World;
afterEach(() => world.close());

const countOf = async (table: string): Promise<number> =>
  Number((await world.query<{ n: string }>(`select count(*) n from "${table}"`))[0]?.n);
/** Days without a run; somebody keeps the token alive. */
async function pause(days: number): Promise<void> {
  for (let left = days; left > 0; left -= 25) {
    world.clock.advance(Math.min(left, 25) * DAY);
    await fetch(`${world.sim.url}/api/v1/users/me`, { headers: { authorization: `SSWS ${world.sim.token}` } });
  }
}
const NO_RECONCILE = "reconcile: { every: 5000d }";
const DAY = 86_400_000;

describe("runs of some objects", () => {
  test("two pipelines with different objects in one schema", async () => {
    world = await createWorld();
    const { org } = world.sim;
    const a = `objects: [application_users]\n${NO_RECONCILE}`;
    const b = `objects: [application_groups]\n${NO_RECONCILE}`;
    await world.run({}, a);
    await world.run({}, b);
    for (let i = 0; i < 2; i += 1) {
      world.clock.advance(3 * 3_600_000);
      org.assignGroup(org.appId(i), org.groupId(3));
      const late = String(org.createUser({ firstName: `Late${i}` })["id"]);
      org.assignUser(org.appId(i), late);
      world.quiet();
      // Longer than what a restarted reading goes back: what one pipeline read past the other must still find.
      world.clock.advance(2 * 3_600_000);
      await world.run({}, i % 2 ? a : b);
      world.clock.advance(3 * 3_600_000);
      await world.run({}, i % 2 ? b : a);
    }
    world.quiet();
    await world.run({}, a);
    await world.run({}, b);
    world.quiet();
    expect(await world.differences(["application_groups", "application_users"])).toEqual([]);
  });

  test("the log becomes readable after a first load without it", async () => {
    world = await createWorld({ pipeline: `objects: core\n${NO_RECONCILE}` });
    const { org } = world.sim;
    world.sim.faults.add({ kind: "status", status: 403, code: "E0000006", match: { path: "/api/v1/logs" } });
    await world.run();
    world.clock.advance(3_600_000);
    org.assignUser(org.appId(1), org.userId(20));
    org.deleteUser(org.userId(7));
    org.deleteGroup(org.groupId(2));
    world.clock.advance(3_600_000);
    world.sim.org.settle();
    world.sim.faults.clear();
    await world.run();
    world.quiet();
    await world.run();
    expect(await world.differences()).toEqual([]);
  });

  test("a pause of 100 days, interrupted behind the feed", async () => {
    world = await createWorld({ pipeline: `objects: core\n${NO_RECONCILE}` });
    const { org } = world.sim;
    await world.run();
    org.assignUser(org.appId(1), org.userId(20));
    org.deleteUser(org.userId(7));
    org.deleteGroup(org.groupId(2));
    org.settle();
    await pause(100);
    const abort = new AbortController();
    const stopped = await world.run({
      signal: abort.signal,
      progress: () => abort.abort(),
    });
    expect(stopped).toMatchObject({ status: "interrupted" });
    world.quiet();
    const report = await world.run();
    expect(report.status).toBe("succeeded");
    world.quiet();
    await world.run();
    expect(await world.differences()).toEqual([]);
  });

  test("a pause of 100 days and then some objects only", async () => {
    world = await createWorld({ pipeline: `objects: core\n${NO_RECONCILE}` });
    const { org } = world.sim;
    await world.run();
    org.assignUser(org.appId(1), org.userId(20));
    org.settle();
    await pause(100);
    await world.run({ objects: ["users"] });
    world.quiet();
    await world.run();
    world.quiet();
    await world.run();
    expect(await world.differences()).toEqual([]);
  });
});

describe("selections that change", () => {
  test("a narrower filter on many users takes only them, and back", async () => {
    world = await createWorld({ users: 500, apps: 1, groups: 2 });
    const { org } = world.sim;
    await world.run({}, "objects: core");
    const active = (
      await world.query<{ id: string }>("select id from users where status = 'ACTIVE' and id <> $1", [org.userId(0)])
    ).map(({ id }) => id);
    for (const id of active.slice(0, 200)) org.suspendUser(id);
    world.quiet();
    await world.run({}, "objects: core");
    const members = await countOf("group_members");
    const appUsers = await countOf("application_users");
    const only = "objects:\n  core: {}\n  users: { filter: { status: [ACTIVE] } }";
    const narrowed = await world.run({}, only);
    expect(lineOf(narrowed, "users").status).toBe("succeeded");
    expect(await countOf("group_members")).toBe(members);
    expect(await countOf("application_users")).toBe(appUsers);
    expect(await world.query("select distinct status from users")).toEqual([{ status: "ACTIVE" }]);
    for (const id of active.slice(200, 420)) org.suspendUser(id);
    world.clock.advance(2 * DAY);
    org.settle();
    const later = await world.run({}, only);
    expect(lineOf(later, "users")).toMatchObject({ status: "succeeded" });
    expect(await countOf("group_members")).toBe(members);
    await world.run({}, "objects: core");
    expect(await world.differences()).toEqual([]);
  });

  test("groups that a filter left out come back with their members", async () => {
    world = await createWorld({ pipeline: `objects: core\n${NO_RECONCILE}` });
    await world.run({}, `objects:\n  core: {}\n  groups: { filter: { type: [OKTA_GROUP] } }\n${NO_RECONCILE}`);
    world.clock.advance(DAY);
    await world.run();
    expect(await world.differences()).toEqual([]);
  });

  test("renamed columns are filled", async () => {
    world = await createWorld();
    await world.run({}, "objects: core");
    world.quiet();
    await world.run({}, "objects:\n  core: {}\n  users: { columns: { rename: { profile.login: login_name } } }");
    const rows = await world.query("select 1 from users where login_name is null");
    expect(rows).toEqual([]);
    world.quiet();
    await world.run({}, "objects:\n  core: {}\n  users: { columns: { rename: { profile.login: profile_login } } }");
    expect(await world.query("select 1 from users where profile_login is null")).toEqual([]);
    world.sim.org.updateUser(world.sim.org.userId(3), { login: "changed@example.com" });
    world.quiet();
    await world.run({}, "objects: core");
    expect(await world.query("select 1 from users where profile_login = 'changed@example.com'")).toHaveLength(1);
  });

  test("excluded columns are emptied and come back", async () => {
    world = await createWorld();
    await world.run({}, "objects: core");
    await world.run({}, "objects:\n  core: {}\n  users: { columns: { exclude: [profile.lastName] } }");
    expect(await world.query("select 1 from users where profile_last_name is not null")).toEqual([]);
    expect(await world.query("select 1 from users where _extra::text like '%lastName%'")).toEqual([]);
    await world.run({}, "objects: core");
    expect(await world.differences()).toEqual([]);
  });

  test("deletes soft, hard, ignore, hard", async () => {
    world = await createWorld({ apps: 1 });
    const { org } = world.sim;
    let next = 10;
    for (const deletes of ["soft", "hard", "ignore", "soft"]) {
      const lines = `objects: core\ndeletes: ${deletes}\n${NO_RECONCILE}`;
      await world.run({}, lines);
      org.deleteUser(org.userId(next));
      org.deleteGroup(String(org.createGroup({ name: `G${next}` })["id"]));
      org.removeMember(org.groupId(2), org.userId(next + 20));
      next += 1;
      world.quiet();
      await world.run({}, lines);
    }
    world.quiet();
    await world.run({}, "objects: core");
    expect(await world.differences()).toEqual([]);
  });
});

describe("odd values", () => {
  test("attributes of any name, type and number", async () => {
    world = await createWorld();
    const { org } = world.sim;
    await world.run();
    const names = [
      "constructor",
      "toString",
      "__proto__",
      "hasOwnProperty",
      "valueOf",
      "select",
      "Order",
      "order",
      "_tidemark_hash",
      "_extra",
      "id",
      "type",
      "a".repeat(70),
      `${"a".repeat(69)}b`,
      "ALLCAPS",
      "allcaps",
      "allCaps",
      "x_y",
      "xY",
      "length",
      ...Array.from({ length: 300 }, (_, i) => `attr${i}`),
    ];
    for (const name of names) org.addUserAttribute("default", name, { title: name, type: "string" });
    const profile = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    org.updateUser(org.userId(0), profile);
    world.quiet();
    const report = await world.run();
    expect(report).toMatchObject({ status: "succeeded" });
    // What finds no room in a row of one table is in the next.
    const rows = await Promise.all(
      ["users", "users_2"].map((table) =>
        world.query<Record<string, unknown>>(`select * from ${table} where id = '${org.userId(0)}'`),
      ),
    );
    const values = new Set(rows.flat().flatMap((row) => Object.values(row).map(String)));
    expect(
      Object.entries(profile)
        .filter(([, value]) => !values.has(value))
        .map(([name]) => name),
    ).toEqual([]);
    expect(await world.differences(["users"])).toEqual([]);
  });

  test("an attribute whose type changes to and fro, and one that goes and comes with another type", async () => {
    world = await createWorld();
    const { org } = world.sim;
    const id = org.userId(0);
    let value: unknown = "007";
    for (const [type, given] of [
      ["string", "007"],
      ["integer", 42],
      ["string", "x"],
      ["number", 1.5],
      ["boolean", true],
      ["array", ["a", "b"]],
      ["integer", 7],
    ] as const) {
      org.addUserAttribute("default", "wobbly", null);
      org.addUserAttribute("default", "wobbly", {
        title: "W",
        type,
        ...(type === "array" ? { items: { type: "string" } } : {}),
      } as never);
      org.updateUser(id, { wobbly: given } as never);
      value = given;
      world.quiet();
      expect(await world.run({ objects: ["users"] })).toMatchObject({ status: "succeeded" });
      const [row] = await world.query<{ profile_wobbly: unknown; extra: { profile?: { wobbly?: unknown } } | null }>(
        `select profile_wobbly, _extra extra from users where id = '${id}'`,
      );
      const stored = row?.extra?.profile?.wobbly ?? row?.profile_wobbly;
      expect(Array.isArray(stored) ? stored : String(stored)).toEqual(Array.isArray(value) ? value : String(value));
    }
    expect(await world.differences(["users"])).toEqual([]);
  });

  test("values with quotes, control characters, NUL, emoji, megabytes", async () => {
    world = await createWorld();
    const { org } = world.sim;
    await world.run();
    const odd = `a"b'c\\d\\N\ne\tf\rg\u0001h😀\\.`;
    org.updateUser(org.userId(0), {
      nickName: odd,
      title: "x".repeat(3_000_000),
      displayName: "nul\u0000here",
      city: "\ud800",
    });
    org.updateApp(org.appId(1), { label: `App 😀 𠜎 ${odd}` });
    world.quiet();
    expect(await world.run()).toMatchObject({ status: "succeeded" });
    expect(
      await world.query(
        `select profile_nick_name n, length(profile_title) t, profile_display_name d from users where id = '${org.userId(0)}'`,
      ),
    ).toEqual([{ n: odd, t: 3_000_000, d: "nul\ufffdhere" }]);
    world.quiet();
    const again = await world.run({ reconcile: true });
    expect(again.objects.filter((o) => o.updated > 0)).toEqual([]);
    expect(lineOf(await world.run({ full: true }), "users").updated).toBe(0);
  });
});

describe("interrupted passes", () => {
  test("--full interrupted, then a normal run, undoes edits all the same", async () => {
    world = await createWorld({ users: 900 });
    await world.run();
    await world.query("update users set profile_login = 'edited' where id = $1", [world.sim.org.userId(3)]);
    world.sim.faults.add({ kind: "status", status: 403, code: "E0000006", match: { path: "/api/v1/users" }, after: 2 });
    await world.run({ full: true });
    world.sim.faults.clear();
    await world.run();
    expect(await world.differences()).toEqual([]);
  });

  test("a reconcile interrupted and resumed days later", async () => {
    world = await createWorld({ users: 900, pipeline: `objects: core\n${NO_RECONCILE}` });
    const { org } = world.sim;
    await world.run();
    world.sim.faults.add({ kind: "status", status: 500, match: { path: "/api/v1/users" }, after: 2 });
    await world.run({ reconcile: true });
    world.sim.faults.clear();
    org.updateUser(org.userId(3), { title: "Newer" });
    org.deleteUser(org.userId(4));
    const id = String(org.createUser({ firstName: "Late" })["id"]);
    org.settle();
    world.clock.advance(5 * DAY);
    await world.run({ objects: ["users"], ids: [org.userId(3), id] });
    await world.run();
    world.quiet();
    await world.run();
    expect(await world.differences()).toEqual([]);
  });
});

describe("rights", () => {
  test("another admin's token with more rights brings what was hidden", async () => {
    world = await createWorld({ pipeline: `objects: core\n${NO_RECONCILE}` });
    world.sim.faults.add({ kind: "role", role: "narrowed", keep: 0.5 });
    await world.run();
    world.sim.faults.clear();
    world.clock.advance(DAY);
    await world.run();
    expect(await world.differences()).toEqual([]);
  });
});

describe("orgs of odd sizes", () => {
  for (const [users, groups, apps] of [
    [1, 0, 0],
    [20, 2, 40],
  ] as const) {
    test(`${users} users, ${groups} groups, ${apps} apps`, async () => {
      world = await createWorld({ users, groups, apps });
      expect(await world.run()).toMatchObject({ status: "succeeded" });
      expect(await world.differences()).toEqual([]);
      world.quiet();
      const again = await world.run({ reconcile: true });
      expect(again).toMatchObject({ status: "succeeded" });
      expect(again.objects.filter((o) => o.inserted + o.updated + o.deleted > 0)).toEqual([]);
    });
  }
});
