import { describe, expect, it } from "vitest";

import { callerOf, simulatedOrg } from "../testing/simulated-org.js";

type Item = Readonly<Record<string, unknown>>;

const { start, sim } = simulatedOrg({ users: 8, apps: 31, groups: 4 });
const call = callerOf(sim);

async function list(path: string): Promise<Item[]> {
  const { status, json } = await call("GET", path);
  expect(status).toBe(200);
  return json as Item[];
}

/** Ids of the applications with that sign-on mode. */
async function appsWith(signOnMode: string): Promise<string[]> {
  const apps = await list("/api/v1/apps?limit=200");
  return apps.filter((app) => app["signOnMode"] === signOnMode).map((app) => String(app["id"]));
}

function eventsOf(prefix: string): Item[] {
  return [...sim().org.truth("log_events")].filter((event) => String(event["eventType"]).startsWith(prefix));
}

describe("keys of applications", () => {
  it("are generated, cloned and read singly; an application that signs has one from the start", async () => {
    await start();
    const [first = "", second = ""] = await appsWith("SAML_2_0");
    const path = `/api/v1/apps/${first}/credentials/keys`;
    const app = (await call("GET", `/api/v1/apps/${first}`)).json as { credentials: { signing: { kid: string } } };
    expect(await list(path)).toEqual([expect.objectContaining({ kid: app.credentials.signing.kid, kty: "RSA" })]);
    const made = await call("POST", `${path}/generate?validityYears=2`);
    expect(made.status).toBe(201);
    const { kid, created, expiresAt } = made.json as { kid: string; created: string; expiresAt: string };
    expect(Date.parse(expiresAt) - Date.parse(created)).toBe(2 * 365 * 86_400_000);
    expect((await list(path)).length).toBe(2);
    const cloned = await call("POST", `${path}/${kid}/clone?targetAid=${second}`);
    expect(cloned).toMatchObject({ status: 201, json: { kid } });
    expect((await call("GET", `/api/v1/apps/${second}/credentials/keys/${kid}`)).json).toEqual(made.json);
    expect(eventsOf("app.keys").map((event) => event["eventType"])).toEqual(["app.keys.generate", "app.keys.clone"]);
    const [bookmark = ""] = await appsWith("BOOKMARK");
    expect(await list(`/api/v1/apps/${bookmark}/credentials/keys`)).toEqual([]);
  });

  it("come from requests for a certificate, which end when it is published", async () => {
    await start();
    const [app = ""] = await appsWith("OPENID_CONNECT");
    const path = `/api/v1/apps/${app}/credentials/csrs`;
    const before = (await list(`/api/v1/apps/${app}/credentials/keys`)).length;
    const made = await call("POST", path, { subject: { commonName: "SP Issuer" }, subjectAltNames: { dnsNames: [] } });
    expect(made).toMatchObject({ status: 201, json: { kty: "RSA" } });
    const { id } = made.json as { id: string };
    const pem = "-----BEGIN CERTIFICATE-----\nAAAA\nBBBB\n-----END CERTIFICATE-----\n";
    const key = await call("POST", `${path}/${id}/lifecycle/publish`, pem);
    expect(key).toMatchObject({ status: 201, json: { x5c: ["AAAABBBB"], use: "sig" } });
    expect((await call("GET", `${path}/${id}`)).status).toBe(404);
    expect((await list(`/api/v1/apps/${app}/credentials/keys`)).length).toBe(before + 1);
    expect(eventsOf("app.app_instance.csr").map((event) => event["eventType"])).toEqual([
      "app.app_instance.csr.generate",
      "app.app_instance.csr.publish",
    ]);
  });
});

describe("provisioning of applications", () => {
  it("has two features, and an error where there is no provisioning", async () => {
    await start();
    const apps = await list("/api/v1/apps?limit=200");
    const provisioned = apps.find((app) => (app["features"] as unknown[]).length > 0);
    const path = `/api/v1/apps/${String(provisioned?.["id"])}/features`;
    expect((await list(path)).map((feature) => feature["name"])).toEqual(["USER_PROVISIONING", "INBOUND_PROVISIONING"]);
    const changed = await call("PUT", `${path}/USER_PROVISIONING`, {
      update: { lifecycleDeactivate: { status: "DISABLED" } },
    });
    expect(changed.json).toMatchObject({
      capabilities: { update: { lifecycleDeactivate: { status: "DISABLED" }, profile: { status: "DISABLED" } } },
    });
    const [bookmark = ""] = await appsWith("BOOKMARK");
    expect((await call("GET", `/api/v1/apps/${bookmark}/features`)).status).toBe(404);
  });

  it("pushes groups: instants without milliseconds, and only an inactive mapping is deleted, with 200", async () => {
    const { org } = await start();
    const [app = ""] = await appsWith("SAML_2_0");
    const path = `/api/v1/apps/${app}/group-push/mappings`;
    const body = { sourceGroupId: org.groupId(1), targetGroupName: "Pushed" };
    const made = await call("POST", path, body);
    expect(made).toMatchObject({ status: 200, json: { status: "ACTIVE", sourceGroupId: org.groupId(1) } });
    const { id, created } = made.json as { id: string; created: string };
    expect(created).toMatch(/:\d\dZ$/);
    expect((await call("DELETE", `${path}/${id}?deleteTargetGroup=false`)).status).toBe(400);
    expect((await call("PATCH", `${path}/${id}`, { status: "INACTIVE" })).json).toMatchObject({ status: "INACTIVE" });
    expect((await call("DELETE", `${path}/${id}`)).status).toBe(400);
    expect(await list(`${path}?sourceGroupId=${org.groupId(1)}&status=INACTIVE`)).toHaveLength(1);
    expect(await call("DELETE", `${path}/${id}?deleteTargetGroup=false`)).toMatchObject({ status: 200, json: null });
    expect(await list(path)).toEqual([]);
  });
});

