import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Kinds of links between users (manager and subordinate). Either name addresses one, so the primary's is a key. */
export const linkedObjectDefinitions = defineObject({
  name: "linked_object_definitions",
  aliases: ["LinkedObjectDefinitions"],
  preset: "config",
  summary: "Kinds of links between users, such as manager and subordinate",
  openApi: "LinkedObject",
  list: { path: "/api/v1/meta/schemas/user/linkedObjects", pageSize: 0 },
  get: { path: "/api/v1/meta/schemas/user/linkedObjects/{primary_name}" },
  key: ["primary_name"],
  columns: [
    text("primary.name"),
    text("primary.title"),
    text("primary.description"),
    text("primary.type"),
    text("associated.name"),
    text("associated.title"),
    text("associated.description"),
    text("associated.type"),
  ],
  incremental: { how: "log" },
  events: [{ types: ["directory.linked_object.create", "directory.linked_object.delete"], effect: "whole", key: {} }],
  scopes: ["okta.linkedObjects.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
