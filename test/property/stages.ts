import { type ObjectDefinition, OBJECTS } from "@tidemark/catalog";
import type { Simulator } from "@tidemark/okta-simulator";

import { canCompare, COMPARED_OBJECTS } from "../support/compare.js";
import type { Stage } from "./play-history.js";

/** People, groups and applications. */
export const CORE: Stage = {
  org: { users: 40, groups: 6, apps: 4, customAttributes: 3 },
  compared: () => COMPARED_OBJECTS,
};
const TINY = { users: 15, groups: 4, apps: 3, customAttributes: 2 };

/** A tiny org of which everything is replicated. */
export const EVERYTHING: Stage = { org: TINY, pipeline: "objects: all", compared: comparedOfAll };

/** Objects of every mechanism: a run of all hundred and more takes several times as long. */
const SELECTED = [
  "users, groups, group_members, applications, application_users, application_groups, group_owners, group_roles",
  "access_policies, okta_sign_on_policies, password_policies, policy_rules, policy_mappings, network_zones",
  "authorization_servers, authorization_server_policies, authorization_server_policy_rules, authorization_server_claims",
  "role_assignees, user_roles, user_role_group_targets, user_role_app_targets, custom_roles, custom_role_permissions",
  "resource_sets, resource_set_bindings, resource_set_binding_members, role_subscriptions, enrolled_factors, domains",
  "devices, device_users, application_keys, application_features, client_secrets, client_applications, client_roles",
  "brands, email_templates, email_customizations, linked_object_definitions, linked_objects, principal_rate_limits",
].join(", ");

/** A tiny org and the objects of every mechanism. */
export const SELECTION: Stage = { org: TINY, pipeline: `objects: [${SELECTED}]`, compared: comparedOfSelection };

function comparedOfSelection(...given: Parameters<Stage["compared"]>): string[] {
  const selected = new Set(SELECTED.split(", "));
  return comparedOfAll(...given).filter((name) => selected.has(name));
}

/** What the change feed or a listing in every run keeps current; a reconcile finds the rest as well. */
function comparedOfAll(sim: Simulator, mode: "quiet" | "reconcile", untold: ReadonlySet<string>): string[] {
  const shapes = new Set([...untold].map(shapeOf));
  const isKept = ({ incremental, list }: ObjectDefinition): boolean =>
    incremental.how === "compare" ||
    incremental.how === "filter" ||
    (incremental.how !== "reconcile" && !shapes.has(shapeOf(list.path)));
  return OBJECTS.filter((object) => mode === "reconcile" || isKept(object))
    .map(({ name }) => name)
    .filter((name) => canCompare(sim, name));
}

function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, "{}");
}
