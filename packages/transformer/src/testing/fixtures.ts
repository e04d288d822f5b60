import { type KeyValues, type ObjectDefinition, objectNamed } from "@tidemark/catalog";
import { TerminalError } from "@tidemark/kernel";

import { CONNECTION_FIXTURES } from "./connection-fixtures.js";
import { OPERATIONS_FIXTURES } from "./operations-fixtures.js";
import { SECURITY_FIXTURES } from "./security-fixtures.js";
import { APPLICATION_PARTS, AUTHORIZATION_PARTS } from "./application-fixtures.js";
import { POLICY_SAMPLES, SECURITY_SAMPLES } from "./policy-samples.js";
import { ORG_ITEMS } from "./org-fixtures.js";
import { ADMIN_ITEMS } from "./admin-fixtures.js";

/** Items of one object in the shapes that Okta answers with; names and ids are made up. */
export interface Fixture {
  readonly definition: ObjectDefinition;
  readonly parent: KeyValues;
  readonly items: readonly unknown[];
  readonly schemas: readonly unknown[];
}

const USER_SCHEMA = {
  id: "https://harbor.example/meta/schemas/user/default",
  $schema: "http://json-schema.org/draft-04/schema#",
  name: "user",
  title: "User",
  type: "object",
  created: "2025-11-03T09:15:00.000Z",
  lastUpdated: "2026-01-20T16:42:10.000Z",
  definitions: {
    base: {
      id: "#base",
      type: "object",
      properties: {
        login: {
          title: "Username",
          type: "string",
          required: true,
          mutability: "READ_WRITE",
          scope: "NONE",
          minLength: 5,
          maxLength: 100,
          permissions: [{ principal: "SELF", action: "READ_ONLY" }],
          master: { type: "PROFILE_MASTER" },
        },
        email: {
          title: "Email",
          type: "string",
          format: "email",
          required: true,
          mutability: "READ_WRITE",
          scope: "NONE",
        },
      },
      required: ["login", "email"],
    },
    custom: {
      id: "#custom",
      type: "object",
      properties: {
        berths: {
          title: "Berths",
          type: "array",
          items: { type: "string", enum: ["A", "B"] },
          union: "ENABLE",
          enum: null,
        },
        seaMiles: {
          title: "Sea miles",
          type: "number",
          enum: [0.5, 1],
          default: 0.5,
          oneOf: [{ const: 0.5, title: "half" }],
        },
        certifiedOn: { title: "Certified on", type: "string", format: "date-time" },
        isCaptain: { title: "Captain", type: "boolean", unique: "NOT_UNIQUE" },
        crewNumber: { title: "Number", type: "integer", externalName: "crew", externalNamespace: "harbor" },
      },
      required: [],
    },
  },
  properties: { profile: { allOf: [{ $ref: "#/definitions/custom" }, { $ref: "#/definitions/base" }] } },
  _links: { self: { href: "https://harbor.example/api/v1/meta/schemas/user/default", method: "GET", rel: "self" } },
};

const GROUP_SCHEMA = {
  ...USER_SCHEMA,
  id: "https://harbor.example/meta/schemas/group/default",
  name: "group",
  description: "Okta group profile template",
  definitions: {
    base: { id: "#base", type: "object", properties: { name: { type: "string", maxLength: 255 } }, required: ["name"] },
    custom: { id: "#custom", type: "object", properties: { pier: { type: "integer" } }, required: [] },
  },
};

const USERS = [
  {
    id: "00uhrbor0000000000a1",
    status: "PASSWORD_EXPIRED",
    created: "2026-02-02T11:27:00.000Z",
    activated: null,
    statusChanged: "2026-02-02T11:27:00.000Z",
    lastLogin: null,
    lastUpdated: "2026-02-03T08:00:01.000Z",
    passwordChanged: "2026-02-02T11:27:00.000Z",
    transitioningToStatus: "ACTIVE",
    realmId: "guohrbor0000000000r1",
    type: { id: "otyhrbor0000000000t1" },
    profile: {
      login: "nadia.reuter@harbor.example",
      email: "nadia.reuter@harbor.example",
      secondEmail: null,
      mobilePhone: null,
      firstName: "Nadia",
      lastName: "Reuter",
      berths: ["B", "A"],
      seaMiles: 1200.5,
      certifiedOn: "2024-05-01",
      isCaptain: true,
      crewNumber: 7,
      notYetInSchema: { deep: [1, null, { a: "b" }] },
    },
    credentials: {
      password: {},
      recovery_question: { question: "First boat?" },
      provider: { type: "OKTA", name: "OKTA" },
      emails: [{ value: "nadia.reuter@harbor.example", status: "VERIFIED", type: "PRIMARY" }],
    },
    _links: { self: { href: "https://harbor.example/api/v1/users/00uhrbor0000000000a1" } },
  },
];

