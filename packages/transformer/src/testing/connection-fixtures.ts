import type { NamedItems } from "./security-fixtures.js";

const APPLICATION = { application_id: "0oahrbor0000000000a1" };
const SERVER = { authorization_server_id: "aushrbor0000000000s1" };
const TIMES = { created: "2026-02-02T11:27:00.000Z", lastUpdated: "2026-02-03T08:00:01.000Z" };
const SELF = { self: { href: "https://harbor.example/api/v1/self", hints: { allow: ["GET"] } } };

/** What connects applications, authorization servers and the org to others. */
export const CONNECTION_FIXTURES: readonly NamedItems[] = [
  {
    name: "application_federated_claims",
    items: [{ id: "ofchrbor0000000000c1", name: "berth", expression: "appuser.entitlements.berth", ...TIMES }],
    parent: APPLICATION,
  },
  {
    name: "application_connections",
    items: [
      {
        authScheme: "TOKEN",
        status: "ENABLED",
        baseUrl: "https://desk.harbor.example",
        profile: { authScheme: "TOKEN", token: "never stored: provisioning token" },
        _links: SELF,
      },
    ],
    parent: APPLICATION,
  },
  {
    name: "application_connections",
    items: [
      {
        status: "UNKNOWN",
        profile: {
          authScheme: "OAUTH2",
          signing: { rotationMode: "AUTO" },
          clientSecret: "never stored: client secret",
          settings: { adminUsername: "desk@harbor.example", adminPassword: "never stored: admin password" },
        },
        _links: { ...SELF, authorize: { href: "https://harbor.example/api/v1/authorize" } },
      },
    ],
    parent: { application_id: "0oahrbor0000000000a2" },
  },
  {
    name: "application_cross_app_connections",
    items: [
      {
        id: "cwohrbor0000000000x1",
        requestingAppInstanceId: "0oahrbor0000000000a1",
        resourceAppInstanceId: "0oahrbor0000000000a2",
        status: "INACTIVE",
        ...TIMES,
      },
    ],
    parent: APPLICATION,
  },
  {
    name: "authorization_server_resource_keys",
    items: [
      { id: "apkhrbor0000000000k1", kid: "harbor-enc", status: "ACTIVE", kty: "RSA", e: "AQAB", n: "zK", use: "enc" },
      { id: "apkhrbor0000000000k2", kid: null, status: "INACTIVE", d: "never stored: private", ...TIMES, _links: SELF },
    ],
    parent: SERVER,
  },
  {
    name: "device_integrations",
    items: [
      {
        id: "dinhrbor0000000000d1",
        name: "com.google.dtc",
        displayName: "Chrome Device Trust",
        platform: "CHROMEOS",
        status: "ACTIVE",
        metadata: { type: "CHROME", serviceAccountName: "beacon", serviceAccountEmail: "beacon@harbor.example" },
        _links: SELF,
      },
      {
        id: "dinhrbor0000000000d2",
        name: "com.okta.windowssecuritycenter",
        platform: "WINDOWS",
        status: "DEACTIVATED",
      },
    ],
  },
  {
    name: "telephony_providers",
    items: [
      {
        id: "ctphrbor0000000000t1",
        providerName: "TWILIO",
        providerCapability: "ALL",
        enabled: true,
        isPrimaryProvider: true,
        providerSid: "ACharbor",
        providerAuthToken: "never stored: account token",
        providerSettings: {
          sms: { twilioMessageSid: "MGharbor" },
          call: { twilioPhoneNumber: "+41440000000", twilioCallerId: "PNharbor" },
        },
      },
      {
        id: "ctphrbor0000000000t2",
        providerName: "TELESIGN",
        enabled: false,
        providerSettings: { sms: { telesignService: "telesignMessagingService" } },
      },
    ],
  },
];
