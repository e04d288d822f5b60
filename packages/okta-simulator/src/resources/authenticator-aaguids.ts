import { oktaError } from "../errors.js";
import { noise } from "../generate/jwk.js";
import { isObject, type JsonObject, objectAt } from "../json.js";
import { ownerOf } from "./authenticators.js";
import { defineResource, type ResourceContext, type ResourceDefinition } from "./definition.js";
import { selfLink } from "./lifecycle.js";

/** They are the WebAuthn authenticator's alone (OpenAPI spec); what another answers is not documented. */
function checkOwner(context: ResourceContext): void {
  if (ownerOf(context)?.["key"] === "webauthn") return;
  const id = context.ancestors["authenticatorId"] ?? "";
  throw oktaError("E0000007", { arg: `Resource not found: ${id} (WebAuthnAuthenticator)` });
}

/**
 * Refuses what is no AAGUID, what has no name and what is there already (Okta's own tests, whose SDK sends no name at all;
 * for the last one they take 400 or 409).
 */
function checkNew(body: JsonObject, context: ResourceContext): void {
  checkOwner(context);
  const { aaguid, name } = body;
  const refuse = (property: string, why: string): never => {
    throw oktaError("E0000001", { arg: property, causes: [`${property}: ${why}`] });
  };
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(aaguid))) refuse("aaguid", "The format is invalid");
  if (typeof name !== "string" || name === "") refuse("name", "The field cannot be left blank");
  if (context.resources.find(authenticatorAaguids, context.ancestors, String(aaguid)))
    refuse("aaguid", "An object with this field already exists");
}

/** Root certificates as Okta answers them: with thumbprint, issuer and end, which a real org reads in them. */
function withCertificates(body: JsonObject): JsonObject {
  const given = body["attestationRootCertificates"];
  if (!Array.isArray(given)) return body;
  const attestationRootCertificates = given.filter(isObject).map(({ x5c }) => ({
    x5c: x5c ?? "",
    "x5t#S256": noise(String(x5c), 32),
    iss: "CN=Simulated attestation root",
    exp: "2045-05-26T16:04:58.000Z",
  }));
  return { ...body, attestationRootCertificates };
}

/** Models of security keys that administrators added; neither id nor times, and no event in the catalogue. */
export const authenticatorAaguids: ResourceDefinition = defineResource({
  name: "authenticator_aaguids",
  kind: "CustomAAGUID",
  path: "/api/v1/authenticators/{authenticatorId}/aaguids",
  ancestors: { authenticatorId: "authenticators" },
  scope: "okta.authenticators",
  feature: "identity-engine",
  idOf: (item) => String(item["aaguid"]),
  stamps: null,
  // No Link header (recorded traffic).
  list: { check: (_, context) => checkOwner(context) },
  create: {
    status: 200,
    required: ["aaguid", "name"],
    check: checkNew,
    make: (body) => withCertificates({ authenticatorCharacteristics: {}, ...body }),
    event: null,
  },
  replace: {
    status: 200,
    make: (body, _, before) => withCertificates({ ...body, aaguid: before?.["aaguid"] }),
    event: null,
  },
  // A JSON merge patch (OpenAPI spec).
  update: {
    status: 200,
    method: "PATCH",
    make: (body, _, before) => ({
      ...before,
      ...withCertificates(body),
      aaguid: before?.["aaguid"],
      authenticatorCharacteristics: {
        ...objectAt(before, "authenticatorCharacteristics"),
        ...objectAt(body, "authenticatorCharacteristics"),
      },
    }),
    event: null,
  },
  remove: { status: 204, event: null },
  shown: (item, context) => {
    const path = `/api/v1/authenticators/${context.ancestors["authenticatorId"] ?? ""}/aaguids/${String(item["aaguid"])}`;
    return { ...item, _links: selfLink(context, path, ["GET", "PUT", "DELETE"]) };
  },
  seed: (context) =>
    ownerOf(context)?.["key"] === "webauthn"
      ? [
          {
            aaguid: "51a01a7e-0000-4000-8000-00000000c001",
            name: "Simulated key",
            authenticatorCharacteristics: { hardwareProtected: true },
          },
        ]
      : [],
});