const GROUPS = [
  {
    id: "00ghrbor0000000000g1",
    created: "2026-02-02T11:27:00.000Z",
    lastUpdated: "2026-02-02T11:27:00.000Z",
    lastMembershipUpdated: "2026-02-05T11:27:00.000Z",
    objectClass: ["okta:windows_security_principal"],
    type: "APP_GROUP",
    source: { id: "0oahrbor0000000000s1" },
    profile: {
      name: "Pilots",
      description: "",
      dn: "CN=Pilots,DC=harbor",
      samAccountName: "pilots",
      pier: 3,
      objectSid: "S-1-5",
    },
    _links: {
      logo: [{ name: "medium", href: "https://harbor.example/img.png", type: "image/png" }],
      source: { href: "https://harbor.example/api/v1/apps/0oahrbor0000000000s1" },
    },
  },
];

const APPLICATIONS = [
  {
    id: "0oahrbor0000000000a1",
    orn: "orn:okta:idp:00ohrbor:apps:oidc_client:0oahrbor0000000000a1",
    name: "oidc_client",
    label: "Berth planner",
    status: "ACTIVE",
    created: "2026-02-02T11:27:00.000Z",
    lastUpdated: "2026-02-02T11:27:00.000Z",
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
    visibility: {
      autoLaunch: false,
      autoSubmitToolbar: true,
      hide: { iOS: true, web: false },
      appLinks: { harbor_berthplanner_1_link: true },
    },
    features: ["PUSH_NEW_USERS", "GROUP_PUSH"],
    signOnMode: "OPENID_CONNECT",
    universalLogout: null,
    licensing: { seatCount: 12 },
    credentials: {
      userNameTemplate: { template: "${source.login}", type: "BUILT_IN", suffix: "@harbor" },
      signing: { kid: "kid-1" },
      oauthClient: {
        autoKeyRotation: true,
        client_id: "0oahrbor0000000000a1",
        token_endpoint_auth_method: "private_key_jwt",
        pkce_required: false,
      },
    },
    settings: {
      app: {},
      implicitAssignment: false,
      manualProvisioning: false,
      notes: { admin: null, enduser: "for crews" },
      notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
      oauthClient: {
        grant_types: ["refresh_token", "authorization_code"],
        redirect_uris: ["https://planner.harbor.example/callback"],
        jwks: { keys: [{ kty: "RSA", kid: "k", e: "AQAB", n: "n-1", d: "never stored: private exponent" }] },
      },
    },
    profile: { pier: [1, 2] },
    _links: { accessPolicy: { href: "https://harbor.example/api/v1/policies/rsthrbor0000000000p1" } },
  },
  {
    id: "0oahrbor0000000000a2",
    name: "scaleless",
    label: "Tide tables",
    status: "INACTIVE",
    signOnMode: null,
    credentials: {
      scheme: "SHARED_USERNAME_AND_PASSWORD",
      userName: "tides",
      revealPassword: false,
      password: { value: "never stored: shared password" },
      signing: {},
    },
    settings: {
      app: { loginURL: "https://tides.example", loginUrl: "twin", retries: "3" },
      signOn: { inlineHooks: [{ id: "h", _links: { self: { href: "x" } } }], audienceOverride: null },
    },
    somethingNew: { of: ["Okta's"] },
  },
];

const EVENT = {
  uuid: "f1c2a7de-0001-11f0-8000-000000000001",
  published: "2026-02-02T11:27:00.123Z",
  eventType: "group.user_membership.add",
  version: "0",
  severity: "INFO",
  displayMessage: "Add user to group membership",
  legacyEventType: "core.user_group_member.user_add",
  actor: {
    id: "00uhrbor0000000000a1",
    type: "User",
    alternateId: "nadia.reuter@harbor.example",
    displayName: "Nadia",
    detailEntry: null,
  },
  client: {
    userAgent: { rawUserAgent: "curl/8", os: "Unknown", browser: "UNKNOWN" },
    zone: "null",
    device: "Unknown",
    id: null,
    ipAddress: "192.0.2.7",
    geographicalContext: {
      city: "Kiel",
      state: null,
      country: "Germany",
      postalCode: "24103",
      geolocation: { lat: 54.3, lon: 10.1 },
    },
  },
  device: { id: "guohrbor", os_platform: "IOS" },
  authenticationContext: {
    authenticationStep: 0,
    externalSessionId: "102x",
    rootSessionId: "102x",
    authenticationProvider: null,
  },
  outcome: { result: "SUCCESS", reason: null },
  target: [
    { id: "00uhrbor0000000000a1", type: "User", alternateId: "a", displayName: "A", detailEntry: null },
    {
      id: "00ghrbor0000000000g1",
      type: "UserGroup",
      alternateId: "unknown",
      displayName: "Pilots",
      detailEntry: { a: "1" },
      changeDetails: { from: { a: 1 }, to: { a: 2 } },
      other: "x",
    },
  ],
  transaction: { type: "WEB", id: "t-1", detail: { requestApiTokenId: "00Thrbor" } },
  debugContext: { debugData: { requestUri: "/api/v1/groups", url: "/api/v1/groups?" } },
  securityContext: {
    asNumber: 64500,
    asOrg: "harbor net",
    isp: "harbor",
    domain: null,
    isProxy: false,
    userBehaviors: [],
  },
  request: { ipChain: [{ ip: "192.0.2.7", version: "V4", source: null, geographicalContext: null }] },
};

