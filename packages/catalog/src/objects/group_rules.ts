import { boolean, instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Rules that put users into groups. */
export const groupRules = defineObject({
  name: "group_rules",
  aliases: ["GroupRules"],
  preset: "core",
  summary: "Rules that put users into groups",
  openApi: "GroupRule",
  list: { path: "/api/v1/groups/rules", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/groups/rules/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("type"),
    text("name"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    // Not in the specification (recorded traffic): false when a group of the rule was deleted.
    boolean("allGroupsValid"),
    text("conditions.expression.type"),
    text("conditions.expression.value"),
    json("conditions.people.groups"),
    json("conditions.people.users"),
    json("actions.assignUserToGroups.groupIds"),
  ],
  sets: paths(
    "actions.assignUserToGroups.groupIds",
    "conditions.people.groups.include",
    "conditions.people.groups.exclude",
    "conditions.people.users.include",
    "conditions.people.users.exclude",
  ),
  // The event catalogue has no event for the creation, change or end of a rule.
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.groups.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
