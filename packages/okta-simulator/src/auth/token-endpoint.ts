import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "@tidemark/kernel";

import type { DpopVerifier } from "./dpop.js";
import { decodeJwt, OneTimeValues, type PublicJwk, verifyJwt } from "./jwt.js";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** An assertion may live one hour at most (Okta docs). */
const ASSERTION_MAX_S = 3600;
/** How long a `jti` is remembered: longer than any assertion that carried it can live. */
const JTI_MEMORY_MS = 2 * ASSERTION_MAX_S * 1000;

/** A service app of the org. */
export interface OAuthClient {
  readonly clientId: string;
  readonly publicJwks: readonly PublicJwk[];
  /** The scopes granted to the app. */
  readonly scopes: readonly string[];
  /** "Require DPoP": on for new service apps since 2024. */
  readonly requireDpop: boolean;
}

/** An access token that was handed out. */
export interface AccessToken {
  readonly id: string;
  readonly value: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  /** The thumbprint of the key that every call must prove to hold; absent for a bearer token. */
  readonly boundTo?: string;
}

/** An answer of the token endpoint. */
export interface TokenReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the endpoint needs from around it. */
export interface TokenEndpointParts {
  readonly clients: readonly OAuthClient[];
  readonly clock: Clock;
  readonly dpop: DpopVerifier;
  readonly lifetimeSeconds: number;
  /** The endpoint's own full URL. */
  readonly url: () => string;
  readonly issued: (token: AccessToken) => void;
}

/** An OAuth error: another shape than the rest of the API (Okta docs). */
class OAuthError extends Error {
  readonly status: number;
  readonly error: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, error: string, description: string, headers: Record<string, string> = {}) {
    super(description);
    this.status = status;
    this.error = error;
    this.headers = headers;
  }
}

/** `POST /oauth2/v1/token` of the org authorization server: client credentials by private key JWT and nothing else. */
export class TokenEndpoint {
  readonly #parts: TokenEndpointParts;
  readonly #usedAssertions = new OneTimeValues();

  constructor(parts: TokenEndpointParts) {
    this.#parts = parts;
  }

  handle(headers: IncomingHttpHeaders, bodyText: string): TokenReply {
    try {
      return this.#grant(headers, new URLSearchParams(bodyText));
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      return reply(error.status, { error: error.error, error_description: error.message }, error.headers);
    }
  }

  #grant(headers: IncomingHttpHeaders, form: URLSearchParams): TokenReply {
    if (!/^application\/x-www-form-urlencoded\b/i.test(headers["content-type"] ?? "")) {
      throw new OAuthError(400, "invalid_request", "The content type must be 'application/x-www-form-urlencoded'.");
    }
    const grantType = form.get("grant_type");
    if (grantType === null) throw new OAuthError(400, "invalid_request", "A grant_type is required.");
    if (grantType !== "client_credentials") {
      throw new OAuthError(400, "unsupported_grant_type", "The grant type is not supported by this server.");
    }
    const client = this.#authenticate(form);
    const boundTo = client.requireDpop ? this.#proveKey(headers) : undefined;
    const scopes = grantedScopes(client, form.get("scope"));
    const token: AccessToken = {
      id: `AT.${randomBytes(24).toString("base64url")}`,
      value: randomBytes(48).toString("base64url"),
      clientId: client.clientId,
      scopes,
      expiresAt: this.#parts.clock.now() + this.#parts.lifetimeSeconds * 1000,
      ...(boundTo === undefined ? {} : { boundTo }),
    };
    this.#parts.issued(token);
    return reply(200, {
      token_type: boundTo === undefined ? "Bearer" : "DPoP",
      expires_in: this.#parts.lifetimeSeconds,
      access_token: token.value,
      scope: scopes.join(" "),
    });
  }

  #authenticate(form: URLSearchParams): OAuthClient {
    const assertion = form.get("client_assertion");
    if (assertion === null || form.get("client_assertion_type") !== ASSERTION_TYPE) {
      throw invalidClient(
        "Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.",
      );
    }
    const jwt = decodeJwt(assertion);
    if (jwt === undefined) throw invalidClient("The client_assertion is not a JWT.");
    const { iss, sub, aud, exp, iat, jti } = jwt.claims;
    const client = this.#parts.clients.find((known) => known.clientId === sub);
    if (client === undefined || iss !== sub) {
      throw invalidClient("The client_assertion's 'iss' and 'sub' must both be the id of a client.");
    }
    const { kid } = jwt.header;
    const keys = kid === undefined ? client.publicJwks : client.publicJwks.filter((key) => key.kid === kid);
    if (!keys.some((key) => verifyJwt(jwt, key))) throw invalidClient("The client_assertion signature is invalid.");
    if (![aud].flat().includes(this.#parts.url())) {
      throw invalidClient("The audience claim for client_assertion must be the endpoint invoked for the request.");
    }
    const now = this.#parts.clock.now();
    if (typeof exp !== "number" || exp * 1000 <= now) throw invalidClient("The client_assertion token is expired.");
    if (exp * 1000 > now + ASSERTION_MAX_S * 1000) {
      throw invalidClient("The client_assertion token has an expiration too far into the future.");
    }
    if (iat !== undefined && (typeof iat !== "number" || iat * 1000 > now + 300_000)) {
      throw invalidClient("The client_assertion token was issued in the future.");
    }
    // Also on the way to a use_dpop_nonce answer: whether Okta then takes the same assertion again is not documented.
    if (typeof jti === "string" && !this.#usedAssertions.use(`${client.clientId} ${jti}`, now, now + JTI_MEMORY_MS)) {
      throw invalidClient("The client_assertion token has already been used.");
    }
    return client;
  }

  /** The thumbprint of the key that the proof proves. */
  #proveKey(headers: IncomingHttpHeaders): string {
    const proof = headers["dpop"];
    if (typeof proof !== "string") {
      throw new OAuthError(400, "invalid_dpop_proof", "The DPoP proof JWT header is missing.");
    }
    const verdict = this.#parts.dpop.verify(proof, { method: "POST", url: this.#parts.url() });
    if (!verdict.ok) throw new OAuthError(400, "invalid_dpop_proof", verdict.reason);
    if (verdict.nonce === undefined || !this.#parts.dpop.acceptsNonce(verdict.nonce)) {
      throw new OAuthError(400, "use_dpop_nonce", "Authorization server requires nonce in DPoP proof.", {
        "dpop-nonce": this.#parts.dpop.currentNonce(),
      });
    }
    return verdict.keyThumbprint;
  }
}

function grantedScopes(client: OAuthClient, asked: string | null): string[] {
  const scopes = [...new Set((asked ?? "").split(" ").filter((scope) => scope !== ""))];
  if (scopes.length === 0) throw new OAuthError(400, "invalid_scope", "A scope must be provided.");
  if (!scopes.every((scope) => client.scopes.includes(scope))) {
    throw new OAuthError(400, "invalid_scope", "One or more scopes are not configured for the client.");
  }
  return scopes;
}

function invalidClient(description: string): OAuthError {
  return new OAuthError(401, "invalid_client", description);
}

function reply(status: number, body: object, headers: Readonly<Record<string, string>> = {}): TokenReply {
  return {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-cache, no-store",
      ...headers,
    },
    body: JSON.stringify(body),
  };
}
