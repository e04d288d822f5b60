import { json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** What tells Okta about the state of devices: Chrome, Windows Security Center, osquery, other vendors' agents. */
export const deviceIntegrations = defineObject({
  name: "device_integrations",
  aliases: ["DeviceIntegrations"],
  preset: "config",
  summary: "Services that tell Okta about the state of devices, and whether they are on",
  openApi: "DeviceIntegrations",
  list: { path: "/api/v1/device-integrations", pageSize: 0 },
  get: { path: "/api/v1/device-integrations/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("displayName"),
    text("platform"),
    text("status"),
    text("metadata.type"),
    // Its other parts depend on `metadata.type`.
    json("metadata"),
  ],
  incremental: { how: "log" },
  // What these events' targets are is not documented; the list is one request.
  events: [
    {
      types: ["device.integration.endpoint_security.activate", "device.integration.endpoint_security.deactivate"],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.deviceIntegrations.read"],
  // Which roles may read them is not documented; those of the other objects about devices are named.
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
