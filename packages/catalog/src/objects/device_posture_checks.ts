import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Checks of one's own that device assurance policies refer to. */
export const devicePostureChecks = defineObject({
  name: "device_posture_checks",
  aliases: ["DevicePostureChecks"],
  preset: "config",
  summary: "Custom device posture checks",
  openApi: "DevicePostureCheck",
  list: { path: "/api/v1/device-posture-checks", pageSize: 0 },
  get: { path: "/api/v1/device-posture-checks/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("description"),
    text("type"),
    text("platform"),
    text("mappingType"),
    text("variableName"),
    text("query"),
    text("remediationSettings.link.defaultUrl"),
    text("remediationSettings.link.customUrl"),
    text("remediationSettings.message.defaultI18nKey"),
    text("remediationSettings.message.customText"),
    text("createdBy"),
    instant("createdDate"),
    text("lastUpdatedBy"),
    instant("lastUpdate"),
  ],
  incremental: { how: "log" },
  events: [
    {
      types: ["device.posture.check.add", "device.posture.check.update", "device.posture.check.delete"],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.devicePostureChecks.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
