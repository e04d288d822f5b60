import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which application may ask for which other's data (Cross App Access). Both of them list the connection, each in a row of its own. */
export const applicationCrossAppConnections = defineObject({
  name: "application_cross_app_connections",
  aliases: ["ApplicationCrossAppConnections", "CrossAppAccessConnections"],
  preset: "config",
  summary: "Which application may reach which other one (a row for each of the two)",
  openApi: "OrgCrossAppAccessConnection",
  list: {
    path: "/api/v1/apps/{application_id}/cwo/connections",
    query: { limit: "200" },
    pageSize: 200,
  },
  get: { path: "/api/v1/apps/{application_id}/cwo/connections/{id}" },
  // Both need a feature (Connect with Okta) that the application's own row does not show: no kind can be left out.
  parent: { object: "applications", columns: { application_id: "id" } },
  key: ["application_id", "id"],
  indexes: [["id"]],
  columns: [
    text("id"),
    text("status"),
    text("requestingAppInstanceId"),
    text("resourceAppInstanceId"),
    instant("created"),
    instant("lastUpdated"),
  ],
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without an application among them, all are read again.
    {
      types: [
        "app.cross_app_access.connection.create",
        "app.cross_app_access.connection.update",
        "app.cross_app_access.connection.delete",
      ],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
  ],
  references: {
    application_id: "applications",
    requesting_app_instance_id: "applications",
    resource_app_instance_id: "applications",
  },
  // A request for each application, in the tightest of all rate buckets.
  reconcileFactor: 4,
  scopes: ["okta.apps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
