import type { KeyValues } from "@tidemark/catalog";

const TIMES = { created: "2026-02-02T11:27:00.000Z", lastUpdated: "2026-02-02T11:27:00.000Z" };
const ORG = "https://harbor.example/api/v1";
const LINKS = { _links: { self: { href: `${ORG}/anything`, hints: { allow: ["GET"] } } } };
const BRAND = { brand_id: "bndhrbor0000000000b1" };
const TEMPLATE = { ...BRAND, template_name: "ForgotPassword" };
const PAGE = {
  pageContent: "<html>\n<title>{{pageTitle}}</title>\n</html>",
  contentSecurityPolicySetting: { mode: "report_only", reportUri: "", srcList: ["https://cdn.harbor.example"] },
};

/** Items of what belongs to the org itself, in the shapes that Okta answers with: object, item, the key of its parent. */
export const ORG_ITEMS: readonly (readonly [object: string, item: unknown, parent?: KeyValues])[] = [
  [
    "org_settings",
    {
      id: "00ohrbor0000000000o1",
      subdomain: "harbor",
      companyName: "Harbor",
      status: "ACTIVE",
      expiresAt: null,
      ...TIMES,
      website: "https://harbor.example",
      phoneNumber: "",
      endUserSupportHelpURL: "",
      supportPhoneNumber: "+41 44 000 00 00",
      address1: null,
      address2: null,
      city: "Zürich",
      state: null,
      country: "CH",
      postalCode: "8000",
      _links: { logo: null, contacts: { href: `${ORG}/org/contacts` } },
    },
  ],
  ["org_contact_types", { contactType: "BILLING", _links: { billing: { href: `${ORG}/org/contacts/billing` } } }],
  [
    "org_contacts",
    { userId: "00uhrbor0000000000a1", _links: { user: { href: `${ORG}/users/00uhrbor0000000000a1` } } },
    { contact_type: "BILLING" },
  ],
  ["org_preferences", { showEndUserFooter: true, ...LINKS }],
  ["org_communication_settings", { optOutEmailUsers: false, ...LINKS }],
  [
    "org_support_settings",
    { support: "ENABLED", expiration: "2026-03-01T04:31:51.000Z", caseNumber: "00001234", ...LINKS },
  ],
  [
    "org_support_cases",
    {
      caseNumber: "00001234",
      subject: "Tides are late",
      impersonation: { status: "ENABLED", expiration: "2026-03-01T04:31:51.000Z" },
      selfAssigned: { status: "NOT_REQUIRED" },
    },
  ],
  ["org_third_party_admin_settings", { thirdPartyAdmin: false }],
  ["org_admin_app_settings", { autoAssignAdminAppSetting: true }],
  ["org_client_privileges_settings", { clientPrivilegesSetting: false }],
  ["org_captcha", { enabledPages: ["SSR", "SIGN_IN"], captchaId: "caphrbor0000000000c1", ...LINKS }],
  [
    "captchas",
    {
      id: "caphrbor0000000000c1",
      name: "Front door",
      siteKey: "site",
      secretKey: "never stored: captcha",
      type: "HCAPTCHA",
      ...LINKS,
    },
  ],
  [
    "features",
    {
      id: "ftrhrbor0000000000f1",
      type: "self-service",
      status: "DISABLED",
      name: "Tide tables",
      description: "Shows the tides.",
      stage: { value: "BETA", state: "OPEN" },
      ...LINKS,
    },
  ],
  [
    "brands",
    {
      id: BRAND.brand_id,
      name: "Harbor",
      removePoweredByOkta: false,
      customPrivacyPolicyUrl: null,
      agreeToCustomPrivacyPolicy: false,
      isDefault: true,
      emailDomainId: "OeDhrbor0000000000e1",
      locale: "de",
      defaultApp: { appInstanceId: "0oahrbor0000000000a1", appLinkName: null, classicApplicationUri: null },
      ...LINKS,
    },
  ],
  [
    "themes",
    {
      id: "thehrbor0000000000t1",
      logo: "https://cdn.harbor.example/logo.png",
      favicon: "https://harbor.example/favicon.ico",
      backgroundImage: null,
      primaryColorHex: "#004488",
      primaryColorContrastHex: "#ffffff",
      secondaryColorHex: "#ebebed",
      secondaryColorContrastHex: "#000000",
      signInPageTouchPointVariant: "OKTA_DEFAULT",
      endUserDashboardTouchPointVariant: "FULL_THEME",
      errorPageTouchPointVariant: "BACKGROUND_IMAGE",
      emailTemplateTouchPointVariant: "FULL_THEME",
      loadingPageTouchPointVariant: "NONE",
      ...LINKS,
    },
    BRAND,
  ],
  [
    "sign_in_pages",
    {
      ...PAGE,
      widgetVersion: "^7",
      widgetCustomizations: { widgetGeneration: "G3", signInLabel: "Come in", helpUrl: null },
    },
    BRAND,
  ],
  ["error_pages", PAGE, BRAND],
  ["sign_out_pages", { type: "EXTERNALLY_HOSTED", url: "https://harbor.example/bye" }, BRAND],
  [
    "well_known_uris",
    {
      _embedded: {
        webauthn: { representation: { origins: ["https://harbor.example"] } },
        "assetlinks.json": { representation: [{ relation: [], target: { namespace: "web" } }] },
      },
      ...LINKS,
    },
    BRAND,
  ],
  [
    "domains",
    {
      id: "default",
      domain: "harbor.okta.example",
      certificateSourceType: "OKTA_MANAGED",
      validationStatus: "COMPLETED",
      brandId: BRAND.brand_id,
      dnsRecords: [
        { recordType: "TXT", fqdn: "_oktaverification.harbor.example", values: ["b", "a"] },
        { recordType: "CNAME", fqdn: "id.harbor.example", values: ["harbor.customdomains.example"] },
      ],
      publicCertificate: { subject: "CN=id.harbor.example", fingerprint: "aa:bb", expiration: "2027-01-01T00:00:00" },
      ...LINKS,
    },
  ],
  [
    "email_domains",
    {
      id: "OeDhrbor0000000000e1",
      validationStatus: "NOT_STARTED",
      displayName: "Harbor",
      userName: "noreply",
      domain: "harbor.example",
      validationSubdomain: "mail",
      dnsValidationRecords: [
        { recordType: "TXT", fqdn: "_oktaverification.harbor.example", verificationValue: "0123abcd" },
      ],
    },
  ],
  [
    "email_servers",
    {
      alias: "Quay",
      host: "smtp.harbor.example",
      port: 587,
      id: "ceshrbor0000000000m1",
      username: "quay",
      password: "never stored: mail server",
      enabled: false,
    },
  ],
  ["email_templates", { name: "ForgotPassword", _embedded: { customizationCount: 2 }, ...LINKS }, BRAND],
  ["email_template_settings", { recipients: "NO_USERS", ...LINKS }, TEMPLATE],
  [
    "email_customizations",
    {
      id: "oelhrbor0000000000c1",
      language: "de",
      isDefault: true,
      subject: "Kennwort vergessen",
      body: "Guten Tag $$user.firstName",
      ...TIMES,
      ...LINKS,
    },
    TEMPLATE,
  ],
  [
    "sms_templates",
    {
      id: "csthrbor0000000000s1",
      name: "Custom",
      type: "SMS_VERIFY_CODE",
      template: "${code}",
      ...TIMES,
      translations: { de: "Code ${code}", "pt-BR": "Código ${code}" },
    },
  ],
  [
    "event_hooks",
    {
      id: "whohrbor0000000000h1",
      status: "ACTIVE",
      verificationStatus: "UNVERIFIED",
      name: "Watch",
      description: null,
      ...TIMES,
      createdBy: "00uhrbor0000000000a1",
      events: {
        type: "EVENT_TYPE",
        items: ["user.lifecycle.create", "group.lifecycle.delete"],
        filter: {
          type: "EXPRESSION_LANGUAGE",
          eventFilterMap: [{ event: "group.lifecycle.delete", condition: { version: null, expression: "true" } }],
        },
      },
      channel: {
        type: "HTTP",
        version: "1.0.0",
        config: {
          uri: "https://watch.harbor.example/events",
          headers: [{ key: "x-berth", value: "never stored: header" }],
          method: "POST",
          authScheme: { type: "HEADER", key: "Authorization", value: "never stored: event hook" },
        },
      },
      ...LINKS,
    },
  ],
  [
    "inline_hooks",
    {
      id: "calhrbor0000000000h1",
      status: "INACTIVE",
      name: "Stamp",
      type: "com.okta.oauth2.tokens.transform",
      version: "1.0.1",
      channel: {
        type: "OAUTH",
        version: "1.0.0",
        config: {
          uri: "https://watch.harbor.example/token",
          headers: [{ key: "x-berth", value: "never stored: header" }],
          method: "POST",
          authScheme: null,
          clientId: "watch",
          clientSecret: "never stored: inline hook",
          tokenUrl: "https://watch.harbor.example/oauth",
          authType: "client_secret_post",
          scope: "tides",
        },
      },
      ...TIMES,
      ...LINKS,
    },
  ],
  [
    "hook_keys",
    {
      id: "HKYhrbor0000000000k1",
      keyId: "00000000-0000-4000-8000-000000000001",
      name: "Seal",
      isUsed: false,
      ...TIMES,
      _embedded: { kty: "RSA", alg: "RSA", kid: "k1", use: null, e: "AQAB", n: "AQAB" },
    },
  ],
  [
    "profile_mappings",
    {
      id: "prmhrbor0000000000m1",
      source: { id: "0oahrbor0000000000a1", name: "oidc_client", type: "appuser", ...LINKS },
      target: { id: "otyhrbor0000000000t1", name: "user", type: "user", ...LINKS },
      properties: {
        firstName: { expression: "source.firstName", pushStatus: "DONT_PUSH" },
        "x.y": { expression: 'appuser.a + "."', pushStatus: "PUSH" },
      },
      ...LINKS,
    },
  ],
  [
    "ui_schemas",
    {
      id: "uishrbor0000000000u1",
      uiSchema: {
        type: "Group",
        label: "Sign in",
        buttonLabel: "submit",
        elements: [{ type: "Control", scope: "#/properties/lastName", label: "Name", options: { format: "text" } }],
      },
      ...TIMES,
      ...LINKS,
    },
  ],
];
