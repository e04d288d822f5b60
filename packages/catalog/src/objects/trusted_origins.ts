import { instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Origins that browsers may call Okta from, be redirected to, or show Okta in. */
export const trustedOrigins = defineObject({
  name: "trusted_origins",
  aliases: ["TrustedOrigins"],
  preset: "config",
  summary: "Origins that may call Okta, be redirected to, or embed it",
  openApi: "TrustedOrigin",
  list: { path: "/api/v1/trustedOrigins", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/trustedOrigins/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("origin"),
    text("status"),
    instant("created"),
    text("createdBy"),
    instant("lastUpdated"),
    text("lastUpdatedBy"),
    json("scopes"),
  ],
  sets: paths("scopes", "scopes.allowedOktaApps"),
  children: [
    {
      name: "trusted_origin_scopes",
      path: ["scopes"],
      parentColumns: { trusted_origin_id: "id" },
      key: ["trusted_origin_id", "type"],
      columns: [text("type"), json("allowedOktaApps")],
    },
  ],
  incremental: { how: "log" },
  events: [
    // The type of the events' targets is not documented.
    {
      types: [
        "security.trusted_origin.create",
        "security.trusted_origin.update",
        "security.trusted_origin.activate",
        "security.trusted_origin.deactivate",
        "security.trusted_origin.delete",
        "security.origin.auto_whitelisted",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.trustedOrigins.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
