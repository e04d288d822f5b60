import { integer } from "../columns.js";
import { defineObject } from "../definition.js";

/** At which percentage of a rate limit Okta warns (one row). */
export const rateLimitWarningThreshold = defineObject({
  name: "rate_limit_warning_threshold",
  aliases: ["RateLimitWarningThreshold", "RateLimitWarningThresholdResponse"],
  preset: "config",
  summary: "At which percentage of a rate limit Okta warns (one row)",
  openApi: "RateLimitWarningThresholdResponse",
  list: { path: "/api/v1/rate-limit-settings/warning-threshold", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [integer("warningThreshold")],
  incremental: { how: "log" },
  events: [{ types: ["system.rate_limit.configuration.update"], effect: "whole", key: {} }],
  scopes: ["okta.rateLimits.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
