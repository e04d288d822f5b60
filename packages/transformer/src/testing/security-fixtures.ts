import type { KeyValues } from "@tidemark/catalog";

/** Items of one object, as {@link FIXTURES} of fixtures.ts takes them. */
export interface NamedItems {
  readonly name: string;
  readonly items: readonly unknown[];
  readonly parent?: KeyValues;
}

const TIMES = { created: "2026-02-02T11:27:00.000Z", lastUpdated: "2026-02-03T08:00:01.000Z" };
const BY = { createdBy: "00uhrbor0000000000a1", lastUpdatedBy: "00uhrbor0000000000a2" };
const DATED = { createdDate: TIMES.created, lastUpdate: TIMES.lastUpdated, ...BY };
const SELF = { self: { href: "https://harbor.example/api/v1/self", hints: { allow: ["GET"] } } };

const IDENTITY_PROVIDERS = [
  {
    id: "0oahrbor0000000000i1",
    name: "Pilots' association",
    type: "SAML2",
    status: "ACTIVE",
    ...TIMES,
    issuerMode: "DYNAMIC",
    protocol: {
      type: "SAML2",
      endpoints: {
        sso: { url: "https://idp.pilots.example/sso", binding: "HTTP-POST", destination: "https://idp.pilots.example" },
        acs: { binding: "HTTP-POST", type: "INSTANCE" },
      },
      algorithms: { request: { signature: { algorithm: "SHA-256", scope: "REQUEST" } } },
      settings: { nameFormat: null, honorPersistentNameId: true },
      credentials: {
        trust: { issuer: "urn:pilots", audience: "urn:harbor", kid: "kid-p", revocation: null },
        signing: { kid: "kid-s" },
      },
    },
    policy: {
      provisioning: {
        action: "AUTO",
        profileMaster: true,
        groups: { action: "ASSIGN", assignments: ["00ghrbor0000000000g2", "00ghrbor0000000000g1"] },
        conditions: { deprovisioned: { action: "NONE" }, suspended: { action: "NONE" } },
      },
      accountLink: { action: "AUTO", filter: { groups: { include: ["00ghrbor0000000000g1"] } } },
      subject: {
        userNameTemplate: { template: "idpuser.subjectNameId" },
        filter: null,
        matchType: "CUSTOM_ATTRIBUTE",
        matchAttribute: "permit",
      },
      maxClockSkew: 120000,
      trustClaims: false,
      transformedUsernameMatchingEnabled: false,
    },
    _links: { ...SELF, metadata: { href: "https://harbor.example/api/v1/idps/i1/metadata.xml" } },
  },
  {
    id: "0oahrbor0000000000i2",
    name: "Harbour sign-in",
    type: "OIDC",
    status: "INACTIVE",
    created: null,
    lastUpdated: TIMES.lastUpdated,
    protocol: {
      type: "OIDC",
      scopes: ["profile", "openid"],
      issuer: { url: "https://oidc.example" },
      endpoints: { jwks: { url: "https://oidc.example/keys", binding: "HTTP-REDIRECT" } },
      credentials: { client: { client_id: "harbor", client_secret: "never stored: provider's secret" } },
    },
    policy: { provisioning: { action: "DISABLED" }, mapAMRClaims: true, maxClockSkew: 0 },
  },
  {
    id: "0oahrbor0000000000i3",
    name: "Papers",
    type: "IDV_PERSONA",
    status: "ACTIVE",
    ...TIMES,
    protocol: { type: "ID_PROOFING", credentials: { bearer: { apiKey: "never stored: prover's key" } } },
    properties: { inquiryTemplateId: "itmpl_1", aalValue: null, additionalAmr: ["mfa", "hwk"] },
  },
];

const PROVIDER_KEY = {
  kid: "kid-p",
  kty: "RSA",
  use: "sig",
  e: "AQAB",
  n: "n-1",
  x5c: ["MII\nB"],
  "x5t#S256": "print",
  ...TIMES,
  expiresAt: "2036-02-02T11:27:00.000Z",
};

const DEVICE_ASSURANCES = [
  {
    id: "daehrbor0000000000d1",
    name: "Bridge terminals",
    platform: "WINDOWS",
    osVersion: { minimum: "10.0.19041" },
    osVersionConstraints: [{ majorVersionConstraint: "WINDOWS_11", minimum: "10.0.22000" }],
    secureHardwarePresent: true,
    diskEncryptionType: { include: ["ALL_INTERNAL_VOLUMES"] },
    screenLockType: { include: ["PASSCODE", "BIOMETRIC"] },
    displayRemediationMode: "SHOW",
    gracePeriod: { type: "BY_DURATION", expiry: "P30D" },
    devicePostureChecks: { include: [{ variableName: "cableCheck", value: "true" }] },
    thirdPartySignalProviders: { dtc: { osFirewall: true, browserVersion: { minimum: "1.2.3" } } },
    ...DATED,
    resourceId: "daehrbor0000000000d1",
    resourceType: "DeviceAssurancePolicyEntity",
    resourceDisplayName: { value: "Bridge terminals", sensitive: false },
    _links: SELF,
  },
  {
    id: "daehrbor0000000000d2",
    name: "Phones",
    platform: "IOS",
    jailbreak: false,
    osVersion: {
      dynamicVersionRequirement: { type: "MINIMUM", distanceFromLatestMajor: 1, latestSecurityPatch: true },
    },
    gracePeriod: { type: "BY_DATE_TIME", expiry: "2026-09-01T00:00:00.000Z" },
    lastUpdate: TIMES.lastUpdated,
    lastUpdatedBy: BY.lastUpdatedBy,
  },
];

