import { oktaError } from "../errors.js";
import { isObject, type JsonObject } from "../json.js";
import { brandId } from "./brands.js";
import { defineResource, type ResourceContext, type ResourceDefinition, seedId } from "./definition.js";

/** Names of Okta's mail templates (recorded traffic). */
const NAMES = [
  "AccountLockout",
  "ADForgotPassword",
  "ADForgotPasswordDenied",
  "ADSelfServiceUnlock",
  "ADUserActivation",
  "AuthenticatorEnrolled",
  "AuthenticatorReset",
  "ChangeEmailConfirmation",
  "EmailChallenge",
  "EmailChangeConfirmation",
  "EmailFactorVerification",
  "ForgotPassword",
  "ForgotPasswordDenied",
  "IGAReviewerOverdueNotification",
  "LDAPForgotPassword",
  "LDAPForgotPasswordDenied",
  "LDAPSelfServiceUnlock",
  "LDAPUserActivation",
  "NewSignOnNotification",
  "OktaVerifyActivation",
  "PasswordChanged",
  "PasswordResetBySupportUser",
  "PendingEmailChange",
  "RegistrationEmailVerification",
  "SelfServiceUnlock",
  "SelfServiceUnlockOnUnlockedAccount",
  "UserActivation",
];
const CREATED = "2024-05-06T07:08:09.000Z";

function templatePath({ base, ancestors }: ResourceContext, name: string): string {
  return `${base}/api/v1/brands/${ancestors["brandId"] ?? ""}/templates/email/${name}`;
}

/** The same templates in every brand; what `expand` adds is asked for by name (OpenAPI spec). */
const emailTemplates = defineResource({
  name: "email_templates",
  kind: "EmailTemplate",
  path: "/api/v1/brands/{brandId}/templates/email",
  ancestors: { brandId: "brands" },
  scope: "okta.templates",
  stamps: null,
  idOf: (item) => String(item["name"]),
  list: {
    page: { fallback: 20, max: 200 },
    row: (item, query, { resources, ancestors }) => {
      const wanted = query.getAll("expand").flatMap((text) => text.split(","));
      if (wanted.length === 0) return item;
      const own = { ...ancestors, templateName: String(item["name"]) };
      const list = (name: string): readonly JsonObject[] => resources.list(resources.named(name), own);
      const embedded = {
        ...(wanted.includes("settings") ? { settings: list("email_template_settings")[0] } : {}),
        ...(wanted.includes("customizationCount") ? { customizationCount: list("email_customizations").length } : {}),
      };
      return { ...item, _embedded: embedded };
    },
  },
  shown: (item, context) => {
    const self = templatePath(context, String(item["name"]));
    return {
      ...item,
      _links: {
        settings: { href: `${self}/settings`, hints: { allow: ["GET", "PUT"] } },
        self: { href: self, hints: { allow: ["GET"] } },
        defaultContent: { href: `${self}/default-content`, hints: { allow: ["GET"] } },
        customizations: { href: `${self}/customizations`, hints: { allow: ["GET", "POST", "DELETE"] } },
      },
    };
  },
  seed: () => NAMES.map((name) => ({ name })),
});

/** What the mail events are about; no source names the type of their targets. */
function templateTarget(_: JsonObject, { ancestors }: ResourceContext) {
  const name = ancestors["templateName"] ?? "";
  return [{ id: `${ancestors["brandId"] ?? ""}/${name}`, type: "EmailTemplate", displayName: name }];
}

const emailTemplateSettings = defineResource({
  name: "email_template_settings",
  kind: "EmailTemplateSettings",
  path: "/api/v1/brands/{brandId}/templates/email/{templateName}/settings",
  ancestors: { brandId: "brands", templateName: "email_templates" },
  single: true,
  scope: "okta.templates",
  stamps: null,
  replace: { status: 200, required: ["recipients"], event: "system.email.template.settings_changed" },
  targets: templateTarget,
  shown: (item, context) => {
    const template = templatePath(context, context.ancestors["templateName"] ?? "");
    return { ...item, _links: { template: { href: template }, self: { href: `${template}/settings` } } };
  },
  seed: () => [{ recipients: "ALL_USERS" }],
});

function customizationsIn({ resources, ancestors }: ResourceContext): readonly JsonObject[] {
  return resources.list(resources.named("email_customizations"), ancestors);
}

