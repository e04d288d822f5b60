import { expect, it } from "vitest";

import { callerOf, eventTypes, simulatedOrg } from "../testing/simulated-org.js";

const { start, sim } = simulatedOrg({ users: 40, apps: 3, groups: 3 });
const call = callerOf(sim);

/** The rows of a list's first page. */
async function rows(path: string): Promise<Record<string, unknown>[]> {
  return (await call("GET", path)).json as Record<string, unknown>[];
}

it("shows an identity provider's client secret, as Okta does, and deletes it active or not", async () => {
  await start();
  const oidc = (await rows("/api/v1/idps?type=OIDC"))[0];
  expect(oidc).toHaveProperty("protocol.credentials.client.client_secret");
  const path = `/api/v1/idps/${String(oidc?.["id"])}`;
  const replaced = await call("PUT", path, { ...oidc, name: "Renamed" });
  expect(replaced).toMatchObject({ status: 200, json: { name: "Renamed", created: null } });
  expect((await call("GET", path)).json).toMatchObject({ name: "Renamed", created: expect.any(String) as unknown });
  expect((await call("POST", `${path}/lifecycle/deactivate`)).json).toMatchObject({ status: "INACTIVE" });
  expect((await call("POST", `${path}/lifecycle/activate`)).json).toMatchObject({ status: "ACTIVE" });
  expect((await call("DELETE", path)).status).toBe(204);
  expect((await call("GET", `${path}/users`)).status).toBe(404);
  expect(eventTypes(sim(), "system.idp.lifecycle")).toEqual([
    "system.idp.lifecycle.update",
    "system.idp.lifecycle.deactivate",
    "system.idp.lifecycle.activate",
    "system.idp.lifecycle.delete",
  ]);
});

it("pages the users of an identity provider, links and unlinks them without an event, and forgets deleted ones", async () => {
  const { org } = await start();
  const idp = String((await rows("/api/v1/idps"))[0]?.["id"]);
  const path = `/api/v1/idps/${idp}/users`;
  const first = await call("GET", `${path}?limit=4`);
  expect(first.link).toContain('rel="next"');
  const before = (await rows(path)).length;
  const user = org.userId(39);
  expect((await call("POST", `${path}/${user}`, { externalId: "x-1" })).json).toMatchObject({ id: user });
  expect(await rows(path)).toHaveLength(before + 1);
  org.deleteUser(user);
  expect(await rows(path)).toHaveLength(before);
  expect((await call("POST", `${path}/00unobody`, { externalId: "x-2" })).status).toBe(404);
  const other = String((await rows(path))[0]?.["id"]);
  expect((await call("DELETE", `${path}/${other}`)).status).toBe(204);
  expect((await call("GET", `${path}/${other}`)).status).toBe(404);
  expect(eventTypes(sim(), "system.idp")).toEqual([]);
});

it("keeps signing keys by their kid", async () => {
  await start();
  const { json } = await call("POST", "/api/v1/idps/credentials/keys", { x5c: ["MIIB"] });
  const { kid } = json as { kid: string };
  expect((await call("GET", `/api/v1/idps/credentials/keys/${kid}`)).json).toEqual(json);
  expect((await call("DELETE", `/api/v1/idps/credentials/keys/${kid}`)).status).toBe(204);
  expect(eventTypes(sim(), "system.idp.key")).toEqual(["system.idp.key.create", "system.idp.key.delete"]);
});

it("knows what there is one of: ThreatInsight and the settings of rate limits", async () => {
  await start();
  const threats = "/api/v1/threats/configuration";
  expect((await call("POST", threats, { action: "block", excludeZones: ["nzo1"] })).json).toMatchObject({
    action: "block",
    created: "2023-10-07T06:36:55.000Z",
  });
  expect((await call("POST", threats, { action: "panic" })).status).toBe(400);
  const limits = "/api/v1/rate-limit-settings";
  await call("PUT", `${limits}/warning-threshold`, { warningThreshold: 60 });
  expect((await call("GET", `${limits}/warning-threshold`)).json).toEqual({ warningThreshold: 60 });
  expect((await call("PUT", `${limits}/per-client`, { defaultMode: "MAYBE" })).status).toBe(400);
  expect(eventTypes(sim(), "s")).toEqual([
    "security.threat.configuration.update",
    "system.rate_limit.configuration.update",
  ]);
});

it("lists the rate limits of one kind of principals only, in times without milliseconds", async () => {
  await start();
  const path = "/api/v1/principal-rate-limits";
  expect((await call("GET", path)).status).toBe(400);
  const tokens = await rows(`${path}?filter=${encodeURIComponent('principalType eq "SSWS_TOKEN"')}`);
  expect(tokens).toHaveLength(1);
  const body = { ...tokens[0], defaultPercentage: 20 };
  const { json } = await call("PUT", `${path}/${String(tokens[0]?.["id"])}`, body);
  expect(json).toMatchObject({ defaultPercentage: 20, lastUpdate: expect.stringMatching(/:\d\dZ$/) as unknown });
  expect((await call("DELETE", `${path}/${String(tokens[0]?.["id"])}`)).status).toBe(405);
});

