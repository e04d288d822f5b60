import { createHash } from "node:crypto";

import { oktaError } from "../errors.js";
import { mix } from "../generate/hash.js";
import { instantText, type JsonObject, objectAt } from "../json.js";
import { userTarget } from "../org/targets.js";
import {
  type Ancestors,
  defineResource,
  type ResourceContext,
  type Resources,
  seedId,
  type WritableResources,
} from "./definition.js";

/** What a type of factor looks like: the first three characters of its ids, its provider, its profile (OpenAPI spec). */
interface FactorKind {
  readonly type: string;
  readonly prefix: string;
  readonly provider: string;
  readonly profile: (u: number) => JsonObject;
}

const phone = (u: number): string => `+1555${String(1_000_000 + u).slice(-7)}`;

/** Some of the questions that Okta offers (recorded traffic). */
export const QUESTIONS: Readonly<Record<string, string>> = {
  disliked_food: "What is the food you least liked as a child?",
  first_award: "What did you earn your first medal or award for?",
  favorite_movie_quote: "What is your favorite movie quote?",
  favorite_vacation_location: "Where did you go for your favorite vacation?",
  name_of_first_plush_toy: "What is the name of your first stuffed animal?",
};

/** Who else offers a type of factor (OpenAPI spec). */
const FURTHER: Readonly<Record<string, readonly string[]>> = {
  "token:software:totp": ["OKTA"],
  token: ["SYMANTEC"],
  push: ["CUSTOM"],
};
const PROVIDERS = new Set(["CUSTOM", "DUO", "FIDO", "GOOGLE", "OKTA", "RSA", "SYMANTEC", "YUBICO"]);

const KINDS: readonly FactorKind[] = [
  { type: "sms", prefix: "sms", provider: "OKTA", profile: (u) => ({ phoneNumber: phone(u) }) },
  {
    type: "push",
    prefix: "opf",
    provider: "OKTA",
    profile: (u) => ({
      credentialId: `user${u}@example.com`,
      deviceType: "SmartPhone_IPhone",
      keys: [{ kty: "EC", use: "sig", kid: "default", crv: "P-256", x: `x${u}`, y: `y${u}` }],
      name: `Phone of user ${u}`,
      platform: "IOS",
      version: "17.4.1",
    }),
  },
  {
    type: "question",
    prefix: "ufs",
    provider: "OKTA",
    profile: () => questionProfile({ question: "first_award" }),
  },
  { type: "email", prefix: "emf", provider: "OKTA", profile: (u) => ({ email: `user${u}@example.com` }) },
  {
    type: "token:software:totp",
    prefix: "ost",
    provider: "GOOGLE",
    profile: (u) => ({ credentialId: `user${u}@example.com` }),
  },
  {
    type: "webauthn",
    prefix: "fwf",
    provider: "FIDO",
    profile: (u) => ({ credentialId: `cred-${u}`, authenticatorName: "Security key" }),
  },
  { type: "call", prefix: "clf", provider: "OKTA", profile: (u) => ({ phoneNumber: phone(u), phoneExtension: null }) },
  {
    type: "signed_nonce",
    prefix: "pfd",
    provider: "OKTA",
    profile: (u) => ({ credentialId: `user${u}@example.com`, deviceType: "Desktop_MacOS", name: `Mac ${u}` }),
  },
  { type: "token", prefix: "rsa", provider: "RSA", profile: (u) => ({ credentialId: `rsa${u}` }) },
  { type: "token:hardware", prefix: "ykf", provider: "YUBICO", profile: (u) => ({ credentialId: `0000${u}` }) },
  // The specification has the secret in the answer too.
  { type: "token:hotp", prefix: "chf", provider: "CUSTOM", profile: (u) => ({ sharedSecret: `hotp-secret-of-${u}` }) },
  { type: "u2f", prefix: "fuf", provider: "FIDO", profile: (u) => ({ credentialId: `u2f-${u}` }) },
  { type: "web", prefix: "dsf", provider: "DUO", profile: (u) => ({ credentialId: `duo-${u}` }) },
];

function kindOf(type: unknown): FactorKind {
  const kind = KINDS.find((one) => one.type === type);
  if (kind) return kind;
  throw oktaError("E0000001", { arg: "factorType", causes: ["factorType: The factor type is invalid"] });
}

/** A question with its text; the answer is kept, and no answer shows it. */
function questionProfile(profile: JsonObject): JsonObject {
  return { ...profile, questionText: QUESTIONS[String(profile["question"])] ?? profile["questionText"] };
}

/** Refuses a provider that there is not, or that does not offer such factors (texts of Okta's own integration tests). */
function checkProvider({ factorType, provider }: JsonObject): void {
  const kind = kindOf(factorType);
  const name = String(provider);
  const refuse = (text: string): never => {
    throw oktaError("E0000001", { arg: "provider", causes: [text] });
  };
  if (!PROVIDERS.has(name)) refuse("Invalid Provider.");
  if (kind.provider !== name && !FURTHER[kind.type]?.includes(name)) refuse("Factor not enabled.");
}

function ownerOf({ org, ancestors }: ResourceContext): number {
  return org.users.find(ancestors["userId"] ?? "");
}

function checkOwner(_: JsonObject, context: ResourceContext): void {
  if (context.org.users.status(ownerOf(context)) === "DEPROVISIONED") throw oktaError("E0000038");
}

