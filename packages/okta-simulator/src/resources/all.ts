import type { ResourceDefinition } from "./definition.js";
import { trustedOrigins } from "./trusted-origins.js";

/** Everything that an org has beside users, groups, applications and what hangs on them; ancestors first. */
export const RESOURCES: readonly ResourceDefinition[] = [trustedOrigins];
