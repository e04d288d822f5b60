import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** The kinds of contacts that an org has (BILLING, TECHNICAL); who they are is in org_contacts. */
export const orgContactTypes = defineObject({
  name: "org_contact_types",
  aliases: ["OrgContactTypes"],
  preset: "config",
  summary: "The kinds of contacts that the org has",
  openApi: "OrgContactTypeObj",
  list: { path: "/api/v1/org/contacts", pageSize: 0 },
  key: ["contact_type"],
  columns: [text("contactType")],
  incremental: { how: "reconcile" },
  events: [],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: false, twoWay: false },
});
