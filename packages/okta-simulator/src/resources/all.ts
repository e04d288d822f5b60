import { customRolePermissions, customRoles } from "./custom-roles.js";
import type { ResourceDefinition } from "./definition.js";
import { factors } from "./factors.js";
import { groupOwners } from "./group-owners.js";
import { linkedObjectDefinitions, linkedObjects } from "./linked-objects.js";
import { resourceSetBindingMembers, resourceSetBindings, resourceSetResources, resourceSets } from "./resource-sets.js";
import { groupRoles, roleAssignees, roleSubscriptions, subscribingRoles, userRoles } from "./role-assignments.js";
import { trustedOrigins } from "./trusted-origins.js";
import { userClients, userGrants } from "./user-grants.js";

/** Everything that an org has beside users, groups, applications and what hangs on them; ancestors first. */
export const RESOURCES: readonly ResourceDefinition[] = [
  trustedOrigins,
  customRoles,
  customRolePermissions,
  resourceSets,
  resourceSetResources,
  resourceSetBindings,
  resourceSetBindingMembers,
  roleAssignees,
  userRoles,
  groupRoles,
  subscribingRoles,
  roleSubscriptions,
  linkedObjectDefinitions,
  linkedObjects,
  userGrants,
  userClients,
  factors,
  groupOwners,
];
