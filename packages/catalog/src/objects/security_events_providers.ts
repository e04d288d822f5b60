import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Services that send security signals to Okta (Shared Signals Framework). */
export const securityEventsProviders = defineObject({
  name: "security_events_providers",
  aliases: ["SecurityEventsProviders", "SSFReceivers"],
  preset: "config",
  summary: "Services that send security signals to Okta",
  openApi: "SecurityEventsProviderResponse",
  list: { path: "/api/v1/security-events-providers", pageSize: 0 },
  get: { path: "/api/v1/security-events-providers/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("type"),
    text("status"),
    text("settings.issuer"),
    text("settings.jwks_url"),
    text("settings.well_known_url"),
  ],
  incremental: { how: "log" },
  events: [
    {
      types: [
        "security.events.provider.create",
        "security.events.provider.update",
        "security.events.provider.activate",
        "security.events.provider.deactivate",
        "security.events.provider.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.securityEventsProviders.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
