import { expect, it } from "vitest";

import { isObject, type JsonObject } from "../json.js";
import { callerOf, simulatedOrg } from "../testing/simulated-org.js";

const { start, sim } = simulatedOrg({ users: 5, apps: 6, groups: 3 });
const call = callerOf(sim, "/api/v1");

async function list(path: string): Promise<readonly JsonObject[]> {
  const { json } = await call("GET", path);
  if (!Array.isArray(json) || !json.every(isObject)) throw new TypeError(`${path} answered no list`);
  return json;
}

function orderOf(items: readonly JsonObject[]): Record<string, unknown> {
  return Object.fromEntries(items.map((item) => [item["name"], item["priority"]]));
}

function eventsOf(prefix: string): JsonObject[] {
  return [...sim().org.truth("log_events")].filter((event) => String(event["eventType"]).startsWith(prefix));
}

it("lists policies of one type, and refuses to list without a type or, in a Classic org, those of Identity Engine", async () => {
  await start();
  expect(await call("GET", "/policies")).toMatchObject({ status: 400, json: { errorCode: "E0000001" } });
  const passwords = await list("/policies?type=PASSWORD");
  expect(passwords.map((policy) => [policy["type"], policy["system"]])).toEqual([
    ["PASSWORD", false],
    ["PASSWORD", true],
  ]);
  const [first] = await list("/policies?type=ACCESS_POLICY");
  expect(first).toMatchObject({ conditions: null, _embedded: { resourceType: "APP" } });
  expect((await call("GET", `/policies/${String(first?.["id"])}`)).json).not.toHaveProperty("_embedded");
  await sim().close();
  await start({ withoutFeatures: ["identity-engine"] });
  expect((await call("GET", "/policies?type=ACCESS_POLICY")).status).toBe(400);
  const [classic] = await list("/policies?type=MFA_ENROLL");
  expect(classic).toMatchObject({ settings: { type: "FACTORS", factors: { okta_otp: {} } } });
});

it("moves the priorities of other policies with one, and logs that one alone", async () => {
  await start();
  const body = { type: "OKTA_SIGN_ON", name: "Guests", priority: 1 };
  const made = (await call("POST", "/policies", body)).json;
  expect(orderOf(await list("/policies?type=OKTA_SIGN_ON"))).toEqual({
    Guests: 1,
    Contractors: 2,
    Administrators: 3,
    "Default Policy": 4,
  });
  const id = isObject(made) ? String(made["id"]) : "";
  expect((await call("PUT", `/policies/${id}`, { ...body, priority: 2 })).status).toBe(200);
  expect((await call("DELETE", `/policies/${id}`)).status).toBe(204);
  expect(orderOf(await list("/policies?type=OKTA_SIGN_ON"))).toEqual({
    Contractors: 1,
    Administrators: 2,
    "Default Policy": 3,
  });
  const events = eventsOf("policy.lifecycle");
  expect(events.map((event) => event["eventType"])).toEqual([
    "policy.lifecycle.create",
    "policy.lifecycle.update",
    "policy.lifecycle.delete",
  ]);
  expect(events[0]).toMatchObject({
    target: [{ id, type: "PolicyEntity", detailEntry: { policyType: "OKTA_SIGN_ON" } }],
  });
});

it("keeps the system's own policies and rules, and makes none of the types that Okta makes", async () => {
  await start();
  const policy = (await list("/policies?type=IDP_DISCOVERY"))[0]?.["id"] as string;
  expect((await call("DELETE", `/policies/${policy}`)).status).toBe(403);
  const rules = await list(`/policies/${policy}/rules`);
  const system = rules.find((rule) => rule["system"] === true);
  expect(system).toMatchObject({ created: null, lastUpdated: null });
  expect((await call("PUT", `/policies/${policy}/rules/${String(system?.["id"])}`, { name: "x" })).status).toBe(403);
  expect((await call("POST", "/policies", { type: "IDP_DISCOVERY", name: "x" })).status).toBe(400);
  const [enrollment] = await list("/policies?type=PROFILE_ENROLLMENT");
  const more = await call("POST", `/policies/${String(enrollment?.["id"])}/rules`, { name: "x" });
  expect(more.status).toBe(400);
});

it("gives a new app sign-in policy its catch-all rule, and orders the rules above it from 0", async () => {
  const { org } = await start();
  const policy = org.create("policies", { type: "ACCESS_POLICY", name: "Payroll" });
  const path = `/policies/${String(policy["id"])}/rules`;
  expect(orderOf(await list(path))).toEqual({ "Catch-all Rule": 99 });
  const made = (await call("POST", path, { name: "first", actions: { appSignOn: { access: "DENY" } } })).json;
  await call("POST", path, { name: "before it", priority: 0 });
  expect(orderOf(await list(path))).toEqual({ "Catch-all Rule": 99, "before it": 0, first: 1 });
  expect(await call("POST", path, { name: "first" })).toMatchObject({ status: 400 });
  const id = isObject(made) ? String(made["id"]) : "";
  expect((await call("POST", `${path}/${id}/lifecycle/deactivate`)).status).toBe(204);
  expect((await call("GET", `${path}/${id}`)).json).toMatchObject({ status: "INACTIVE", type: "ACCESS_POLICY" });
  const last = eventsOf("policy.rule").at(-1);
  expect(last).toMatchObject({
    eventType: "policy.rule.deactivate",
    target: [
      { id: policy["id"], type: "PolicyEntity" },
      { id, type: "PolicyRule", alternateId: policy["id"] },
    ],
  });
  expect((await call("GET", "/policies/00pnobody0000000000/rules")).status).toBe(404);
});

it("has one app sign-in policy for an application: a new mapping ends the old one, and the application takes it along", async () => {
  const { org } = await start();
  const mapped = (): unknown[] => [...org.truthOf("policy_mappings")].map((one) => one["policyId"]);
  expect(mapped().length).toBe(6);
  const target = (await list("/policies?type=ACCESS_POLICY")).find((one) => one["name"] === "Legacy applications");
  expect((await call("PUT", `/apps/${org.appId(0)}/policies/${String(target?.["id"])}`)).status).toBe(204);
  expect(mapped().length).toBe(6);
  const rows = await list(`/policies/${String(target?.["id"])}/mappings`);
  expect(rows.map((row) => Object.keys(row))).toEqual(rows.map(() => ["id", "_links"]));
  expect(JSON.stringify(rows)).toContain(`/api/v1/apps/${org.appId(0)}`);
  expect(eventsOf("policy.mapping")).toMatchObject([
    { target: [{ type: "PolicyEntity" }, { id: org.appId(0), type: "AppInstance" }] },
  ]);
  org.deleteApp(org.appId(0));
  expect(mapped().length).toBe(5);
});
