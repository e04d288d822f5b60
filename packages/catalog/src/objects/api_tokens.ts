import { instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** API tokens that are alive (never their values). Revoked and expired ones are not listed. */
export const apiTokens = defineObject({
  name: "api_tokens",
  aliases: ["ApiTokens"],
  preset: "config",
  summary: "Active API tokens: whose, how long, from where (never their values)",
  openApi: "ApiToken",
  list: { path: "/api/v1/api-tokens", pageSize: 0 },
  get: { path: "/api/v1/api-tokens/{id}" },
  key: ["id"],
  indexes: [["user_id"]],
  columns: [
    text("id"),
    text("name"),
    text("userId"),
    text("clientName"),
    text("tokenWindow"),
    text("network.connection"),
    json("network.include"),
    json("network.exclude"),
    instant("expiresAt"),
    instant("created"),
    instant("lastUpdated"),
  ],
  // The specification's name for `_links`.
  leftOut: paths("_link"),
  sets: paths("network.include", "network.exclude"),
  // Each use moves expiresAt, and 30 idle days end a token, without an event: both wait for the reconcile.
  incremental: { how: "log" },
  events: [
    {
      types: ["system.api_token.create", "system.api_token.update", "system.api_token.enable"],
      effect: "row",
      key: { id: "Token" },
    },
    { types: ["system.api_token.revoke"], effect: "gone", key: { id: "Token" } },
  ],
  scopes: ["okta.apiTokens.read"],
  // Others see their own tokens alone.
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: true, twoWay: false },
});
