import { boolean, instant, json, privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Keys that Okta signs its hook calls with. */
export const hookKeys = defineObject({
  name: "hook_keys",
  aliases: ["HookKeys"],
  preset: "config",
  summary: "Keys that Okta signs its hook calls with",
  openApi: "HookKey",
  list: { path: "/api/v1/hook-keys", pageSize: 0 },
  get: { path: "/api/v1/hook-keys/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("keyId"),
    text("name"),
    boolean("isUsed"),
    instant("created"),
    instant("lastUpdated"),
    // The public key itself, and only in the answers to writes (recorded traffic).
    json("_embedded", { name: "jwk" }),
  ],
  secrets: privateKeyMembers("_embedded"),
  incremental: { how: "log" },
  // The type of these events' targets is not documented; the list is one request. isUsed follows the inline hooks.
  events: [
    {
      types: [
        "system.hook.key.created",
        "system.hook.key.updated",
        "system.hook.key.deleted",
        "inline_hook.created",
        "inline_hook.updated",
        "inline_hook.deleted",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.inlineHooks.read"],
  // Which weaker roles see hooks is not documented.
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
