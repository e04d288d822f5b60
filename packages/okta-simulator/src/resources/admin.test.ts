import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type JsonObject, valueAt } from "../json.js";
import { createSimulator, type Simulator } from "../simulator.js";
import { type Answer, callerOf } from "../testing/simulated-org.js";

let sim: Simulator;
beforeEach(async () => {
  sim = await createSimulator({ users: 60, apps: 3, groups: 12, rules: 0 });
});
afterEach(async () => {
  await sim.close();
});

const call = callerOf(() => sim);

async function rows(path: string): Promise<JsonObject[]> {
  return (await call("GET", path)).json as JsonObject[];
}

async function page(path: string): Promise<{ readonly rows: JsonObject[]; readonly next: string | undefined }> {
  const { json, link } = await call("GET", path);
  return { rows: json as JsonObject[], next: /<([^>]*)>; rel="next"/.exec(link ?? "")?.[1] };
}

async function wrapped(path: string, at: string): Promise<JsonObject[]> {
  return ((await call("GET", path)).json as Record<string, JsonObject[]>)[at] ?? [];
}

/** Types of the events since `from`, with the types of their targets. */
function eventsSince(from: number): string[] {
  return [...sim.org.truth("log_events")].slice(from).map((event) => {
    const targets = (event["target"] ?? []) as readonly JsonObject[];
    return `${String(event["eventType"])}: ${targets.map((target) => String(target["type"])).join(" ")}`;
  });
}

function eventCount(): number {
  return [...sim.org.truth("log_events")].length;
}

async function groupId(): Promise<string> {
  return String(
    (await call("POST", "/api/v1/groups", { profile: { name: "Crew" } }).then(({ json }) => json as JsonObject)).id,
  );
}

describe("admin roles", () => {
  it("come to a user from a group, and the list of assignees and the statistics know", async () => {
    const [group, user] = [await groupId(), sim.org.userId(20)];
    await call("PUT", `/api/v1/groups/${group}/users/${user}`);
    const from = eventCount();
    const granted = await call("POST", `/api/v1/groups/${group}/roles`, { type: "READ_ONLY_ADMIN" });
    expect(granted).toMatchObject({ status: 201, json: { assignmentType: "GROUP", label: "Read-only Administrator" } });
    const inherited = await rows(`/api/v1/users/${user}/roles`);
    expect(inherited).toEqual([granted.json]);
    expect(inherited[0]?.["_links"]).toEqual({ assignee: { href: `${sim.url}/api/v1/groups/${group}` } });
    const assignees = await wrapped("/api/v1/iam/assignees/users", "value");
    expect(assignees.map(({ id }) => id)).toContain(user);
    const stats = async (): Promise<unknown> =>
      (await rows(`/api/v1/groups?filter=id+eq+"${group}"&expand=stats`)).map((one) => one["_embedded"]);
    expect(await stats()).toMatchObject([{ stats: { hasAdminPrivilege: true } }]);
    await call("DELETE", `/api/v1/groups/${group}/roles/${String((granted.json as JsonObject).id)}`);
    expect(await stats()).toMatchObject([{ stats: { hasAdminPrivilege: false } }]);
    expect(await rows(`/api/v1/users/${user}/roles`)).toEqual([]);
    expect(eventsSince(from)).toEqual(["group.privilege.grant: UserGroup", "group.privilege.revoke: UserGroup"]);
  });

  it("are refused to Everyone and to groups that a rule fills", async () => {
    const post = (group: string): Promise<Answer> =>
      call("POST", `/api/v1/groups/${group}/roles`, { type: "APP_ADMIN" });
    expect((await post(sim.org.groupId(0))).json).toMatchObject({ errorCode: "E0000211" });
    const group = await groupId();
    sim.org.createGroupRule({ name: "crew", expression: 'user.city=="Bern"', groupIds: [group] });
    expect((await post(group)).json).toMatchObject({ errorCode: "E0000192" });
  });

  it("list targets in pages to the last, without those that are gone", async () => {
    await call("POST", `/api/v1/users/${sim.org.userId(5)}/roles`, { type: "USER_ADMIN" });
    const [role] = await rows(`/api/v1/users/${sim.org.userId(5)}/roles`);
    const path = `/api/v1/users/${sim.org.userId(5)}/roles/${String(role?.id)}/targets`;
    const made = Array.from({ length: 5 }, (_, n) => String(sim.org.createGroup({ name: `Target ${n}` })["id"]));
    const app = String(sim.org.createApp({ label: "Target" })["id"]);
    for (const id of made) await call("PUT", `${path}/groups/${id}`);
    await call("PUT", `${path}/catalog/apps/any/${app}`);
    sim.org.deleteGroup(made.pop() ?? "");
    const [first, second] = [await page(`${path}/groups?limit=3`), await page(`${path}?limit=4`)];
    expect([...first.rows, ...(await page(first.next ?? "")).rows].map(({ id }) => id)).toEqual(made);
    expect((await page(second.next ?? "")).rows).toMatchObject([{ orn: expect.stringContaining(app) as unknown }]);
    expect((await call("GET", `${path}/groups?after=xyz`)).json).toMatchObject({ errorCode: "E0000029" });
    sim.org.deleteApp(app);
    expect(await rows(`${path}/catalog/apps`)).toEqual([]);
  });

  it("share the id of a role that takes targets, whoever holds it", async () => {
    for (const n of [5, 6]) sim.org.grantRole(sim.org.userId(n), "APP_ADMIN");
    const ids = await Promise.all([5, 6].map((n) => rows(`/api/v1/users/${sim.org.userId(n)}/roles`)));
    expect(ids.flat().map(({ id }) => id)).toEqual(["IFIFAX2BIRGUSTQ", "IFIFAX2BIRGUSTQ"]);
    const targets = `/api/v1/users/${sim.org.userId(5)}/roles/IFIFAX2BIRGUSTQ/targets/catalog/apps`;
    await call("PUT", `${targets}/facebook`);
    const app = String((await rows("/api/v1/apps"))[0]?.id);
    await call("PUT", `${targets}/any/${app}`);
    const [whole, instance] = await rows(targets);
    expect(whole).toMatchObject({
      name: "facebook",
      _links: { self: { href: `${sim.url}/api/v1/catalog/apps/facebook` } },
    });
    expect(whole).not.toHaveProperty("id");
    expect(Object.keys(instance ?? {})).toEqual(["name", "status", "id", "_links"]);
  });
});

