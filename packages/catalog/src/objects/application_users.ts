import { instant, json, linkedId, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which user has which application, and under which name there. `profile` is JSON: every application has its own schema. */
export const applicationUsers = defineObject({
  name: "application_users",
  aliases: ["ApplicationUsers", "AppUsers"],
  preset: "core",
  summary: "Which user has which application, with the user's name and profile there",
  openApi: "AppUser",
  list: { path: "/api/v1/apps/{application_id}/users", query: { limit: "500" }, pageSize: 500 },
  get: { path: "/api/v1/apps/{application_id}/users/{user_id}" },
  parent: { object: "applications", columns: { application_id: "id" } },
  key: ["application_id", "user_id"],
  indexes: [["user_id", "application_id"]],
  columns: [
    // The item's id is the Okta user's (00u…); the System Log's AppUser target has another one (0ua…).
    text("id", { name: "user_id" }),
    text("externalId"),
    text("scope"),
    text("status"),
    text("syncState"),
    instant("created"),
    instant("lastUpdated"),
    instant("statusChanged"),
    instant("passwordChanged"),
    instant("lastSync"),
    text("credentials.userName"),
    // `{}` says that a password is set; what is in it is a secret.
    json("credentials.password"),
    json("profile"),
    // The group through which an assignment of scope GROUP came; only the link tells.
    linkedId("_links.group.href", "group_id"),
  ],
  secrets: paths("credentials.password.*"),
  incremental: { how: "log" },
  events: [
    {
      types: [
        "application.user_membership.add",
        "application.user_membership.update",
        "application.user_membership.remove",
        "application.user_membership.change_username",
        "application.user_membership.change_password",
        "application.user_membership.approve",
        "application.user_membership.revoke",
        "application.user_membership.provision",
        "application.user_membership.deprovision",
        "application.user_membership.restore",
        "application.user_membership.restore_password",
        "application.provision.user.push",
        "application.provision.user.push_profile",
        "application.provision.user.import_profile",
        "application.provision.user.sync",
        "application.provision.user.deactivate",
        "application.provision.user.reactivate",
        "application.provision.user.delete",
      ],
      effect: "row",
      key: { application_id: "AppInstance", user_id: "User" },
    },
    // A user's assignments end or change with the user; an event for each is not promised (Okta docs).
    {
      types: [
        "user.lifecycle.activate",
        "user.lifecycle.deactivate",
        "user.lifecycle.reactivate",
        "user.lifecycle.suspend",
        "user.lifecycle.unsuspend",
      ],
      effect: "reference",
      key: { user_id: "User" },
    },
    // Assignments that came through a deleted group end or pass to another group; an event for each is not promised.
    { types: ["group.lifecycle.delete"], effect: "reference", key: { group_id: "UserGroup" } },
    // Many assignments at once, with or without an event for each.
    {
      types: [
        "group.application_assignment.add",
        "group.application_assignment.update",
        "group.application_assignment.remove",
        "application.lifecycle.create",
        "application.lifecycle.activate",
        "application.lifecycle.deactivate",
      ],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
    {
      types: ["system.import.complete"],
      effect: "scope",
      key: { application_id: "AppInstance" },
      onlyWithTargets: true,
    },
  ],
  references: { application_id: "applications", user_id: "users" },
  sizeHints: {
    through: {
      object: "groups",
      list: { path: "/api/v1/groups/{id}/apps", query: { limit: "200" }, pageSize: 200 },
      size: ["_embedded", "stats", "usersCount"],
      links: ["_embedded", "stats", "appsCount"],
    },
  },
  scopes: ["okta.apps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: true },
});
