import { instantText, type JsonObject } from "../json.js";
import { type ResourceContext, seedId } from "./definition.js";
import { POLICY_TYPES } from "./policy-types.js";

/** The policy that Okta keeps for its own account pages; an org cannot change it (Okta docs). */
export const ACCOUNT_MANAGEMENT = "Okta Account Management Policy";

interface Seed {
  readonly type: string;
  readonly name: string;
  readonly description?: string;
  readonly system?: boolean;
  readonly priority?: number;
  readonly status?: string;
  /** Number of the group that it is for. */
  readonly group?: number;
  readonly conditions?: JsonObject;
  readonly settings?: JsonObject;
}

const DEFAULT = {
  name: "Default Policy",
  description: "The default policy applies in all situations if no other policy applies.",
  system: true,
  group: 0,
};

function passwordSettings(minLength: number, maxAgeDays: number): JsonObject {
  return {
    password: {
      complexity: {
        minLength,
        minLowerCase: 1,
        minUpperCase: 1,
        minNumber: 1,
        minSymbol: 0,
        excludeUsername: true,
        dictionary: { common: { exclude: true } },
        excludeAttributes: ["firstName", "lastName"],
      },
      age: { maxAgeDays, expireWarnDays: maxAgeDays === 0 ? 0 : 7, minAgeMinutes: 0, historyCount: 4 },
      lockout: {
        maxAttempts: 10,
        autoUnlockMinutes: 0,
        userLockoutNotificationChannels: [],
        showLockoutFailures: false,
      },
      breachedProtection: { expireAfterDays: null, logoutEnabled: false, delegatedWorkflowId: null },
    },
    recovery: {
      factors: {
        recovery_question: { status: "INACTIVE", properties: { complexity: { minLength: 4 } } },
        okta_email: { status: "ACTIVE", properties: { recoveryToken: { tokenLifetimeMinutes: 60 } } },
        okta_sms: { status: "INACTIVE" },
        okta_call: { status: "INACTIVE" },
      },
    },
    delegation: { options: { skipUnlock: false } },
  };
}

function enrollSettings(classic: boolean, choice: Readonly<Record<string, string>>): JsonObject {
  if (classic) {
    const factor = (self: string): JsonObject => ({ enroll: { self }, consent: { type: "NONE" } });
    return { type: "FACTORS", factors: { okta_otp: factor("OPTIONAL"), okta_password: factor("REQUIRED") } };
  }
  const authenticators = Object.entries(choice).map(([key, self]) => ({
    key,
    enroll: { self },
    ...(key === "webauthn" ? { constraints: { aaguidGroups: ["ANY"] } } : {}),
  }));
  return { type: "AUTHENTICATORS", authenticators };
}

function seedsOf(classic: boolean): readonly Seed[] {
  const okta = { authProvider: { provider: "OKTA" } };
  return [
    { type: "OKTA_SIGN_ON", name: "Contractors", priority: 1, group: 1 },
    { type: "OKTA_SIGN_ON", name: "Administrators", priority: 2, group: 2, description: "Short sessions" },
    { type: "OKTA_SIGN_ON", ...DEFAULT, priority: 3 },
    {
      type: "PASSWORD",
      name: "Long passwords",
      priority: 1,
      group: 1,
      conditions: okta,
      settings: passwordSettings(14, 0),
    },
    { type: "PASSWORD", ...DEFAULT, priority: 2, conditions: okta, settings: passwordSettings(8, 90) },
    {
      type: "MFA_ENROLL",
      name: "Strong factors",
      priority: 1,
      group: 2,
      settings: enrollSettings(classic, { okta_password: "REQUIRED", okta_verify: "REQUIRED", webauthn: "OPTIONAL" }),
    },
    {
      type: "MFA_ENROLL",
      ...DEFAULT,
      priority: 2,
      settings: enrollSettings(classic, { okta_password: "REQUIRED", okta_email: "OPTIONAL", okta_verify: "OPTIONAL" }),
    },
    {
      type: "IDP_DISCOVERY",
      name: "Idp Discovery Policy",
      description: "The default IdP Discovery Policy",
      system: true,
    },
    { type: "ACCESS_POLICY", name: "Any two factors", description: "Require two factors to access.", system: true },
    { type: "ACCESS_POLICY", name: ACCOUNT_MANAGEMENT, description: "How users manage their accounts.", system: false },
    { type: "ACCESS_POLICY", name: "Finance applications" },
    { type: "ACCESS_POLICY", name: "Legacy applications", status: "INACTIVE" },
    { type: "PROFILE_ENROLLMENT", name: "Default Policy", system: true },
    { type: "PROFILE_ENROLLMENT", name: "Partners" },
    { type: "POST_AUTH_SESSION", name: "Session Protection Policy", system: true },
    { type: "ENTITY_RISK", name: "Entity Risk Policy", system: true },
    {
      type: "SESSION_VIOLATION_DETECTION",
      name: "Session Violation Detection Policy",
      description: "Enables session violation detection policy evaluation for the org.",
      system: true,
    },
    { type: "DEVICE_SIGNAL_COLLECTION", name: "Device Signal Collection Policy", system: true },
  ];
}

/** Numbers of the seeded policies that share the generated applications among them. */
export const MAPPED_POLICIES: readonly number[] = seedsOf(false).flatMap(({ type, name }, n) =>
  type === "ACCESS_POLICY" && name !== ACCOUNT_MANAGEMENT ? [n] : [],
);

/** What an org has from the start: the default policy of each type and a few of its administrators'. */
export function policySeeds(context: ResourceContext): readonly JsonObject[] {
  const { org } = context;
  const classic = org.withoutFeatures.has("identity-engine");
  return seedsOf(classic).flatMap((seed, n) => {
    const engine = POLICY_TYPES.find(({ type }) => type === seed.type)?.identityEngine ?? false;
    if (engine && classic) return [];
    const at = instantText(org.newest - (40 - n) * 86_400_000);
    const people = seed.group === undefined ? {} : { people: { groups: { include: [org.groups.id(seed.group)] } } };
    const none = seed.group === undefined && seed.conditions === undefined;
    return [
      {
        id: seedId(context, engine ? "rst" : "00p", n),
        status: seed.status ?? "ACTIVE",
        name: seed.name,
        ...(seed.description === undefined ? {} : { description: seed.description }),
        priority: seed.priority ?? 1,
        system: seed.system ?? false,
        conditions: none ? null : { ...people, ...seed.conditions },
        created: at,
        lastUpdated: at,
        ...(seed.settings === undefined ? {} : { settings: seed.settings }),
        type: seed.type,
      },
    ];
  });
}
