import { instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Hooks that Okta calls when something happened. */
export const eventHooks = defineObject({
  name: "event_hooks",
  aliases: ["EventHooks"],
  preset: "config",
  summary: "Hooks that Okta calls when something happened",
  openApi: "EventHook",
  list: { path: "/api/v1/eventHooks", pageSize: 0 },
  get: { path: "/api/v1/eventHooks/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("description"),
    text("status"),
    text("verificationStatus"),
    instant("created"),
    text("createdBy"),
    instant("lastUpdated"),
    text("events.type"),
    json("events.items"),
    json("events.filter"),
    text("channel.type"),
    text("channel.version"),
    text("channel.config.uri"),
    text("channel.config.method"),
    json("channel.config.headers"),
    json("channel.config.authScheme"),
  ],
  // Okta shows the values of headers (recorded traffic); they may hold keys of the receiver.
  secrets: paths("channel.config.authScheme.value", "channel.config.headers.value"),
  sets: paths("events.items"),
  incremental: { how: "log" },
  // The type of these events' targets is not documented; the list is one request. event_hook.delivery tells of a call
  // that failed, not of a change.
  events: [
    {
      types: [
        "event_hook.created",
        "event_hook.updated",
        "event_hook.activated",
        "event_hook.deactivated",
        "event_hook.verified",
        "event_hook.deleted",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.eventHooks.read"],
  // Which weaker roles see hooks is not documented.
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
