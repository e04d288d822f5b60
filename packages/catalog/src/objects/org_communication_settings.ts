import { boolean } from "../columns.js";
import { defineObject } from "../definition.js";

/** Whether Okta may send mail to the org's users. */
export const orgCommunicationSettings = defineObject({
  name: "org_communication_settings",
  aliases: ["OrgCommunicationSettings"],
  preset: "config",
  summary: "Whether Okta may send mail to the org's users",
  openApi: "OrgOktaCommunicationSetting",
  list: { path: "/api/v1/org/privacy/oktaCommunication", single: true, pageSize: 0 },
  constant: { name: "id", value: "default" },
  key: ["id"],
  columns: [boolean("optOutEmailUsers")],
  // No event in the catalogue.
  incremental: { how: "reconcile" },
  events: [],
  scopes: ["okta.orgs.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: true, delete: false, twoWay: false },
});
