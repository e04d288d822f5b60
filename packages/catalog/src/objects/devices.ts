import { boolean, instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Registered devices. DEACTIVATED ones stay listed until they are deleted. */
export const devices = defineObject({
  name: "devices",
  aliases: ["Devices"],
  preset: "config",
  summary: "Registered devices, deactivated ones included",
  openApi: "DeviceList",
  list: { path: "/api/v1/devices", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/devices/{id}" },
  key: ["id"],
  indexes: [["status"]],
  columns: [
    text("id"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    text("profile.displayName"),
    text("profile.platform"),
    text("profile.manufacturer"),
    text("profile.model"),
    text("profile.osVersion"),
    text("profile.serialNumber"),
    text("profile.imei"),
    text("profile.meid"),
    text("profile.udid"),
    text("profile.sid"),
    text("profile.tpmPublicKeyHash"),
    text("profile.diskEncryptionType"),
    boolean("profile.registered"),
    boolean("profile.managed"),
    boolean("profile.secureHardwarePresent"),
    boolean("profile.integrityJailbreak"),
    text("resourceId"),
    text("resourceType"),
    text("resourceAlternateId"),
    text("resourceDisplayName.value"),
    boolean("resourceDisplayName.sensitive"),
  ],
  // Its index may lag (Okta docs). Moves with signals of the device and with its lifecycle.
  incremental: { how: "filter", parameter: "search", expression: 'lastUpdated gt "{since}"', overlapMinutes: 15 },
  // The device's own resourceType (recorded traffic) is likely the target's type as well; that is not documented.
  events: [{ types: ["device.lifecycle.delete"], effect: "gone", key: { id: "UDDevice" } }],
  scopes: ["okta.devices.read"],
  adminRoles: ["READ_ONLY_ADMIN", "HELP_DESK_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: true, twoWay: false },
});
