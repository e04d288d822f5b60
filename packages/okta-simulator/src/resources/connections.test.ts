import { describe, expect, it } from "vitest";

import { callerOf, eventTypes, simulatedOrg } from "../testing/simulated-org.js";

type Item = Readonly<Record<string, unknown>>;

const { start, sim } = simulatedOrg({ users: 5, apps: 31, groups: 3 });
const call = callerOf(sim, "/api/v1");

async function list(path: string): Promise<Item[]> {
  const { status, json } = await call("GET", path);
  expect(status).toBe(200);
  return json as Item[];
}

/** The new item. */
async function create(path: string, body: unknown): Promise<Item & { readonly id: string }> {
  const { status, json } = await call("POST", path, body);
  expect(status).toBe(201);
  return json as Item & { readonly id: string };
}

async function appId(body: Item): Promise<string> {
  return ((await call("POST", "/apps", body)).json as { id: string }).id;
}

describe("connections of applications", () => {
  it("add claims, change and end them", async () => {
    const { org } = await start();
    expect([...org.truthOf("application_federated_claims")].length).toBeGreaterThan(2);
    const path = `/apps/${await appId({ label: "Desk", signOnMode: "OPENID_CONNECT" })}/federated-claims`;
    expect(await list(path)).toEqual([]);
    expect(await call("POST", path, { name: "berth" })).toMatchObject({ status: 400 });
    const { id, created } = await create(path, { name: "berth", expression: "appuser.berth" });
    const put = await call("PUT", `${path}/${id}`, { name: "quay", expression: "appuser.quay" });
    expect(put.json).toMatchObject({ id, created, name: "quay", expression: "appuser.quay" });
    expect(await list(path)).toEqual([put.json]);
    expect((await call("DELETE", `${path}/${id}`)).status).toBe(204);
    expect((await call("GET", `${path}/${id}`)).status).toBe(404);
  });

  it("provision users where the application can: off at first, on only with credentials, which nobody sees again", async () => {
    const { org } = await start();
    const seeded = [...org.truthOf("application_connections")];
    expect(seeded.length).toBeGreaterThan(1);
    expect(JSON.stringify(seeded)).not.toContain("simulated-token");
    const path = `/apps/${await appId({ name: "okta_org2org", label: "Other org", signOnMode: "SAML_2_0" })}/connections/default`;
    expect((await call("GET", path)).json).toMatchObject({ status: "DISABLED", authScheme: "TOKEN" });
    const refused = await call("POST", `${path}/lifecycle/activate`);
    expect(refused).toMatchObject({ status: 400, json: { errorSummary: "Api validation failed: credential" } });
    const profile = { authScheme: "TOKEN", token: "never shown" };
    const set = await call("POST", path, { baseUrl: "https://other.example.com", profile });
    expect(set).toMatchObject({ status: 200, json: { status: "DISABLED", profile: { authScheme: "TOKEN" } } });
    expect((await call("POST", `${path}/lifecycle/activate`)).status).toBe(204);
    const { json } = await call("GET", path);
    expect(json).toMatchObject({ status: "ENABLED", baseUrl: "https://other.example.com" });
    expect(json).toHaveProperty("_links.deactivate");
    expect(JSON.stringify(json)).not.toContain("never shown");
    const bookmark = await appId({ name: "bookmark", label: "Tides", signOnMode: "BOOKMARK" });
    expect((await call("GET", `/apps/${bookmark}/connections/default`)).status).toBe(404);
  });

  it("let one application ask another: both list it, and it ends with either", async () => {
    const { org } = await start();
    const seeded = [...org.truthOf("application_cross_app_connections")];
    expect(new Set(seeded.map(({ id }) => id)).size * 2).toBe(seeded.length);
    const [asking, asked, third] = [
      await appId({ label: "Asking", signOnMode: "OPENID_CONNECT" }),
      await appId({ label: "Asked", signOnMode: "OPENID_CONNECT" }),
      await appId({ label: "Third", signOnMode: "OPENID_CONNECT" }),
    ];
    const path = (app: string): string => `/apps/${app}/cwo/connections`;
    const ends = { requestingAppInstanceId: asking, resourceAppInstanceId: asked };
    expect((await call("POST", path(third), ends)).status).toBe(400);
    const made = await create(path(asking), ends);
    expect(made).toMatchObject({ ...ends, status: "ACTIVE" });
    expect(await list(path(asked))).toEqual([made]);
    const off = await call("PATCH", `${path(asked)}/${made.id}`, { status: "INACTIVE" });
    expect(off.json).toMatchObject({ id: made.id, status: "INACTIVE" });
    expect(await list(path(asking))).toEqual([off.json]);
    const other = await create(path(third), { requestingAppInstanceId: third, resourceAppInstanceId: asked });
    expect((await call("DELETE", `${path(asking)}/${made.id}`)).status).toBe(204);
    expect(await list(path(asked))).toEqual([other]);
    await call("POST", `/apps/${third}/lifecycle/deactivate`);
    await call("DELETE", `/apps/${third}`);
    expect(await list(path(asked))).toEqual([]);
    expect(eventTypes(sim(), "app.cross_app_access")).toEqual([
      "app.cross_app_access.connection.create",
      "app.cross_app_access.connection.update",
      "app.cross_app_access.connection.create",
      "app.cross_app_access.connection.delete",
    ]);
  });
});

