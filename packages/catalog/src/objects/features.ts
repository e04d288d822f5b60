import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Self-service features of the org, beta and early access. */
export const features = defineObject({
  name: "features",
  aliases: ["Features"],
  preset: "config",
  summary: "Self-service features, beta and early access, and whether they are on",
  openApi: "Feature",
  list: { path: "/api/v1/features", pageSize: 0 },
  get: { path: "/api/v1/features/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("type"),
    text("status"),
    text("description"),
    text("stage.value"),
    text("stage.state"),
  ],
  incremental: { how: "log" },
  // One feature may switch those that it depends on, so the list is read whole.
  events: [
    {
      types: ["system.feature.enable", "system.feature.disable", "system.feature.ea_auto_enroll"],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.features.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
