import { boolean, instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Users and groups that own a group; a feature of Okta Identity Governance. */
export const groupOwners = defineObject({
  name: "group_owners",
  aliases: ["GroupOwners"],
  preset: "config",
  summary: "Users and groups that own a group (Okta Identity Governance)",
  openApi: "GroupOwner",
  list: { path: "/api/v1/groups/{group_id}/owners", query: { limit: "1000" }, pageSize: 1000 },
  parent: { object: "groups", columns: { group_id: "id" } },
  key: ["group_id", "id", "origin_type"],
  indexes: [["id"]],
  columns: [
    text("id"),
    text("type"),
    text("displayName"),
    text("originType"),
    text("originId"),
    boolean("resolved"),
    // `2026-03-04 10:08:01.0` in lists, `Wed Mar 04 10:08:01 UTC 2026` in the answer to a POST (recorded traffic).
    instant("lastUpdated"),
  ],
  // The event catalogue has one event for the owners of any resource, and does not say that it comes for each change of a
  // group's: the reconcile finds what changed.
  incremental: { how: "reconcile" },
  events: [
    // What it names is not documented, and the resource may be an application: listing the owners of every group for
    // that would take a request each.
    { types: ["resource.owner.update"], effect: "scope", key: { group_id: "UserGroup" }, onlyWithTargets: true },
  ],
  references: { group_id: "groups", id: ["users", "groups"] },
  scopes: ["okta.groups.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
