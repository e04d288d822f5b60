import type { KeyValues } from "@tidemark/catalog";

/** Items of an object and the values of its parent. */
export interface Sample {
  readonly object: string;
  readonly items: readonly unknown[];
  readonly parent?: KeyValues;
}

const TIMES = { created: "2026-02-02T11:27:00.000Z", lastUpdated: "2026-02-03T08:00:01.000Z" };

function policy(type: string, id: string, more: object = {}): object {
  const href = `https://harbor.example/api/v1/policies/${id}`;
  return {
    id,
    type,
    name: `Harbor ${type.toLowerCase()}`,
    description: null,
    status: "ACTIVE",
    priority: 2,
    system: false,
    conditions: null,
    ...TIMES,
    _links: { self: { href, hints: { allow: ["GET", "PUT"] } }, rules: { href: `${href}/rules` } },
    ...more,
  };
}

const GROUPS = { people: { groups: { include: ["00ghrbor0000000000g2", "00ghrbor0000000000g1"] } } };

/** Policies of every type; names and ids are made up. */
export const POLICY_SAMPLES: readonly Sample[] = [
  {
    object: "okta_sign_on_policies",
    items: [policy("OKTA_SIGN_ON", "00phrbor0000000000p1", { conditions: GROUPS })],
  },
  {
    object: "password_policies",
    items: [
      policy("PASSWORD", "00phrbor0000000000p2", {
        conditions: { ...GROUPS, authProvider: { provider: "LDAP", include: ["0oahrbor0000000000d1"] } },
        settings: {
          password: {
            complexity: {
              minLength: 12,
              minLowerCase: 1,
              minUpperCase: 1,
              minNumber: 1,
              minSymbol: 0,
              excludeUsername: true,
              dictionary: { common: { exclude: false } },
              excludeAttributes: ["lastName", "firstName"],
            },
            age: { maxAgeDays: 60, expireWarnDays: 7, minAgeMinutes: 0, historyCount: 5 },
            lockout: { maxAttempts: 10, autoUnlockMinutes: 0, userLockoutNotificationChannels: [] },
            breachedProtection: { expireAfterDays: null, logoutEnabled: true, delegatedWorkflowId: "7" },
          },
          recovery: {
            factors: {
              recovery_question: { status: "ACTIVE", properties: { complexity: { minLength: 4 } } },
              okta_email: { status: "ACTIVE", properties: { recoveryToken: { tokenLifetimeMinutes: 60 } } },
              okta_sms: { status: "INACTIVE" },
              okta_call: { status: "INACTIVE" },
            },
          },
          delegation: { options: { skipUnlock: false } },
        },
      }),
    ],
  },
  {
    object: "mfa_enroll_policies",
    items: [
      policy("MFA_ENROLL", "00phrbor0000000000p3", {
        conditions: GROUPS,
        settings: {
          type: "AUTHENTICATORS",
          authenticators: [
            { key: "custom_app", id: "authrbor0000000000c1", enroll: { self: "OPTIONAL" } },
            { key: "webauthn", enroll: { self: "REQUIRED" }, constraints: { aaguidGroups: ["pier", "ANY"] } },
          ],
        },
      }),
      // As a Classic org has it.
      policy("MFA_ENROLL", "00phrbor0000000000p4", {
        settings: {
          type: "FACTORS",
          factors: { okta_otp: { enroll: { self: "OPTIONAL" }, consent: { type: "NONE" } } },
        },
      }),
    ],
  },
  { object: "idp_discovery_policies", items: [policy("IDP_DISCOVERY", "00phrbor0000000000p5", { system: true })] },
  {
    object: "access_policies",
    items: [policy("ACCESS_POLICY", "rsthrbor0000000000p6", { _embedded: { resourceType: "APP" } })],
  },
  { object: "profile_enrollment_policies", items: [policy("PROFILE_ENROLLMENT", "rsthrbor0000000000p7")] },
  { object: "post_auth_session_policies", items: [policy("POST_AUTH_SESSION", "rsthrbor0000000000p8")] },
  { object: "entity_risk_policies", items: [policy("ENTITY_RISK", "rsthrbor0000000000p9")] },
  {
    object: "session_violation_detection_policies",
    items: [policy("SESSION_VIOLATION_DETECTION", "rsthrbor0000000000q1")],
  },
  {
    object: "device_signal_collection_policies",
    items: [policy("DEVICE_SIGNAL_COLLECTION", "rsthrbor0000000000q2")],
  },
  {
    object: "policy_mappings",
    parent: { policy_id: "rsthrbor0000000000p6" },
    items: [
      {
        id: "rmahrbor0000000000m1",
        _links: {
          self: { href: "https://harbor.example/api/v1/policies/rsthrbor0000000000p6/mappings/rmahrbor0000000000m1" },
          application: { href: "https://harbor.example/api/v1/apps/0oahrbor0000000000a1" },
        },
      },
    ],
  },
  {
    object: "policy_rules",
    parent: { policy_id: "rsthrbor0000000000p6" },
    items: [
      {
        id: "rulhrbor0000000000r1",
        type: "ACCESS_POLICY",
        name: "Catch-all Rule",
        status: "ACTIVE",
        priority: 99,
        system: true,
        created: null,
        lastUpdated: null,
        conditions: null,
        actions: {
          appSignOn: {
            access: "ALLOW",
            verificationMethod: {
              type: "AUTH_METHOD_CHAIN",
              chains: [
                {
                  authenticationMethods: [{ key: "okta_password", method: "password" }],
                  next: [{ authenticationMethods: [{ key: "webauthn", method: "webauthn" }] }],
                  reauthenticateIn: "PT4H",
                },
              ],
            },
            keepMeSignedIn: { postAuth: "NOT_ALLOWED" },
          },
        },
      },
      {
        id: "0prhrbor0000000000r2",
        type: "SIGN_ON",
        name: "From the pier",
        status: "INACTIVE",
        priority: 1,
        system: false,
        ...TIMES,
        conditions: {
          people: { users: { exclude: [] } },
          network: { connection: "ZONE", include: ["nzohrbor0000000000z1"] },
          authContext: { authType: "ANY" },
          risk: { behaviors: [] },
        },
        actions: { signon: { access: "ALLOW", requireFactor: true, factorLifetime: 15, session: {} } },
      },
    ],
  },
];

