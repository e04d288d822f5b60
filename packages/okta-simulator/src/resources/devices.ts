import { oktaError } from "../errors.js";
import { comparisons, evaluate, lookup, parseExpression } from "../expression.js";
import { mix, pick } from "../generate/hash.js";
import { instantText, type JsonObject, objectAt, stringAt } from "../json.js";
import { userJson } from "../org/users.js";
import { defineResource, type ResourceAction, type ResourceContext, seedId } from "./definition.js";

const MODELS = [
  { platform: "IOS", manufacturer: "APPLE", model: "iPhone 16", osVersion: "19.1", diskEncryptionType: "FULL" },
  {
    platform: "ANDROID",
    manufacturer: "samsung",
    model: "SM-S921B",
    osVersion: "16:2025-09-01",
    diskEncryptionType: "USER",
  },
  { platform: "WINDOWS", manufacturer: "LENOVO", model: "21CB", osVersion: "10.0.22631", sid: "S-1-5-21-1" },
  { platform: "MACOS", manufacturer: "APPLE", model: "Mac16,1", osVersion: "15.5", udid: "00008132-0001" },
] as const;

/** What `search` takes (Okta docs); `co` on these alone. */
const SEARCHABLE = /^(?:id|status|lastUpdated|profile\.\w+)$/;
const CONTAINS = /^profile\.(?:displayName|serialNumber|imei|meid|udid|sid)$/;

/** Devices of generated users: one in four has one, a few have two owners. */
function seededDevices(context: ResourceContext): JsonObject[] {
  const { org } = context;
  return Array.from({ length: deviceCount(context) }, (_, n) => {
    const hash = mix(org.seed, n, 51);
    const { platform, ...rest } = pick(MODELS, hash);
    const status = hash % 17 === 0 ? "DEACTIVATED" : hash % 13 === 0 ? "SUSPENDED" : "ACTIVE";
    const at = instantText(org.newest - (hash % 40_000_000) * 1000);
    return {
      id: seedId(context, "guo", n),
      status,
      created: at,
      lastUpdated: at,
      profile: {
        displayName: `Device ${n}`,
        platform,
        ...rest,
        serialNumber: `SN${hash.toString(36).toUpperCase()}`,
        registered: true,
        secureHardwarePresent: hash % 2 === 0,
        ...(hash % 3 === 0 ? { managed: true } : {}),
      },
      epoch: status === "DEACTIVATED" ? 1 : 0,
    };
  });
}

function deviceCount({ org }: ResourceContext): number {
  return Math.min(400, Math.floor(org.generator.count / 4));
}

/** 204 and E0000152 from another status than these. */
function transition(from: readonly string[], to: string, event: string): ResourceAction {
  return {
    status: 204,
    check: (_, __, before) => {
      if (!from.includes(String(before?.["status"]))) throw oktaError("E0000152");
    },
    // A deactivated device loses its users for good: their links belong to the epoch before.
    make: (_, __, before) => ({
      ...before,
      status: to,
      ...(to === "DEACTIVATED" ? { epoch: Number(before?.["epoch"] ?? 0) + 1 } : {}),
    }),
    event,
  };
}

