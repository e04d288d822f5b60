import { boolean } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whether administrators are told of rate limit warnings (one row). */
export const rateLimitAdminNotifications = defineObject({
  name: "rate_limit_admin_notifications",
  aliases: ["RateLimitAdminNotifications"],
  preset: "config",
  summary: "Whether administrators are told of rate limit warnings (one row)",
  openApi: "RateLimitAdminNotifications",
  list: { path: "/api/v1/rate-limit-settings/admin-notifications", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [boolean("notificationsEnabled")],
  incremental: { how: "log" },
  events: [{ types: ["system.rate_limit.configuration.update"], effect: "whole", key: {} }],
  scopes: ["okta.rateLimits.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
