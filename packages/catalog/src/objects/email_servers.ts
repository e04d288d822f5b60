import { boolean, integer, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Mail servers of the customer that the org sends through. */
export const emailServers = defineObject({
  name: "email_servers",
  aliases: ["EmailServers"],
  preset: "config",
  summary: "Mail servers of the customer that the org sends through",
  openApi: "EmailServerResponse",
  list: { path: "/api/v1/email-servers", pageSize: 0 },
  get: { path: "/api/v1/email-servers/{id}" },
  key: ["id"],
  columns: [text("id"), text("alias"), text("host"), integer("port"), text("username"), boolean("enabled")],
  secrets: paths("password"),
  incremental: { how: "log" },
  // The type of these events' targets is not documented; the list is one request.
  events: [
    {
      types: [
        "system.custom_email_server.lifecycle.create",
        "system.custom_email_server.lifecycle.update",
        "system.custom_email_server.lifecycle.activate",
        "system.custom_email_server.lifecycle.deactivate",
        "system.custom_email_server.lifecycle.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.emailServers.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