/** Authenticators, zones, origins and behaviours. */
export const SECURITY_SAMPLES: readonly Sample[] = [
  {
    object: "authenticators",
    items: [
      {
        id: "authrbor0000000000a1",
        key: "duo",
        type: "app",
        name: "Duo",
        status: "ACTIVE",
        ...TIMES,
        provider: {
          type: "DUO",
          configuration: {
            host: "duo.harbor.example",
            integrationKey: "DI1",
            secretKey: "never stored: Duo's secret key",
            userNameTemplate: { template: "oktaId" },
          },
        },
        settings: {},
      },
      {
        id: "authrbor0000000000a2",
        key: "okta_verify",
        type: "app",
        name: "Okta Verify",
        status: "ACTIVE",
        ...TIMES,
        settings: {
          channelBinding: { style: "NUMBER_CHALLENGE", required: "ALWAYS" },
          userVerificationMethods: ["PIN", "BIOMETRICS"],
        },
      },
    ],
  },
  {
    object: "authenticator_methods",
    parent: { authenticator_id: "authrbor0000000000a2" },
    items: [
      { type: "signed_nonce", status: "INACTIVE", settings: { algorithms: ["RS256", "ES256"], keyProtection: "ANY" } },
      { type: "otp", status: "ACTIVE", protocol: "TOTP", passCodeLength: 6, verifiableProperties: ["b", "a"] },
    ],
  },
  {
    object: "network_zones",
    items: [
      {
        id: "nzohrbor0000000000z1",
        type: "IP",
        name: "Pier",
        status: "ACTIVE",
        usage: "POLICY",
        system: false,
        ...TIMES,
        gateways: [{ type: "CIDR", value: "192.0.2.0/24" }],
        proxies: null,
      },
      {
        id: "nzohrbor0000000000z2",
        type: "DYNAMIC",
        name: "Abroad",
        status: "ACTIVE",
        usage: "BLOCKLIST",
        system: false,
        proxyType: "",
        asns: ["64500"],
        locations: [{ country: "NO", region: null }],
      },
      {
        id: "nzohrbor0000000000z3",
        type: "DYNAMIC_V2",
        name: "Enhanced",
        status: "INACTIVE",
        usage: "POLICY",
        system: true,
        asns: { include: [], exclude: ["64501"] },
        locations: { include: [{ country: "DK", region: "DK-84" }], exclude: [] },
        ipServiceCategories: { include: ["ALL_ANONYMIZERS"], exclude: [] },
      },
    ],
  },
  {
    object: "trusted_origins",
    items: [
      {
        id: "toshrbor0000000000t1",
        name: "Planner",
        origin: "https://planner.harbor.example",
        scopes: [{ type: "REDIRECT" }, { type: "IFRAME_EMBED", allowedOktaApps: ["OKTA_ENDUSER"] }],
        status: "ACTIVE",
        ...TIMES,
        createdBy: "00uhrbor0000000000a1",
        lastUpdatedBy: "00uhrbor0000000000a1",
      },
    ],
  },
  {
    object: "behaviors",
    items: [
      {
        id: "bhvhrbor0000000000b1",
        type: "ANOMALOUS_LOCATION",
        name: "New harbour",
        status: "ACTIVE",
        created: "2026-02-02 11:27:00.0",
        lastUpdated: "2026-02-03 08:00:01.0",
        settings: {
          maxEventsUsedForEvaluation: 50,
          minEventsNeededForEvaluation: 0,
          granularity: "LAT_LONG",
          radiusKilometers: 20.5,
        },
        _link: { self: { href: "https://harbor.example/api/v1/behaviors/bhvhrbor0000000000b1" } },
      },
      {
        id: "bhvhrbor0000000000b2",
        type: "VELOCITY",
        name: "Faster than a ship",
        status: "INACTIVE",
        created: "2026-02-02 11:27:00.0",
        lastUpdated: "2026-02-02 11:27:00.0",
        settings: { velocityKph: 805, somethingNew: true },
      },
    ],
  },
];
