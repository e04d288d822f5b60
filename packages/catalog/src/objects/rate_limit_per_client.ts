import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** How each client's own rate limit is enforced (one row). */
export const rateLimitPerClient = defineObject({
  name: "rate_limit_per_client",
  aliases: ["RateLimitPerClient", "PerClientRateLimitSettings"],
  preset: "config",
  summary: "How each client's own rate limit is enforced (one row)",
  openApi: "PerClientRateLimitSettings",
  list: { path: "/api/v1/rate-limit-settings/per-client", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [
    text("defaultMode"),
    text("useCaseModeOverrides.LOGIN_PAGE"),
    text("useCaseModeOverrides.OAUTH2_AUTHORIZE"),
    text("useCaseModeOverrides.OIE_APP_INTENT"),
  ],
  incremental: { how: "log" },
  events: [{ types: ["system.rate_limit.configuration.update"], effect: "whole", key: {} }],
  scopes: ["okta.rateLimits.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
