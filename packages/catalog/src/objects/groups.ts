import { instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Groups made in Okta, built-in ones and those of applications and directories. */
export const groups = defineObject({
  name: "groups",
  aliases: ["Groups"],
  preset: "core",
  summary: "Groups, with the application or directory they come from",
  openApi: "Group",
  // The specification allows 10,000 a page, Okta's documentation advises 200 (and had a paging fault above it in 2024).
  list: { path: "/api/v1/groups", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/groups/{id}" },
  key: ["id"],
  indexes: [["type"]],
  columns: [
    text("id"),
    instant("created"),
    instant("lastUpdated"),
    instant("lastMembershipUpdated"),
    text("type"),
    json("objectClass"),
    // Okta's documentation shows `source.id` on APP_GROUPs, which the specification lacks; the link says the same.
    text("source.id", { orLink: ["_links", "source", "href"] }),
    text("profile.description"),
    text("profile.name"),
    text("profile.dn"),
    text("profile.externalId"),
    text("profile.samAccountName"),
    text("profile.windowsDomainQualifiedName"),
  ],
  profileSchema: "group",
  sets: paths("objectClass"),
  incremental: {
    how: "filter",
    parameter: "filter",
    expression: '(lastUpdated gt "{since}" or lastMembershipUpdated gt "{since}")',
    overlapMinutes: 5,
  },
  events: [
    { types: ["group.lifecycle.delete"], effect: "gone", key: { id: "UserGroup" } },
    // Groups of applications and directories may end without group.lifecycle.delete (Okta's event catalogue).
    {
      types: [
        "system.import.group.delete",
        "system.identity_sources.group.delete",
        "app.user_management.user_group_import.delete_success",
      ],
      effect: "row",
      key: { id: "UserGroup" },
    },
  ],
  rowFilters: { type: ["type"] },
  scopes: ["okta.groups.read"],
  adminRoles: ["READ_ONLY_ADMIN", "GROUP_MEMBERSHIP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: true },
});
