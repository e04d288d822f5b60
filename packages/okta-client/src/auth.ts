import { createHash } from "node:crypto";
import { TerminalError } from "@tidemark/kernel";
import { createProof, createProofKey, loadPrivateKey, type SigningKey } from "./keys.js";
import type { AccessToken, TokenSource } from "./token.js";
import { createTokenSource, type TokenEndpoint } from "./token.js";
import type { OktaAuth } from "./types.js";

/** Puts the principal's name under requests. */
export interface Authorizer {
  readonly kind: OktaAuth["kind"];
  /** Stands for the principal without telling its secret. */
  readonly principal: string;
  /** Client id of a service app; null with an API token. */
  readonly clientId: string | null;
  /** Headers for one try of one request. */
  authorize(request: { method: string; url: string }): Promise<Record<string, string>>;
  /**
   * Okta refused a request sent with this Authorization header. True when trying again can help: the token has been
   * dropped, or was so meanwhile. `hasty` false spares a token that is new: the refusal has another reason.
   */
  refused(authorization: string, hasty: boolean): boolean;
  /** Scopes that Okta gave; null with an API token. */
  scopes(): Promise<readonly string[] | null>;
  /** What must not appear in messages. */
  secrets(): string[];
}

/** Makes the authorizer; throws CONFIG_INVALID when credentials cannot be right. */
export function createAuthorizer(auth: OktaAuth, endpoint: TokenEndpoint): Authorizer {
  return auth.kind === "ssws" ? apiToken(auth.token) : serviceApp(auth, endpoint);
}

function apiToken(raw: string): Authorizer {
  const token = raw.trim().replace(/^SSWS\s+/i, "");
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new TerminalError(
      "CONFIG_INVALID",
      token === "" ? "the API token is empty" : "the API token holds characters that none has",
      {
        where: "token",
        remedy: "Give the token as Okta showed it once when it was made (Security > API > Tokens)",
      },
    );
  }
  return {
    kind: "ssws",
    principal: `ssws:${fingerprint(token)}`,
    clientId: null,
    authorize: () => Promise.resolve({ Authorization: `SSWS ${token}` }),
    refused: () => false,
    scopes: () => Promise.resolve(null),
    secrets: () => [token],
  };
}

function serviceApp(auth: Extract<OktaAuth, { kind: "privateKey" }>, endpoint: TokenEndpoint): Authorizer {
  if (auth.clientId.trim() === "" || auth.scopes.length === 0) {
    throw new TerminalError("CONFIG_INVALID", "a service app needs a clientId and at least one scope", {
      where: auth.clientId.trim() === "" ? "clientId" : "scopes",
      remedy: "Name the scopes that the app was granted, such as okta.users.read",
    });
  }
  const key = loadPrivateKey(auth.privateKey, auth.keyId);
  const proofKey = createProofKey();
  const tokens: TokenSource = createTokenSource(
    { clientId: auth.clientId.trim(), scopes: auth.scopes, key, proofKey },
    endpoint,
  );
  return {
    kind: "privateKey",
    principal: `client:${auth.clientId.trim()}`,
    clientId: auth.clientId.trim(),
    authorize: async (request) =>
      headersFor(await tokens.current(), { ...request, key: proofKey, now: endpoint.now() }),
    refused: (authorization, hasty) => tokens.drop(authorization.replace(/^\S+ /, ""), hasty),
    scopes: async () => (await tokens.current()).scopes,
    secrets: () => [auth.privateKey, ...tokens.secrets()],
  };
}

function headersFor(
  token: AccessToken,
  request: { method: string; url: string; key: SigningKey; now: number },
): Record<string, string> {
  if (!token.proofOfPossession) return { Authorization: `Bearer ${token.value}` };
  const proof = createProof(request.key, {
    method: request.method,
    url: request.url,
    issuedAt: Math.floor(request.now / 1000),
    accessToken: token.value,
  });
  return { Authorization: `DPoP ${token.value}`, DPoP: proof };
}

function fingerprint(secret: string): string {
  return createHash("sha256").update(secret).digest("hex").slice(0, 16);
}
