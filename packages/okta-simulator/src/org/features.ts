/**
 * What an org may not have bought. Only the refusal (401 E0000015) is Okta's; the names are this simulator's own.
 * Without `identity-engine` it is a Classic org: its policies are of the older types, and it has neither custom AAGUIDs nor
 * attack protection.
 */
export type OrgFeature =
  | "api-access-management"
  | "behavior-detection"
  | "devices"
  | "dynamic-zones"
  | "governance"
  | "identity-engine"
  | "realms"
  | "security-events-providers"
  | "user-risk";