describe("custom roles", () => {
  it("have permissions of their own, added, conditioned and taken away one by one", async () => {
    const from = eventCount();
    const made = await call("POST", "/api/v1/iam/roles", {
      label: "Night watch",
      description: "Sees everything",
      permissions: ["okta.users.read"],
    });
    expect(made.status).toBe(200);
    expect(made.json).not.toHaveProperty("permissions");
    const path = "/api/v1/iam/roles/Night%20watch/permissions";
    expect((await call("POST", `${path}/okta.groups.read`)).status).toBe(204);
    await call("PUT", `${path}/okta.users.read`, {
      conditions: { include: { "okta:ResourceAttribute/User/Profile": ["city"] } },
    });
    expect(await wrapped(path, "permissions")).toMatchObject([
      { label: "okta.users.read", conditions: { include: {} } },
      { label: "okta.groups.read", conditions: null },
    ]);
    await call("DELETE", `${path}/okta.users.read`);
    expect(await wrapped(path, "permissions")).toHaveLength(1);
    expect(eventsSince(from)).toEqual([
      "iam.role.create: CustomRole",
      "iam.role.permissions.add: CustomRole",
      "iam.role.permission.conditions.add: CustomRole",
      "iam.role.permissions.delete: CustomRole",
    ]);
  });

  it("are listed in pages whose next link is in the body", async () => {
    for (let n = 0; n < 50; n++)
      sim.org.create("custom_roles", { label: `Role ${n}`, description: "", permissions: [] });
    const first = (await call("GET", "/api/v1/iam/roles")).json as JsonObject;
    expect(first["roles"]).toHaveLength(50);
    const second = (await call("GET", String(valueAt(first, "_links.next.href")))).json as JsonObject;
    expect(second).toMatchObject({ roles: [{}, {}], _links: {} });
  });

  it("given over a resource set are bindings with members, and roles of the members", async () => {
    const [set] = await wrapped("/api/v1/iam/resource-sets", "resource-sets");
    const [, role] = await wrapped("/api/v1/iam/roles", "roles");
    const [user, group] = [sim.org.userId(30), await groupId()];
    const from = eventCount();
    const body = { type: "CUSTOM", role: role?.id, "resource-set": set?.id };
    const assigned = await call("POST", `/api/v1/users/${user}/roles`, body);
    expect(assigned).toMatchObject({ status: 201, json: { ...body, label: role?.label, assignmentType: "USER" } });
    expect((await call("POST", `/api/v1/users/${user}/roles`, body)).status).toBe(409);
    const bindings = `/api/v1/iam/resource-sets/${String(set?.id)}/bindings`;
    expect((await wrapped(bindings, "roles")).map(({ id }) => id)).toContain(role?.id);
    const members = `${bindings}/${String(role?.id)}/members`;
    const added = await call("PATCH", members, { additions: [`${sim.url}/api/v1/groups/${group}`] });
    expect(added).toMatchObject({ status: 200, json: { _links: {} } });
    expect((await wrapped(members, "members")).map((one) => one["_links"])).toEqual([
      { self: { href: `${sim.url}/api/v1/users/${user}` } },
      { self: { href: `${sim.url}/api/v1/groups/${group}` } },
    ]);
    sim.org.deleteGroup(group);
    expect(await wrapped(members, "members")).toHaveLength(1);
    await call("DELETE", `/api/v1/users/${user}/roles/${String((assigned.json as JsonObject).id)}`);
    expect(await rows(`/api/v1/users/${user}/roles`)).toEqual([]);
    expect(eventsSince(from)).toEqual([
      "iam.resourceset.bindings.add: IAMPolicy User",
      "iam.resourceset.bindings.add: IAMPolicy UserGroup",
      "group.lifecycle.delete: UserGroup",
      "iam.resourceset.bindings.delete: IAMPolicy User",
    ]);
  });
});