describe("trust of authorization servers", () => {
  it("is between two of them, and ends with either", async () => {
    await start();
    const [main, orders] = (await list("/authorizationServers")) as { id: string }[];
    const path = `/authorizationServers/${String(orders?.id)}/associatedServers`;
    expect(await list(`${path}?trusted=true`)).toEqual([main]);
    const partner = await create("/authorizationServers", { name: "Partner", audiences: ["api://partner"] });
    expect((await list(`${path}?trusted=false`)).map(({ id }) => id)).toEqual([partner.id]);
    const trusted = await call("POST", path, { trusted: [partner.id] });
    expect(trusted).toMatchObject({ status: 200, json: [{ id: partner.id, name: "Partner" }] });
    expect(await list(path)).toHaveLength(2);
    expect((await call("DELETE", `${path}/${String(main?.id)}`)).status).toBe(204);
    expect(await list(`${path}?trusted=true`)).toEqual(trusted.json);
    await call("POST", `/authorizationServers/${partner.id}/lifecycle/deactivate`);
    await call("DELETE", `/authorizationServers/${partner.id}`);
    expect(await list(`${path}?trusted=true`)).toEqual([]);
    expect(eventTypes(sim(), "app.oauth2.trusted_server")).toEqual([
      "app.oauth2.trusted_server.add",
      "app.oauth2.trusted_server.delete",
    ]);
  });

  it("to resource servers is by their keys: inactive at first, and only then deleted", async () => {
    const { org } = await start();
    expect([...org.truthOf("authorization_server_resource_keys")]).toMatchObject([
      { status: "ACTIVE", use: "enc" },
      { status: "INACTIVE" },
    ]);
    const path = "/authorizationServers/default/resourceservercredentials/keys";
    const key = { kty: "RSA", e: "AQAB", n: "zKb", use: "enc", kid: "own" };
    expect((await call("POST", path, { ...key, status: "ACTIVE" })).status).toBe(400);
    const { id } = await create(path, { ...key, d: "private", status: "INACTIVE" });
    expect((await call("POST", `${path}/${id}/lifecycle/activate`)).json).toMatchObject({ id, status: "ACTIVE" });
    expect((await call("DELETE", `${path}/${id}`)).status).toBe(400);
    expect((await call("POST", `${path}/${id}/lifecycle/deactivate`)).json).toMatchObject({ status: "INACTIVE" });
    expect(await list(path)).toEqual([expect.not.objectContaining({ d: "private" })]);
    expect((await call("DELETE", `${path}/${id}`)).status).toBe(204);
    expect(await list(path)).toEqual([]);
    expect(eventTypes(sim(), "app.oauth2.as.resource_server")).toHaveLength(4);
  });
});

describe("what the org is connected to", () => {
  it("tells of devices, and is switched on and off", async () => {
    await start();
    const [chrome, windows] = (await list("/device-integrations")) as { id: string }[];
    expect(chrome).toMatchObject({ platform: "CHROMEOS", status: "ACTIVE", metadata: { type: "CHROME" } });
    const path = `/device-integrations/${String(windows?.id)}`;
    expect((await call("POST", `${path}/lifecycle/activate`)).json).toMatchObject({ status: "ACTIVE" });
    expect((await call("POST", `${path}/lifecycle/deactivate`)).json).toEqual(windows);
    expect((await call("DELETE", path)).status).toBe(405);
    expect(eventTypes(sim(), "device.integration")).toEqual([
      "device.integration.endpoint_security.activate",
      "device.integration.endpoint_security.deactivate",
    ]);
    await start({ withoutFeatures: ["devices"] });
    expect(await call("GET", "/device-integrations")).toMatchObject({ status: 401, json: { errorCode: "E0000015" } });
  });

  it("sends messages by telephony providers, of which one comes first; their tokens are never shown", async () => {
    await start();
    const [first] = await list("/telephony-providers");
    const body = { providerName: "TELESIGN", providerSid: "sid", providerAuthToken: "secret" };
    const { id } = await create("/telephony-providers", body);
    const path = `/telephony-providers/${id}`;
    const settings = { sms: { telesignService: "telesignVerifyService" } };
    expect((await call("PATCH", path, { providerSettings: settings })).json).toMatchObject({ enabled: false });
    expect((await call("POST", `${path}/lifecycle/activate`)).json).toMatchObject({ enabled: true });
    await call("POST", `${path}/setAsPrimary`);
    const both = await list("/telephony-providers");
    expect(both).toEqual([
      { ...first, isPrimaryProvider: false },
      expect.objectContaining({ id, isPrimaryProvider: true, providerSettings: settings }),
    ]);
    expect(JSON.stringify(both)).not.toMatch(/secret|simulated-telephony-token/);
    expect((await call("DELETE", path)).status).toBe(204);
    expect(await list("/telephony-providers")).toHaveLength(1);
  });

  it("has features that depend on others, seen from both ends", async () => {
    const { org } = await start();
    const features = (await list("/features")) as { id: string }[];
    const pairs = [...org.truthOf("feature_dependencies")];
    expect(pairs).toHaveLength(3);
    for (const { featureId, id } of pairs) {
      const needed = await list(`/features/${String(featureId)}/dependencies`);
      expect(needed).toContainEqual(features.find((feature) => feature.id === id));
      expect((await list(`/features/${String(id)}/dependents`)).map((one) => one["id"])).toContain(featureId);
    }
    expect((await call("GET", "/features/ftrnone/dependencies")).status).toBe(404);
  });
});
