import { randomUUID } from "node:crypto";
import {
  backoffMs,
  type Clock,
  isAbort,
  type Logger,
  messageOf,
  RetryableError,
  TerminalError,
} from "@tidemark/kernel";
import type { WireAnswer, WireRequest } from "./exchange.js";
import { createProof, signJwt, type SigningKey } from "./keys.js";
import { parseJson } from "./json.js";
import { networkError } from "./networkErrors.js";
import { readDate } from "./rateHeaders.js";
import { redact } from "./redact.js";
import { steadyNow } from "./time.js";

/** A service app. */
export interface ServiceApp {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly key: SigningKey;
  readonly proofKey: SigningKey;
}

/** How the token endpoint is reached. */
export interface TokenEndpoint {
  readonly orgUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Okta's clock, ms. */
  now(): number;
  learnDate(date: number | null): void;
  send(request: WireRequest): Promise<WireAnswer>;
}

/** A token as Okta gave it. */
export interface AccessToken {
  readonly value: string;
  readonly proofOfPossession: boolean;
  readonly scopes: readonly string[];
  readonly bornAt: number;
  readonly lifeMs: number;
}

/** Gives the current token. */
export interface TokenSource {
  current(): Promise<AccessToken>;
  /** See Authorizer.refused. */
  drop(value: string, hasty: boolean): boolean;
  secrets(): string[];
}

const TOKEN_PATH = "/oauth2/v1/token";
const RENEW_AT = 0.8;
const ASSERTION_SECONDS = 300;
const TRIES = 4;
/** A token younger than this was not refused for its age. */
const YOUNG_MS = 60_000;
/** Two exchanges are the rule with DPoP (nonce first); the third mends a clock that is off. */
const EXCHANGES = 4;
const SKEW_MS = 30_000;

/** One token for all requests: fetched once however many ask, renewed at 80 % of its life, replaced when dropped. */
export function createTokenSource(app: ServiceApp, endpoint: TokenEndpoint): TokenSource {
  const steady = steadyNow(endpoint.clock);
  let token: AccessToken | undefined;
  let flight: Promise<AccessToken> | undefined;
  const nonce: { value: string | undefined } = { value: undefined };

  const fetchOnce = (): Promise<AccessToken> => {
    flight ??= requestToken(app, endpoint, nonce)
      .then((answer) => (token = { ...answer, bornAt: steady() }))
      .finally(() => (flight = undefined));
    return flight;
  };
  const age = (of: AccessToken): number => steady() - of.bornAt;

  return {
    async current() {
      const held = token;
      if (!held) return fetchOnce();
      if (age(held) < held.lifeMs * RENEW_AT) return held;
      try {
        return await fetchOnce();
      } catch (error) {
        if (!(error instanceof RetryableError) || age(held) >= held.lifeMs) throw error;
        endpoint.logger.warn("access token not renewed yet, the old one still counts", { reason: error.message });
        return held;
      }
    },
    drop(value, hasty) {
      if (token?.value !== value) return true;
      if (!hasty && age(token) < YOUNG_MS) return false;
      token = undefined;
      return true;
    },
    secrets: () => (token ? [token.value] : []),
  };
}

async function requestToken(
  app: ServiceApp,
  endpoint: TokenEndpoint,
  nonce: { value: string | undefined },
): Promise<Omit<AccessToken, "bornAt">> {
  let failures = 0;
  for (let round = 1; ; round += 1) {
    let answer: WireAnswer;
    try {
      answer = await endpoint.send(tokenRequest(app, endpoint, nonce.value));
    } catch (error) {
      if (isAbort(error)) throw error;
      failures += 1;
      const mapped = networkError(error, { method: "POST", path: TOKEN_PATH, orgUrl: endpoint.orgUrl });
      if (!mapped.retryable || failures >= TRIES) throw mapped;
      await pause(endpoint.clock, failures);
      continue;
    }
    const skewed = Math.abs(endpoint.now() - (readDate(answer.headers) ?? endpoint.now())) > SKEW_MS;
    endpoint.learnDate(readDate(answer.headers));
    const offered = answer.headers.get("dpop-nonce");
    const renewed = offered !== null && offered !== nonce.value;
    if (offered !== null) nonce.value = offered;
    if (answer.status === 200) return readToken(answer, app.scopes);
    if (answer.status === 429 || answer.status >= 500) {
      failures += 1;
      if (failures < TRIES) {
        await pause(endpoint.clock, failures);
        continue;
      }
      const code = answer.status === 429 ? "OKTA_RATE_LIMITED" : "OKTA_SERVER";
      throw new RetryableError(code, `POST ${TOKEN_PATH} keeps answering ${answer.status}`, { where: endpoint.orgUrl });
    }
    const error = readError(answer);
    const again = (renewed && /dpop/.test(error.error)) || skewed;
    if (!again || round >= EXCHANGES) throw refusal(error, answer, endpoint.orgUrl);
  }
}

