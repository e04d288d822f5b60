import { instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Hooks that Okta asks in the middle of a flow. Their channel is HTTP or OAUTH, and its settings differ. */
export const inlineHooks = defineObject({
  name: "inline_hooks",
  aliases: ["InlineHooks"],
  preset: "config",
  summary: "Hooks that Okta asks in the middle of a flow",
  openApi: "InlineHook",
  list: { path: "/api/v1/inlineHooks", pageSize: 0 },
  get: { path: "/api/v1/inlineHooks/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("type"),
    text("version"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    text("channel.type"),
    text("channel.version"),
    text("channel.config.uri"),
    json("channel.config"),
  ],
  // Okta shows the values of headers (recorded traffic); they may hold keys of the receiver.
  secrets: paths("channel.config.authScheme.value", "channel.config.clientSecret", "channel.config.headers.value"),
  incremental: { how: "log" },
  // The type of these events' targets is not documented; the list is one request.
  events: [
    {
      types: [
        "inline_hook.created",
        "inline_hook.updated",
        "inline_hook.activated",
        "inline_hook.deactivated",
        "inline_hook.verified",
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
