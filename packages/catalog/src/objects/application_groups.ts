import { instant, integer, json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which group has which application. */
export const applicationGroups = defineObject({
  name: "application_groups",
  aliases: ["ApplicationGroups", "AppGroups", "groupsapps"],
  preset: "core",
  summary: "Which group has which application, with priority and profile",
  openApi: "ApplicationGroupAssignment",
  list: { path: "/api/v1/apps/{application_id}/groups", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/apps/{application_id}/groups/{group_id}" },
  parent: { object: "applications", columns: { application_id: "id" } },
  key: ["application_id", "group_id"],
  indexes: [["group_id", "application_id"]],
  columns: [text("id", { name: "group_id" }), integer("priority"), instant("lastUpdated"), json("profile")],
  incremental: { how: "log" },
  events: [
    // Listing the application's groups takes one request, and shows the priorities that moved with this one.
    {
      types: [
        "group.application_assignment.add",
        "group.application_assignment.update",
        "group.application_assignment.remove",
        "application.lifecycle.create",
        "application.lifecycle.activate",
        "application.lifecycle.deactivate",
      ],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
  ],
  references: { application_id: "applications", group_id: "groups" },
  scopes: ["okta.apps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: true },
});
