import { expect, it } from "vitest";

import { callerOf, simulatedOrg } from "../testing/simulated-org.js";

type Item = Readonly<Record<string, unknown>>;

const { start, sim } = simulatedOrg({ users: 5, apps: 12, groups: 3 });
const call = callerOf(sim, "/api/v1/authorizationServers");

async function list(path: string): Promise<Item[]> {
  const { status, json } = await call("GET", path);
  expect(status).toBe(200);
  return json as Item[];
}

it("knows a default server by its alias, and what Okta made cannot be deleted", async () => {
  const { url } = await start();
  const [server] = await list("");
  expect(server).toMatchObject({ name: "default", default: true, issuer: `${url}/oauth2/default` });
  expect((await call("GET", "/default")).json).toEqual(server);
  const claims = await list("/default/claims");
  expect(claims).toContainEqual(expect.objectContaining({ name: "sub", system: true, apiResourceId: null }));
  expect((await call("DELETE", `/default/claims/${String(claims[0]?.["id"])}`)).status).toBe(403);
  expect((await list("/default/scopes?q=open")).map((scope) => scope["name"])).toEqual(["openid"]);
});

it("makes a server with claims, scopes, policies and rules, and takes them away with it", async () => {
  const { org } = await start();
  const made = await call("POST", "", { name: "Berths", audiences: ["api://berths"] });
  expect(made).toMatchObject({ status: 201, json: { status: "ACTIVE", default: false, issuerMode: "ORG_URL" } });
  const { id } = made.json as { id: string };
  const claim = await call("POST", `/${id}/claims`, { name: "berth", value: "user.berth", claimType: "RESOURCE" });
  expect(claim).toMatchObject({ status: 201, json: { conditions: { scopes: [] }, system: false } });
  expect((await call("POST", `/${id}/scopes`, { name: "okta.mine" })).status).toBe(400);
  expect((await call("POST", `/${id}/scopes`, { name: "berths:read" })).status).toBe(201);
  expect(await list(`/${id}/policies`)).toEqual([]);
  const policy = await call("POST", `/${id}/policies`, { name: "Desk", description: "" });
  expect(policy).toMatchObject({ status: 201, json: { priority: 1, type: "OAUTH_AUTHORIZATION_POLICY" } });
  const policyId = (policy.json as { id: string }).id;
  const rule = await call("POST", `/${id}/policies/${policyId}/rules`, {
    name: "By day",
    conditions: { grantTypes: { include: ["client_credentials"] } },
  });
  expect(rule).toMatchObject({ status: 201, json: { conditions: { people: { users: { exclude: [] } } } } });
  expect([...org.truthOf("authorization_server_policy_rules")]).toContainEqual(
    expect.objectContaining({ authServerId: id, policyId, name: "By day" }),
  );
  const event = [...org.truth("log_events")].find((one) => one["eventType"] === "policy.rule.add");
  expect(event?.["target"]).toMatchObject([
    { id: policyId, type: "PolicyEntity" },
    { type: "PolicyRule", alternateId: policyId },
  ]);
  expect((await call("POST", `/${id}/lifecycle/deactivate`)).status).toBe(204);
  expect((await call("DELETE", `/${id}`)).status).toBe(204);
  expect((await call("GET", `/${id}/claims`)).status).toBe(404);
});

it("rotates keys: the next one signs, the server names it", async () => {
  await start();
  const before = await list("/default/credentials/keys");
  const next = before.find((key) => key["status"] === "NEXT")?.["kid"];
  expect((await call("POST", "/default/credentials/lifecycle/keyRotate", { use: "sig" })).status).toBe(200);
  const after = await list("/default/credentials/keys");
  expect(after.map((key) => key["status"]).toSorted()).toEqual(["ACTIVE", "EXPIRED", "NEXT"]);
  expect(after.find((key) => key["status"] === "ACTIVE")?.["kid"]).toBe(next);
  expect((await call("GET", "/default")).json).toMatchObject({ credentials: { signing: { kid: next } } });
});

it("lists the clients that hold tokens", async () => {
  const { org } = await start({ apps: 60 });
  const holders = new Set([...org.truthOf("application_tokens")].map((token) => token["clientId"]));
  expect(holders.size).toBeGreaterThan(0);
  expect(new Set((await list("/default/clients")).map((client) => client["client_id"]))).toEqual(holders);
});

it("answers 401 to an org without API Access Management", async () => {
  await start({ withoutFeatures: ["api-access-management"] });
  for (const path of ["", "/default/claims", "/default/credentials/keys", "/default/clients"]) {
    expect(await call("GET", path)).toMatchObject({ status: 401, json: { errorCode: "E0000015" } });
  }
});
