import type { KeyValues } from "@tidemark/catalog";

/** Items of one object of the admin, link and factor families. */
interface Items {
  readonly name: string;
  readonly parent: KeyValues;
  readonly items: readonly unknown[];
}

const ORG = "https://harbor.example";
const USER = { user_id: "00uhrbor0000000000a1" };
const ROLE = { ...USER, role_assignment_id: "IFIFAX2BIRGUSTQ" };
const SET = { resource_set_id: "iamhrbor0000000000s1" };
const TIMES = { created: "2026-02-02T11:27:00.000Z", lastUpdated: "2026-02-03T11:27:00.000Z" };
const linkTo = (path: string): object => ({ self: { href: `${ORG}/api/v1/${path}` } });

const STANDARD_ROLE = {
  id: "IFIFAX2BIRGUSTQ",
  label: "Application Administrator",
  type: "APP_ADMIN",
  status: "ACTIVE",
  ...TIMES,
  assignmentType: "USER",
  _links: { assignee: { href: `${ORG}/api/v1/users/00uhrbor0000000000a1` } },
};
const CUSTOM_ROLE = {
  id: "irbhrbor0000000000b1",
  role: "cr0hrbor0000000000c1",
  "resource-set": "iamhrbor0000000000s1",
  label: "Quay masters",
  type: "CUSTOM",
  status: "ACTIVE",
  ...TIMES,
  assignmentType: "GROUP",
  _links: { assignee: { href: `${ORG}/api/v1/groups/00ghrbor0000000000g1` } },
};

/** An instance, and a catalog application with all of its instances. */
const APP_TARGETS = [
  {
    name: "harbor_tides_1",
    status: "ACTIVE",
    id: "0oahrbor0000000000a1",
    _links: linkTo("apps/0oahrbor0000000000a1"),
  },
  {
    name: "bookmark",
    displayName: "Bookmark App",
    description: "Any link",
    status: "ACTIVE",
    lastUpdated: TIMES.lastUpdated,
    category: "COLLABORATION",
    verificationStatus: "OKTA_VERIFIED",
    website: "https://bookmark.example",
    signOnModes: ["BOOKMARK"],
    features: [],
    _links: linkTo("catalog/apps/bookmark"),
  },
];

/** A factor of each type (OpenAPI spec); secrets say so. */
const FACTORS = [
  {
    factorType: "question",
    profile: { question: "first_kiss_location", questionText: "Where?", answer: "never stored: answer" },
  },
  { factorType: "sms", profile: { phoneNumber: "+49 431 000 0001" } },
  { factorType: "call", profile: { phoneNumber: "+49 431 000 0002", phoneExtension: null } },
  { factorType: "email", profile: { email: "nadia.reuter@harbor.example" } },
  {
    factorType: "push",
    profile: {
      credentialId: "nadia.reuter@harbor.example",
      deviceToken: "device-token",
      deviceType: "SmartPhone_IPhone",
      name: "Nadia's phone",
      platform: "IOS",
      version: "17.4",
      keys: [
        { kty: "EC", use: "sig", kid: "default", x: "x-1", y: "y-1", crv: "P-256", d: "never stored: private part" },
      ],
    },
  },
  {
    factorType: "signed_nonce",
    profile: { credentialId: "nadia", deviceType: "Mac", name: "Bridge", somethingNew: [1] },
  },
  {
    factorType: "token",
    profile: { credentialId: "rsa-1" },
    verify: { passCode: "never stored: code", nextPassCode: 42 },
  },
  { factorType: "token:hardware", profile: { credentialId: "000001" } },
  { factorType: "token:hotp", factorProfileId: "fpr1", profile: { sharedSecret: "never stored: shared secret" } },
  { factorType: "token:software:totp", profile: { credentialId: "nadia" } },
  { factorType: "u2f", profile: { credentialId: "u2f-1" } },
  { factorType: "web", profile: { credentialId: "duo-1" } },
  { factorType: "webauthn", profile: { credentialId: "wa-1", authenticatorName: "Touch ID" } },
].map((factor, n) => ({
  id: `opfhrbor00000000000${n}`,
  provider: "OKTA",
  vendorName: "OKTA",
  status: "ACTIVE",
  ...TIMES,
  ...factor,
  _links: linkTo(`users/00uhrbor0000000000a1/factors/${n}`),
}));