it("keeps resources of a set by name or address, singly or several at once", async () => {
  const made = await call("POST", "/api/v1/iam/resource-sets", {
    label: "Piers",
    description: "",
    resources: [`${sim.url}/api/v1/apps`],
  });
  const path = `/api/v1/iam/resource-sets/${String((made.json as JsonObject).id)}/resources`;
  const orn = `orn:okta:directory:${sim.org.id}:groups`;
  expect((await call("PATCH", path, { additions: [orn] })).json).toMatchObject({ label: "Piers" });
  await call("POST", path, { resourceOrnOrUrl: `${orn}:x`, conditions: { Exclude: { "okta:ORN": ["y"] } } });
  const found = await wrapped(path, "resources");
  expect(found.map((one) => one["orn"])).toEqual([`orn:okta:idp:${sim.org.id}:apps`, orn, `${orn}:x`]);
  expect(await call("GET", `${path}/${String(found[2]?.id)}`)).toMatchObject({ status: 200, json: found[2] });
});

it("names the resources of a preview org as one", async () => {
  await sim.close();
  sim = await createSimulator({ users: 60, apps: 3, groups: 12, rules: 0, preview: true });
  const [set] = await wrapped("/api/v1/iam/resource-sets", "resource-sets");
  const path = `/api/v1/iam/resource-sets/${String(set?.["id"])}/resources`;
  await call("PATCH", path, { additions: [`${sim.url}/api/v1/groups`] });
  const orns = [...(await wrapped(path, "resources")), ...(await rows("/api/v1/apps"))].map((one) =>
    String(one["orn"]),
  );
  expect(orns).toContain(`orn:oktapreview:directory:${sim.org.id}:groups`);
  expect(orns.filter((orn) => !orn.startsWith("orn:oktapreview:"))).toEqual([]);
});

it("subscribes roles to notifications, custom ones too", async () => {
  const [role] = await wrapped("/api/v1/iam/roles", "roles");
  for (const name of ["SUPER_ADMIN", String(role?.id)]) {
    const path = `/api/v1/roles/${name}/subscriptions`;
    expect((await rows(path)).length).toBeGreaterThan(5);
    expect((await call("POST", `${path}/APP_IMPORT/unsubscribe`)).status).toBe(200);
    expect((await call("GET", `${path}/APP_IMPORT`)).json).toMatchObject({
      status: "unsubscribed",
      channels: ["email"],
    });
  }
  expect((await call("GET", "/api/v1/roles/NOBODY/subscriptions")).status).toBe(404);
});

it("shows owners of groups in the two forms of time that Okta has, until they are gone", async () => {
  const [group, user] = [await groupId(), sim.org.userId(7)];
  const path = `/api/v1/groups/${group}/owners`;
  const made = await call("POST", path, { id: user, type: "USER" });
  expect(made).toMatchObject({
    status: 201,
    json: { lastUpdated: expect.stringMatching(/^\w{3} \w{3} \d\d [\d:]+ UTC \d{4}$/) as string },
  });
  expect(await rows(path)).toMatchObject([
    { id: user, originType: "OKTA_DIRECTORY", lastUpdated: expect.stringMatching(/^[\d-]+ [\d:]+\.0$/) as string },
  ]);
  sim.org.deleteUser(user);
  expect(await rows(path)).toEqual([]);
});

