import { afterEach, describe, expect, test } from "vitest";

import { createWorld, lineOf, type World } from "../support/world.js";

let world: World;
afterEach(() => world.close());

describe("incremental runs", () => {
  test("an idle run is cheap and changes nothing, whatever number of sign-ins was logged", async () => {
    world = await createWorld({ users: 500 });
    await world.run();
    world.quiet();
    await world.run();
    world.sim.org.signIns(100_000, 60_000);
    world.quiet();
    const report = await world.run();
    expect(report.requests).toBeLessThan(20);
    expect(report.objects.map((object) => object.inserted + object.updated + object.deleted)).toEqual(
      report.objects.map(() => 0),
    );
  });

  test("a member more or less in a group of thousands costs no re-listing of it", async () => {
    world = await createWorld({ users: 2_600, groups: 4 });
    const { org, requests } = world.sim;
    const large = String(org.createGroup({ name: "Large" })["id"]);
    for (let index = 1; index <= 2_100; index += 1) org.addMember(large, org.userId(index));
    world.quiet();
    await world.run();
    org.addMember(large, org.userId(2_200));
    org.removeMember(large, org.userId(7));
    const created = String(org.createUser({ firstName: "Fresh" })["id"]);
    world.quiet();
    requests.clear();
    const report = await world.run();
    expect(report.requests).toBeLessThan(80);
    expect(lineOf(report, "group_members")).toMatchObject({ status: "succeeded", inserted: 2, deleted: 1 });
    expect(Object.keys(requests.byPath()).filter((path) => /groups\/[^/]+\/users/.test(path))).toEqual([]);
    expect(await world.query(`select 1 from group_members where user_id = '${created}'`)).toHaveLength(1);
    expect(await world.differences(["group_members", "users", "groups"])).toEqual([]);
  });

  test("a custom attribute is a typed column before a row has it", async () => {
    world = await createWorld();
    await world.run();
    const [type] = [...world.sim.org.truth("user_types")].filter((candidate) => candidate["default"] === true);
    const [user] = await world.query<{ id: string }>(
      `select id from users where type_id = '${String(type?.["id"])}' and status = 'ACTIVE' limit 1`,
    );
    const id = user?.id ?? "";
    world.sim.org.addUserAttribute("default", "badgeNumber", { title: "Badge", type: "integer" });
    world.sim.org.updateUser(id, { badgeNumber: 42 });
    world.quiet();
    await world.run();
    expect(await world.query(`select profile_badge_number, _extra from users where id = '${id}'`)).toEqual([
      { profile_badge_number: "42", _extra: null },
    ]);
  });

  test("without the right to read the log the run is degraded and lists again", async () => {
    world = await createWorld();
    world.sim.faults.add({ kind: "status", status: 403, code: "E0000006", match: { path: "/api/v1/logs" } });
    await world.run();
    world.sim.org.assignUser(world.sim.org.appId(0), String(world.sim.org.createUser({ firstName: "New" })["id"]));
    world.sim.org.unassignGroup(...firstGroupAssignment(world));
    world.quiet();
    const report = await world.run();
    expect(lineOf(report, "application_users")).toMatchObject({
      mode: "reconcile",
      degraded: true,
      status: "succeeded",
    });
    expect(report.warnings.join()).toMatch(/okta\.logs\.read/);
    expect(await world.differences()).toEqual([]);
  });

  test("an object that the token may not read is denied; the rest goes on", async () => {
    world = await createWorld();
    world.sim.faults.add({ kind: "status", status: 403, code: "E0000006", match: { path: "^/api/v1/groups/rules" } });
    const preset = await world.run();
    expect(lineOf(preset, "group_rules")).toMatchObject({ status: "denied", error: { code: "OKTA_DENIED" } });
    expect(preset.status).toBe("succeeded");
    expect((await world.run({}, "objects: [core, group_rules]")).status).toBe("partial");
    world.sim.faults.clear();
    expect(lineOf(await world.run(), "group_rules").status).toBe("succeeded");
    expect(await world.differences()).toEqual([]);
  });

  test("a cursor that expires between runs starts the listing again and loses nothing", async () => {
    world = await createWorld({ users: 900 });
    world.sim.faults.add({ kind: "status", status: 403, code: "E0000006", match: { path: "/api/v1/users" }, after: 2 });
    expect(lineOf(await world.run(), "users").status).toBe("denied");
    world.sim.faults.clear();
    world.sim.faults.add({ kind: "expiredCursor", times: 1, match: { path: "/api/v1/users" } });
    expect(lineOf(await world.run(), "users").status).toBe("succeeded");
    expect(await world.differences()).toEqual([]);
  });

  test("only the rows named by --ids are read again", async () => {
    world = await createWorld();
    await world.run();
    const [one, other] = [world.sim.org.userId(3), world.sim.org.userId(4)];
    world.sim.org.updateUser(one, { title: "Read me" });
    world.sim.org.updateUser(other, { title: "Not me" });
    const report = await world.run({ objects: ["users"], ids: [one] });
    expect(lineOf(report, "users")).toMatchObject({ read: 1, updated: 1 });
    world.quiet();
    await world.run();
    expect(await world.differences()).toEqual([]);
  });

  test("a dry run says what would change and changes nothing", async () => {
    world = await createWorld();
    const rehearsal = await world.run({ dryRun: true });
    expect(lineOf(rehearsal, "group_members").inserted).toBeGreaterThan(0);
    const tables = `select 1 from information_schema.tables where table_schema = '${world.place.schema}' and table_name = 'users'`;
    expect(await world.query(tables)).toEqual([]);
    await world.run();
    world.sim.org.deleteUser(world.sim.org.userId(3));
    world.quiet();
    expect(lineOf(await world.run({ dryRun: true }), "users").deleted).toBe(1);
    expect(lineOf(await world.run({ dryRun: true }), "users").deleted).toBe(1);
    expect(lineOf(await world.run(), "users").deleted).toBe(1);
    expect(await world.differences()).toEqual([]);
  });

  test("--full undoes a person's edit of a replicated column, --reconcile does not see it", async () => {
    world = await createWorld();
    await world.run();
    await world.query("update users set profile_login = 'edited' where id = $1", [world.sim.org.userId(3)]);
    world.clock.advance(60_000);
    expect(lineOf(await world.run({ reconcile: true }), "users").updated).toBe(0);
    expect(lineOf(await world.run({ full: true }), "users").updated).toBe(1);
    expect(await world.differences()).toEqual([]);
  });

  test("another org's run into the same schema is refused before anything is written", async () => {
    world = await createWorld();
    await world.run();
    const rows = await world.query("select count(*) from users");
    const other = await createWorld({ seed: 99 });
    try {
      const { run, testConfig } = await import("../support/pipeline.js");
      const report = await run(
        testConfig({ sim: other.sim, databaseUrl: world.place.url, schema: world.place.schema }),
        { clock: world.clock },
      );
      expect(report).toMatchObject({ status: "failed", error: { code: "OKTA_OTHER_ORG" } });
      expect(await world.query("select count(*) from users")).toEqual(rows);
    } finally {
      await other.close();
    }
  });
});

function firstGroupAssignment({ sim }: World): [string, string] {
  for (const pair of sim.org.truth("application_groups")) return [String(pair["applicationId"]), String(pair["id"])];
  throw new Error("no application has a group");
}
