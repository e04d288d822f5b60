import { instant, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Other vendors' services that may call the org's API. The page size is Okta's own: the endpoint takes none. */
export const apiServiceIntegrations = defineObject({
  name: "api_service_integrations",
  aliases: ["ApiServiceIntegrations", "APIServiceIntegrationInstances"],
  preset: "config",
  summary: "Services of other vendors that may call the org's API",
  openApi: "APIServiceIntegrationInstance",
  list: { path: "/integrations/api/v1/api-services", pageSize: 0 },
  get: { path: "/integrations/api/v1/api-services/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("type"),
    text("name"),
    text("configGuideUrl"),
    instant("createdAt"),
    text("createdBy"),
    json("grantedScopes"),
    json("properties"),
  ],
  // In the answer to the creation alone (recorded traffic).
  secrets: paths("clientSecret"),
  // Comes in another order at every read (recorded traffic).
  sets: paths("grantedScopes"),
  // The event catalogue has none of its own for them; the list is one request.
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.oauthIntegrations.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