const emailCustomizations = defineResource({
  name: "email_customizations",
  kind: "EmailCustomization",
  path: "/api/v1/brands/{brandId}/templates/email/{templateName}/customizations",
  ancestors: { brandId: "brands", templateName: "email_templates" },
  prefix: "oel",
  scope: "okta.templates",
  // The `self` link of recorded lists says 10, where the specification says 20.
  list: { page: { fallback: 10, max: 200 } },
  create: {
    status: 201,
    required: ["subject", "body", "language"],
    check: (body, context) => {
      const others = customizationsIn(context);
      if (others.some((one) => one["language"] === body["language"])) throw oktaError("E0000183");
      if (body["isDefault"] === true && others.some((one) => one["isDefault"] === true)) throw oktaError("E0000182");
    },
    make: (body) => ({ isDefault: false, ...body }),
    event: "system.email.template.create",
  },
  replace: {
    status: 200,
    required: ["subject", "body", "language"],
    event: "system.email.template.update",
  },
  remove: {
    status: 204,
    check: (_, context, item = {}) => {
      if (item["isDefault"] === true && customizationsIn(context).length > 1) throw oktaError("E0000184");
    },
    event: "system.email.template.delete",
  },
  targets: templateTarget,
  shown: (item, context) => {
    const template = templatePath(context, context.ancestors["templateName"] ?? "");
    return {
      ...item,
      _links: {
        template: { href: template, hints: { allow: ["GET"] } },
        self: { href: `${template}/customizations/${String(item["id"])}`, hints: { allow: ["GET", "PUT", "DELETE"] } },
      },
    };
  },
  seed: (context) =>
    context.ancestors["templateName"] === "ForgotPassword" && context.ancestors["brandId"] === brandId(context, 0)
      ? ["en", "de"].map((language, n) => ({
          subject: language === "en" ? "Forgot password" : "Kennwort vergessen",
          body: "Hi $$user.firstName,<br/>$$resetPasswordLink",
          id: seedId(context, "oel", n),
          language,
          isDefault: n === 0,
          created: CREATED,
          lastUpdated: CREATED,
        }))
      : [],
});

const emailServers = defineResource({
  name: "email_servers",
  kind: "EmailServer",
  path: "/api/v1/email-servers",
  prefix: "ces",
  scope: "okta.emailServers",
  stamps: null,
  hidden: ["password"],
  create: {
    status: 201,
    required: ["alias", "host", "port", "username", "password"],
    make: (body) => ({ enabled: false, ...body }),
    event: "system.custom_email_server.lifecycle.create",
  },
  update: { status: 200, method: "PATCH", event: "system.custom_email_server.lifecycle.update" },
  remove: { status: 204, event: "system.custom_email_server.lifecycle.delete" },
  targets: (item) => [{ id: String(item["id"]), type: "EmailServer", displayName: String(item["alias"]) }],
});

/** A null or empty translation removes it (Okta docs). */
function translated(body: JsonObject, before: JsonObject = {}): JsonObject {
  const own = isObject(before["translations"]) ? before["translations"] : {};
  const given = isObject(body["translations"]) ? body["translations"] : {};
  const left = Object.entries({ ...own, ...given }).filter(([, text]) => text !== null && text !== "");
  return { ...before, ...body, translations: Object.fromEntries(left) };
}

/** Texts of the org's own; the event catalogue has no event for them. */
const smsTemplates = defineResource({
  name: "sms_templates",
  kind: "SmsTemplate",
  path: "/api/v1/templates/sms",
  prefix: "cst",
  scope: "okta.templates",
  list: { matches: (item, query) => !query.has("templateType") || item["type"] === query.get("templateType") },
  create: { status: 200, required: ["name", "type", "template"], event: null },
  replace: { status: 200, required: ["name", "type", "template"], event: null },
  update: { status: 200, make: (body, _, before) => translated(body, before), event: null },
  // Also for one that is gone already (Okta's own integration tests).
  remove: { status: 204, again: true, event: null },
  seed: (context) => [
    {
      id: seedId(context, "cst", 0),
      name: "Custom",
      type: "SMS_VERIFY_CODE",
      template: "${org.name}: ${code}",
      translations: { de: "${org.name}: Ihr Code ist ${code}", fr: "${org.name} : ${code}" },
      created: CREATED,
      lastUpdated: CREATED,
    },
  ],
});

/** Mail and SMS (OpenAPI spec, Okta docs, recorded traffic). */
export const MAIL: readonly ResourceDefinition[] = [
  emailTemplates,
  emailTemplateSettings,
  emailCustomizations,
  emailServers,
  smsTemplates,
];
