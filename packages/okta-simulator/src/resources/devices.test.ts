import { expect, it } from "vitest";

import { callerOf, simulatedOrg } from "../testing/simulated-org.js";

const { start, sim } = simulatedOrg({ users: 40, apps: 3, groups: 3 });
const call = callerOf(sim);

/** The rows of a list's first page. */
async function rows(path: string): Promise<Record<string, unknown>[]> {
  return (await call("GET", path)).json as Record<string, unknown>[];
}

/** Event types since the start whose name begins so, with the types of their targets. */
function events(prefix: string): string[] {
  return [...sim().org.truth("log_events")]
    .filter(({ eventType }) => String(eventType).startsWith(prefix))
    .map(({ eventType, target }) => {
      const targets = (target ?? []) as readonly { readonly type: string }[];
      return `${String(eventType)} ${targets.map(({ type }) => type).join("+")}`;
    });
}

it("enrols a device, finds it by its time, and deletes it only when it is deactivated", async () => {
  const { org } = await start();
  const id = String(org.create("devices", { profile: { displayName: "Tablet", platform: "ANDROID" } })["id"]);
  const since = new Date(Date.now() - 60_000).toISOString();
  const found = await rows(`/api/v1/devices?search=${encodeURIComponent(`lastUpdated gt "${since}"`)}`);
  expect(found).toEqual([expect.objectContaining({ id, status: "ACTIVE", resourceType: "UDDevice" })]);
  expect(found[0]).not.toHaveProperty("_embedded");
  expect((await call("GET", `/api/v1/devices/${id}`)).json).toHaveProperty("_embedded.originatedFrom");
  expect(await call("DELETE", `/api/v1/devices/${id}`)).toMatchObject({
    status: 403,
    json: { errorCode: "E0000152" },
  });
  expect(await call("POST", `/api/v1/devices/${id}/lifecycle/deactivate`)).toMatchObject({ status: 204 });
  expect((await rows("/api/v1/devices")).some((one) => one["id"] === id && one["status"] === "DEACTIVATED")).toBe(true);
  expect((await call("DELETE", `/api/v1/devices/${id}`)).status).toBe(204);
  expect((await call("GET", `/api/v1/devices/${id}`)).status).toBe(404);
  expect((await call("POST", "/api/v1/devices", {})).status).toBe(405);
  expect(events("device.")).toEqual([
    "device.enrollment.create UDDevice",
    "device.lifecycle.deactivate UDDevice",
    "device.lifecycle.delete UDDevice",
  ]);
});

it("refuses a search that Okta does not take", async () => {
  await start();
  for (const search of ['created gt "2026-05-31T00:00:00.000Z"', 'profile.model co "x"', "nothing"]) {
    expect(await call("GET", `/api/v1/devices?search=${encodeURIComponent(search)}`)).toMatchObject({
      status: 400,
      json: { errorCode: "E0000031" },
    });
  }
});

it("links users to a device, with the whole user in the answer, until either ends", async () => {
  const { org } = await start();
  const id = String(org.create("devices", { profile: { displayName: "Tablet" } })["id"]);
  const ancestors = { deviceId: id };
  const [first, second] = [org.userId(7), org.userId(8)];
  for (const user of [first, second]) org.create("device_users", { user: { id: user } }, ancestors);
  const path = `/api/v1/devices/${id}/users`;
  expect(await rows(path)).toEqual([
    expect.objectContaining({
      managementStatus: "NOT_MANAGED",
      user: expect.objectContaining({ id: first, profile: expect.anything() as unknown }) as unknown,
    }),
    expect.objectContaining({ user: expect.objectContaining({ id: second }) as unknown }),
  ]);
  expect((await rows(path))[0]).not.toHaveProperty("epoch");
  org.deleteUser(first);
  expect(await rows(path)).toHaveLength(1);
  org.act("devices", id, "deactivate");
  org.act("devices", id, "activate");
  expect(await rows(path)).toEqual([]);
  org.create("device_users", { user: { id: second } }, ancestors);
  expect(await rows(path)).toHaveLength(1);
  expect([...org.truthOf("device_users")].filter((one) => one["deviceId"] === id)).toHaveLength(1);
  expect(events("device.user")).toEqual(Array.from({ length: 3 }, () => "device.user.add UDDevice+User"));
});

it("has few devices, some of them without or with two users, the same at every reading", async () => {
  const { org } = await start({ users: 2000 });
  const devices = [...org.truthOf("devices")];
  expect(devices).toHaveLength(400);
  expect(new Set(devices.map((one) => one["status"])).size).toBeGreaterThan(2);
  const counts = new Map<unknown, number>(devices.map((one) => [one["id"], 0]));
  for (const { deviceId } of org.truthOf("device_users")) counts.set(deviceId, (counts.get(deviceId) ?? 0) + 1);
  expect(new Set(counts.values())).toEqual(new Set([0, 1, 2]));
  expect([...org.truthOf("device_users")]).toEqual([...org.truthOf("device_users")]);
});

it("keeps device assurances, whose replacement answers without their creation", async () => {
  const { org } = await start();
  const body = { name: "Macs", platform: "MACOS", osVersion: { minimum: "15" } };
  const { json } = await call("POST", "/api/v1/device-assurances", body);
  const { id, createdDate } = json as { id: string; createdDate: string };
  const replaced = await call("PUT", `/api/v1/device-assurances/${id}`, { ...body, jailbreak: false });
  expect(replaced.json).not.toHaveProperty("createdDate");
  expect((await call("GET", `/api/v1/device-assurances/${id}`)).json).toMatchObject({ createdDate, jailbreak: false });
  expect((await call("POST", "/api/v1/device-assurances", { name: "x", platform: "TOASTER" })).status).toBe(400);
  org.remove("device_assurances", id);
  expect(events("device.assurance").map((text) => text.split(" ")[0])).toEqual([
    "device.assurance.policy.add",
    "device.assurance.policy.update",
    "device.assurance.policy.delete",
  ]);
});

it("answers 401 E0000015 where the org has not bought devices", async () => {
  await start({ withoutFeatures: ["devices", "user-risk", "realms"] });
  for (const path of ["devices", "device-assurances", "realms", `users/${sim().org.userId(3)}/risk`]) {
    expect(await call("GET", `/api/v1/${path}`)).toMatchObject({ status: 401, json: { errorCode: "E0000015" } });
  }
});
