import { instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Refresh tokens that are alive: who holds one, from where and until when. The token itself is in no answer. */
export const applicationTokens = defineObject({
  name: "application_tokens",
  aliases: ["ApplicationTokens", "AppTokens"],
  preset: "config",
  summary: "Refresh tokens that OAuth applications hold (not the tokens themselves)",
  openApi: "OAuth2RefreshToken",
  list: { path: "/api/v1/apps/{application_id}/tokens", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/apps/{application_id}/tokens/{id}" },
  parent: {
    object: "applications",
    columns: { application_id: "id" },
    where: { sign_on_mode: ["OPENID_CONNECT"] },
  },
  key: ["application_id", "id"],
  indexes: [["user_id"]],
  columns: [
    text("id"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    instant("expiresAt"),
    text("issuer"),
    text("clientId"),
    text("userId"),
    json("scopes"),
  ],
  sets: paths("scopes"),
  // They end without an event when they expire, and each sign-in to a mobile application may begin one: following the
  // grants would read a large part of the log and list these applications in every run.
  incremental: { how: "reconcile" },
  events: [],
  references: { application_id: "applications", user_id: "users" },
  scopes: ["okta.apps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: true, twoWay: false },
});
