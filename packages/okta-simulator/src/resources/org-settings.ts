import { instant, type JsonObject } from "../json.js";
import { defineResource, type ResourceDefinition } from "./definition.js";

const DAY = 86_400_000;
const NOTHING = { address1: null, address2: null, city: null, state: null, country: null, postalCode: null };
const BLANK = { phoneNumber: "", endUserSupportHelpURL: "", supportPhoneNumber: "", ...NOTHING };

/** The org itself. */
const orgSettings = defineResource({
  name: "org_settings",
  kind: "Org",
  path: "/api/v1/org",
  single: true,
  scope: "okta.orgs",
  update: { status: 200, event: null },
  replace: {
    status: 200,
    required: ["companyName"],
    make: (body, _, before) => ({
      ...BLANK,
      website: null,
      ...body,
      id: before?.["id"],
      subdomain: before?.["subdomain"],
      status: "ACTIVE",
      expiresAt: null,
      created: before?.["created"],
    }),
    event: null,
  },
  shown: (item, { base }) => {
    const link = (path: string): JsonObject => ({ href: `${base}/api/v1/org/${path}` });
    return {
      ...item,
      _links: {
        preferences: link("preferences"),
        uploadLogo: { ...link("logo"), hints: { allow: ["POST"] } },
        oktaCommunication: link("privacy/oktaCommunication"),
        logo: null,
        oktaSupport: link("privacy/oktaSupport"),
        contacts: link("contacts"),
      },
    };
  },
  seed: ({ org }) => [
    {
      id: org.id,
      subdomain: "simulated",
      companyName: "Simulated Ltd",
      status: "ACTIVE",
      expiresAt: null,
      created: instant(org.newest - 1200 * DAY),
      lastUpdated: instant(org.newest),
      website: "https://simulated.example.com",
      ...BLANK,
    },
  ],
});

/** The kinds of contacts: the list names them without the users (OpenAPI spec). */
const orgContactTypes = defineResource({
  name: "org_contact_types",
  kind: "OrgContactType",
  path: "/api/v1/org/contacts",
  scope: "okta.orgs",
  idOf: (item) => String(item["contactType"]),
  readable: false,
  shown: (item, { base }) => {
    const type = String(item["contactType"]).toLowerCase();
    return { ...item, _links: { [type]: { href: `${base}/api/v1/org/contacts/${type}` } } };
  },
  seed: () => [{ contactType: "BILLING" }, { contactType: "TECHNICAL" }],
});

/** The user behind a kind of contact (recorded traffic: nothing but the user's id). */
const orgContacts = defineResource({
  name: "org_contacts",
  kind: "OrgContact",
  path: "/api/v1/org/contacts/{contactType}",
  ancestors: { contactType: "org_contact_types" },
  single: true,
  scope: "okta.orgs",
  stamps: null,
  replace: { status: 200, required: ["userId"], event: null },
  shown: (item, { base }) => ({
    ...item,
    _links: { user: { href: `${base}/api/v1/users/${String(item["userId"])}` } },
  }),
  seed: ({ org }) => [{ userId: org.users.id(0) }],
});

const orgPreferences = setting("org_preferences", "preferences", {
  seed: { showEndUserFooter: true },
  actions: { hideEndUserFooter: { showEndUserFooter: false }, showEndUserFooter: { showEndUserFooter: true } },
});

const orgCommunication = setting("org_communication_settings", "privacy/oktaCommunication", {
  seed: { optOutEmailUsers: false },
  actions: { optIn: { optOutEmailUsers: false }, optOut: { optOutEmailUsers: true } },
});

/** Okta's support may come in for eight hours (recorded traffic). */
const orgSupport = defineResource({
  ...setting("org_support_settings", "privacy/oktaSupport", { seed: { support: "DISABLED", expiration: null } }),
  actions: {
    grant: {
      path: "grant",
      status: 200,
      make: (_, { org }) => ({ support: "ENABLED", expiration: instant(org.stamp() + DAY / 3) }),
      event: null,
    },
    revoke: { path: "revoke", status: 200, make: () => ({ support: "DISABLED", expiration: null }), event: null },
  },
});

