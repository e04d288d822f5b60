import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Who is in which group. Okta lists the whole user for each member; only the pair belongs here. */
export const groupMembers = defineObject({
  name: "group_members",
  aliases: ["GroupMembers", "groupsusers"],
  preset: "core",
  summary: "Which user is in which group (deactivated users keep their memberships)",
  list: { path: "/api/v1/groups/{group_id}/users", query: { limit: "1000" }, pageSize: 1000 },
  listBy: {
    column: "user_id",
    // Paged by 200 though the specification shows no paging (recorded traffic).
    list: { path: "/api/v1/users/{user_id}/groups", pageSize: 200 },
    columns: { group_id: ["id"] },
  },
  parent: { object: "groups", columns: { group_id: "id" } },
  key: ["group_id", "user_id"],
  indexes: [["user_id", "group_id"]],
  columns: [text("id", { name: "user_id" })],
  onlyDeclared: true,
  incremental: { how: "parent", parentColumn: "last_membership_updated", overlapMinutes: 5, largeScope: 2000 },
  events: [
    { types: ["group.user_membership.add"], effect: "add", key: { group_id: "UserGroup", user_id: "User" } },
    { types: ["group.user_membership.remove"], effect: "remove", key: { group_id: "UserGroup", user_id: "User" } },
    // A new user is in Everyone and in the groups of its creation; events for these are not promised.
    { types: ["user.lifecycle.create"], effect: "by", key: { user_id: "User" } },
  ],
  references: { group_id: "groups", user_id: "users" },
  countedBy: { query: { expand: "stats" }, path: ["_embedded", "stats", "usersCount"] },
  scopes: ["okta.groups.read"],
  adminRoles: ["READ_ONLY_ADMIN", "GROUP_MEMBERSHIP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: true },
});
