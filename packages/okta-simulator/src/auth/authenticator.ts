import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "@tidemark/kernel";

import { oktaError, type OktaError } from "../errors.js";
import { DpopVerifier } from "./dpop.js";
import { SIGNING_ALGORITHMS } from "./jwt.js";
import { covers, isApiTokenOnly, scopeFor } from "./scopes.js";
import { type AccessToken, type OAuthClient, TokenEndpoint, type TokenReply } from "./token-endpoint.js";

/** Who calls. `id` names the rate-limited principal: the API token's or the app's id. */
export interface Principal {
  readonly kind: "ssws" | "oauth";
  readonly id: string;
  readonly tokenId: string;
  /** The admin whose rights the API token has. */
  readonly userId?: string;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
}

/** An API token of the org. */
export interface SswsToken {
  /** `00T…` */
  readonly id: string;
  readonly userId: string;
  readonly value: string;
}

export interface AuthenticatorOptions {
  /** The org's base URL, without a slash at its end; a function where the port is known later. */
  readonly url: string | (() => string);
  readonly tokens: readonly SswsToken[];
  readonly clients: readonly OAuthClient[];
  readonly clock: Clock;
  /** Life of an access token in seconds; Okta's is fixed at the default, 3600. */
  readonly tokenLifetimeSeconds?: number;
  /** False for a deactivated or deleted user: API tokens die with their owner (Okta docs). Default: always true. */
  readonly ownerActive?: (userId: string) => boolean;
}

/** What of a request decides who calls. `url` may be whole or path and query alone. */
export interface AuthRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Authenticator {
  /**
   * Who calls, when the credentials hold and their scopes suffice. Throws 403 E0000005 without any, 401 E0000004 for
   * another scheme, 401 E0000011 for a bad token or proof, 403 E0000006 with `insufficient_scope` for a missing scope.
   */
  authenticate(request: AuthRequest): Principal;
  /** Answers `POST /oauth2/v1/token`. */
  handleToken(request: AuthRequest, bodyText: string): TokenReply;
  /** Ends an API token or access token by its id, at once. */
  revoke(tokenId: string): void;
  /** Ends all access tokens of a client. */
  revokeClient(clientId: string): void;
}

/** An API token that nobody uses for 30 days is dead (Okta docs). */
const IDLE_LIFE_MS = 30 * 86_400_000;

