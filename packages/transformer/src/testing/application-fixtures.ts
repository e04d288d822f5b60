import type { KeyValues } from "@tidemark/catalog";

/** Items of an object under one parent. */
type Part = readonly [object: string, items: readonly unknown[], parent: KeyValues];

const APPLICATION = { application_id: "0oahrbor0000000000a1" };
const SERVER = { authorization_server_id: "aushrbor0000000000s1" };
const TIMES = { created: "2026-02-02T11:27:00.000Z", lastUpdated: "2026-02-02T11:27:00.000Z" };
const RSA = { kty: "RSA", e: "AQAB", n: "zKb-harbor_n" };
const LINKS = { _links: { self: { href: "https://harbor.example/api/v1", hints: { allow: ["GET"] } } } };

/** What hangs on applications. */
export const APPLICATION_PARTS: readonly Part[] = [
  [
    "application_csrs",
    [{ id: "csrharbor1", created: TIMES.created, csr: "MIICharbor==", kty: "RSA", ...LINKS }],
    APPLICATION,
  ],
  [
    "application_keys",
    [
      {
        ...RSA,
        ...TIMES,
        kid: "harbor-kid-1",
        use: "sig",
        expiresAt: "2036-02-02T11:27:00.000Z",
        x5c: ["MIIDharborB", "MIIDharborA"],
        "x5t#S256": "6PIharbor",
      },
    ],
    APPLICATION,
  ],
  [
    "application_features",
    [
      {
        name: "USER_PROVISIONING",
        status: "ENABLED",
        description: "To the application",
        capabilities: {
          create: { lifecycleCreate: { status: "DISABLED" } },
          update: { password: { status: "ENABLED", seed: "RANDOM", change: "KEEP_EXISTING" } },
        },
        ...LINKS,
      },
      {
        name: "INBOUND_PROVISIONING",
        status: "ENABLED",
        description: "From the application",
        capabilities: {
          importSettings: { username: { userNameFormat: "EMAIL" }, schedule: { status: "DISABLED", fullImport: null } },
          importRules: { userCreateAndMatch: { exactMatchCriteria: "USERNAME", autoConfirmNewUsers: false } },
        },
      },
    ],
    APPLICATION,
  ],
  [
    "application_grants",
    [
      {
        id: "oaghrbor0000000000g1",
        status: "ACTIVE",
        ...TIMES,
        createdBy: { id: "00uhrbor0000000000a1", type: "User" },
        issuer: "https://harbor.example",
        clientId: "0oahrbor0000000000a1",
        scopeId: "okta.users.read",
        source: "ADMIN",
        _embedded: { scope: { id: "okta.users.read" } },
        ...LINKS,
      },
    ],
    APPLICATION,
  ],
  [
    "application_tokens",
    [
      {
        id: "oarhrbor0000000000t1",
        status: "ACTIVE",
        ...TIMES,
        expiresAt: "2026-02-09T11:27:00.000Z",
        issuer: "https://harbor.example/oauth2/default",
        clientId: "0oahrbor0000000000a1",
        userId: "00uhrbor0000000000a1",
        scopes: ["openid", "offline_access"],
        ...LINKS,
      },
    ],
    APPLICATION,
  ],
  [
    "group_push_mappings",
    [
      {
        id: "gPmhrbor0000000000m1",
        status: "ERROR",
        sourceGroupId: "00ghrbor0000000000g1",
        targetGroupId: "00ghrbor0000000000g2",
        appConfig: { type: "ACTIVE_DIRECTORY", distinguishedName: "OU=pilots" },
        errorSummary: "no such unit",
        created: "2026-03-25T06:00:40Z",
        lastUpdated: "2026-03-25T06:00:40Z",
        lastPush: "2026-03-25T06:00:41Z",
        ...LINKS,
      },
    ],
    APPLICATION,
  ],
  [
    "client_applications",
    [
      {
        client_id: "harbor-desk",
        client_id_issued_at: 1_770_031_620,
        client_name: "Harbor desk",
        client_secret: "never stored: registered secret",
        client_secret_expires_at: 0,
        client_uri: null,
        logo_uri: null,
        application_type: "web",
        redirect_uris: ["https://desk.harbor.example/callback"],
        post_logout_redirect_uris: ["https://desk.harbor.example/"],
        response_types: ["code"],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "private_key_jwt",
        initiate_login_uri: "https://desk.harbor.example/login",
        jwks: { keys: [{ ...RSA, kid: "harbor-1", d: "never stored: private exponent" }] },
        dpop_bound_access_tokens: true,
      },
    ],
    {},
  ],
  [
    "client_secrets",
    [
      {
        id: "ocshrbor0000000000s1",
        ...TIMES,
        status: "ACTIVE",
        client_secret: "never stored: client secret",
        secret_hash: "never stored: its hash",
        ...LINKS,
      },
    ],
    APPLICATION,
  ],
  [
    "client_jwks",
    [
      { id: "pkshrbor0000000000k1", kid: "harbor-1", status: "ACTIVE", ...TIMES, ...RSA, use: "sig", alg: "RS256" },
      {
        id: "pkshrbor0000000000k2",
        kid: null,
        status: "INACTIVE",
        ...TIMES,
        kty: "EC",
        crv: "P-256",
        x: "hx",
        y: "hy",
        use: "sig",
        d: "never stored: private scalar",
        ...LINKS,
      },
    ],
    APPLICATION,
  ],
  [
    "client_roles",
    [
      {
        id: "JBCUYUC7IRCVGS27IFCE2SKO",
        label: "Help Desk Administrator",
        type: "HELP_DESK_ADMIN",
        status: "ACTIVE",
        ...TIMES,
        assignmentType: "CLIENT",
        ...LINKS,
      },
      {
        id: "irbhrbor0000000000b1",
        label: "Berth clerks",
        type: "CUSTOM",
        status: "ACTIVE",
        ...TIMES,
        assignmentType: "CLIENT",
        role: "cr0hrbor0000000000c1",
        "resource-set": "iamhrbor0000000000r1",
      },
    ],
    { client_id: "0oahrbor0000000000a1" },
  ],
];