/** Identity providers, devices and risk. */
export const SECURITY_FIXTURES: readonly NamedItems[] = [
  { name: "identity_providers", items: IDENTITY_PROVIDERS },
  { name: "identity_provider_keys", items: [{ alg: "RSA", ...PROVIDER_KEY }] },
  {
    name: "identity_provider_signing_keys",
    items: [{ ...PROVIDER_KEY, kid: "kid-s", d: "never stored: private part" }],
    parent: { identity_provider_id: "0oahrbor0000000000i1" },
  },
  {
    name: "identity_provider_csrs",
    items: [{ id: "h9zhrbor0000000000c1", created: TIMES.created, csr: "MIIC4DCC", kty: "RSA", _links: SELF }],
    parent: { identity_provider_id: "0oahrbor0000000000i1" },
  },
  {
    name: "authenticator_aaguids",
    items: [
      {
        aaguid: "7a1e5c00-0000-4000-8000-00000000ha01",
        name: "Harbour key",
        authenticatorCharacteristics: { platformAttached: false, fipsCompliant: true, hardwareProtected: true },
        attestationRootCertificates: [
          { x5c: "MIIB", "x5t#S256": "print", iss: "CN=Harbour root", exp: "2035-05-26T16:04:58.000Z" },
        ],
        _links: SELF,
      },
      { aaguid: "7a1e5c00-0000-4000-8000-00000000ha02", name: "Plain key", authenticatorCharacteristics: {} },
    ],
    parent: { authenticator_id: "authrbor0000000000w1" },
  },
  {
    name: "yubikey_tokens",
    items: [
      {
        id: "ykkhrbor0000000000y1",
        ...TIMES,
        lastVerified: TIMES.created,
        status: "UNASSIGNED",
        profile: { serial: "000003632071", privateId: "never stored: private id" },
        _links: SELF,
      },
      {
        id: "ykkhrbor0000000000y2",
        ...TIMES,
        activated: TIMES.lastUpdated,
        lastVerified: "2026-03-01T08:00:00.000Z",
        status: "ACTIVE",
        profile: { serial: "000009508427", note: { dock: 4 } },
        _links: { ...SELF, user: { href: "https://harbor.example/api/v1/users/00uhrbor0000000000a1" } },
      },
    ],
  },
  { name: "org_authenticator_settings", items: [{ verifyKnowledgeSecondWhen2faRequired: true }] },
  { name: "org_user_lockout_settings", items: [{ preventBruteForceLockoutFromUnknownDevices: false }] },
  {
    name: "identity_provider_users",
    items: [
      {
        id: "00uhrbor0000000000a1",
        externalId: "121749775026145",
        ...TIMES,
        profile: { permit: "A", ports: ["Kiel"] },
        _links: SELF,
        _embedded: {},
      },
    ],
    parent: { identity_provider_id: "0oahrbor0000000000i1" },
  },
  {
    name: "devices",
    items: [
      {
        id: "guohrbor0000000000v1",
        status: "DEACTIVATED",
        ...TIMES,
        profile: {
          displayName: "Bridge tablet",
          platform: "ANDROID",
          manufacturer: "acme",
          model: "T1",
          osVersion: "16:2025-09-01",
          registered: true,
          secureHardwarePresent: false,
          diskEncryptionType: "USER",
        },
        resourceType: "UDDevice",
        resourceDisplayName: { value: "Bridge tablet", sensitive: false },
        resourceId: "guohrbor0000000000v1",
        resourceAlternateId: null,
        _links: SELF,
        _embedded: { originatedFrom: [{ id: "auth1", key: "okta_verify" }] },
      },
    ],
  },
  {
    name: "device_users",
    items: [
      {
        created: TIMES.created,
        managementStatus: "NOT_MANAGED",
        screenLockType: "BIOMETRIC",
        user: {
          id: "00uhrbor0000000000a1",
          status: "ACTIVE",
          profile: { login: "nadia.reuter@harbor.example" },
          credentials: { password: { value: "never stored: device user's" }, provider: { type: "OKTA", name: "OKTA" } },
        },
      },
    ],
    parent: { device_id: "guohrbor0000000000v1" },
  },
  { name: "device_assurances", items: DEVICE_ASSURANCES },
  {
    name: "device_posture_checks",
    items: [
      {
        id: "dchhrbor0000000000c1",
        name: "Cables",
        type: "CUSTOM",
        platform: "MACOS",
        mappingType: "CHECKBOX",
        variableName: "cableCheck",
        query: "SELECT 1;",
        remediationSettings: {
          message: { customText: "Plug it in" },
          link: { customUrl: "https://harbor.example/plug" },
        },
        ...DATED,
      },
    ],
  },
  { name: "threat_insight", items: [{ action: "block", excludeZones: ["nzo2", "nzo1"], ...TIMES, _links: SELF }] },
  {
    name: "user_risk",
    items: [{ riskLevel: "HIGH", reason: "Admin override risk", _links: SELF }],
    parent: { user_id: "00uhrbor0000000000a1" },
  },
  {
    name: "security_events_providers",
    items: [
      {
        id: "sserhrbor000000000e1",
        name: "Watchtower",
        type: "okta",
        status: "ACTIVE",
        settings: { issuer: "urn:watch", jwks_url: "https://watch.example/keys", well_known_url: null },
      },
    ],
  },
];