/** One user in three has factors, one to three of them; over the org every type is there. */
function seeded(context: ResourceContext): JsonObject[] {
  const { org } = context;
  const u = ownerOf(context);
  const hash = mix(org.seed, u, 501);
  if (u < 0 || u >= org.generator.count || hash % 3 !== 0 || org.generator.status(u) === "DEPROVISIONED") return [];
  return Array.from({ length: 1 + ((hash >>> 8) % 3) }, (_, n) => {
    const { type, prefix, provider, profile } = KINDS[((hash >>> 12) + n * 5) % KINDS.length] ?? kindOf("sms");
    const at = instantText(org.newest - ((hash >>> 4) % 500) * 86_400_000);
    return {
      id: seedId(context, prefix, n),
      factorType: type,
      provider,
      vendorName: provider,
      status: (hash >>> 16) % 11 === n ? "PENDING_ACTIVATION" : "ACTIVE",
      created: at,
      lastUpdated: at,
      ...(type === "token:hotp" ? { factorProfileId: org.ids.encode("fpr", 1) } : {}),
      profile: profile(u),
    };
  });
}

/** The factors of a user. */
export const factors = defineResource({
  name: "factors",
  kind: "UserFactor",
  path: "/api/v1/users/{userId}/factors",
  ancestors: { userId: "users" },
  prefix: "ufx",
  scope: "okta.users",
  // The later enrolment comes first (Okta's own integration tests).
  list: { newestFirst: true },
  hidden: ["profile.answer"],
  create: {
    status: 200,
    required: ["factorType", "provider"],
    check: (body, context) => {
      checkOwner(body, context);
      checkProvider(body);
    },
    // A question is active at once; the others wait for a step of the user's.
    make: (body, context) => ({
      factorType: kindOf(body["factorType"]).type,
      provider: body["provider"],
      vendorName: body["provider"],
      status: body["factorType"] === "question" ? "ACTIVE" : "PENDING_ACTIVATION",
      profile:
        body["factorType"] === "question"
          ? questionProfile(objectAt(body, "profile"))
          : { ...kindOf(body["factorType"]).profile(ownerOf(context)), ...objectAt(body, "profile") },
    }),
    event: (item) => (item["status"] === "ACTIVE" ? "user.mfa.factor.activate" : null),
  },
  replace: {
    status: 200,
    check: (_, __, before) => {
      if (before?.["factorType"] !== "question") throw oktaError("E0000022");
    },
    make: (body, _, before) => ({ ...before, profile: questionProfile(objectAt(body, "profile")) }),
    event: "user.mfa.factor.update",
  },
  actions: {
    activate: {
      status: 200,
      check: (_, __, before) => {
        if (before?.["status"] !== "PENDING_ACTIVATION") throw oktaError("E0000016");
      },
      make: (_, __, before) => ({ ...before, status: "ACTIVE" }),
      event: "user.mfa.factor.activate",
    },
  },
  remove: { status: 204, check: checkOwner, event: "user.mfa.factor.deactivate" },
  // The log knows an enrolment by an id of its own (pfd…, lae…: event catalogue).
  targets: (item, context) => {
    const user = context.org.users.get(ownerOf(context));
    const id = `pfd${String(item["id"]).slice(3)}`;
    return [{ id, type: "AuthenticatorEnrollment" }, ...(user ? [userTarget(user)] : [])];
  },
  shown: (item, { base, ancestors }) => {
    const user = `${base}/api/v1/users/${ancestors["userId"] ?? ""}`;
    const self = `${user}/factors/${String(item["id"])}`;
    return {
      ...item,
      ...activationOf(item),
      _links: {
        ...(item["factorType"] === "question"
          ? { questions: { href: `${user}/factors/questions`, hints: { allow: ["GET"] } } }
          : {}),
        ...(item["status"] === "PENDING_ACTIVATION"
          ? { activate: { href: `${self}/lifecycle/activate`, hints: { allow: ["POST"] } } }
          : {}),
        self: { href: self, hints: { allow: ["GET", "DELETE"] } },
        user: { href: user, hints: { allow: ["GET"] } },
      },
    };
  },
  seed: seeded,
});

/** What an app that makes codes must know, shown until it has proved that it does (OpenAPI spec). */
function activationOf(item: JsonObject): JsonObject {
  if (item["status"] !== "PENDING_ACTIVATION" || item["factorType"] !== "token:software:totp") return {};
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const hash = createHash("sha256").update(String(item["id"])).digest().subarray(0, 16);
  const sharedSecret = [...hash].map((byte) => alphabet.charAt(byte % 32)).join("");
  return { _embedded: { activation: { timeStep: 30, sharedSecret, encoding: "base32", keyLength: 6 } } };
}

/** The kinds of factors that a user may enrol (OpenAPI spec). */
export function offeredFactors(store: Resources, userId: string, base: string): JsonObject[] {
  const own = store.list(factors, { userId });
  return KINDS.map(({ type, provider }) => {
    const enrolled = own.find((item) => item["factorType"] === type && item["provider"] === provider);
    return {
      factorType: type,
      provider,
      vendorName: provider,
      enrollment: "OPTIONAL",
      status: enrolled?.["status"] ?? "NOT_SETUP",
      _links: { enroll: { href: `${base}/api/v1/users/${userId}/factors`, hints: { allow: ["POST"] } } },
    };
  });
}

/** Takes all factors of a user away; one event, which the caller writes, tells of them. */
export function resetFactors(store: WritableResources, userId: string): void {
  const ancestors: Ancestors = { userId };
  for (const item of store.list(factors, ancestors)) store.end({ definition: factors, ancestors }, String(item["id"]));
}
