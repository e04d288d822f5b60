import type { JsonObject } from "../json.js";
import { brandId, newBrand } from "./brands.js";
import { defineResource, type ResourceContext, type ResourceDefinition, seedId } from "./definition.js";

/** What a name server must answer before Okta believes in the domain. */
function dnsRecords(domain: string): JsonObject[] {
  return [
    { recordType: "TXT", fqdn: `_oktaverification.${domain}`, values: ["5d41402abc4b2a76b9719d911017c592"] },
    { recordType: "CNAME", fqdn: domain, values: ["simulated.customdomains.example.com"] },
  ];
}

/** Custom domains. The org's own has the id `default` and can only be read (recorded traffic). */
const domains = defineResource({
  name: "domains",
  kind: "Domain",
  missing: "E0000163",
  path: "/api/v1/domains",
  prefix: "OcD",
  scope: "okta.domains",
  stamps: null,
  // The list leaves out `dnsRecords` (recorded traffic).
  list: { wrapped: { at: "domains" }, row: (item) => ({ ...item, dnsRecords: undefined }) },
  create: {
    status: 201,
    required: ["domain", "certificateSourceType"],
    make: (body, context) => ({
      domain: body["domain"],
      certificateSourceType: body["certificateSourceType"],
      validationStatus: "NOT_STARTED",
      brandId: body["brandId"] ?? context.org.ids.encode("bnd", 3_000_000 + (context.org.fresh() % 2_000_000_000)),
      dnsRecords: dnsRecords(String(body["domain"])),
    }),
    // A domain of no brand brings one of its own (recorded traffic); that the log tells of it is an assumption.
    follow: (item, effects) => {
      const id = String(item["brandId"]);
      const brands = effects.resources.named("brands");
      if (effects.resources.find(brands, {}, id)) return;
      effects.resources.put({ definition: brands, ancestors: {} }, { id, ...newBrand({ name: item["domain"] }) });
      const target = { id, type: brands.kind, displayName: String(item["domain"]) };
      effects.org.happened({ type: "system.brand.create", targets: [target] });
    },
    event: "system.custom_url_domain.initiate",
  },
  replace: {
    status: 200,
    required: ["brandId"],
    make: (body, _, before) => ({ ...before, brandId: body["brandId"] }),
    event: "system.custom_url_domain.update",
  },
  remove: { status: 204, event: "system.custom_url_domain.delete" },
  actions: {
    verify: {
      path: "verify",
      status: 200,
      // No name server knows a simulated domain; the answer is that of recorded traffic.
      make: (_, __, before) => ({ ...before, validationStatus: "FAILED_TO_VERIFY" }),
      event: "system.custom_url_domain.verify",
    },
    certificate: {
      path: "certificate",
      method: "PUT",
      status: 204,
      make: (_, __, before) => ({
        ...before,
        publicCertificate: {
          subject: `CN=${String(before?.["domain"])}`,
          fingerprint: "73:69:6d:75:6c:61:74:65:64",
          expiration: "2027-05-06T07:08:09",
        },
      }),
      event: "system.custom_url_domain.cert_upload",
    },
  },
  targets: (item) => [{ id: String(item["id"]), type: "Domain", displayName: String(item["domain"]) }],
  shown: (item, { base }) => {
    const self = `${base}/api/v1/domains/${String(item["id"])}`;
    return {
      ...item,
      _links: {
        self: { href: self, hints: { allow: item["id"] === "default" ? ["GET"] : ["GET", "DELETE", "PUT"] } },
        brand: { href: `${base}/api/v1/brands/${String(item["brandId"])}`, hints: { allow: ["GET", "PUT", "DELETE"] } },
      },
    };
  },
  seed: (context) => [
    {
      id: "default",
      domain: "simulated.okta.example.com",
      certificateSourceType: "OKTA_MANAGED",
      validationStatus: "COMPLETED",
      brandId: brandId(context, 0),
    },
    {
      id: seedId(context, "OcD", 0),
      domain: "id.shop.example.com",
      certificateSourceType: "OKTA_MANAGED",
      validationStatus: "FAILED_TO_VERIFY",
      brandId: brandId(context, 1),
      dnsRecords: dnsRecords("id.shop.example.com"),
    },
  ],
});

function mailRecords(domain: string, sub: string): JsonObject[] {
  return [
    {
      recordType: "TXT",
      fqdn: `_oktaverification.${domain}`,
      verificationValue: "7d793037a0760186574b0282f2f435e7",
    },
    { recordType: "cname", fqdn: `${sub}.${domain}`, verificationValue: "u1.wl.mail.example.com" },
  ];
}

function mailDomain(body: JsonObject, context: ResourceContext): JsonObject {
  const domain = String(body["domain"]);
  const sub = String(body["validationSubdomain"] ?? "mail");
  return {
    validationStatus: "NOT_STARTED",
    displayName: body["displayName"],
    userName: body["userName"],
    domain,
    validationSubdomain: sub,
    brandId: body["brandId"] ?? brandId(context, 0),
    dnsValidationRecords: mailRecords(domain, sub),
  };
}

/**
 * Domains that mail comes from. A deleted one can still be read, with `validationStatus` DELETED (recorded traffic);
 * that the list leaves it out is an assumption.
 */
const emailDomains = defineResource({
  name: "email_domains",
  kind: "EmailDomain",
  missing: "E0000198",
  path: "/api/v1/email-domains",
  prefix: "OeD",
  scope: "okta.emailDomains",
  stamps: null,
  hidden: ["brandId"],
  list: { matches: (item) => item["validationStatus"] !== "DELETED" },
  create: {
    status: 201,
    required: ["brandId", "domain", "displayName", "userName"],
    make: mailDomain,
    event: "system.email_domain.create",
  },
  replace: {
    status: 200,
    required: ["displayName", "userName"],
    make: (body, _, before) => ({ ...before, displayName: body["displayName"], userName: body["userName"] }),
    event: "system.email_domain.update",
  },
  actions: {
    verify: {
      path: "verify",
      status: 200,
      make: (_, __, before) => ({ ...before, validationStatus: "VERIFIED" }),
      event: "system.email_domain.verify",
    },
    delete: {
      path: "",
      method: "DELETE",
      status: 204,
      make: (_, __, before) => ({ ...before, validationStatus: "DELETED" }),
      event: "system.email_domain.delete",
    },
  },
  targets: (item) => [{ id: String(item["id"]), type: "EmailDomain", displayName: String(item["domain"]) }],
  seed: (context) => [
    {
      id: seedId(context, "OeD", 0),
      ...mailDomain(
        { domain: "shop.example.com", displayName: "Shop", userName: "noreply", brandId: brandId(context, 1) },
        context,
      ),
    },
  ],
});

/** Domains that the org answers under and sends mail from (OpenAPI spec, recorded traffic). */
export const DOMAINS: readonly ResourceDefinition[] = [domains, emailDomains];
