import { boolean, instant, json, paths, privateKeyMembers, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Custom authorization servers; the org's own is in no list. Orgs without API Access Management have none. */
export const authorizationServers = defineObject({
  name: "authorization_servers",
  aliases: ["AuthorizationServers"],
  preset: "config",
  summary: "Custom authorization servers",
  openApi: "AuthorizationServer",
  list: { path: "/api/v1/authorizationServers", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/authorizationServers/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("description"),
    text("status"),
    // Not in the specification (recorded traffic).
    boolean("default"),
    json("audiences"),
    text("issuer"),
    text("issuerMode"),
    instant("created"),
    instant("lastUpdated"),
    text("credentials.signing.kid"),
    text("credentials.signing.rotationMode"),
    instant("credentials.signing.lastRotated"),
    instant("credentials.signing.nextRotation"),
    text("credentials.signing.use"),
    text("accessTokenEncryptedResponseAlgorithm"),
    json("jwks.keys"),
    text("jwks_uri"),
  ],
  secrets: privateKeyMembers("jwks.keys"),
  sets: paths("audiences"),
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; the list takes one request.
    {
      types: [
        "oauth2.as.created",
        "oauth2.as.updated",
        "oauth2.as.deleted",
        "oauth2.as.activated",
        "oauth2.as.deactivated",
        "app.oauth2.as.key.rollover",
        "app.oauth2.as.resource_server.credentials.lifecycle.create",
        "app.oauth2.as.resource_server.credentials.lifecycle.activate",
        "app.oauth2.as.resource_server.credentials.lifecycle.deactivate",
        "app.oauth2.as.resource_server.credentials.lifecycle.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.authorizationServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
