import { boolean, instant, integer, json, text } from "./columns.js";
import {
  type ColumnDefinition,
  defineObject,
  type EventRule,
  type ObjectDefinition,
  type WriteDefinition,
} from "./definition.js";

/**
 * Every type of policy that has a table of its own. Which of them a policy is, only the policy itself tells: the event's
 * target and the id say no more than "a policy" (recorded traffic).
 */
export const POLICY_OBJECTS = [
  "okta_sign_on_policies",
  "password_policies",
  "mfa_enroll_policies",
  "idp_discovery_policies",
  "access_policies",
  "profile_enrollment_policies",
  "post_auth_session_policies",
  "entity_risk_policies",
  "session_violation_detection_policies",
  "device_signal_collection_policies",
] as const;

/** What a policy of any type has (OpenAPI spec). Conditions are null for the types that Identity Engine brought. */
const POLICY_COLUMNS: readonly ColumnDefinition[] = [
  text("id"),
  text("type"),
  text("name"),
  text("description"),
  text("status"),
  integer("priority"),
  boolean("system"),
  instant("created"),
  instant("lastUpdated"),
  json("conditions"),
];

/** Lifecycle events that leave a policy behind, with what they did to it. */
const POLICY_CHANGES = [
  "policy.lifecycle.create",
  "policy.lifecycle.update",
  "policy.lifecycle.activate",
  "policy.lifecycle.deactivate",
  "policy.lifecycle.overwrite",
  "policy.branch.lifecycle.promote",
  "policy.branch.lifecycle.rollback",
] as const;

/**
 * A policy's change or end moves the priorities of the others of its type, and the event names that one alone. So the
 * type is listed again, which takes one request, as reading the one policy would.
 */
const POLICY_EVENTS: readonly EventRule[] = [
  { types: ["policy.lifecycle.delete"], effect: "gone", key: { id: "PolicyEntity" } },
  { types: [...POLICY_CHANGES, "policy.lifecycle.delete"], effect: "whole", key: {} },
];

export const POLICY_SCOPES = ["okta.policies.read"];
export const POLICY_ROLES = ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"];

/** Types of which an org makes as many as it likes. */
export const POLICY_WRITES: WriteDefinition = { insert: true, update: true, delete: true, twoWay: false };

/** Types of which an org has the one that Okta made. */
export const ONE_POLICY_WRITES: WriteDefinition = { insert: false, update: true, delete: false, twoWay: false };

/** What sets one type of policies apart. */
interface PolicyType extends Pick<ObjectDefinition, "name" | "aliases" | "summary" | "sets" | "children" | "writes"> {
  /** As the API spells it. */
  readonly type: string;
  /** The type is Identity Engine's alone: a Classic org refuses to list it, with 400 (Okta docs). */
  readonly identityEngine?: true;
  /** Columns besides those of every policy. */
  readonly columns?: readonly ColumnDefinition[];
  /** Events besides those of every policy. */
  readonly events?: readonly EventRule[];
}

/** A type of policies: a table of its own, read as those of the other types are. */
export function definePolicies({
  type,
  identityEngine,
  columns = [],
  events = [],
  ...own
}: PolicyType): ObjectDefinition {
  return defineObject({
    ...own,
    preset: "config",
    openApi: "Policy",
    // The endpoint demands a type, and takes a `limit` that is a string without a documented maximum.
    list: {
      path: "/api/v1/policies",
      query: { type },
      pageSize: 0,
      ...(identityEngine ? { noneOn: ["OKTA_BAD_REQUEST"] } : {}),
    },
    get: { path: "/api/v1/policies/{id}" },
    only: { path: ["type"], value: type },
    key: ["id"],
    columns: [...POLICY_COLUMNS, ...columns],
    incremental: { how: "log" },
    events: [...POLICY_EVENTS, ...events],
    scopes: POLICY_SCOPES,
    adminRoles: POLICY_ROLES,
  });
}
