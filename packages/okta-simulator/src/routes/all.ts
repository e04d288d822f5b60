import { resourceRoutes } from "../resources/routes.js";
import { Router } from "../router.js";
import { appPolicyRoute } from "./app-policies.js";
import { applicationKeyRoutes } from "./application-keys.js";
import { appRoutes } from "./apps.js";
import { assignmentRoutes } from "./assignments.js";
import { authorizationRoutes } from "./authorization.js";
import { brandingRoutes } from "./branding.js";
import { clientRoutes } from "./clients.js";
import { factorRoutes } from "./factors.js";
import { groupWrites } from "./group-writes.js";
import { groupReads } from "./groups.js";
import { linkedObjectRoutes } from "./linked-objects.js";
import { logRoutes } from "./logs.js";
import { orgRoutes } from "./org.js";
import { ruleRoutes } from "./rules.js";
import { schemaRoutes } from "./schemas.js";
import { userWrites } from "./user-writes.js";
import { userReads } from "./users.js";
import { viewRoutes } from "./views.js";

/** Every path that the simulated org answers. */
export function allRoutes(): Router {
  const router = new Router();
  for (const add of [
    userReads,
    userWrites,
    groupReads,
    groupWrites,
    ruleRoutes,
    appRoutes,
    assignmentRoutes,
    schemaRoutes,
    logRoutes,
    orgRoutes,
    linkedObjectRoutes,
    resourceRoutes,
    applicationKeyRoutes,
    clientRoutes,
    authorizationRoutes,
    appPolicyRoute,
    factorRoutes,
    brandingRoutes,
    viewRoutes,
  ])
    add(router);
  return router;
}
