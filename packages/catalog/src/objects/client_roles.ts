import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Admin roles of service applications. The id of a standard role's assignment is the same for every client. */
export const clientRoles = defineObject({
  name: "client_roles",
  aliases: ["ClientRoles"],
  preset: "config",
  summary: "Admin roles of OAuth service applications",
  openApi: "CustomRole",
  list: { path: "/oauth2/v1/clients/{client_id}/roles", pageSize: 0 },
  get: { path: "/oauth2/v1/clients/{client_id}/roles/{id}" },
  parent: {
    object: "client_applications",
    columns: { client_id: "client_id" },
    // Only service applications hold roles (Okta docs).
    where: { application_type: ["service"] },
  },
  key: ["client_id", "id"],
  columns: [
    text("id"),
    text("type"),
    text("label"),
    text("status"),
    instant("created"),
    instant("lastUpdated"),
    text("assignmentType"),
    // Custom roles alone.
    text("role"),
    text("resource-set"),
  ],
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented. PublicClientApp is likely, as the log calls a client that acts so;
    // without one, the roles of all service applications are read again.
    {
      types: ["app.oauth2.client.privilege.grant", "app.oauth2.client.privilege.revoke"],
      effect: "scope",
      key: { client_id: "PublicClientApp" },
    },
    // A custom role may also come and go as a member of a binding, whose event names no client; its label is shown here.
    {
      types: ["iam.resourceset.bindings.add", "iam.resourceset.bindings.delete", "iam.role.update", "iam.role.delete"],
      effect: "whole",
      key: {},
    },
  ],
  references: { client_id: "client_applications" },
  scopes: ["okta.roles.read"],
  adminRoles: ["SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
