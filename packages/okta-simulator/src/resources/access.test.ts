import { expect, it } from "vitest";

import { type JsonObject, valueAt } from "../json.js";
import { callerOf, eventTypes, simulatedOrg } from "../testing/simulated-org.js";

const { start, sim } = simulatedOrg({ users: 60, apps: 3, groups: 12 });
const call = callerOf(sim);

async function rows(path: string): Promise<JsonObject[]> {
  return (await call("GET", path)).json as JsonObject[];
}

function withoutAncestors(item: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== "groupId" && name !== "roleId"));
}

it("limits a group's roles to groups and applications, which the org itself can tell as well", async () => {
  const { org } = await start();
  const groups = [...org.truthOf("group_role_group_targets")];
  const apps = [...org.truthOf("group_role_app_targets")];
  expect(groups).toHaveLength(2);
  expect(apps.map(({ id, name }) => id ?? name)).toEqual([org.appId(0), "facebook"]);
  const roles = `/api/v1/groups/${String(groups[0]?.["groupId"])}/roles`;
  const targets = async (type: string, path: string): Promise<JsonObject[]> => {
    const role = (await rows(roles)).find((one) => one["type"] === type);
    return rows(`${roles}/${String(role?.["id"])}/targets/${path}`);
  };
  expect(await targets("HELP_DESK_ADMIN", "groups")).toEqual(groups.map(withoutAncestors));
  expect(await targets("APP_ADMIN", "catalog/apps")).toEqual(apps.map(withoutAncestors));
  const path = `${roles}/${String(groups[0]?.["roleId"])}/targets/groups/${String(groups[0]?.["id"])}`;
  expect((await call("DELETE", path)).status).toBe(204);
  expect([...org.truthOf("group_role_group_targets")]).toEqual(groups.slice(1));
  org.deleteGroup(String(groups[1]?.["id"]));
  expect(await targets("HELP_DESK_ADMIN", "groups")).toEqual([]);
  expect(eventTypes(sim(), "group.privilege")).toEqual([]);
});

it("has a signing key of a provider whose protocol signs, and makes more without an event that is known", async () => {
  await start();
  const [saml, oidc] = await rows("/api/v1/idps");
  const path = (provider: JsonObject | undefined): string =>
    `/api/v1/idps/${String(provider?.["id"])}/credentials/keys`;
  const [key, ...others] = await rows(path(saml));
  expect(saml).toMatchObject({ protocol: { credentials: { signing: { kid: key?.["kid"] } } } });
  expect([others, await rows(path(oidc))]).toEqual([[], []]);
  const made = await call("POST", `${path(oidc)}/generate?validityYears=3`);
  expect(await rows(path(oidc))).toEqual([made.json]);
  expect(eventTypes(sim(), "system.idp")).toEqual([]);
});

it("keeps custom AAGUIDs of the WebAuthn authenticator, and of no other", async () => {
  await start();
  const authenticators = await rows("/api/v1/authenticators");
  const path = (key: string): string =>
    `/api/v1/authenticators/${String(authenticators.find((one) => one["key"] === key)?.["id"])}/aaguids`;
  expect((await call("GET", path("okta_password"))).status).toBe(404);
  const list = path("webauthn");
  expect(await rows(list)).toHaveLength(1);
  const aaguid = "2fc0579f-8113-47ea-b116-bb5a8db9202a";
  const characteristics = { fipsCompliant: false, hardwareProtected: true };
  const body = { aaguid, name: "Blue key", authenticatorCharacteristics: characteristics };
  const made = await call("POST", list, { ...body, attestationRootCertificates: [{ x5c: "MIIB" }] });
  expect(made).toMatchObject({ status: 200, json: { ...body, attestationRootCertificates: [{ x5c: "MIIB" }] } });
  for (const refused of [body, { ...body, aaguid: "blue" }, { aaguid: aaguid.replace("2f", "3f"), name: "" }])
    expect((await call("POST", list, refused)).json).toMatchObject({ errorCode: "E0000001" });
  const patch = { authenticatorCharacteristics: { platformAttached: true } };
  expect((await call("PATCH", `${list}/${aaguid}`, patch)).json).toMatchObject({
    name: "Blue key",
    authenticatorCharacteristics: { ...characteristics, platformAttached: true },
  });
  const replaced = (await call("PUT", `${list}/${aaguid}`, { name: "Red key" })).json as JsonObject;
  expect(Object.keys(replaced)).toEqual(["name", "aaguid", "_links"]);
  expect((await call("DELETE", `${list}/${aaguid}`)).status).toBe(204);
  expect((await call("GET", `${list}/${aaguid}`)).status).toBe(404);
  expect(eventTypes(sim(), "security.authenticator")).toEqual([]);
});

it("pages YubiKeys, blocks those of users that are gone, and removes no assigned one", async () => {
  const { org } = await start();
  const path = "/api/v1/org/factors/yubikey_token/tokens";
  const first = await call("GET", `${path}?limit=2`);
  expect(first.link).toContain('rel="next"');
  const [free, active] = await rows(path);
  expect(free).toMatchObject({ status: "UNASSIGNED", profile: { serial: "000007300000" } });
  expect(free).not.toHaveProperty("_links.user");
  expect(active).toMatchObject({ status: "ACTIVE", _links: { user: { href: expect.any(String) as unknown } } });
  const token = `${path}/${String(active?.["id"])}`;
  expect((await call("DELETE", token)).json).toMatchObject({ errorCode: "E0000102" });
  org.deleteUser(String(valueAt(active, "_links.user.href")).split("/").at(-1) ?? "");
  expect((await call("GET", token)).json).toMatchObject({ status: "BLOCKED" });
  expect((await call("DELETE", token)).status).toBe(204);
  const seed = { serialNumber: "7886622", publicId: "ccccccijgibu", privateId: "b7", aesKey: "1f" };
  const { json } = await call("POST", path, seed);
  expect(json).toMatchObject({ status: "UNASSIGNED", profile: { serial: "000007886622" } });
  expect(JSON.stringify(json)).not.toContain("privateId");
});

it("has switches against attacks on passwords, in the Identity Engine alone", async () => {
  await start();
  const [order, lockout] = ["authenticator-settings", "user-lockout-settings"].map(
    (name) => `/attack-protection/api/v1/${name}`,
  );
  expect((await call("GET", order ?? "")).json).toEqual({ verifyKnowledgeSecondWhen2faRequired: false });
  const on = { preventBruteForceLockoutFromUnknownDevices: true };
  expect((await call("PUT", lockout ?? "", on)).json).toEqual(on);
  expect((await call("GET", lockout ?? "")).json).toEqual(on);
  expect((await call("PUT", order ?? "", { verifyKnowledgeSecondWhen2faRequired: "yes" })).status).toBe(400);
  expect(eventTypes(sim(), "security.attack_protection")).toEqual(["security.attack_protection.settings.update"]);
  await start({ withoutFeatures: ["identity-engine"] });
  expect((await call("GET", order ?? "")).json).toMatchObject({ errorCode: "E0000015" });
});
