import { instant, integer, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The share of the rate limits that an API token or an OAuth client may use. Okta lists one kind of them at a time. */
export const principalRateLimits = defineObject({
  name: "principal_rate_limits",
  aliases: ["PrincipalRateLimits", "PrincipalRateLimitEntities"],
  preset: "config",
  summary: "Share of the rate limits that each API token or OAuth client may use",
  openApi: "PrincipalRateLimitEntity",
  list: {
    path: "/api/v1/principal-rate-limits",
    query: { limit: "50" },
    variants: [{ filter: 'principalType eq "SSWS_TOKEN"' }, { filter: 'principalType eq "OAUTH_CLIENT"' }],
    pageSize: 50,
  },
  get: { path: "/api/v1/principal-rate-limits/{id}" },
  key: ["id"],
  indexes: [["principal_id"]],
  columns: [
    text("id"),
    text("orgId"),
    text("principalId"),
    text("principalType"),
    integer("defaultPercentage"),
    integer("defaultConcurrencyPercentage"),
    text("createdBy"),
    instant("createdDate"),
    text("lastUpdatedBy"),
    instant("lastUpdate"),
  ],
  incremental: { how: "log" },
  events: [
    {
      types: ["system.rate_limit.configuration.update", "application.configuration.update_rate_limits"],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.principalRateLimits.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: false, twoWay: false },
});
