import type { Clock } from "@tidemark/kernel";
import { afterEach, describe, expect, it } from "vitest";
import { createSimulator, type JsonObject, type Simulator, type SimulatorOptions } from "./index.js";

let running: Simulator | undefined;

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  running = await createSimulator({ users: 450, groups: 12, apps: 8, ...options });
  return running;
}

afterEach(async () => {
  await running?.close();
  running = undefined;
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function call(
  sim: Simulator,
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(path.startsWith("http") ? path : sim.url + path, {
    method,
    headers: {
      authorization: `SSWS ${sim.token}`,
      accept: "application/json",
      "content-type": "application/json",
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
  };
}

const rowsOf = (answer: Answer): JsonObject[] => answer.body as JsonObject[];
const codeOf = (answer: Answer): unknown => (answer.body as JsonObject)["errorCode"];
const nextOf = (answer: Answer): string | undefined =>
  /<([^>]*)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
const q = encodeURIComponent;

async function all(sim: Simulator, path: string): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  for (let url: string | undefined = path; url !== undefined;) {
    const answer: Answer = await call(sim, "GET", url);
    expect(answer.status).toBe(200);
    rows.push(...rowsOf(answer));
    url = nextOf(answer);
  }
  return rows;
}

/** A clock that moves only when told. */
function stoppedClock(start = Date.UTC(2026, 5, 1, 12, 0, 0)): Clock & { advance(ms: number): void } {
  let now = start;
  return { now: () => now, sleep: () => Promise.resolve(), advance: (ms) => (now += ms) };
}

const typesOf = (sim: Simulator): string[] =>
  [...sim.org.truth("log_events")].map((event) => String(event["eventType"]));

describe("lists", () => {
  it("pages by an after cursor, with self and next as two links, and ends without next", async () => {
    const sim = await start();
    const first = await call(sim, "GET", "/api/v1/users?limit=200");
    const last = rowsOf(first).at(-1)?.["id"];
    expect(first.headers.get("link")).toBe(
      `<${sim.url}/api/v1/users?limit=200>; rel="self", <${sim.url}/api/v1/users?after=${String(last)}&limit=200>; rel="next"`,
    );
    const ids = (await all(sim, "/api/v1/users")).map((user) => user["id"]);
    const expected = [...sim.org.truth("users")]
      .filter((user) => user["status"] !== "DEPROVISIONED")
      .map((user) => user["id"]);
    expect(ids).toEqual(expected);
  });

  it("leaves DEPROVISIONED out of the plain list and q, and shows them to filter and search", async () => {
    const sim = await start();
    const gone = [...sim.org.truth("users")].filter((user) => user["status"] === "DEPROVISIONED").length;
    expect(gone).toBeGreaterThan(5);
    expect(await all(sim, `/api/v1/users?filter=${q('status eq "DEPROVISIONED"')}`)).toHaveLength(gone);
    expect(await all(sim, `/api/v1/users?search=${q('status eq "DEPROVISIONED"')}`)).toHaveLength(gone);
    expect(await all(sim, `/api/v1/users?filter=${q('lastUpdated gt "1970-01-01T00:00:00.000Z"')}`)).toHaveLength(450);
  });

  it("refuses what Okta refuses", async () => {
    const sim = await start();
    const refused = async (path: string): Promise<unknown> => codeOf(await call(sim, "GET", path));
    expect(await refused(`/api/v1/users?filter=${q('profile.city eq "X"')}`)).toBe("E0000031");
    expect(await refused(`/api/v1/users?filter=${q('status eq "ACTIVE"')}&search=${q('status eq "ACTIVE"')}`)).toBe(
      "E0000033",
    );
    expect(await refused(`/api/v1/apps/${sim.org.appId(0)}/users?filter=${q('status eq "ACTIVE"')}`)).toBe("E0000031");
    expect(await refused("/api/v1/users?after=nonsense")).toBe("E0000029");
    expect(await refused("/api/v1/nothing")).toBe("E0000008");
    expect((await call(sim, "GET", "/api/v1/users", { headers: { authorization: "SSWS wrong" } })).status).toBe(401);
  });

  it("sends no Link with groups?q, and always a Link otherwise", async () => {
    const sim = await start();
    expect((await call(sim, "GET", "/api/v1/groups?q=Every")).headers.get("link")).toBeNull();
    expect((await call(sim, "GET", "/api/v1/groups")).headers.get("link")).toContain("limit=200");
    expect((await call(sim, "GET", `/api/v1/apps/${sim.org.appId(0)}/groups`)).headers.get("link")).toContain(
      "limit=20>",
    );
  });

  it("agrees with the truth in every list, also for pairs", async () => {
    const sim = await start();
    sim.org.deleteUser(sim.org.userId(9));
    sim.org.addMember(sim.org.groupId(1), String(sim.org.createUser({})["id"]));
    for (const group of await all(sim, "/api/v1/groups")) {
      const listed = (await all(sim, `/api/v1/groups/${String(group["id"])}/users?limit=100`)).map(
        (user) => user["id"],
      );
      const real = [...sim.org.truth("group_members")]
        .filter((pair) => pair["groupId"] === group["id"])
        .map((pair) => pair["userId"]);
      expect(listed).toEqual(real);
    }
    for (const app of await all(sim, "/api/v1/apps?limit=3")) {
      const listed = (await all(sim, `/api/v1/apps/${String(app["id"])}/users?limit=60`)).map((user) => user["id"]);
      const real = [...sim.org.truth("application_users")]
        .filter((pair) => pair["applicationId"] === app["id"])
        .map((pair) => pair["id"]);
      expect(listed).toEqual(real);
    }
  });

  it("generates the same org from the same seed", async () => {
    const one = await start({ seed: 7 });
    const users = [...one.org.truth("users")].map(({ _links, ...user }) => user);
    await one.close();
    const two = await start({ seed: 7 });
    expect([...two.org.truth("users")].map(({ _links, ...user }) => user)).toEqual(users);
  });
});

describe("users", () => {
  it("guards profile writes with an ETag that a status change does not move", async () => {
    const sim = await start();
    const id = String(sim.org.createUser({ login: "ada@example.com" }, { password: "Correct-horse-1" })["id"]);
    const path = `/api/v1/users/${id}`;
    const tag = (await call(sim, "GET", path)).headers.get("etag") ?? "";
    expect(tag).toMatch(/^W\/"[0-9a-f]{64}"$/);
    sim.org.suspendUser(id);
    expect((await call(sim, "GET", path)).headers.get("etag")).toBe(tag);
    expect(
      (await call(sim, "POST", path, { body: { profile: { title: "Boss" } }, headers: { "if-match": tag } })).status,
    ).toBe(200);
    expect(
      codeOf(await call(sim, "POST", path, { body: { profile: { title: "No" } }, headers: { "if-match": tag } })),
    ).toBe("E0000231");
    expect(codeOf(await call(sim, "POST", path, { body: {}, headers: { "if-match": "nonsense" } }))).toBe("E0000242");
  });

  it("clears what PUT leaves out, keeps what POST leaves out, and refuses unknown attributes and taken logins", async () => {
    const sim = await start();
    const made = sim.org.createUser({
      login: "ada@example.com",
      email: "ada@example.com",
      title: "Countess",
      city: "London",
    });
    const path = `/api/v1/users/${String(made["id"])}`;
    const posted = (await call(sim, "POST", path, { body: { profile: { title: null } } })).body as {
      profile: JsonObject;
    };
    expect(posted.profile).toMatchObject({ city: "London" });
    expect(posted.profile).not.toHaveProperty("title");
    const body = { profile: { login: "ada@example.com", email: "ada@example.com", firstName: "Ada", lastName: "L" } };
    const put = (await call(sim, "PUT", path, { body })).body as { profile: JsonObject };
    expect(put.profile).toEqual({ ...body.profile, mobilePhone: null, secondEmail: null });
    expect((await call(sim, "POST", path, { body: { profile: { nope: 1 } } })).body).toMatchObject({
      errorCode: "E0000001",
      errorCauses: [{ errorSummary: "Property name 'nope' is not defined in profile" }],
    });
    expect((await call(sim, "POST", "/api/v1/users", { body })).body).toMatchObject({
      errorCode: "E0000001",
      errorSummary: "Api validation failed: login",
    });
  });

  it("deletes in two steps, ends assignments to active applications only, keeps memberships until the end", async () => {
    const sim = await start();
    const id = String(sim.org.createUser({}, { groupIds: [sim.org.groupId(1)] })["id"]);
    const off = String(sim.org.createApp({ label: "Off" })["id"]);
    const on = String(sim.org.createApp({ label: "On" })["id"]);
    for (const app of [off, on]) sim.org.assignUser(app, id);
    sim.org.deactivateApp(off);
    const pairs = (object: "group_members" | "application_users"): JsonObject[] =>
      [...sim.org.truth(object)].filter((row) => row["userId"] === id || row["id"] === id);
    expect((await call(sim, "DELETE", `/api/v1/users/${id}`)).status).toBe(204);
    expect(pairs("application_users").map((row) => row["applicationId"])).toEqual([off]);
    expect(pairs("group_members").length).toBeGreaterThanOrEqual(2);
    expect((await call(sim, "DELETE", `/api/v1/users/${id}`)).status).toBe(204);
    expect([...pairs("application_users"), ...pairs("group_members")]).toEqual([]);
    expect(codeOf(await call(sim, "GET", `/api/v1/users/${id}`))).toBe("E0000007");
    const types = typesOf(sim);
    expect(types.filter((type) => type === "group.user_membership.remove")).toEqual([]);
    expect(
      types.slice(types.indexOf("user.lifecycle.deactivate")).filter((type, k, list) => type !== list[k - 1]),
    ).toEqual([
      "user.lifecycle.deactivate",
      "application.user_membership.remove",
      "user.lifecycle.delete.initiated",
      "user.lifecycle.delete.completed",
    ]);
  });

  it("moves lastLogin, not lastUpdated, on sign-in, also for sign-ins by the million", async () => {
    const clock = stoppedClock();
    const sim = await start({ clock });
    const read = async (): Promise<JsonObject> =>
      (await call(sim, "GET", `/api/v1/users/${sim.org.userId(0)}`)).body as JsonObject;
    const before = await read();
    sim.org.signIns(1_000_000, 60_000);
    const bulk = await read();
    clock.advance(5000);
    sim.org.signIn(sim.org.userId(0));
    const after = await read();
    expect([bulk["lastUpdated"], after["lastUpdated"]]).toEqual([before["lastUpdated"], before["lastUpdated"]]);
    expect(String(bulk["lastLogin"]) > String(before["lastLogin"])).toBe(true);
    expect(after["lastLogin"]).toBe("2026-06-01T12:00:05.000Z");
  });
});

describe("groups and what hangs on them", () => {
  it("gives members their application a moment later, and takes it back", async () => {
    const clock = stoppedClock();
    const sim = await start({ clock, lag: { membershipMs: 2000 } });
    const user = String(sim.org.createUser({})["id"]);
    const group = sim.org.createGroup({ name: "Pilots" });
    const app = String(sim.org.createApp({ label: "Cockpit" })["id"]);
    sim.org.assignGroup(app, String(group["id"]));
    sim.org.settle();
    clock.advance(10_000);
    sim.org.addMember(String(group["id"]), user);
    const assigned = (): Promise<Answer> => call(sim, "GET", `/api/v1/apps/${app}/users/${user}`);
    const moved = async (): Promise<unknown> =>
      ((await call(sim, "GET", `/api/v1/groups/${String(group["id"])}`)).body as JsonObject)["lastMembershipUpdated"];
    expect((await assigned()).status).toBe(404);
    expect(await moved()).toBe(group["lastMembershipUpdated"]);
    clock.advance(2000);
    expect((await assigned()).body).toMatchObject({ scope: "GROUP", _links: { group: { name: "Pilots" } } });
    expect(await moved()).toBe("2026-06-01T12:00:12.000Z");
    sim.org.removeMember(String(group["id"]), user);
    clock.advance(2000);
    expect((await assigned()).status).toBe(404);
    expect(typesOf(sim).slice(-2)).toEqual(["group.user_membership.remove", "application.user_membership.remove"]);
  });

  it("runs active rules over present and changed users, and refuses to change them", async () => {
    const sim = await start();
    const group = String(sim.org.createGroup({ name: "Finance people" })["id"]);
    const rule = String(
      sim.org.createGroupRule({
        name: "Finance",
        expression: 'user.department=="Finance" and !String.startsWith(user.title,"Dir")',
        groupIds: [group],
      })["id"],
    );
    const members = (): number =>
      [...sim.org.truth("group_members")].filter((pair) => pair["groupId"] === group).length;
    expect(members()).toBe(0);
    sim.org.activateGroupRule(rule);
    const before = members();
    expect(before).toBeGreaterThan(5);
    const user = String(sim.org.createUser({ department: "Finance" })["id"]);
    expect(members()).toBe(before + 1);
    sim.org.updateUser(user, { department: "Legal" });
    expect(members()).toBe(before);
    expect((await call(sim, "PUT", `/api/v1/groups/rules/${rule}`, { body: {} })).status).toBe(400);
    sim.org.deleteGroup(group);
    expect((await call(sim, "GET", `/api/v1/groups/rules/${rule}`)).body).toMatchObject({
      status: "INVALID",
      allGroupsValid: false,
    });
  });

  it("shows lists as they were a moment ago, and the single GET as it is", async () => {
    const clock = stoppedClock();
    const sim = await start({ clock, lag: { listMs: 500, searchMs: 60_000 } });
    const id = String(sim.org.createUser({ login: "late@example.com" })["id"]);
    const seen = async (query: string): Promise<number> => (await all(sim, `/api/v1/users?${query}`)).length;
    const [filter, search] = [`filter=${q(`id eq "${id}"`)}`, `search=${q('profile.login eq "late@example.com"')}`];
    expect((await call(sim, "GET", `/api/v1/users/${id}`)).status).toBe(200);
    expect([await seen(filter), await seen(search)]).toEqual([0, 0]);
    clock.advance(600);
    expect([await seen(filter), await seen(search)]).toEqual([1, 0]);
    sim.org.settle();
    expect(await seen(search)).toBe(1);
  });
});

describe("schemas", () => {
  it("adds and removes attributes, and their values with them", async () => {
    const sim = await start();
    const path = "/api/v1/meta/schemas/user/default";
    const update = (schema: JsonObject | null): Promise<Answer> =>
      call(sim, "POST", path, { body: { definitions: { custom: { properties: { shoeSize: schema } } } } });
    expect((await update({ title: "Shoe size", type: "integer" })).body).toMatchObject({
      definitions: { custom: { properties: { shoeSize: { type: "integer", mutability: "READ_WRITE" } } } },
    });
    sim.org.updateUser(sim.org.userId(0), { shoeSize: 43 });
    expect((await call(sim, "GET", "/api/v1/users/me")).body).toMatchObject({ profile: { shoeSize: 43 } });
    await update(null);
    sim.org.addUserAttribute("default", "badgeId", null);
    const profiles = (await all(sim, "/api/v1/users")).map((user) => Object.keys(user["profile"] as JsonObject));
    expect(profiles.flat().filter((name) => name === "shoeSize")).toEqual([]);
    const types = new Map((await all(sim, "/api/v1/meta/types/user")).map((type) => [type["id"], type["default"]]));
    const withBadge = (await all(sim, "/api/v1/users")).filter((user) =>
      Object.keys(user["profile"] as JsonObject).includes("badgeId"),
    );
    expect(withBadge.some((user) => types.get((user["type"] as JsonObject)["id"]) === true)).toBe(false);
  });
});

describe("system log", () => {
  it("polls without end: empty page with next when caught up, then only what is new", async () => {
    const sim = await start();
    const since = new Date(Date.now() - 60_000).toISOString();
    const filter = `filter=${q('eventType sw "group." or eventType eq "user.lifecycle.create"')}`;
    let answer = await call(sim, "GET", `/api/v1/logs?limit=1000&since=${since}&${filter}`);
    expect(rowsOf(answer)).toEqual([]);
    sim.org.createUser({});
    sim.org.signIns(1_000_000);
    sim.org.createGroup({ name: "New" });
    const started = performance.now();
    answer = await call(sim, "GET", nextOf(answer) ?? "");
    expect(performance.now() - started).toBeLessThan(500);
    expect(rowsOf(answer).map((event) => event["eventType"])).toEqual([
      "user.lifecycle.create",
      "group.lifecycle.create",
    ]);
    expect(nextOf(answer)).not.toContain("since=");
    answer = await call(sim, "GET", nextOf(answer) ?? "");
    expect(rowsOf(answer)).toEqual([]);
    expect(nextOf(answer)).toBeDefined();
  });

  it("answers a bounded request finitely, and names actor, token and targets", async () => {
    const sim = await start();
    const group = String(sim.org.createGroup({ name: "New" })["id"]);
    const [from, to] = [new Date(Date.now() - 60_000).toISOString(), new Date(Date.now() + 60_000).toISOString()];
    expect((await call(sim, "PUT", `/api/v1/groups/${group}/users/${sim.org.userId(3)}`)).status).toBe(204);
    const events = await all(
      sim,
      `/api/v1/logs?limit=1&since=${from}&until=${to}&filter=${q(`target.id eq "${group}"`)}`,
    );
    expect(events.map((event) => event["eventType"])).toEqual(["group.lifecycle.create", "group.user_membership.add"]);
    expect(events[1]).toMatchObject({
      actor: { id: sim.org.userId(0), type: "User" },
      outcome: { result: "SUCCESS" },
      transaction: { type: "WEB", detail: { requestApiTokenId: sim.tokenId } },
      target: [
        { id: sim.org.userId(3), type: "User" },
        { id: group, type: "UserGroup", alternateId: "unknown" },
      ],
    });
  });
});

describe("around it", () => {
  it("is found without credentials and can be steered from another process", async () => {
    const sim = await start();
    expect(await (await fetch(`${sim.url}/.well-known/okta-organization`)).json()).toMatchObject({ id: sim.org.id });
    const steer = (method: string, path: string, body?: unknown): Promise<Response> =>
      fetch(`${sim.url}/_simulator/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const group = (await (
      await steer("POST", "org/createGroup", { args: [{ name: "Far away" }] })
    ).json()) as JsonObject;
    expect((await call(sim, "GET", `/api/v1/groups/${String(group["id"])}`)).status).toBe(200);
    const lines = (await (await steer("GET", "truth/groups")).text()).trim().split("\n");
    expect(lines).toHaveLength([...sim.org.truth("groups")].length);
    await steer("POST", "faults", { kind: "status", status: 500, times: 1 });
    expect((await call(sim, "GET", "/api/v1/groups")).status).toBe(500);
    expect((await call(sim, "GET", "/api/v1/groups")).status).toBe(200);
    expect(await (await steer("GET", "requests")).json()).toMatchObject({
      byPath: { "GET /api/v1/groups": 2, "GET /api/v1/groups/{id}": 1 },
    });
  });

  it("lets the token die with its owner and shows roles and their loss", async () => {
    const sim = await start();
    const roles = async (): Promise<unknown[]> =>
      rowsOf(await call(sim, "GET", "/api/v1/users/me/roles")).map((role) => role["type"]);
    expect(await roles()).toEqual(["SUPER_ADMIN"]);
    sim.faults.add({ kind: "role", role: "narrowed", keep: 0.5, match: { path: "/api/v1/users" } });
    expect((await all(sim, "/api/v1/groups")).length).toBe(13);
    const seen = (await all(sim, "/api/v1/users")).length;
    sim.faults.clear();
    expect(seen).toBeLessThan((await all(sim, "/api/v1/users")).length);
    sim.org.suspendUser(sim.org.userId(0));
    expect(codeOf(await call(sim, "GET", "/api/v1/users"))).toBe("E0000011");
  });

  it("breaks connections where told, mid-answer too", async () => {
    const sim = await start();
    for (const fault of [{ kind: "truncate" }, { kind: "drop", when: "afterHeaders" }, { kind: "drop" }] as const) {
      sim.faults.clear();
      sim.faults.add({ ...fault, times: 1 });
      await expect(call(sim, "GET", "/api/v1/users")).rejects.toThrow(/terminated|fetch failed|other side closed/);
    }
    expect((await call(sim, "GET", "/api/v1/users")).status).toBe(200);
  });

  it("leads through an empty page to the rows", async () => {
    const sim = await start();
    const whole = (await all(sim, "/api/v1/users?limit=100")).length;
    sim.faults.add({ kind: "emptyPageWithNext", after: 1, times: 2 });
    expect((await all(sim, "/api/v1/users?limit=100")).length).toBe(whole);
  });
});
