import { boolean, instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** What a device must fulfil to be let in. They differ by `platform`. */
export const deviceAssurances = defineObject({
  name: "device_assurances",
  aliases: ["DeviceAssurances", "DeviceAssurancePolicies"],
  preset: "config",
  summary: "Device assurance policies of every platform",
  openApi: "DeviceAssurance",
  list: { path: "/api/v1/device-assurances", pageSize: 0 },
  get: { path: "/api/v1/device-assurances/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("platform"),
    text("createdBy"),
    instant("createdDate"),
    text("lastUpdatedBy"),
    instant("lastUpdate"),
    text("displayRemediationMode"),
    // `expiry` is an instant or a duration, by `type` (Okta docs).
    text("gracePeriod.type"),
    json("gracePeriod"),
    text("osVersion.minimum"),
    json("osVersion"),
    json("osVersionConstraints"),
    json("diskEncryptionType.include"),
    json("screenLockType.include"),
    boolean("secureHardwarePresent"),
    boolean("jailbreak"),
    json("devicePostureChecks.include"),
    json("thirdPartySignalProviders"),
    // Not in the specification (recorded traffic).
    text("resourceId"),
    text("resourceType"),
    text("resourceDisplayName.value"),
    boolean("resourceDisplayName.sensitive"),
  ],
  sets: paths("diskEncryptionType.include", "screenLockType.include"),
  incremental: { how: "log" },
  events: [
    {
      types: ["device.assurance.policy.add", "device.assurance.policy.update", "device.assurance.policy.delete"],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.deviceAssurance.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