/** Authorization servers and what they have. */
export const AUTHORIZATION_PARTS: readonly Part[] = [
  [
    "authorization_servers",
    [
      {
        id: SERVER.authorization_server_id,
        name: "Berths",
        description: null,
        audiences: ["api://berths"],
        issuer: "https://harbor.example/oauth2/aushrbor0000000000s1",
        issuerMode: "DYNAMIC",
        status: "ACTIVE",
        ...TIMES,
        credentials: {
          signing: {
            kid: "harbor-2",
            rotationMode: "AUTO",
            lastRotated: TIMES.created,
            nextRotation: null,
            use: "sig",
          },
        },
        default: false,
        accessTokenEncryptedResponseAlgorithm: "RSA-OAEP-256",
        jwks: { keys: [{ ...RSA, kid: "harbor-3", use: "enc", status: "ACTIVE" }] },
        jwks_uri: "https://berths.harbor.example/keys",
        ...LINKS,
      },
    ],
    {},
  ],
  [
    "authorization_server_claims",
    [
      {
        id: "oclhrbor0000000000c1",
        name: "berths",
        status: "ACTIVE",
        claimType: "RESOURCE",
        valueType: "GROUPS",
        value: "berth",
        group_filter_type: "STARTS_WITH",
        conditions: { scopes: ["profile", "berths:read"] },
        system: false,
        alwaysIncludeInToken: true,
        apiResourceId: null,
        ...LINKS,
      },
    ],
    SERVER,
  ],
  [
    "authorization_server_scopes",
    [
      {
        id: "scphrbor0000000000p1",
        name: "berths:read",
        displayName: "Read berths",
        description: "",
        system: false,
        metadataPublish: "ALL_CLIENTS",
        consent: "REQUIRED",
        optional: false,
        apiResourceId: null,
        default: false,
        ...LINKS,
      },
    ],
    SERVER,
  ],
  [
    "authorization_server_policies",
    [
      {
        id: "00phrbor0000000000p1",
        type: "OAUTH_AUTHORIZATION_POLICY",
        name: "Desk",
        description: "The desk's client alone",
        status: "ACTIVE",
        priority: 1,
        system: false,
        conditions: { clients: { include: ["0oahrbor0000000000a1"] } },
        ...TIMES,
        ...LINKS,
      },
    ],
    SERVER,
  ],
  [
    "authorization_server_policy_rules",
    [
      {
        id: "0prhrbor0000000000r1",
        type: "RESOURCE_ACCESS",
        name: "By day",
        status: "ACTIVE",
        priority: 1,
        system: false,
        conditions: {
          people: { users: { exclude: ["00u2", "00u1"] }, groups: { include: ["EVERYONE"] } },
          grantTypes: { include: ["authorization_code", "client_credentials"] },
          scopes: { include: ["*"] },
        },
        actions: {
          token: {
            accessTokenLifetimeMinutes: 60,
            refreshTokenLifetimeMinutes: 0,
            refreshTokenWindowMinutes: 10_080,
            inlineHook: { id: "calhrbor0000000000h1" },
          },
        },
        ...TIMES,
        ...LINKS,
      },
      {
        id: "0prhrbor0000000000r2",
        type: "RESOURCE_ACCESS",
        name: "Else",
        system: true,
        conditions: null,
        actions: {},
      },
    ],
    { ...SERVER, policy_id: "00phrbor0000000000p1" },
  ],
  [
    "authorization_server_clients",
    [{ client_id: "harbor-desk", client_name: "Harbor desk", client_uri: null, logo_uri: null, ...LINKS }],
    SERVER,
  ],
  [
    "authorization_server_keys",
    [{ ...RSA, kid: "harbor-2", status: "NEXT", alg: "RS256", use: "sig", ...LINKS }],
    SERVER,
  ],
];
