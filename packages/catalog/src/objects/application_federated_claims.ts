import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Claims that administrators added to what applications get at a sign-in (ID tokens, SAML assertions). */
export const applicationFederatedClaims = defineObject({
  name: "application_federated_claims",
  aliases: ["ApplicationFederatedClaims", "AppFederatedClaims", "FederatedClaims"],
  preset: "config",
  summary: "Claims added to the ID tokens and assertions that applications get",
  openApi: "FederatedClaim",
  list: { path: "/api/v1/apps/{application_id}/federated-claims", pageSize: 0 },
  get: { path: "/api/v1/apps/{application_id}/federated-claims/{id}" },
  // They are in what federation protocols produce (Okta docs); the other applications get none of it. What Okta
  // answers for those is not documented.
  parent: {
    object: "applications",
    columns: { application_id: "id" },
    where: { sign_on_mode: ["OPENID_CONNECT", "SAML_2_0", "SAML_1_1", "WS_FEDERATION"] },
  },
  key: ["application_id", "id"],
  columns: [text("id"), text("name"), text("expression"), instant("created"), instant("lastUpdated")],
  // They have no event of their own in the event catalogue: the reconcile finds what changed.
  incremental: { how: "reconcile" },
  events: [
    // That saving one is an update of the application is not documented; if it is, the change is found at once.
    {
      types: ["application.lifecycle.create", "application.lifecycle.update"],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
  ],
  references: { application_id: "applications" },
  // A request for each application, in the tightest of all rate buckets.
  reconcileFactor: 4,
  scopes: ["okta.apps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
