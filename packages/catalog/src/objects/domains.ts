import { json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Domains that the org answers under: Okta's own, whose id is `default` in every org, and custom ones. */
export const domains = defineObject({
  name: "domains",
  aliases: ["Domains", "CustomDomains"],
  preset: "config",
  summary: "Domains that the org answers under, with the DNS records they need",
  openApi: "DomainResponse",
  // The list leaves out `dnsRecords` (recorded traffic).
  list: { path: "/api/v1/domains", itemsAt: "domains", detail: "/api/v1/domains/{id}", pageSize: 0 },
  get: { path: "/api/v1/domains/{id}" },
  key: ["id"],
  columns: [
    text("id"),
    text("domain"),
    text("brandId"),
    text("certificateSourceType"),
    text("validationStatus"),
    json("dnsRecords"),
    text("publicCertificate.subject"),
    text("publicCertificate.fingerprint"),
    // Text without a time zone, and in no documented form.
    text("publicCertificate.expiration"),
  ],
  sets: paths("dnsRecords", "dnsRecords.values"),
  incremental: { how: "log" },
  // The type of these events' targets is not documented; there are as many requests as domains.
  events: [
    {
      types: [
        "system.custom_url_domain.initiate",
        "system.custom_url_domain.update",
        "system.custom_url_domain.verify",
        "system.custom_url_domain.cert_upload",
        "system.custom_url_domain.cert_renew",
        "system.custom_url_domain.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["okta.domains.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
