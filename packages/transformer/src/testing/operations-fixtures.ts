import type { NamedItems } from "./security-fixtures.js";

const TIMES = { created: "2026-02-02T11:27:00.000Z", lastUpdated: "2026-02-03T08:00:01.000Z" };
const BY = { createdBy: "00uhrbor0000000000a1", lastUpdatedBy: "00uhrbor0000000000a2" };
const DATED = { createdDate: TIMES.created, lastUpdate: TIMES.lastUpdated, ...BY };
const SELF = { self: { href: "https://harbor.example/api/v1/self", hints: { allow: ["GET"] } } };

const AGENT = {
  id: "a53hrbor0000000000n1",
  poolId: "0oahrbor0000000000p1",
  name: "QUAY-1",
  type: "AD",
  version: "3.22.0",
  operationalStatus: "OPERATIONAL",
  updateStatus: "Scheduled",
  updateMessage: "Queued for update.",
  isHidden: false,
  isLatestGAedVersion: true,
  latestGAedVersion: true,
  lastConnection: 1766430781000,
};

/** Rate limits, realms, push services, agents, log streams and API access. */
export const OPERATIONS_FIXTURES: readonly NamedItems[] = [
  { name: "rate_limit_admin_notifications", items: [{ notificationsEnabled: true }] },
  {
    name: "rate_limit_per_client",
    items: [{ defaultMode: "PREVIEW", useCaseModeOverrides: { LOGIN_PAGE: "ENFORCE", SOMETHING_NEW: "DISABLE" } }],
  },
  { name: "rate_limit_warning_threshold", items: [{ warningThreshold: 60 }] },
  {
    name: "principal_rate_limits",
    items: [
      {
        id: "prlhrbor0000000000l1",
        orgId: "00ohrbor",
        principalId: "00Thrbor",
        principalType: "SSWS_TOKEN",
        defaultPercentage: 50,
        defaultConcurrencyPercentage: 75,
        ...DATED,
        lastUpdate: "2026-02-03T08:00:01Z",
      },
    ],
  },
  {
    name: "realms",
    items: [
      {
        id: "guohrbor0000000000r1",
        ...TIMES,
        profile: { name: "Partners", realmType: "PARTNER", domains: ["b.example", "a.example"] },
        isDefault: false,
      },
    ],
  },
  {
    name: "realm_assignments",
    items: [
      {
        id: "rulhrbor0000000000q1",
        name: "Pilots",
        status: "INACTIVE",
        ...TIMES,
        priority: 3,
        isDefault: false,
        conditions: { profileSourceId: "0oahrbor", expression: { value: 'user.profile.title=="pilot"' } },
        actions: { assignUserToRealm: { realmId: "guohrbor0000000000r1" } },
        domains: [],
      },
      { id: "rulhrbor0000000000q2", name: "Catch-all", priority: 499, isDefault: true },
    ],
  },
  {
    name: "push_providers",
    items: [
      {
        id: "ppchrbor0000000000s1",
        name: "Apple",
        providerType: "APNS",
        lastUpdatedDate: TIMES.lastUpdated,
        configuration: { keyId: "K", teamId: "T", fileName: "k.p8", tokenSigningKey: "never stored: signing key" },
      },
      {
        id: "ppchrbor0000000000s2",
        name: "Google",
        providerType: "FCM",
        configuration: { projectId: "harbor", serviceAccountJson: { private_key: "never stored: service account" } },
      },
    ],
  },
  {
    name: "agent_pools",
    items: [
      {
        id: "0oahrbor0000000000p1",
        name: "harbor.local",
        type: "AD",
        operationalStatus: "DEGRADED",
        disruptedAgents: 1,
        inactiveAgents: 0,
        agents: [AGENT, { ...AGENT, id: "a53hrbor0000000000n2", lastConnection: null, _links: SELF }],
      },
      { id: "0oahrbor0000000000p2", name: "empty", type: "LDAP", operationalStatus: "INACTIVE", agents: [] },
    ],
  },
  {
    name: "agent_pool_updates",
    items: [
      {
        id: "ajdhrbor0000000000u1",
        name: "Night watch",
        agentType: "AD",
        agents: [AGENT],
        enabled: true,
        notifyAdmin: false,
        reason: "patch",
        sortOrder: 1,
        schedule: { cron: "0 3 * * WED", timezone: "Europe/Berlin", delay: 0, duration: 1020 },
        status: "Scheduled",
        targetVersion: "3.23.0",
        _links: {},
      },
    ],
    parent: { agent_pool_id: "0oahrbor0000000000p1" },
  },
  {
    name: "log_streams",
    items: [
      {
        id: "0oahrbor0000000000t1",
        name: "Splunk",
        type: "splunk_cloud_logstreaming",
        status: "ACTIVE",
        ...TIMES,
        settings: { edition: "aws", host: "harbor.splunkcloud.com", token: "never stored: Splunk token" },
      },
      {
        id: "0oahrbor0000000000t2",
        name: "Events",
        type: "aws_eventbridge",
        status: "INACTIVE",
        ...TIMES,
        settings: { accountId: "123456789012", eventSourceName: "harbor", region: "eu-north-1" },
      },
    ],
  },
  {
    name: "api_tokens",
    items: [
      {
        id: "00Thrbor0000000000k1",
        name: "ferry bot",
        userId: "00uhrbor0000000000a1",
        clientName: "Okta API",
        tokenWindow: "P30D",
        network: { connection: "ZONE", include: ["nzo2", "nzo1"], exclude: [] },
        expiresAt: "2026-03-05T08:00:01.000Z",
        ...TIMES,
        _links: SELF,
      },
    ],
  },
  {
    name: "api_service_integrations",
    items: [
      {
        id: "0oahrbor0000000000z1",
        type: "buoywatch",
        name: "Buoy Watch",
        createdAt: TIMES.created,
        createdBy: BY.createdBy,
        clientSecret: "never stored: integration's secret",
        configGuideUrl: "https://buoy.example/guide",
        grantedScopes: ["okta.users.read", "okta.logs.read"],
        properties: { region: { value: "north" } },
        _links: SELF,
      },
    ],
  },
];
