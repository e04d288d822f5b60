import { expect, it } from "vitest";

import type { JsonObject } from "../json.js";
import { callerOf, simulatedOrg } from "../testing/simulated-org.js";

const { start, sim } = simulatedOrg({ users: 3, apps: 1, groups: 3 });
const call = callerOf(sim, "/api/v1");

async function list(path: string): Promise<readonly JsonObject[]> {
  return (await call("GET", path)).json as readonly JsonObject[];
}

it("keeps authenticators that a policy uses, hides their secrets, and knows their methods by type", async () => {
  const { org } = await start();
  const all = await list("/authenticators");
  const idOf = (key: string): string => String(all.find((one) => one["key"] === key)?.["id"]);
  expect(JSON.stringify(all)).not.toContain("secretKey");
  expect(await call("POST", `/authenticators/${idOf("okta_verify")}/lifecycle/deactivate`)).toMatchObject({
    status: 403,
    json: { errorCode: "E0000148", errorCauses: [{ errorSummary: expect.stringContaining("Strong factors") }] },
  });
  expect((await call("POST", `/authenticators/${idOf("okta_password")}/lifecycle/deactivate`)).status).toBe(400);
  expect((await call("DELETE", `/authenticators/${idOf("duo")}`)).status).toBe(405);
  const voice = `/authenticators/${idOf("phone_number")}/methods/voice`;
  expect((await call("POST", `${voice}/lifecycle/activate`)).json).toMatchObject({ type: "voice", status: "ACTIVE" });
  expect((await call("GET", voice)).json).not.toHaveProperty("lastUpdated");
  expect([...org.truthOf("authenticator_methods")].filter((one) => one["status"] === "INACTIVE").length).toBe(2);
});

it("has zones of each type in their own shapes, and keeps the system's", async () => {
  await start();
  const zones = await list('/zones?filter=usage eq "POLICY"');
  expect(zones.map((zone) => zone["name"])).toEqual(["LegacyIpZone", "Head office", "Neighbours"]);
  const system = (await list("/zones")).find((zone) => zone["name"] === "BlockedIpZone");
  expect((await call("DELETE", `/zones/${String(system?.["id"])}`)).status).toBe(403);
  const made = (await call("POST", "/zones", { type: "DYNAMIC_V2", name: "Proxies" })).json as JsonObject;
  expect(made).toMatchObject({ usage: "POLICY", system: false, locations: { include: [], exclude: [] } });
  const path = `/zones/${String(made["id"])}`;
  const change = { type: "DYNAMIC_V2", name: "Proxies", usage: "BLOCKLIST" };
  expect((await call("PUT", path, change)).json).toMatchObject({ useAsBlackList: true });
  expect((await call("GET", path)).json).not.toHaveProperty("useAsBlackList");
  expect((await call("PUT", path, { type: "IP", name: "x" })).status).toBe(400);
  expect((await call("DELETE", path)).status).toBe(204);
  expect((await call("GET", path)).json).toMatchObject({ errorSummary: expect.stringContaining("(NetworkZone)") });
});

it("answers 401 for dynamic zones and behaviors that the org has not bought", async () => {
  await start({ withoutFeatures: ["dynamic-zones", "behavior-detection"] });
  expect(await call("POST", "/zones", { type: "DYNAMIC", name: "x" })).toMatchObject({
    status: 401,
    json: { errorCode: "E0000015" },
  });
  expect((await list("/zones")).every((zone) => zone["type"] === "IP")).toBe(true);
  expect((await call("GET", "/behaviors")).status).toBe(401);
});

it("writes the times of behaviors with a blank, makes active ones alone, and deletes them so", async () => {
  const { org } = await start();
  const far = { name: "Far", type: "VELOCITY", status: "INACTIVE", settings: { velocityKph: 900 } };
  const made = (await call("POST", "/behaviors", far)).json as JsonObject;
  expect(made["status"]).toBe("ACTIVE");
  expect(made["created"]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.0$/);
  const path = `/behaviors/${String(made["id"])}`;
  await call("POST", `${path}/lifecycle/deactivate`);
  await call("POST", `${path}/lifecycle/activate`);
  expect((await call("DELETE", path)).status).toBe(204);
  const types = [...org.truth("log_events")].map((event) => String(event["eventType"]));
  expect(types.filter((type) => type.startsWith("security.behavior"))).toEqual([
    "security.behavior.settings.create",
    "security.behavior.settings.update",
    "security.behavior.settings.update",
    "security.behavior.settings.delete",
  ]);
});
