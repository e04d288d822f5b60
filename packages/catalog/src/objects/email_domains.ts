import { json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Domains that the org sends mail from. */
export const emailDomains = defineObject({
  name: "email_domains",
  aliases: ["EmailDomains"],
  preset: "config",
  summary: "Domains that the org sends mail from, with the DNS records they need",
  openApi: "EmailDomainResponseWithEmbedded",
  // Whether the list still shows a deleted domain is not documented; if it does, its row says DELETED.
  list: { path: "/api/v1/email-domains", pageSize: 0 },
  // A deleted domain can still be read (recorded traffic).
  get: { path: "/api/v1/email-domains/{id}", goneWhen: { path: ["validationStatus"], value: "DELETED" } },
  key: ["id"],
  columns: [
    text("id"),
    text("domain"),
    text("validationStatus"),
    text("validationSubdomain"),
    text("displayName"),
    text("userName"),
    json("dnsValidationRecords"),
  ],
  sets: paths("dnsValidationRecords"),
  incremental: { how: "log" },
  // The type of these events' targets is not documented; the list is one request.
  events: [
    {
      types: [
        "system.email_domain.create",
        "system.email_domain.update",
        "system.email_domain.verify",
        "system.email_domain.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.emailDomains.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
