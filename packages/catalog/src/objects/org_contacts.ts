import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The user behind each kind of contact: the list of kinds leaves it out, so that each is read by itself. */
export const orgContacts = defineObject({
  name: "org_contacts",
  aliases: ["OrgContacts"],
  preset: "config",
  summary: "Which user is the org's billing or technical contact",
  list: { path: "/api/v1/org/contacts/{contact_type}", single: true, pageSize: 0 },
  parent: { object: "org_contact_types", columns: { contact_type: "contact_type" } },
  key: ["contact_type"],
  columns: [text("userId")],
  // No event in the catalogue.
  incremental: { how: "reconcile" },
  events: [],
  references: { contact_type: "org_contact_types" },
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
