import { boolean, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Models of security keys that administrators added to those of the FIDO Alliance; they have no times. */
export const authenticatorAaguids = defineObject({
  name: "authenticator_aaguids",
  aliases: ["AuthenticatorAAGUIDs", "CustomAAGUIDs"],
  preset: "config",
  summary: "Custom AAGUIDs: models of security keys that the WebAuthn authenticator accepts",
  openApi: "CustomAAGUIDResponseObject",
  list: { path: "/api/v1/authenticators/{authenticator_id}/aaguids", pageSize: 0 },
  get: { path: "/api/v1/authenticators/{authenticator_id}/aaguids/{aaguid}" },
  parent: {
    object: "authenticators",
    columns: { authenticator_id: "id" },
    // They are the WebAuthn authenticator's alone (OpenAPI spec).
    where: { authenticator_key: ["webauthn"] },
  },
  key: ["authenticator_id", "aaguid"],
  columns: [
    text("aaguid"),
    text("name"),
    boolean("authenticatorCharacteristics.fipsCompliant"),
    boolean("authenticatorCharacteristics.hardwareProtected"),
    boolean("authenticatorCharacteristics.platformAttached"),
    json("attestationRootCertificates"),
  ],
  sets: paths("attestationRootCertificates"),
  // They have no event of their own in the event catalogue: the reconcile finds what changed.
  incremental: { how: "reconcile" },
  events: [
    // That their change is the authenticator's update is likely, as is the target's type; neither is documented.
    {
      types: ["security.authenticator.lifecycle.create", "security.authenticator.lifecycle.update"],
      effect: "scope",
      key: { authenticator_id: "Authenticator" },
    },
  ],
  references: { authenticator_id: "authenticators" },
  scopes: ["okta.authenticators.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