const orgSupportCases = defineResource({
  name: "org_support_cases",
  kind: "SupportCase",
  path: "/api/v1/org/privacy/oktaSupport/cases",
  scope: "okta.orgs",
  stamps: null,
  idOf: (item) => String(item["caseNumber"]),
  readable: false,
  list: { wrapped: { at: "supportCases" } },
  update: { status: 200, method: "PATCH", event: null },
  seed: () => [
    {
      caseNumber: "00731202",
      subject: "Directory agent stops at night",
      impersonation: { status: "NOT_REQUESTED", expiration: null },
      selfAssigned: { status: "NOT_REQUIRED" },
    },
  ],
});

/** A setting that an org has once. */
function setting(
  name: string,
  path: string,
  { seed, actions = {} }: { readonly seed: JsonObject; readonly actions?: Readonly<Record<string, JsonObject>> },
): ResourceDefinition {
  const names = Object.entries(actions);
  return defineResource({
    name,
    kind: "OrgSetting",
    path: `/api/v1/org/${path}`,
    single: true,
    scope: "okta.orgs",
    stamps: null,
    ...(names.length === 0 ? { update: { status: 200, event: null }, replace: { status: 200, event: null } } : {}),
    actions: Object.fromEntries(
      names.map(([action, change]) => [
        action,
        { path: action, status: 200, make: (_, __, before) => ({ ...before, ...change }), event: null },
      ]),
    ),
    seed: () => [seed],
  });
}

const captchas = defineResource({
  name: "captchas",
  kind: "CaptchaInstance",
  path: "/api/v1/captchas",
  prefix: "cap",
  scope: "okta.captchas",
  stamps: null,
  hidden: ["secretKey"],
  create: { status: 201, required: ["name", "siteKey", "secretKey", "type"], event: "system.captcha.create" },
  replace: { status: 200, required: ["name", "siteKey", "secretKey", "type"], event: "system.captcha.update" },
  update: { status: 200, event: "system.captcha.update" },
  remove: { status: 204, event: "system.captcha.delete" },
  shown: (item, { base }) => ({ ...item, _links: { self: { href: `${base}/api/v1/captchas/${String(item["id"])}` } } }),
});

/** Which CAPTCHA guards which pages. After its deletion it still answers, with nothing in it (recorded traffic). */
const orgCaptcha = defineResource({
  name: "org_captcha",
  kind: "OrgCaptcha",
  path: "/api/v1/org/captcha",
  single: true,
  scope: "okta.captchas",
  stamps: null,
  replace: {
    status: 200,
    make: ({ captchaId = null, enabledPages }) => ({ captchaId, enabledPages: enabledPages ?? [] }),
    event: "system.org.captcha.activate",
  },
  actions: {
    delete: {
      path: "",
      method: "DELETE",
      status: 204,
      make: () => ({ captchaId: null, enabledPages: [] }),
      event: "system.org.captcha.deactivate",
    },
  },
  targets: ({ captchaId }) => (typeof captchaId === "string" ? [{ id: captchaId, type: "CaptchaInstance" }] : []),
  shown: (item, { base }) => ({
    ...item,
    _links: {
      ...(item["captchaId"] ? { captcha: { href: `${base}/api/v1/captchas/${String(item["captchaId"])}` } } : {}),
      self: { href: `${base}/api/v1/org/captcha`, hints: { allow: ["GET", "PUT"] } },
    },
  }),
  seed: () => [{ captchaId: null, enabledPages: [] }],
});

/** The org itself and what it has once (OpenAPI spec, recorded traffic). */
export const ORG_SETTINGS: readonly ResourceDefinition[] = [
  orgSettings,
  orgContactTypes,
  orgContacts,
  orgPreferences,
  orgCommunication,
  orgSupport,
  orgSupportCases,
  setting("org_third_party_admin_settings", "orgSettings/thirdPartyAdminSetting", { seed: { thirdPartyAdmin: false } }),
  setting("org_admin_app_settings", "settings/autoAssignAdminAppSetting", {
    seed: { autoAssignAdminAppSetting: true },
  }),
  setting("org_client_privileges_settings", "settings/clientPrivilegesSetting", {
    seed: { clientPrivilegesSetting: false },
  }),
  captchas,
  orgCaptcha,
];
