import { linkedId } from "../columns.js";
import { defineObject } from "../definition.js";

/**
 * Links between users: one primary at most for each user and kind of link. Asked by the primary's name, since that
 * list has one row at most.
 */
export const linkedObjects = defineObject({
  name: "linked_objects",
  aliases: ["LinkedObjectValues", "UserLinkedObjects"],
  preset: "per-user",
  summary: "Links between users: who is whose primary (manager) by which definition",
  list: { path: "/api/v1/users/{user_id}/linkedObjects/{primary_name}", pageSize: 0 },
  parent: {
    object: "users",
    columns: { user_id: "id" },
    times: { object: "linked_object_definitions", columns: { primary_name: "primary_name" } },
  },
  key: ["user_id", "primary_name"],
  indexes: [["primary_user_id"], ["primary_name"]],
  // The item is nothing but a link (recorded traffic).
  columns: [linkedId("_links.self.href", "primary_user_id")],
  // No event is documented for a link that is set or taken away.
  incremental: { how: "reconcile" },
  events: [],
  references: { user_id: "users", primary_user_id: "users", primary_name: "linked_object_definitions" },
  reconcileFactor: 7,
  scopes: ["okta.users.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