it("changes a user's risk and names the user in the event", async () => {
  const { org } = await start();
  const path = `/api/v1/users/${org.userId(5)}/risk`;
  expect((await call("PUT", path, { riskLevel: "HIGH" })).json).toMatchObject({ riskLevel: "HIGH" });
  expect((await call("PUT", path, { riskLevel: "NONE" })).status).toBe(400);
  expect([...org.truthOf("user_risk")].find(({ userId }) => userId === org.userId(5))).toMatchObject({
    riskLevel: "HIGH",
    reason: "Admin override risk",
  });
  const event = [...org.truth("log_events")].find(({ eventType }) => eventType === "user.risk.change");
  expect(event?.["target"]).toEqual([expect.objectContaining({ id: org.userId(5), type: "User" })]);
});

it("guards realms and their assignments", async () => {
  await start();
  const realms = await rows("/api/v1/realms");
  for (const { id } of realms) {
    expect(await call("DELETE", `/api/v1/realms/${String(id)}`)).toMatchObject({ json: { errorCode: "E0000178" } });
  }
  const { json } = await call("POST", "/api/v1/realms", { profile: { name: "Guests" } });
  const guests = json as { id: string };
  const made = await call("POST", "/api/v1/realm-assignments", {
    name: "Guests",
    actions: { assignUserToRealm: { realmId: guests.id } },
    priority: 3,
  });
  const path = `/api/v1/realm-assignments/${(made.json as { id: string }).id}`;
  expect(made.json).toMatchObject({ status: "INACTIVE", priority: 3 });
  expect((await call("POST", `${path}/lifecycle/activate`)).status).toBe(204);
  expect((await call("PUT", path, { name: "Visitors" })).status).toBe(400);
  expect((await call("DELETE", path)).status).toBe(400);
  await call("POST", `${path}/lifecycle/deactivate`);
  expect((await call("DELETE", path)).status).toBe(204);
  expect((await call("DELETE", `/api/v1/realms/${guests.id}`)).status).toBe(204);
  expect(eventTypes(sim(), "directory.realm")).toEqual([
    "directory.realm.lifecycle.create",
    "directory.realm.assignment.create",
    "directory.realm.assignment.delete",
    "directory.realm.lifecycle.delete",
  ]);
});

it("hides what is write-only: push keys, Splunk's token, an integration's secret after its creation", async () => {
  await start();
  const push = await call("POST", "/api/v1/push-providers", {
    name: "Google",
    providerType: "FCM",
    configuration: { serviceAccountJson: { project_id: "p-1", private_key: "hush" } },
  });
  expect(push.json).toMatchObject({ configuration: { projectId: "p-1" } });
  const stream = await call("POST", "/api/v1/logStreams", {
    name: "Splunk",
    type: "splunk_cloud_logstreaming",
    settings: { host: "x.splunkcloud.com", edition: "aws", token: "hush" },
  });
  expect(JSON.stringify([push.json, stream.json])).not.toContain("hush");
  const streams = "/api/v1/logStreams";
  expect(await rows(`${streams}?filter=${encodeURIComponent('type eq "splunk_cloud_logstreaming"')}`)).toHaveLength(1);
  const stop = await call("POST", `${streams}/${(stream.json as { id: string }).id}/lifecycle/deactivate`);
  expect(stop).toMatchObject({ status: 200, json: null });
  const services = "/integrations/api/v1/api-services";
  const made = await call("POST", services, { type: "buoy", grantedScopes: ["okta.logs.read"] });
  expect(made).toMatchObject({ status: 201, json: { clientSecret: expect.any(String) as unknown } });
  expect((await rows(services)).some((one) => "clientSecret" in one)).toBe(false);
});

it("lists agent pools by five, with their agents, and the updates below", async () => {
  const { org } = await start();
  for (const n of [1, 2, 3, 4]) org.create("agent_pools", { name: `pool ${n}`, type: "Radius" });
  const first = await call("GET", "/api/v1/agentPools");
  expect(first.json).toHaveLength(5);
  expect(first.link).toContain("limitPerPoolType=5");
  expect(first.link).toContain('rel="next"');
  const [pool] = first.json as [{ id: string; agents: { lastConnection: number }[] }];
  expect(pool.agents[0]?.lastConnection).toBeGreaterThan(2 ** 31);
  const made = await call("POST", `/api/v1/agentPools/${pool.id}/updates`, { name: "Tonight" });
  expect(made).toMatchObject({ status: 201, json: { status: "Scheduled" } });
  const path = `/api/v1/agentPools/${pool.id}/updates/${(made.json as { id: string }).id}`;
  expect((await call("POST", `${path}/pause`)).json).toMatchObject({ status: "Paused" });
  expect(await rows(`/api/v1/agentPools/${pool.id}/updates`)).toHaveLength(2);
  expect((await call("GET", `/api/v1/agentPools/${pool.id}`)).status).toBeGreaterThan(399);
});

it("revokes an API token, which is then no longer listed", async () => {
  const { org } = await start();
  const id = String(org.create("api_tokens", { name: "bot" })["id"]);
  const path = `/api/v1/api-tokens/${id}`;
  await call("PUT", path, { name: "bot", network: { connection: "ZONE", exclude: ["nzo1"] } });
  expect((await call("GET", path)).json).toMatchObject({ network: { connection: "ZONE" }, tokenWindow: "P30D" });
  expect((await call("DELETE", path)).status).toBe(204);
  expect((await rows("/api/v1/api-tokens")).some((one) => one["id"] === id)).toBe(false);
  const tokens = [...org.truth("log_events")].filter(({ eventType }) => String(eventType).includes("api_token"));
  expect(tokens.map(({ target }) => target)).toEqual(
    Array.from({ length: 3 }, () => [expect.objectContaining({ id, type: "Token" })]),
  );
});