/** Checks API tokens and OAuth access tokens as Okta's resource server does. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  return new OrgAuthenticator(options);
}

class OrgAuthenticator implements Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #dpop: DpopVerifier;
  readonly #endpoint: TokenEndpoint;
  readonly #sswsByValue: Map<string, { readonly token: SswsToken; lastUsed: number }>;
  readonly #accessByValue = new Map<string, AccessToken>();

  constructor(options: AuthenticatorOptions) {
    const { clock } = options;
    this.#options = options;
    this.#dpop = new DpopVerifier(clock);
    this.#sswsByValue = new Map(options.tokens.map((token) => [token.value, { token, lastUsed: clock.now() }]));
    this.#endpoint = new TokenEndpoint({
      clients: options.clients,
      clock,
      dpop: this.#dpop,
      lifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
      url: () => `${this.#base()}/oauth2/v1/token`,
      issued: (token) => this.#remember(token),
    });
  }

  authenticate(request: AuthRequest): Principal {
    const authorization = request.headers.authorization;
    if (authorization === undefined) throw oktaError("E0000005");
    const [scheme, value] = splitOnce(authorization);
    if (scheme === "SSWS") return this.#ssws(value);
    if (/^bearer$/i.test(scheme) || /^dpop$/i.test(scheme)) return this.#oauth(scheme.toLowerCase(), value, request);
    throw oktaError("E0000004");
  }

  handleToken(request: AuthRequest, bodyText: string): TokenReply {
    return this.#endpoint.handle(request.headers, bodyText);
  }

  revoke(tokenId: string): void {
    for (const [value, { token }] of this.#sswsByValue) if (token.id === tokenId) this.#sswsByValue.delete(value);
    for (const [value, token] of this.#accessByValue) if (token.id === tokenId) this.#accessByValue.delete(value);
  }

  revokeClient(clientId: string): void {
    for (const [value, token] of this.#accessByValue) {
      if (token.clientId === clientId) this.#accessByValue.delete(value);
    }
  }

  #ssws(value: string): Principal {
    const entry = this.#sswsByValue.get(value);
    const now = this.#options.clock.now();
    if (entry === undefined || now - entry.lastUsed > IDLE_LIFE_MS) throw oktaError("E0000011");
    const { id, userId } = entry.token;
    if (this.#options.ownerActive?.(userId) === false) throw oktaError("E0000011");
    entry.lastUsed = now;
    return { kind: "ssws", id, tokenId: id, userId };
  }

  #oauth(scheme: string, value: string, request: AuthRequest): Principal {
    const token = this.#accessByValue.get(value);
    if (token === undefined) throw this.#challenge(scheme, "invalid_token", "The access token is invalid.");
    if (token.expiresAt <= this.#options.clock.now()) {
      throw this.#challenge(scheme, "invalid_token", "The access token has expired.");
    }
    const url = new URL(request.url, this.#base());
    if (token.boundTo === undefined ? scheme !== "bearer" : scheme !== "dpop") {
      throw this.#challenge(scheme, "invalid_token", "The access token is of another type.");
    }
    if (token.boundTo !== undefined) this.#checkProof(token, request, url.pathname);
    if (isApiTokenOnly(url.pathname)) throw oktaError("E0000005");
    const needed = scopeFor(request.method, url.pathname);
    if (needed !== undefined && !covers(token.scopes, needed)) {
      throw this.#insufficientScope(scheme, needed, url.pathname);
    }
    return {
      kind: "oauth",
      id: token.clientId,
      tokenId: token.id,
      clientId: token.clientId,
      scopes: token.scopes,
    };
  }

  #checkProof(token: AccessToken, request: AuthRequest, path: string): void {
    const proof = request.headers["dpop"];
    const verdict =
      typeof proof === "string"
        ? this.#dpop.verify(proof, {
            method: request.method,
            url: this.#base() + path,
            accessToken: token.value,
          })
        : ({ ok: false, reason: "The DPoP proof JWT header is missing." } as const);
    if (!verdict.ok) throw this.#challenge("dpop", "invalid_dpop_proof", verdict.reason);
    if (verdict.keyThumbprint !== token.boundTo) {
      throw this.#challenge("dpop", "invalid_dpop_proof", "The DPoP proof key is not the one the token is bound to.");
    }
  }

  #challenge(scheme: string, error: string, description: string): OktaError {
    const parameters = `error="${error}", error_description="${description}"`;
    return oktaError("E0000011", {
      headers: {
        "www-authenticate":
          scheme === "dpop" ? `DPoP algs="${SIGNING_ALGORITHMS.join(" ")}", ${parameters}` : `Bearer ${parameters}`,
      },
    });
  }

  /** The header as developers report it of real orgs. */
  #insufficientScope(scheme: string, scope: string, resource: string): OktaError {
    const base = this.#base();
    const parameters = [
      `authorization_uri="${base}/oauth2/v1/authorize"`,
      `realm="${base}"`,
      `scope="${scope}"`,
      'error="insufficient_scope"',
      'error_description="The access token provided does not contain the required scopes."',
      `resource="${resource}"`,
    ];
    const name = scheme === "dpop" ? "DPoP" : "Bearer";
    return oktaError("E0000006", {
      headers: { "www-authenticate": `${name} ${parameters.join(", ")}` },
    });
  }

  #remember(token: AccessToken): void {
    const now = this.#options.clock.now();
    for (const [value, old] of this.#accessByValue) {
      // Expired ones stay known for a while, so that the answer can say "expired".
      if (old.expiresAt + IDLE_LIFE_MS > now) break;
      this.#accessByValue.delete(value);
    }
    this.#accessByValue.set(token.value, token);
  }

  #base(): string {
    const { url } = this.#options;
    return typeof url === "string" ? url : url();
  }
}

function splitOnce(text: string): [string, string] {
  const space = text.indexOf(" ");
  return space < 0 ? [text, ""] : [text.slice(0, space), text.slice(space + 1).trim()];
}
