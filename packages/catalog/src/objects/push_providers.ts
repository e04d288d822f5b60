import { instant, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Apple's and Google's push services, as custom authenticators use them. */
export const pushProviders = defineObject({
  name: "push_providers",
  aliases: ["PushProviders"],
  preset: "config",
  summary: "Push services that custom authenticators use",
  openApi: "PushProvider",
  list: { path: "/api/v1/push-providers", pageSize: 0 },
  get: { path: "/api/v1/push-providers/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("name"),
    text("providerType"),
    instant("lastUpdatedDate"),
    text("configuration.fileName"),
    text("configuration.keyId"),
    text("configuration.teamId"),
    text("configuration.projectId"),
  ],
  secrets: paths("configuration.tokenSigningKey", "configuration.serviceAccountJson"),
  incremental: { how: "log" },
  events: [
    {
      types: ["device.push.provider.create", "device.push.provider.update", "device.push.provider.delete"],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.pushProviders.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