describe("OAuth clients", () => {
  it("are the OIDC applications and the service app, in snake_case and pages of 20", async () => {
    const { clientId } = await start();
    const clients = await list("/oauth2/v1/clients?limit=200");
    expect(clients.map((client) => client["client_id"])).toEqual([...(await appsWith("OPENID_CONNECT")), clientId]);
    expect(typeof clients[0]?.["client_id_issued_at"]).toBe("number");
    expect(Number(clients[0]?.["client_id_issued_at"])).toBeLessThan(10_000_000_000);
    const page = await call("GET", "/oauth2/v1/clients?limit=2");
    expect(page.link).toContain('rel="next"');
    expect(clients.some((client) => "client_secret" in client)).toBe(false);
  });

  it("are registered, changed and deleted as applications", async () => {
    await start();
    const registration = {
      client_name: "Kiosk",
      application_type: "web",
      redirect_uris: ["https://kiosk.example.com/cb"],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_post",
    };
    const made = await call("POST", "/oauth2/v1/clients", registration);
    expect(made).toMatchObject({ status: 201, json: { ...registration, client_secret: expect.any(String) } });
    const { client_id } = made.json as { client_id: string };
    expect((await call("GET", `/api/v1/apps/${client_id}`)).json).toMatchObject({ label: "Kiosk" });
    const put = await call("PUT", `/oauth2/v1/clients/${client_id}`, { ...registration, client_name: "Kiosk 2" });
    expect(put.json).toMatchObject({ client_name: "Kiosk 2" });
    expect((await call("DELETE", `/oauth2/v1/clients/${client_id}`)).status).toBe(204);
    expect((await call("GET", `/oauth2/v1/clients/${client_id}`)).status).toBe(404);
    expect(eventsOf("app.oauth2.client.lifecycle").map((event) => event["eventType"])).toContain(
      "app.oauth2.client.lifecycle.delete",
    );
  });

  it("hold secrets in clear, whose reading is logged, and at most two of them", async () => {
    await start();
    const { id } = (
      await call("POST", "/api/v1/apps", {
        name: "oidc_client",
        label: "Till",
        signOnMode: "OPENID_CONNECT",
        settings: { oauthClient: { application_type: "web", grant_types: ["authorization_code"] } },
      })
    ).json as { id: string };
    const path = `/api/v1/apps/${id}/credentials/secrets`;
    const [first] = await list(path);
    expect(first).toMatchObject({ status: "ACTIVE", client_secret: expect.any(String) });
    expect(eventsOf("app.oauth2.client.read_client_secret")).toHaveLength(1);
    const second = await call("POST", path, { client_secret: "SecretSecretSecret" });
    expect(second).toMatchObject({ status: 201, json: { client_secret: "SecretSecretSecret" } });
    const own = (second.json as { id: string }).id;
    expect((await call("POST", path, {})).status).toBe(400);
    expect((await call("DELETE", `${path}/${own}`)).status).toBe(400);
    expect((await call("POST", `${path}/${own}/lifecycle/deactivate`)).json).toMatchObject({ status: "INACTIVE" });
    expect((await call("DELETE", `${path}/${own}`)).status).toBe(204);
    expect(await list(path)).toHaveLength(1);
  });

  it("show the keys of their settings in a wrapper, grants, and roles: none is no error", async () => {
    const { org, clientId } = await start({ seed: 3, apps: 60 });
    const clients = await list("/oauth2/v1/clients?limit=200");
    const service = clients.find(
      (client) => client["application_type"] === "service" && client["client_id"] !== clientId,
    );
    const id = String(service?.["client_id"]);
    const keys = (await call("GET", `/api/v1/apps/${id}/credentials/jwks`)).json as { keys: Item[] };
    expect(keys.keys).toEqual([expect.objectContaining({ kty: "RSA", status: "ACTIVE", use: "sig" })]);
    expect(await list(`/oauth2/v1/clients/${id}/roles`)).toEqual([
      expect.objectContaining({ type: "READ_ONLY_ADMIN", assignmentType: "CLIENT" }),
    ]);
    expect([...org.truthOf("client_roles")].map((role) => role["clientId"])).toContain(id);
    const web = clients.find((client) => client["application_type"] === "web");
    expect(await list(`/oauth2/v1/clients/${String(web?.["client_id"])}/roles`)).toEqual([]);
    expect((await call("GET", "/oauth2/v1/clients/0oanobody/roles")).status).toBe(404);
    const grants = `/api/v1/apps/${id}/grants`;
    const before = (await list(grants)).length;
    const granted = await call("POST", grants, { scopeId: "okta.logs.read", issuer: sim().url });
    expect(granted).toMatchObject({ status: 200, json: { _embedded: { scope: { id: "okta.logs.read" } } } });
    expect(await list(grants)).toHaveLength(before + 1);
    expect((await list(grants)).at(-1)).not.toHaveProperty("_embedded");
  });

  it("hold refresh tokens, which are ended one by one or all at once", async () => {
    const { org } = await start({ apps: 60 });
    const [token] = org.truthOf("application_tokens");
    const path = `/api/v1/apps/${String(token?.["appId"])}/tokens`;
    expect(await call("GET", `${path}/${String(token?.["id"])}`)).toMatchObject({ status: 200 });
    expect((await call("DELETE", path)).status).toBe(204);
    expect(await list(path)).toEqual([]);
  });
});
