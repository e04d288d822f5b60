import { oktaError } from "../errors.js";
import type { JsonObject } from "../json.js";
import { defineResource, type ResourceContext, seedId } from "./definition.js";
import { selfLink } from "./lifecycle.js";

const DATED = { createdDate: "2025-03-13T23:35:32.000Z", lastUpdate: "2025-06-13T08:58:43.000Z" };
const STAMPS = { created: "createdDate", updated: "lastUpdate" };
const PLATFORMS = new Set(["ANDROID", "CHROMEOS", "IOS", "MACOS", "WINDOWS"]);

function madeBy(body: JsonObject, { org }: ResourceContext): JsonObject {
  return { ...body, createdBy: org.actor.id, lastUpdatedBy: org.actor.id };
}

function seededBy({ org }: ResourceContext): JsonObject {
  return { ...DATED, createdBy: org.users.id(0), lastUpdatedBy: org.users.id(0) };
}

export const deviceAssurances = defineResource({
  name: "device_assurances",
  kind: "DeviceAssurancePolicyEntity",
  path: "/api/v1/device-assurances",
  prefix: "dae",
  scope: "okta.deviceAssurance",
  feature: "devices",
  stamps: STAMPS,
  create: {
    status: 200,
    required: ["name", "platform"],
    check: (body) => {
      if (!PLATFORMS.has(String(body["platform"]))) throw oktaError("E0000001", { arg: "platform" });
    },
    make: madeBy,
    event: "device.assurance.policy.add",
  },
  // The answer to a replacement lacks who created it and when (recorded traffic).
  replace: {
    status: 200,
    required: ["name", "platform"],
    answer: (item) => ({ ...item, createdBy: undefined, createdDate: undefined }),
    event: "device.assurance.policy.update",
  },
  remove: { status: 204, event: "device.assurance.policy.delete" },
  shown: (item, context) => ({
    ...item,
    resourceType: "DeviceAssurancePolicyEntity",
    resourceId: item["id"] ?? null,
    resourceDisplayName: { value: item["name"] ?? null, sensitive: false },
    _links: selfLink(context, `/api/v1/device-assurances/${String(item["id"])}`, ["GET", "PUT", "DELETE"]),
  }),
  seed: (context) => [
    {
      id: seedId(context, "dae", 0),
      name: "Phones",
      platform: "ANDROID",
      osVersion: { minimum: "13" },
      jailbreak: false,
      screenLockType: { include: ["BIOMETRIC"] },
      diskEncryptionType: { include: ["USER", "FULL"] },
      displayRemediationMode: "HIDE",
      ...seededBy(context),
    },
    {
      id: seedId(context, "dae", 1),
      name: "Laptops",
      platform: "WINDOWS",
      osVersionConstraints: [{ majorVersionConstraint: "WINDOWS_11", minimum: "10.0.22631" }],
      secureHardwarePresent: true,
      gracePeriod: { type: "BY_DURATION", expiry: "P14D" },
      thirdPartySignalProviders: { dtc: { osFirewall: true, browserVersion: { minimum: "128.0.1" } } },
      ...seededBy(context),
    },
  ],
});

export const devicePostureChecks = defineResource({
  name: "device_posture_checks",
  kind: "DevicePostureCheck",
  path: "/api/v1/device-posture-checks",
  prefix: "dch",
  scope: "okta.devicePostureChecks",
  feature: "devices",
  stamps: STAMPS,
  create: {
    status: 200,
    required: ["name", "platform", "query", "variableName"],
    make: (body, context) => ({ type: "CUSTOM", mappingType: "CHECKBOX", ...madeBy(body, context) }),
    event: "device.posture.check.add",
  },
  replace: { status: 200, required: ["name", "platform"], event: "device.posture.check.update" },
  remove: { status: 204, event: "device.posture.check.delete" },
  seed: (context) => [
    {
      id: seedId(context, "dch", 0),
      name: "Firewall is on",
      description: "The built-in firewall",
      type: "CUSTOM",
      platform: "MACOS",
      mappingType: "CHECKBOX",
      variableName: "macOSFirewall",
      query: "SELECT CASE WHEN global_state = 0 THEN 0 ELSE 1 END AS macOSFirewall FROM alf;",
      remediationSettings: { message: { customText: "Switch the firewall on" } },
      ...seededBy(context),
    },
  ],
});