/** What the fixtures of these objects are made of. */
export const ADMIN_ITEMS: readonly Items[] = [
  {
    name: "role_assignees",
    parent: {},
    items: [
      {
        id: "00uhrbor0000000000a1",
        orn: "orn:okta:directory:00ohrbor:users:00uhrbor0000000000a1",
        _links: linkTo("users/00u"),
      },
    ],
  },
  { name: "user_roles", parent: USER, items: [STANDARD_ROLE, CUSTOM_ROLE] },
  {
    name: "group_roles",
    parent: { group_id: "00ghrbor0000000000g1" },
    items: [{ ...STANDARD_ROLE, assignmentType: "GROUP" }],
  },
  { name: "user_role_app_targets", parent: ROLE, items: APP_TARGETS },
  {
    name: "group_role_app_targets",
    parent: { group_id: "00ghrbor0000000000g1", role_assignment_id: "IFIFAX2BIRGUSTQ" },
    items: APP_TARGETS,
  },
  {
    name: "group_owners",
    parent: { group_id: "00ghrbor0000000000g1" },
    items: [
      {
        id: "00uhrbor0000000000a1",
        type: "USER",
        resolved: true,
        originId: null,
        originType: "OKTA_DIRECTORY",
        displayName: "Nadia Reuter",
        lastUpdated: "2026-03-04 10:08:01.0",
      },
      { id: "00ghrbor0000000000g2", type: "GROUP", originType: "APPLICATION", originId: "0oa1", resolved: false },
    ],
  },
  {
    name: "custom_roles",
    parent: {},
    items: [
      {
        id: "cr0hrbor0000000000c1",
        label: "Quay master",
        description: "Runs the quays",
        isCloneable: true,
        ...TIMES,
        permissions: ["okta.groups.read", "okta.apps.read"],
        _links: linkTo("iam/roles/cr0"),
      },
    ],
  },
  {
    name: "custom_role_permissions",
    parent: { role_id: "cr0hrbor0000000000c1" },
    items: [
      { label: "okta.apps.read", ...TIMES, conditions: null },
      {
        label: "okta.users.userprofile.manage",
        ...TIMES,
        conditions: { include: { "okta:ResourceAttribute/User/Profile": ["city", "state"] } },
      },
    ],
  },
  {
    name: "resource_sets",
    parent: {},
    items: [{ id: SET.resource_set_id, label: "Quays", description: "All quays", ...TIMES }],
  },
  {
    name: "resource_set_resources",
    parent: SET,
    items: [
      {
        id: "irehrbor0000000000r1",
        orn: "orn:okta:directory:00ohrbor:groups",
        ...TIMES,
        conditions: { Exclude: { "okta:ORN": ["orn:okta:directory:00ohrbor:groups:00g1"] } },
        _links: { groups: { href: `${ORG}/api/v1/groups` } },
      },
    ],
  },
  {
    name: "resource_set_bindings",
    parent: SET,
    items: [{ id: "cr0hrbor0000000000c1", _links: linkTo("iam/bindings/cr0") }],
  },
  {
    name: "resource_set_binding_members",
    parent: { ...SET, role_id: "cr0hrbor0000000000c1" },
    items: [{ id: "irbhrbor0000000000b1", ...TIMES, _links: linkTo("groups/00ghrbor0000000000g1") }],
  },
  {
    name: "role_subscriptions",
    parent: { role: "SUPER_ADMIN" },
    items: [
      {
        notificationType: "OKTA_UPDATE",
        channels: ["email"],
        status: "subscribed",
        _links: linkTo("roles/SUPER_ADMIN"),
      },
    ],
  },
  {
    name: "linked_object_definitions",
    parent: {},
    items: [
      {
        primary: { name: "skipper", title: "Skipper", description: "Who commands", type: "USER" },
        associated: { name: "mate", title: "Mate", description: "Who sails along", type: "USER" },
        _links: linkTo("meta/schemas/user/linkedObjects/skipper"),
      },
    ],
  },
  {
    name: "linked_objects",
    parent: { ...USER, primary_name: "skipper" },
    items: [{ _links: linkTo("users/00uhrbor0000000000a2") }],
  },
  {
    name: "user_grants",
    parent: USER,
    items: [
      {
        id: "oaghrbor0000000000g1",
        status: "ACTIVE",
        ...TIMES,
        createdBy: { id: USER.user_id, type: "User" },
        issuer: `${ORG}/oauth2/aushrbor`,
        clientId: "0oahrbor0000000000a1",
        userId: USER.user_id,
        scopeId: "scphrbor0000000000s1",
        source: "END_USER",
        _links: { app: { href: `${ORG}/api/v1/apps/0oahrbor0000000000a1`, title: "Tides" } },
      },
    ],
  },
  {
    name: "user_clients",
    parent: USER,
    items: [{ client_id: "0oahrbor0000000000a1", client_name: "Tides", client_uri: null, logo_uri: null, _links: {} }],
  },
  { name: "enrolled_factors", parent: USER, items: FACTORS },
];
