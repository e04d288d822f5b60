import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Groups that an application is given as groups of its own. */
export const groupPushMappings = defineObject({
  name: "group_push_mappings",
  aliases: ["GroupPushMappings", "PushGroups"],
  preset: "config",
  summary: "Groups that are pushed to applications",
  openApi: "GroupPushMapping",
  list: {
    path: "/api/v1/apps/{application_id}/group-push/mappings",
    query: { limit: "1000" },
    pageSize: 1000,
    // What an application that cannot take groups answers is not documented.
    noneOn: ["OKTA_NOT_FOUND", "OKTA_BAD_REQUEST"],
  },
  get: { path: "/api/v1/apps/{application_id}/group-push/mappings/{id}" },
  parent: { object: "applications", columns: { application_id: "id" } },
  key: ["application_id", "id"],
  indexes: [["source_group_id"], ["target_group_id"]],
  columns: [
    text("id"),
    text("status"),
    text("sourceGroupId"),
    text("targetGroupId"),
    text("appConfig.type"),
    text("errorSummary"),
    instant("created"),
    instant("lastUpdated"),
    instant("lastPush"),
  ],
  // The list's lastUpdated would take a request for each application in every run.
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the application among them, all are read again.
    {
      types: [
        "application.provision.group_push.mapping.created",
        "application.provision.group_push.updated",
        "application.provision.group_push.activate_mapping",
        "application.provision.group_push.deactivate_mapping",
        "application.provision.group_push.removed",
        "application.provision.group_push.pushed",
        "application.provision.group_push.delete_appgroup",
        "application.provision.group_push.mapping.app.group.renamed",
        "application.provision.group_push.mapping.deactivated.source.group.renamed",
        "application.provision.group_push.mapping.and.groups.deleted.rule.deleted",
      ],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
    // These come with every change of a pushed group's members: only what names the application is worth a request.
    {
      types: ["application.provision.group_push.push_memberships"],
      effect: "scope",
      key: { application_id: "AppInstance" },
      onlyWithTargets: true,
    },
  ],
  references: { application_id: "applications" },
  // A request for each application, in the tightest of all rate buckets.
  reconcileFactor: 4,
  scopes: ["okta.apps.read", "okta.groups.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
