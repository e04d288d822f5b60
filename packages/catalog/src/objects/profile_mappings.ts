import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/**
 * What is at the ends of a mapping, and takes it along: a user type, and an application or an identity provider (recorded
 * traffic calls both "appuser").
 */
const MAPPED_OBJECTS = ["applications", "identity_providers", "user_types"];

/** How attributes flow between applications (or identity providers) and user types, with a row for each attribute. */
export const profileMappings = defineObject({
  name: "profile_mappings",
  aliases: ["ProfileMappings"],
  preset: "config",
  summary: "How attributes flow between applications and user types, with a row for each attribute",
  openApi: "ProfileMapping",
  // The list leaves out `properties` (recorded traffic).
  list: {
    path: "/api/v1/mappings",
    query: { limit: "200" },
    detail: "/api/v1/mappings/{id}",
    pageSize: 200,
  },
  get: { path: "/api/v1/mappings/{id}" },
  key: ["id"],
  indexes: [["source_id"], ["target_id"]],
  columns: [
    text("id"),
    text("source.id"),
    text("source.name"),
    text("source.type"),
    text("target.id"),
    text("target.name"),
    text("target.type"),
  ],
  children: [
    {
      name: "profile_mapping_properties",
      path: ["properties"],
      keyedBy: "attribute",
      parentColumns: { mapping_id: "id" },
      key: ["mapping_id", "attribute"],
      columns: [text("expression"), text("pushStatus")],
    },
  ],
  incremental: { how: "log" },
  events: [
    // `ProfileMapping` is the likely type of the target (not documented); without it all are read again.
    { types: ["directory.mapping.update"], effect: "row", key: { id: "ProfileMapping" } },
    // Mappings come by themselves with an application, an identity provider or a user type, and no event names them.
    {
      types: [
        "application.lifecycle.create",
        "system.idp.lifecycle.create",
        "directory.non_default_user_profile.create",
      ],
      effect: "whole",
      key: {},
    },
  ],
  references: { source_id: MAPPED_OBJECTS, target_id: MAPPED_OBJECTS },
  reconcileFactor: 4,
  scopes: ["okta.profileMappings.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
