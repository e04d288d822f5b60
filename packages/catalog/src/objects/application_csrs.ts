import { instant, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Certificate signing requests of applications that wait for their certificate; a published or revoked one is gone. */
export const applicationCsrs = defineObject({
  name: "application_csrs",
  aliases: ["ApplicationCSRs", "AppCSRs"],
  preset: "config",
  summary: "Certificate signing requests of applications",
  openApi: "Csr",
  list: { path: "/api/v1/apps/{application_id}/credentials/csrs", pageSize: 0 },
  get: { path: "/api/v1/apps/{application_id}/credentials/csrs/{id}" },
  // Okta's own tests make them for OIDC applications, its documentation for SAML ones: no kind can be left out.
  parent: { object: "applications", columns: { application_id: "id" } },
  key: ["application_id", "id"],
  columns: [text("id"), instant("created"), text("csr"), text("kty")],
  incremental: { how: "log" },
  events: [
    // What these events' targets are is not documented; without the application among them, all are read again.
    {
      types: ["app.app_instance.csr.generate", "app.app_instance.csr.publish", "app.app_instance.csr.revoke"],
      effect: "scope",
      key: { application_id: "AppInstance" },
    },
  ],
  references: { application_id: "applications" },
  // A request for each application, in the tightest of all rate buckets.
  reconcileFactor: 4,
  scopes: ["okta.apps.read"],
  adminRoles: ["READ_ONLY_ADMIN", "APP_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