export const devices = defineResource({
  name: "devices",
  kind: "UDDevice",
  path: "/api/v1/devices",
  prefix: "guo",
  scope: "okta.devices",
  feature: "devices",
  hidden: ["epoch"],
  list: {
    page: { fallback: 200, max: 200 },
    check: (query) => {
      const search = query.get("search");
      if (search === null) return;
      for (const { path, op } of comparisons(parseExpression(search, "search"))) {
        if (!SEARCHABLE.test(path) || (op === "co" && !CONTAINS.test(path)))
          throw oktaError("E0000031", { causes: [`Invalid search criteria: ${path}`] });
      }
    },
    matches: (item, query) => {
      const search = query.get("search");
      return search === null || evaluate(parseExpression(search, "search"), lookup(item));
    },
    // Only the single device tells which authenticator it came by (recorded traffic; of the list it is not documented).
    row: ({ _embedded, ...row }) => row,
  },
  // A device enrols by Okta Verify, and its signals change when it is used: neither is an operation of the API.
  create: {
    byHttp: false,
    status: 200,
    make: (body) => ({ status: "ACTIVE", ...body, epoch: 0 }),
    event: "device.enrollment.create",
  },
  update: { byHttp: false, status: 200, event: null },
  remove: {
    status: 204,
    check: (_, __, before) => {
      if (before?.["status"] !== "DEACTIVATED") throw oktaError("E0000152");
    },
    event: "device.lifecycle.delete",
  },
  actions: {
    activate: transition(["DEACTIVATED"], "ACTIVE", "device.lifecycle.activate"),
    deactivate: transition(["ACTIVE", "SUSPENDED"], "DEACTIVATED", "device.lifecycle.deactivate"),
    suspend: transition(["ACTIVE"], "SUSPENDED", "device.lifecycle.suspend"),
    unsuspend: transition(["SUSPENDED"], "ACTIVE", "device.lifecycle.unsuspend"),
  },
  targets: (item) => [{ id: String(item["id"]), type: "UDDevice", displayName: nameOf(item) }],
  shown: (item, { base }) => ({
    ...item,
    resourceType: "UDDevice",
    resourceDisplayName: { value: nameOf(item), sensitive: false },
    resourceId: item["id"] ?? null,
    resourceAlternateId: null,
    _links: { users: { href: `${base}/api/v1/devices/${String(item["id"])}/users`, hints: { allow: ["GET"] } } },
    _embedded: { originatedFrom: [{ id: "autokta0000000000001", name: "Okta Verify", key: "okta_verify" }] },
  }),
  seed: seededDevices,
});

function nameOf(item: JsonObject): string {
  return stringAt(item["profile"], "displayName") ?? "";
}

/** Whose device it is; an answer holds the whole user. */
export const deviceUsers = defineResource({
  name: "device_users",
  kind: "UDDeviceUser",
  path: "/api/v1/devices/{deviceId}/users",
  ancestors: { deviceId: "devices" },
  scope: "okta.devices",
  feature: "devices",
  idOf: (item) => String(objectAt(item, "user")["id"]),
  readable: false,
  hidden: ["epoch"],
  stamps: null,
  present: (item, context) =>
    context.org.users.exists(context.org.users.find(String(objectAt(item, "user")["id"]))) &&
    item["epoch"] === deviceOf(context)?.["epoch"],
  create: {
    byHttp: false,
    status: 200,
    required: ["user.id"],
    make: (body, context) => ({
      managementStatus: "NOT_MANAGED",
      screenLockType: "PASSCODE",
      ...body,
      created: instantText(context.org.stamp()),
      epoch: deviceOf(context)?.["epoch"] ?? 0,
    }),
    event: "device.user.add",
  },
  remove: { byHttp: false, status: 204, event: "device.user.remove" },
  targets: (item, { ancestors, org }) => {
    const user = org.users.get(org.users.find(String(objectAt(item, "user")["id"])));
    return [
      { id: ancestors["deviceId"] ?? "", type: "UDDevice" },
      {
        id: String(objectAt(item, "user")["id"]),
        type: "User",
        alternateId: String(user?.profile["login"] ?? "unknown"),
      },
    ];
  },
  shown: (item, { org, base }) => {
    const user = org.users.get(org.users.find(String(objectAt(item, "user")["id"])));
    const type = org.types.find((one) => one.id === user?.typeId);
    return { ...item, user: user && type ? userJson(user, type.schemaId, base) : objectAt(item, "user") };
  },
  seed: (context) => {
    const n = seededIndex(context);
    if (n < 0) return [];
    const owners = n % 11 === 0 ? [n * 4, n * 4 + 1] : n % 7 === 0 ? [] : [n * 4];
    return owners.map((u) => ({
      created: instantText(context.org.newest - (mix(context.org.seed, u, 52) % 30_000_000) * 1000),
      managementStatus: u % 2 === 0 ? "MANAGED" : "NOT_MANAGED",
      screenLockType: pick(["NONE", "PASSCODE", "BIOMETRIC"], u),
      user: { id: context.org.users.id(u) },
      epoch: 0,
    }));
  },
});

/** Number of a device that was there from the start, or -1. */
function seededIndex(context: ResourceContext): number {
  const n = context.org.ids.decode("guo", context.ancestors["deviceId"] ?? "");
  return n < deviceCount(context) ? n : -1;
}

function deviceOf({ resources, ancestors }: ResourceContext): JsonObject | undefined {
  return resources.find(devices, {}, ancestors["deviceId"] ?? "");
}
