import { oktaError } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { ResourceContext } from "./definition.js";

/** What sets a type of policies apart (OpenAPI spec, Okta docs, recorded traffic). */
export interface PolicyType {
  readonly type: string;
  /** Types that a Classic org does not know carry ids of another kind. */
  readonly identityEngine: boolean;
  /** An administrator may make more of them. */
  readonly creatable: boolean;
  /** Its policies have an order; of the others each has priority 1. */
  readonly ordered: boolean;
  /** The rules' own type. */
  readonly ruleType: string;
  /** Further rules may be made. */
  readonly rules: boolean;
  /** The system's rule cannot be changed. */
  readonly fixedDefault: boolean;
  /** Priority of the first rule. */
  readonly firstRule: 0 | 1;
}

function kind(type: string, more: Partial<PolicyType> = {}): PolicyType {
  return {
    type,
    identityEngine: false,
    creatable: true,
    ordered: true,
    ruleType: type,
    rules: true,
    fixedDefault: false,
    firstRule: 1,
    ...more,
  };
}

const ENGINE = { identityEngine: true, ordered: false };

/** Every type that this org answers. */
export const POLICY_TYPES: readonly PolicyType[] = [
  kind("OKTA_SIGN_ON", { ruleType: "SIGN_ON" }),
  kind("PASSWORD"),
  kind("MFA_ENROLL", { fixedDefault: true }),
  kind("IDP_DISCOVERY", { creatable: false, ordered: false, fixedDefault: true }),
  kind("ACCESS_POLICY", { ...ENGINE, firstRule: 0 }),
  kind("PROFILE_ENROLLMENT", { ...ENGINE, rules: false }),
  kind("POST_AUTH_SESSION", { ...ENGINE, creatable: false, rules: false }),
  kind("ENTITY_RISK", { ...ENGINE, creatable: false }),
  kind("SESSION_VIOLATION_DETECTION", { ...ENGINE, creatable: false, rules: false }),
  // How many an org may have is not documented.
  kind("DEVICE_SIGNAL_COLLECTION", ENGINE),
];

/** The type called so, as this org has it: a Classic org refuses those of Identity Engine with 400 (Okta docs). */
export function policyTypeOf(name: unknown, { org }: ResourceContext): PolicyType {
  const found = POLICY_TYPES.find(({ type }) => type === name);
  if (found && !(found.identityEngine && org.withoutFeatures.has("identity-engine"))) return found;
  throw oktaError("E0000001", { arg: "type", causes: ["type: Invalid policy type specified."] });
}

/** Refuses to touch what is the system's own (Okta docs; the code is not documented). */
export function refuseSystem(what: string, item?: JsonObject): void {
  if (item?.["system"] === true) throw oktaError("E0000111", { arg: what });
}

/** The body without what no write changes. */
export function writable(body: JsonObject): JsonObject {
  const names = new Set(["id", "type", "system", "status", "created", "lastUpdated", "_links", "_embedded"]);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)));
}

/** An item's priority; the last place where it has none. */
function priorityOf(item: JsonObject | undefined): number {
  const priority = item?.["priority"];
  return typeof priority === "number" ? priority : Number.MAX_SAFE_INTEGER;
}

/**
 * The others' priorities when `item` has taken its place among them, or is gone (`gone`): those of the administrators
 * from `first` on without a gap, the system's own after them. Only what moves is answered.
 */
export function movedBy(
  item: JsonObject,
  others: readonly JsonObject[],
  { first, gone, system }: { first: number; gone: boolean; system?: number },
): JsonObject[] {
  const rest = others.filter((one) => one["id"] !== item["id"]);
  const line = rest
    .filter((one) => one["system"] !== true)
    .toSorted((left, right) => priorityOf(left) - priorityOf(right));
  if (!gone && item["system"] !== true) line.splice(Math.max(0, priorityOf(item) - first), 0, item);
  const last = system ?? first + line.length;
  const wanted: JsonObject[] = [
    ...line.map((one, at) => ({ ...one, priority: first + at })),
    ...rest.filter((one) => one["system"] === true).map((one) => ({ ...one, priority: last })),
  ];
  return wanted.filter(
    (one) =>
      one["id"] !== item["id"] && one["priority"] !== rest.find((before) => before["id"] === one["id"])?.["priority"],
  );
}

/** Where an item goes that asks for `wanted` among `count` others of its kind. */
export function placeFor(wanted: unknown, { first, count }: { first: number; count: number }): number {
  const last = first + count;
  return typeof wanted === "number" ? Math.min(Math.max(first, wanted), last) : last;
}
