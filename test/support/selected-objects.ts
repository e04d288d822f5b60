/** Objects of every mechanism: a run of all hundred and more takes several times as long. */
export const SELECTED: readonly string[] = [
  "users, groups, group_members, applications, application_users, application_groups, group_owners, group_roles",
  "access_policies, okta_sign_on_policies, password_policies, policy_rules, policy_mappings, network_zones",
  "authorization_servers, authorization_server_policies, authorization_server_policy_rules, authorization_server_claims",
  "role_assignees, user_roles, user_role_group_targets, user_role_app_targets, custom_roles, custom_role_permissions",
  "resource_sets, resource_set_bindings, resource_set_binding_members, role_subscriptions, enrolled_factors, domains",
  "devices, device_users, application_keys, application_features, client_secrets, client_applications, client_roles",
  "brands, email_templates, email_customizations, linked_object_definitions, linked_objects, principal_rate_limits",
].flatMap((line) => line.split(", "));
