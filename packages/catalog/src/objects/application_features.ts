import { json, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** What an application's provisioning does in each direction; only applications with provisioning have any. */
export const applicationFeatures = defineObject({
  name: "application_features",
  aliases: ["ApplicationFeatures", "AppFeatures"],
  preset: "config",
  summary: "Provisioning settings of applications, in each direction",
  openApi: "ApplicationFeature",
  // An application without provisioning answers with an error instead of an empty list (Okta docs).
  list: {
    path: "/api/v1/apps/{application_id}/features",
    pageSize: 0,
    noneOn: ["OKTA_NOT_FOUND", "OKTA_BAD_REQUEST"],
  },
  get: { path: "/api/v1/apps/{application_id}/features/{name}" },
  parent: { object: "applications", columns: { application_id: "id" } },
  key: ["application_id", "name"],
  columns: [
    text("name"),
    text("status"),
    text("description"),
    // Its parts depend on `name`.
    json("capabilities"),
  ],
  // They have no event of their own in the event catalogue: the reconcile finds what changed.
  incremental: { how: "reconcile" },
  events: [
    // That saving them is an update of the application is likely, not documented.
    {
      types: ["application.lifecycle.create", "application.lifecycle.update", "application.lifecycle.activate"],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
  ],
  references: { application_id: "applications" },
  // A request for each application, in the tightest of all rate buckets.
  reconcileFactor: 4,
  scopes: ["okta.apps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