it("links users by definitions, seen from either end, without an event", async () => {
  const [mate, skipper, path] = [sim.org.userId(41), sim.org.userId(42), "/api/v1/meta/schemas/user/linkedObjects"];
  const side = (name: string): JsonObject => ({ name, title: name, description: name, type: "USER" });
  expect((await call("POST", path, { primary: side("skipper"), associated: side("mate") })).status).toBe(201);
  expect((await call("POST", path, { primary: side("mate"), associated: side("x") })).status).toBe(409);
  const from = eventCount();
  expect((await call("PUT", `/api/v1/users/${mate}/linkedObjects/skipper/${skipper}`)).status).toBe(204);
  const link = (id: string): JsonObject[] => [{ _links: { self: { href: `${sim.url}/api/v1/users/${id}` } } }];
  expect(await rows(`/api/v1/users/${mate}/linkedObjects/skipper`)).toEqual(link(skipper));
  expect(await rows(`/api/v1/users/${skipper}/linkedObjects/mate`)).toEqual(link(mate));
  expect([...sim.org.truthOf("linked_objects")]).toContainEqual({
    userId: mate,
    primaryName: "skipper",
    primaryUserId: skipper,
  });
  expect((await call("DELETE", `/api/v1/users/${mate}/linkedObjects/skipper`)).status).toBe(204);
  expect(await rows(`/api/v1/users/${mate}/linkedObjects/skipper`)).toEqual([]);
  expect(eventsSince(from)).toEqual([]);
  expect((await call("DELETE", `${path}/mate`)).status).toBe(204);
  expect((await call("GET", `/api/v1/users/${mate}/linkedObjects/skipper`)).status).toBe(404);
});

it("has grants that arise and are revoked, and the clients that hold them", async () => {
  const granted = new Set([...sim.org.truthOf("user_grants")].map((one) => one["userId"]));
  const user = [...sim.org.truth("users")].map((one) => String(one["id"])).find((id) => !granted.has(id)) ?? "";
  const grant = sim.org.create("user_grants", { clientId: sim.org.appId(1), scopeId: "scp1" }, { userId: user });
  const path = `/api/v1/users/${user}`;
  expect(await rows(`${path}/grants`)).toMatchObject([
    { userId: user, clientId: sim.org.appId(1), source: "END_USER" },
  ]);
  expect(await rows(`${path}/clients`)).toMatchObject([{ client_id: sim.org.appId(1) }]);
  expect((await call("POST", `${path}/grants`, {})).status).toBe(405);
  expect((await call("DELETE", `${path}/grants/${String(grant.id)}`)).status).toBe(204);
  expect(await rows(`${path}/clients`)).toEqual([]);
});

describe("factors", () => {
  it("are of every type over the org, and many users have none", async () => {
    await sim.close();
    sim = await createSimulator({ users: 400, apps: 3, groups: 3 });
    const all = [...sim.org.truthOf("factors")];
    expect(new Set(all.map((one) => one["factorType"])).size).toBe(13);
    expect(new Set(all.map((one) => one["userId"])).size).toBeLessThan(200);
    expect([...sim.org.truthOf("factors")]).toEqual(all);
  });

  it("are enrolled, activated, changed, removed and reset; the log tells all but a pending enrolment", async () => {
    const user = String(sim.org.createUser({})["id"]);
    const path = `/api/v1/users/${user}/factors`;
    expect(await rows(path)).toEqual([]);
    const from = eventCount();
    const sms = await call("POST", path, { factorType: "sms", provider: "OKTA", profile: { phoneNumber: "+41" } });
    expect(sms).toMatchObject({ status: 200, json: { status: "PENDING_ACTIVATION", profile: { phoneNumber: "+41" } } });
    const one = `${path}/${String((sms.json as JsonObject).id)}`;
    expect((await call("POST", `${one}/lifecycle/activate`, { passCode: "1" })).json).toMatchObject({
      status: "ACTIVE",
    });
    const profile = { question: "first_award", answer: "never shown" };
    const question = await call("POST", path, { factorType: "question", provider: "OKTA", profile });
    expect(JSON.stringify(question.json)).not.toContain("never shown");
    await call("PUT", `${path}/${String((question.json as JsonObject).id)}`, {
      profile: { question: "first_kiss_location" },
    });
    expect((await call("DELETE", one)).status).toBe(204);
    expect((await call("GET", one)).status).toBe(404);
    expect((await call("POST", `/api/v1/users/${user}/lifecycle/reset_factors`)).status).toBe(200);
    expect(await rows(path)).toEqual([]);
    expect(eventsSince(from)).toEqual([
      "user.mfa.factor.activate: AuthenticatorEnrollment User",
      "user.mfa.factor.activate: AuthenticatorEnrollment User",
      "user.mfa.factor.update: AuthenticatorEnrollment User",
      "user.mfa.factor.deactivate: AuthenticatorEnrollment User",
      "user.mfa.factor.reset_all: User",
    ]);
  });
});
