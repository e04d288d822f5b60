import { afterEach, describe, expect, test } from "vitest";

import { createWorld, lineOf, type World } from "../support/world.js";

let world: World;
afterEach(() => world.close());

/** Writes to the org over HTTP, as its administrator. */
async function call(method: string, path: string): Promise<void> {
  const answer = await fetch(`${world.sim.url}${path}`, {
    method,
    headers: { authorization: `SSWS ${world.sim.token}` },
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

async function column(sql: string): Promise<string[]> {
  const rows = await world.query<{ value: unknown }>(sql);
  return rows.map(({ value }) => String(value));
}

const waiting = (): Promise<string[]> => column("select object || ' ' || effect as value from _tidemark_queue");

describe("a part of a deep parent's key", () => {
  test("reads what is under it again, and takes away what is left under a parent that went", async () => {
    world = await createWorld({ pipeline: "objects: [user_role_group_targets]" });
    const { org } = world.sim;
    const user = org.userId(5);
    for (const type of ["USER_ADMIN", "HELP_DESK_ADMIN"]) org.grantRole(user, type);
    for (const role of [...org.truthOf("user_roles")].filter(
      ({ userId, type }) => userId === user && String(type).endsWith("ADMIN"),
    ))
      await call("PUT", `/api/v1/users/${user}/roles/${String(role["id"])}/targets/groups/${org.groupId(1)}`);
    await world.run();
    const targets = (): Promise<string[]> =>
      column(`select role_assignment_id as value from user_role_group_targets where user_id = '${user}'`);
    expect(await targets()).toHaveLength(2);
    org.revokeRole(user, "USER_ADMIN");
    world.quiet();
    expect(lineOf(await world.run(), "user_role_group_targets")).toMatchObject({ mode: "incremental", deleted: 1 });
    expect(await targets()).toHaveLength(1);
  });
});

describe("targets of a group's roles", () => {
  test("end with the role, and what changes without an event the reconcile finds", async () => {
    world = await createWorld({ groups: 12, pipeline: "objects: [group_role_group_targets, group_role_app_targets]" });
    const { org } = world.sim;
    await world.run();
    const objects = ["group_role_group_targets", "group_role_app_targets"];
    expect(await world.differences(objects)).toEqual([]);
    const groups = (): Promise<string[]> => column("select target_group_id as value from group_role_group_targets");
    const apps = (): Promise<string[]> => column("select target_id as value from group_role_app_targets order by 1");
    expect([(await groups()).length, await apps()]).toEqual([2, [org.appId(0), "facebook"]]);
    const [target] = [...org.truthOf("group_role_group_targets")];
    const roles = `/api/v1/groups/${String(target?.["groupId"])}/roles`;
    await call("DELETE", `${roles}/${String(target?.["roleId"])}/targets/groups/${String(target?.["id"])}`);
    world.quiet();
    await world.run();
    expect(await groups()).toHaveLength(2);
    world.quiet();
    await world.run({ reconcile: true });
    expect(await groups()).toHaveLength(1);
    const [app] = [...org.truthOf("group_role_app_targets")];
    await call("DELETE", `${roles}/${String(app?.["roleId"])}`);
    world.quiet();
    expect(lineOf(await world.run(), "group_role_app_targets")).toMatchObject({ mode: "incremental", deleted: 2 });
    expect(await world.differences(objects)).toEqual([]);
  });
});

describe("a parent that cannot be read alone", () => {
  test("is listed again when its children's list is not there, and then forgotten", async () => {
    world = await createWorld({ pipeline: "objects: [user_roles]" });
    await world.run();
    const [user] = await column("select user_id as value from user_roles order by user_id desc");
    world.sim.faults.add({
      kind: "status",
      status: 404,
      code: "E0000007",
      match: { path: `/api/v1/users/${user ?? ""}/roles` },
    });
    world.quiet();
    await world.run({ reconcile: true });
    world.sim.faults.clear();
    for (let times = 0; times < 2; times += 1) {
      world.quiet();
      await world.run();
    }
    expect(await waiting()).toEqual([]);
    expect(await column("select user_id as value from user_roles order by user_id desc")).toContain(user);
  });
});

describe("what only some parents have", () => {
  const objects = ["client_secrets", "application_grants"];

  test("goes with a parent that is none of those any more, comes with one that is, and is never asked of others", async () => {
    world = await createWorld({ apps: 8, pipeline: `objects: [${objects.join(", ")}]` });
    const { org } = world.sim;
    await world.run();
    expect(await world.differences(objects)).toEqual([]);
    const before = await column("select application_id as value from client_secrets order by 1");
    const [client] = before;
    const become = (mode: string): Promise<unknown> =>
      world.query(`update applications set sign_on_mode = '${mode}' where id = '${client ?? ""}'`);
    await become("BOOKMARK");
    world.sim.requests.clear();
    org.create("client_secrets", {}, { appId: client ?? "" });
    world.quiet();
    expect((await world.run()).status).toBe("succeeded");
    expect(world.sim.requests.count(/credentials\/secrets/)).toBe(0);
    expect(await column(`select id as value from client_secrets where application_id = '${client ?? ""}'`)).toEqual([]);
    world.quiet();
    expect((await world.run({ reconcile: true })).status).toBe("succeeded");
    expect(await world.differences(objects)).toEqual([]);
    await become("OPENID_CONNECT");
    world.quiet();
    expect((await world.run({ reconcile: true })).status).toBe("succeeded");
    expect(await world.differences(objects)).toEqual([]);
    expect(new Set(await column("select application_id as value from client_secrets"))).toEqual(new Set(before));
  });
});

describe("lists that hide rows", () => {
  test("a hidden factor stays, one whose single GET answers 404 goes, and the pass is cheap and green", async () => {
    world = await createWorld({ users: 30, pipeline: "objects: [enrolled_factors]" });
    await world.run();
    const factors = await world.query<{ id: string; user_id: string }>(
      "select id, user_id from enrolled_factors order by id",
    );
    const [hidden, removed] = [factors[0], factors.find(({ user_id }) => user_id !== factors[0]?.user_id)];
    world.sim.faults.add({ kind: "hidden", ids: [hidden?.id ?? ""], match: { path: "/api/v1/users/" } });
    world.sim.org.remove("factors", removed?.id ?? "", { userId: removed?.user_id ?? "" });
    for (const options of [{}, { reconcile: true }, { reconcile: true }]) {
      world.quiet();
      const line = lineOf(await world.run(options), "enrolled_factors");
      expect(line).toMatchObject({ status: "succeeded", ...("reconcile" in options ? {} : { deleted: 1 }) });
      expect(line.requests).toBeLessThan("reconcile" in options ? 30 + 4 : 5);
    }
    const left = await column("select id as value from enrolled_factors order by id");
    expect(left).toEqual(factors.map(({ id }) => id).filter((id) => id !== removed?.id));
  });
});

describe("parents that are never empty", () => {
  test("are listed again when they have no row here, and no others are", async () => {
    world = await createWorld({ pipeline: "objects: [user_roles]" });
    world.sim.org.grantRole(world.sim.org.userId(5), "APP_ADMIN");
    await world.run();
    world.quiet();
    await world.run();
    const before = await column("select user_id || id as value from user_roles order by 1");
    await world.query(`delete from user_roles where user_id = '${world.sim.org.userId(5)}'`);
    world.quiet();
    world.sim.requests.clear();
    expect((await world.run()).status).toBe("succeeded");
    expect(await column("select user_id || id as value from user_roles order by 1")).toEqual(before);
    // The other one is the token's owner, whose rights every run asks for.
    expect(world.sim.requests.count(/users\/\{id\}\/roles$/)).toBe(2);
  });
});

describe("rows of one kind among others that come by the same requests", () => {
  const kinds = ["okta_sign_on_policies", "password_policies", "access_policies"];

  test("end by themselves: a policy named as another kind's is none there, and nothing else goes with it", async () => {
    world = await createWorld({ pipeline: "objects: [policy_rules]" });
    await world.run();
    const { org } = world.sim;
    const rules = (): Promise<string[]> => column("select id as value from policy_rules order by 1");
    const [policy] = await column("select id as value from access_policies where name = 'Finance applications'");
    const before = await rules();
    const path = `/api/v1/policies/${policy ?? ""}/rules`;
    world.sim.faults.add({ kind: "status", status: 404, code: "E0000007", match: { path } });
    world.quiet();
    await world.run({ reconcile: true });
    world.sim.faults.clear();
    // Every kind is asked for the policy whose rules were not there.
    expect((await waiting()).length).toBeGreaterThanOrEqual(kinds.length);
    world.quiet();
    expect((await world.run()).objects.filter(({ deleted }) => deleted > 0)).toEqual([]);
    expect(await waiting()).toEqual([]);
    expect(await rules()).toEqual(before);
    const [password] = await column("select id as value from password_policies where name = 'Long passwords'");
    org.remove("policies", password ?? "");
    world.quiet();
    const report = await world.run();
    expect(report.objects.filter(({ deleted }) => deleted > 0).map(({ object }) => object)).toEqual([
      "password_policies",
    ]);
    expect(await world.differences([...kinds, "policy_rules"])).toEqual([]);
  });
});

test("what shows a custom role's label follows its change and its end by the log", async () => {
  const objects = ["custom_roles", "user_roles", "group_roles"];
  world = await createWorld({ pipeline: `objects: [${objects.join(", ")}]` });
  const { org, url } = world.sim;
  const role = String(
    org.create("custom_roles", { label: "Desk", description: "", permissions: ["okta.users.read"] })["id"],
  );
  const [set] = org.truthOf("resource_sets");
  const members = [`${url}/api/v1/users/${org.userId(6)}`, `${url}/api/v1/groups/${org.groupId(2)}`];
  org.create("resource_set_bindings", { role, members }, { resourceSetId: String(set?.["id"]) });
  await world.run();
  const labels = (): Promise<string[]> =>
    column(
      `select label as value from user_roles where role = '${role}' union all select label from group_roles where role = '${role}'`,
    );
  expect((await labels()).length).toBeGreaterThan(1);
  org.change("custom_roles", role, { label: "Front desk", description: "" });
  world.quiet();
  await world.run();
  expect(new Set(await labels())).toEqual(new Set(["Front desk"]));
  org.remove("custom_roles", role);
  world.quiet();
  await world.run();
  expect(await labels()).toEqual([]);
  expect(await world.differences(objects)).toEqual([]);
});
