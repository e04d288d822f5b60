import { boolean, instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Realms, which users are divided into. Needs the Realms feature. */
export const realms = defineObject({
  name: "realms",
  aliases: ["Realms"],
  preset: "config",
  summary: "Realms that users are divided into",
  openApi: "Realm",
  list: { path: "/api/v1/realms", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/realms/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("profile.name"),
    text("profile.realmType"),
    json("profile.domains"),
    boolean("isDefault"),
    instant("created"),
    instant("lastUpdated"),
  ],
  sets: paths("profile.domains"),
  incremental: { how: "log" },
  events: [
    {
      types: [
        "directory.realm.lifecycle.create",
        "directory.realm.lifecycle.update",
        "directory.realm.lifecycle.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.realms.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
