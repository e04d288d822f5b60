import { boolean, instant, integer, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which users get into which realm. A change of one priority moves the others, so the list is read again whole. */
export const realmAssignments = defineObject({
  name: "realm_assignments",
  aliases: ["RealmAssignments"],
  preset: "config",
  summary: "Rules that put users into realms",
  openApi: "RealmAssignment",
  list: { path: "/api/v1/realm-assignments", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/realm-assignments/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("status"),
    integer("priority"),
    boolean("isDefault"),
    text("actions.assignUserToRealm.realmId"),
    text("conditions.expression.value"),
    text("conditions.profileSourceId"),
    json("domains"),
    instant("created"),
    instant("lastUpdated"),
  ],
  sets: paths("domains"),
  incremental: { how: "log" },
  // The catalogue has no event of its own for activation and deactivation; the reconcile finds one that sends none.
  events: [
    {
      types: [
        "directory.realm.assignment.create",
        "directory.realm.assignment.update",
        "directory.realm.assignment.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.realmAssignments.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
