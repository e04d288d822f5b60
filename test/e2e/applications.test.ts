import { childrenOf } from "@tidemark/catalog";
import { afterEach, expect, test } from "vitest";

import { createWorld, lineOf, type World } from "../support/world.js";

const OBJECTS = [
  "application_csrs",
  "application_keys",
  "application_features",
  "application_grants",
  "application_tokens",
  "group_push_mappings",
  "client_applications",
  "client_secrets",
  "client_jwks",
  "client_roles",
  "authorization_servers",
  "authorization_server_claims",
  "authorization_server_scopes",
  "authorization_server_policies",
  "authorization_server_policy_rules",
  "authorization_server_clients",
  "authorization_server_keys",
];

let world: World;
afterEach(() => world.close());

test("what hangs on applications and authorization servers comes whole, without a secret, and follows the log", async () => {
  world = await createWorld({ users: 20, apps: 61, seed: 3, pipeline: `objects: [${OBJECTS.join(", ")}]` });
  const first = await world.run();
  expect(first.objects.filter((line) => line.status !== "succeeded")).toEqual([]);
  expect(await world.differences(OBJECTS)).toEqual([]);
  const empty = OBJECTS.filter((object) => lineOf(first, object).inserted === 0);
  expect(empty).toEqual([]);
  const { org } = world.sim;
  for (const { client_secret } of org.truthOf("client_secrets")) {
    const rows = await world.query(
      `select * from client_secrets where client_secrets::text like '%${String(client_secret)}%'`,
    );
    expect(rows).toEqual([]);
  }
  world.quiet();
  await world.run();
  world.quiet();
  const idle = await world.run();
  expect(idle.requests).toBeLessThan(12);
  expect(idle.objects.filter((line) => line.inserted + line.updated + line.deleted > 0)).toEqual([]);

  const saml = [...org.truth("applications")].find((app) => app["signOnMode"] === "SAML_2_0");
  const appId = String(saml?.["id"]);
  org.create("application_keys", {}, { appId });
  const csr = org.create("application_csrs", {}, { appId });
  org.create("group_push_mappings", { sourceGroupId: org.groupId(1), targetGroupName: "Pushed" }, { appId });
  const [server] = org.truthOf("authorization_servers");
  const authServerId = String(server?.["id"]);
  const claim = org.create("authorization_server_claims", { name: "berth", value: "1" }, { authServerId });
  const policy = org.create("authorization_server_policies", { name: "Desk" }, { authServerId });
  const policyId = String(policy["id"]);
  org.create("authorization_server_policy_rules", { name: "Day" }, { authServerId, policyId });
  const added = org.create("authorization_servers", { name: "New", audiences: ["api://new"] });
  const client = org.createApp({
    label: "Fresh client",
    signOnMode: "OPENID_CONNECT",
    settings: { oauthClient: { application_type: "service", grant_types: ["client_credentials"] } },
  });
  world.quiet();
  await world.run();
  expect(await world.differences(OBJECTS)).toEqual([]);

  org.remove("application_csrs", String(csr["id"]), { appId });
  org.remove("authorization_server_claims", String(claim["id"]), { authServerId });
  org.remove("authorization_server_policies", policyId, { authServerId });
  org.remove("authorization_servers", String(added["id"]));
  org.grantRole(String(client["id"]), "APP_ADMIN");
  world.quiet();
  await world.run();
  expect(await world.differences(OBJECTS)).toEqual([]);
});

test("what connects applications and authorization servers to others follows the log, or the reconcile", async () => {
  const objects = [
    "application_connections",
    "application_federated_claims",
    "application_cross_app_connections",
    "authorization_server_resource_keys",
    "authorization_server_associated_servers",
    "device_integrations",
    "telephony_providers",
    "feature_dependencies",
  ];
  world = await createWorld({ users: 5, apps: 61, pipeline: `objects: [${objects.join(", ")}]` });
  const first = await world.run();
  expect(first.objects.filter((line) => line.status !== "succeeded" || line.inserted === 0)).toEqual([]);
  expect(await world.differences(objects)).toEqual([]);
  const { org } = world.sim;
  const [one, two] = [...org.truth("applications")].filter((app) => app["signOnMode"] === "OPENID_CONNECT");
  const [appId, other] = [String(one?.["id"]), String(two?.["id"])];
  const ends = { requestingAppInstanceId: appId, resourceAppInstanceId: other };
  const connection = org.create("application_cross_app_connections", ends, { appId });
  const [main, orders] = [...org.truthOf("authorization_servers")].map(({ id }) => String(id));
  const key = { kty: "RSA", e: "AQAB", n: "zKb" };
  const made = org.create("authorization_server_resource_keys", key, { authServerId: String(main) });
  org.act("authorization_server_associated_servers", String(orders), "trust", { authServerId: String(main) });
  const [chrome] = org.truthOf("device_integrations");
  org.act("device_integrations", String(chrome?.["id"]), "deactivate");
  const [provider] = org.truthOf("telephony_providers");
  org.act("telephony_providers", String(provider?.["id"]), "deactivate");
  world.quiet();
  await world.run();
  expect(await world.differences(objects)).toEqual([]);

  org.change("application_cross_app_connections", String(connection["id"]), { status: "INACTIVE" }, { appId: other });
  org.remove("authorization_server_resource_keys", String(made["id"]), { authServerId: String(main) });
  org.act("authorization_server_associated_servers", String(orders), "distrust", { authServerId: String(main) });
  world.quiet();
  await world.run();
  expect(await world.differences(objects)).toEqual([]);

  org.remove("application_cross_app_connections", String(connection["id"]), { appId });
  const claim = { name: "quay", expression: "appuser.quay" };
  org.create("application_federated_claims", claim, { appId });
  const [provisioned] = org.truthOf("application_connections");
  org.act("application_connections", "", "deactivate", { appId: String(provisioned?.["appId"]) });
  world.quiet();
  await world.run({ reconcile: true });
  expect(await world.differences(objects)).toEqual([]);
});

test("an org without API Access Management replicates the rest", async () => {
  world = await createWorld({
    users: 5,
    apps: 11,
    withoutFeatures: ["api-access-management"],
    pipeline: "objects: [client_applications, authorization_servers, authorization_server_claims]",
  });
  const report = await world.run();
  expect(lineOf(report, "client_applications").status).toBe("succeeded");
  for (const { name } of childrenOf("authorization_servers").filter((one) => one.name.endsWith("claims")))
    expect(lineOf(report, name).status).not.toBe("succeeded");
  expect(lineOf(report, "authorization_servers").status).toBe("unavailable");
});
