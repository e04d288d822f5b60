import { instant, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Where the org streams its System Log to. Settings differ by `type`: AWS EventBridge or Splunk Cloud. */
export const logStreams = defineObject({
  name: "log_streams",
  aliases: ["LogStreams"],
  preset: "config",
  summary: "Streams of the System Log to AWS EventBridge or Splunk Cloud",
  openApi: "LogStream",
  list: { path: "/api/v1/logStreams", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/logStreams/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("type"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    text("settings.accountId"),
    text("settings.eventSourceName"),
    text("settings.region"),
    text("settings.edition"),
    text("settings.host"),
  ],
  secrets: paths("settings.token"),
  incremental: { how: "log" },
  events: [
    {
      types: [
        "system.log_stream.lifecycle.create",
        "system.log_stream.lifecycle.update",
        "system.log_stream.lifecycle.activate",
        "system.log_stream.lifecycle.deactivate",
        "system.log_stream.lifecycle.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.logStreams.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
