import { instant, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which user has which device. Okta lists the whole user for each; only the link belongs here. */
export const deviceUsers = defineObject({
  name: "device_users",
  aliases: ["DeviceUsers"],
  preset: "per-user",
  summary: "Which user has which device (a request for each device)",
  openApi: "DeviceUser",
  list: { path: "/api/v1/devices/{device_id}/users", pageSize: 0 },
  parent: { object: "devices", columns: { device_id: "id" } },
  key: ["device_id", "user_id"],
  indexes: [["user_id"]],
  columns: [text("user.id", { name: "user_id" }), instant("created"), text("managementStatus"), text("screenLockType")],
  // But for its id: what users already says.
  leftOut: paths("user.*"),
  incremental: { how: "log" },
  events: [
    // The target's type is likely (see devices), not documented.
    {
      types: [
        "device.enrollment.create",
        "device.user.add",
        "device.user.remove",
        // A deactivated device loses its users (Okta docs).
        "device.lifecycle.activate",
        "device.lifecycle.deactivate",
      ],
      effect: "scope",
      key: { device_id: "UDDevice" },
      // The whole would be a request for each device of the org.
      onlyWithTargets: true,
    },
  ],
  references: { device_id: "devices", user_id: "users" },
  reconcileFactor: 7,
  scopes: ["okta.devices.read"],
  adminRoles: ["READ_ONLY_ADMIN", "HELP_DESK_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: false, twoWay: false },
});
