import { double, instant, integer, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Behaviour detection rules. Their times have a blank for the T and no zone (recorded traffic). */
export const behaviors = defineObject({
  name: "behaviors",
  aliases: ["Behaviors", "BehaviorRules"],
  preset: "config",
  summary: "Behaviour detection rules: what counts as a new place, address, device or speed",
  openApi: "BehaviorRule",
  list: { path: "/api/v1/behaviors", pageSize: 0 },
  get: { path: "/api/v1/behaviors/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("type"),
    text("name"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    integer("settings.maxEventsUsedForEvaluation"),
    integer("settings.minEventsNeededForEvaluation"),
    text("settings.granularity"),
    // Integers in the specification, 5.0 in recorded traffic.
    double("settings.radiusKilometers"),
    double("settings.velocityKph"),
    // Open to more by the specification.
    json("settings"),
  ],
  // The specification's name of the links.
  leftOut: paths("_link"),
  incremental: { how: "log" },
  events: [
    // The type of the events' targets is not documented, nor which event an activation writes.
    {
      types: [
        "security.behavior.settings.create",
        "security.behavior.settings.update",
        "security.behavior.settings.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.behaviors.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