function fixture(
  name: string,
  items: readonly unknown[],
  more: { parent?: KeyValues | undefined; schemas?: readonly unknown[] } = {},
): Fixture {
  const definition = objectNamed(name);
  if (!definition) throw new TerminalError("INTERNAL", `No object ${name}`);
  return { definition, parent: more.parent ?? {}, items, schemas: more.schemas ?? [] };
}

const APPLICATION = { application_id: "0oahrbor0000000000a1" };
const TIMES = { created: "2026-02-02T11:27:00.000Z", lastUpdated: "2026-02-02T11:27:00.000Z" };

/** One fixture an object. */
export const FIXTURES: readonly Fixture[] = [
  fixture("users", USERS, { schemas: [USER_SCHEMA] }),
  fixture("groups", GROUPS, { schemas: [GROUP_SCHEMA] }),
  fixture("user_schemas", [USER_SCHEMA], { parent: { schema_id: "default" } }),
  fixture("group_schemas", [GROUP_SCHEMA]),
  fixture("application_user_schemas", [{ ...USER_SCHEMA, name: "oidc_client" }], { parent: APPLICATION }),
  fixture("user_types", [
    {
      id: "otyhrbor0000000000t1",
      name: "crew",
      displayName: "Crew",
      description: "",
      default: false,
      createdBy: "00uhrbor0000000000a1",
      lastUpdatedBy: "00uhrbor0000000000a1",
      ...TIMES,
      _links: {
        schema: {
          rel: "schema",
          href: "https://harbor.example/api/v1/meta/schemas/user/oschrbor0000000000s1",
          method: "GET",
        },
      },
    },
  ]),
  fixture("group_rules", [
    {
      id: "0prhrbor0000000000r1",
      type: "group_rule",
      name: "pilots",
      status: "INVALID",
      ...TIMES,
      allGroupsValid: false,
      conditions: {
        expression: { type: "urn:okta:expression:1.0", value: 'user.title=="pilot"' },
        people: { users: { exclude: ["00u2", "00u1"] }, groups: { exclude: [] } },
      },
      actions: { assignUserToGroups: { groupIds: ["00ghrbor0000000000g1"] } },
    },
  ]),
  fixture("applications", APPLICATIONS),
  fixture(
    "application_users",
    [
      {
        id: "00uhrbor0000000000a1",
        externalId: null,
        ...TIMES,
        scope: "GROUP",
        status: "PROVISIONED",
        statusChanged: "2026-02-02T11:27:00.000Z",
        passwordChanged: null,
        syncState: "SYNCHRONIZED",
        lastSync: "2026-02-02T11:27:00.000Z",
        credentials: { userName: "nadia", password: { value: "never stored: app password" } },
        profile: { role: "pilot", permits: [1, 2] },
        _links: { group: { href: "https://harbor.example/api/v1/groups/00ghrbor0000000000g1", name: "Pilots" } },
      },
    ],
    { parent: APPLICATION },
  ),
  fixture(
    "application_groups",
    [{ id: "00ghrbor0000000000g1", priority: 0, lastUpdated: TIMES.lastUpdated, profile: {} }],
    { parent: APPLICATION },
  ),
  ...[...SECURITY_FIXTURES, ...OPERATIONS_FIXTURES, ...CONNECTION_FIXTURES].map(({ name, items, parent = {} }) =>
    fixture(name, items, { parent }),
  ),
  ...[...APPLICATION_PARTS, ...AUTHORIZATION_PARTS].map(([name, items, parent]) => fixture(name, items, { parent })),
  ...[...POLICY_SAMPLES, ...SECURITY_SAMPLES].map(({ object, items, parent }) => fixture(object, items, { parent })),
  ...ORG_ITEMS.map(([name, item, parent]) => fixture(name, [item], parent ? { parent } : {})),
  ...ADMIN_ITEMS.map(({ name, parent, items }) => fixture(name, items, { parent })),
  fixture("log_events", [EVENT, { ...EVENT, target: null }, { ...EVENT, target: [] }]),
];
