import { instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** What the org does about requests from suspicious addresses. */
export const threatInsight = defineObject({
  name: "threat_insight",
  aliases: ["ThreatInsight", "ThreatInsightConfiguration"],
  preset: "config",
  summary: "ThreatInsight settings of the org (one row)",
  openApi: "ThreatInsightConfiguration",
  list: { path: "/api/v1/threats/configuration", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [text("action"), json("excludeZones"), instant("created"), instant("lastUpdated")],
  sets: paths("excludeZones"),
  incremental: { how: "log" },
  events: [{ types: ["security.threat.configuration.update"], effect: "whole", key: {} }],
  scopes: ["okta.threatInsights.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
