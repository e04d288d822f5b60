import { NO_CONTENT } from "../http.js";
import { policyMappings } from "../resources/policy-mappings.js";
import type { Router } from "../router.js";

/** `PUT /apps/{appId}/policies/{policyId}`: 204 (recorded traffic). */
export function appPolicyRoute(router: Router): void {
  router.add("PUT", "/api/v1/apps/{appId}/policies/{policyId}", ({ resources, params, base }) => {
    const ancestors = resources.checkAncestors(policyMappings, { policyId: params["policyId"] ?? "" });
    const body = { resourceId: params["appId"] ?? "" };
    resources.create({ definition: policyMappings, ancestors, body, base });
    return NO_CONTENT;
  });
}