function tokenRequest(app: ServiceApp, endpoint: TokenEndpoint, nonce: string | undefined): WireRequest {
  const url = `${endpoint.orgUrl}${TOKEN_PATH}`;
  const issuedAt = Math.floor(endpoint.now() / 1000);
  const assertion = signJwt(
    app.key,
    { typ: "JWT" },
    {
      aud: url,
      iss: app.clientId,
      sub: app.clientId,
      iat: issuedAt,
      exp: issuedAt + ASSERTION_SECONDS,
      jti: randomUUID(),
    },
  );
  return {
    url,
    method: "POST",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/x-www-form-urlencoded",
      // Always offered: whether the app requires it is known only from the answer (token_type).
      DPoP: createProof(app.proofKey, { method: "POST", url, issuedAt, nonce }),
    },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      scope: app.scopes.join(" "),
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    }).toString(),
  };
}

function readToken(answer: WireAnswer, asked: readonly string[]): Omit<AccessToken, "bornAt"> {
  const body = readBody(answer);
  const value = body["access_token"];
  if (typeof value !== "string" || value === "") {
    throw new RetryableError("OKTA_MALFORMED", `POST ${TOKEN_PATH} answered 200 without an access token`);
  }
  const scope = body["scope"];
  const seconds = Number(body["expires_in"]);
  return {
    value,
    proofOfPossession: String(body["token_type"]).toLowerCase() === "dpop",
    scopes: typeof scope === "string" ? scope.split(" ").filter(Boolean).toSorted() : [...asked].toSorted(),
    lifeMs: (seconds > 0 ? seconds : 3600) * 1000,
  };
}

interface OAuthError {
  readonly error: string;
  readonly description: string;
}

function readError(answer: WireAnswer): OAuthError {
  const body = readBody(answer);
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  // Some refusals have the shape of the management API (errorCode, errorSummary).
  return {
    error: text(body["error"]) || text(body["errorCode"]),
    description: text(body["error_description"]) || text(body["errorSummary"]),
  };
}

function readBody(answer: WireAnswer): Record<string, unknown> {
  try {
    const body = parseJson(answer.body.toString("utf8"));
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch (error) {
    return { error_description: messageOf(error) === "" ? "" : "the answer is not JSON" };
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  invalid_client: "Check clientId, that the key's public half is active in the app, keyId, and that the app is active",
  invalid_scope: "Have a super admin grant these scopes to the app (Okta API Scopes), or ask for fewer",
  unauthorized_client: "The app must be an API service app with the client credentials grant",
  invalid_dpop_proof: "Check this machine's clock; or turn off 'Require DPoP' in the app",
  access_denied: "A policy of the org refuses the app; see the System Log",
};

function refusal(error: OAuthError, answer: WireAnswer, orgUrl: string): TerminalError {
  if (error.error === "" && answer.status === 404) {
    return new TerminalError("OKTA_NOT_AN_ORG", `${orgUrl} has no ${TOKEN_PATH}`, { remedy: "Check orgUrl" });
  }
  const id = answer.headers.get("x-okta-request-id");
  const text = `POST ${TOKEN_PATH} answered ${answer.status} ${error.error}${error.description ? `: ${error.description}` : ""}${id ? ` (request ${id})` : ""}`;
  return new TerminalError("OKTA_OAUTH", redact(text), {
    where: orgUrl,
    remedy: REMEDIES[error.error] ?? "See the System Log for app.oauth2.token.grant events of this client",
  });
}

function pause(clock: Clock, failures: number): Promise<void> {
  return clock.sleep(backoffMs(failures, { baseMs: 500, maxMs: 10_000 }));
}
