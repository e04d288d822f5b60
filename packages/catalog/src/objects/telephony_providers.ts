import { boolean, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The org's own accounts with Twilio or Telesign, for SMS and calls. */
export const telephonyProviders = defineObject({
  name: "telephony_providers",
  aliases: ["TelephonyProviders", "CustomTelephonyProviders"],
  preset: "config",
  summary: "The org's own accounts with telephony providers, for SMS and calls",
  openApi: "CustomTelephonyProviderCredentialResponse",
  list: { path: "/api/v1/telephony-providers", pageSize: 0 },
  get: { path: "/api/v1/telephony-providers/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("providerName"),
    text("providerCapability"),
    boolean("enabled"),
    boolean("isPrimaryProvider"),
    // Names the account at the provider; what opens it is the token.
    text("providerSid"),
    // Numbers, services or accounts, by provider and by the way of sending.
    json("providerSettings.sms"),
    json("providerSettings.call"),
  ],
  // In requests alone (OpenAPI spec).
  secrets: paths("providerAuthToken"),
  // The event catalogue has none for them; the list is one request.
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.customTelephonyProvider.read"],
  // Which roles may read them is not documented; those of the other settings of the org are named.
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
