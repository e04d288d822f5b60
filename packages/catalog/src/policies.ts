import { boolean, instant, integer, json, text } from "./columns.js";
import type { ColumnDefinition, EventRule, GetDefinition, ListDefinition, WriteDefinition } from "./definition.js";

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
] as const;

/** What a policy of any type has (OpenAPI spec). Conditions are null for the types that Identity Engine brought. */
export const POLICY_COLUMNS: readonly ColumnDefinition[] = [
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

/** How one policy is read, whatever its type. */
export const POLICY_GET: GetDefinition = { path: "/api/v1/policies/{id}" };

/** The list of one type; the endpoint demands a type. Its `limit` is a string without a documented maximum. */
export function policyList(type: string): ListDefinition {
  return { path: "/api/v1/policies", query: { type }, pageSize: 0 };
}

/** The list of a type that Identity Engine alone has: a Classic org refuses the type itself with 400 (Okta docs). */
export function identityEngineList(type: string): ListDefinition {
  return { ...policyList(type), noneOn: ["OKTA_BAD_REQUEST"] };
}

/** Lifecycle events that leave a policy behind, with what they did to it. */
export const POLICY_CHANGES = [
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
export const POLICY_EVENTS: readonly EventRule[] = [
  { types: ["policy.lifecycle.delete"], effect: "gone", key: { id: "PolicyEntity" } },
  { types: [...POLICY_CHANGES, "policy.lifecycle.delete"], effect: "whole", key: {} },
];

export const POLICY_SCOPES = ["okta.policies.read"];
export const POLICY_ROLES = ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"];

/** Types of which an org makes as many as it likes. */
export const POLICY_WRITES: WriteDefinition = { insert: true, update: true, delete: true, twoWay: false };

/** Types of which an org has the one that Okta made. */
export const ONE_POLICY_WRITES: WriteDefinition = { insert: false, update: true, delete: false, twoWay: false };
