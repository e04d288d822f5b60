import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "@tidemark/kernel";
import { describe, expect, test } from "vitest";

import { OktaError } from "../errors.js";
import { type Authenticator, createAuthenticator, type Principal } from "./authenticator.js";
import type { PublicJwk } from "./jwt.js";

const URL_BASE = "http://127.0.0.1:4000";
const TOKEN_URL = `${URL_BASE}/oauth2/v1/token`;

type Pair = { readonly privateKey: KeyObject; readonly publicJwk: PublicJwk };

function pair(made: { privateKey: KeyObject; publicKey: KeyObject }, kid?: string): Pair {
  return {
    privateKey: made.privateKey,
    publicJwk: { ...made.publicKey.export({ format: "jwk" }), ...(kid === undefined ? {} : { kid }) },
  };
}

const rsa = pair(generateKeyPairSync("rsa", { modulusLength: 2048 }), "rsa1");
const strange = pair(generateKeyPairSync("rsa", { modulusLength: 2048 }), "rsa1");
const p256 = pair(generateKeyPairSync("ec", { namedCurve: "P-256" }), "p256");
const p384 = pair(generateKeyPairSync("ec", { namedCurve: "P-384" }), "p384");
const p521 = pair(generateKeyPairSync("ec", { namedCurve: "P-521" }), "p521");

const HASHES: Record<string, string> = { "256": "sha256", "384": "sha384", "512": "sha512" };

function jwt(header: Record<string, unknown>, claims: object, key: Pair): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode(header)}.${encode(claims)}`;
  const hash = HASHES[String(header["alg"]).slice(2)] ?? "sha256";
  const signature = sign(hash, Buffer.from(signed), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

function world(tokenLifetimeSeconds = 3600): {
  auth: Authenticator;
  clock: Clock & { ms: number };
  assertion: (over?: object, header?: Record<string, unknown>, key?: Pair) => string;
  proof: (over?: object, key?: Pair, header?: object) => string;
  ask: (form: Record<string, string>, headers?: IncomingHttpHeaders) => Reply;
} {
  const clock = { ms: 1_790_000_000_000, now: () => clock.ms, sleep: async () => undefined };
  const auth = createAuthenticator({
    url: URL_BASE,
    clock,
    tokenLifetimeSeconds,
    tokens: [{ id: "00T1", userId: "00u1", value: "secret-one" }],
    clients: [
      {
        clientId: "0oaBearer",
        publicJwks: [rsa, p256, p384, p521].map((key) => key.publicJwk),
        scopes: ["okta.users.read", "okta.groups.manage"],
        requireDpop: false,
      },
      { clientId: "0oaDpop", publicJwks: [rsa.publicJwk], scopes: ["okta.users.read"], requireDpop: true },
    ],
    ownerActive: (userId) => userId === "00u1",
  });
  const seconds = (): number => Math.floor(clock.ms / 1000);
  const assertion = (over: object = {}, header: Record<string, unknown> = {}, key: Pair = rsa): string =>
    jwt(
      { alg: "RS256", ...header },
      { iss: "0oaBearer", sub: "0oaBearer", aud: TOKEN_URL, exp: seconds() + 300, jti: randomUUID(), ...over },
      key,
    );
  const proof = (over: object = {}, key: Pair = rsa, header: object = {}): string =>
    jwt(
      { typ: "dpop+jwt", alg: "RS256", jwk: key.publicJwk, ...header },
      { htm: "POST", htu: TOKEN_URL, iat: seconds(), jti: randomUUID(), ...over },
      key,
    );
  const ask = (form: Record<string, string>, headers: IncomingHttpHeaders = {}): Reply => {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      scope: "okta.users.read",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      ...form,
    }).toString();
    const reply = auth.handleToken(
      {
        method: "POST",
        url: "/oauth2/v1/token",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      },
      body,
    );
    return {
      status: reply.status,
      headers: reply.headers,
      ...(JSON.parse(reply.body) as Omit<Reply, "status" | "headers">),
    };
  };
  return { auth, clock, assertion, proof, ask };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly error?: string;
  readonly error_description?: string;
  readonly token_type?: string;
  readonly access_token?: string;
  readonly expires_in?: number;
  readonly scope?: string;
}

/** The principal, or the refusal as `status code` and its challenge. */
function call(
  auth: Authenticator,
  headers: IncomingHttpHeaders,
  method = "GET",
  url = "/api/v1/users?limit=200",
): Principal | string {
  try {
    return auth.authenticate({ method, url, headers });
  } catch (error) {
    if (!(error instanceof OktaError)) throw error;
    const challenge = /error="([^"]*)"/.exec(error.headers?.["www-authenticate"] ?? "")?.[1];
    return [error.status, error.body.errorCode, challenge].filter((part) => part !== undefined).join(" ");
  }
}

describe("API tokens", () => {
  test("a known one calls in its owner's name, anything else is refused in Okta's words", () => {
    const { auth } = world();
    expect(call(auth, { authorization: "SSWS secret-one" })).toEqual({
      kind: "ssws",
      id: "00T1",
      tokenId: "00T1",
      userId: "00u1",
    });
    expect(call(auth, { authorization: "SSWS secret-two" })).toBe("401 E0000011");
    expect(call(auth, { authorization: "Basic secret-one" })).toBe("401 E0000004");
    expect(call(auth, { authorization: "Bearer secret-one" })).toBe("401 E0000011 invalid_token");
    expect(call(auth, {})).toBe("403 E0000005");
    auth.revoke("00T1");
    expect(call(auth, { authorization: "SSWS secret-one" })).toBe("401 E0000011");
  });

  test("30 idle days end it, each call renews it", () => {
    const { auth, clock } = world();
    const day = 86_400_000;
    clock.ms += 29 * day;
    expect(call(auth, { authorization: "SSWS secret-one" })).toMatchObject({ id: "00T1" });
    clock.ms += 29 * day;
    expect(call(auth, { authorization: "SSWS secret-one" })).toMatchObject({ id: "00T1" });
    clock.ms += 30 * day + 1;
    expect(call(auth, { authorization: "SSWS secret-one" })).toBe("401 E0000011");
  });
});

describe("private key JWT", () => {
  test.each([
    ["RS256", rsa],
    ["RS384", rsa],
    ["RS512", rsa],
    ["ES256", p256],
    ["ES384", p384],
    ["ES512", p521],
  ])("%s gets a bearer token that reads what its scopes say", (alg, key) => {
    const { auth, assertion, ask } = world();
    const reply = ask({
      client_assertion: assertion({}, { alg, kid: key.publicJwk.kid }, key),
      scope: "okta.users.read okta.groups.manage",
    });
    expect(reply).toMatchObject({
      status: 200,
      token_type: "Bearer",
      expires_in: 3600,
      scope: "okta.users.read okta.groups.manage",
    });
    const headers = { authorization: `Bearer ${reply.access_token}` };
    expect(call(auth, headers)).toMatchObject({ kind: "oauth", clientId: "0oaBearer" });
    expect(call(auth, headers, "POST")).toBe("403 E0000006 insufficient_scope");
    expect(call(auth, headers, "GET", "/api/v1/groups/00g1/users")).toMatchObject({ kind: "oauth" });
    expect(call(auth, headers, "PUT", "/api/v1/groups/00g1/users/00u1")).toMatchObject({ kind: "oauth" });
    expect(call(auth, headers, "GET", "/api/v1/users/00u1/roles")).toBe("403 E0000006 insufficient_scope");
    expect(call(auth, headers, "GET", "/api/v1/users/00u1/factors/questions")).toBe("403 E0000005");
    expect(call(auth, headers, "GET", "/api/v1/logs?since=x")).toBe("403 E0000006 insufficient_scope");
  });

  test("the token lives its time, or until it is revoked", () => {
    const { auth, clock, assertion, ask } = world(60);
    const headers = { authorization: `Bearer ${ask({ client_assertion: assertion() }).access_token}` };
    clock.ms += 59_999;
    expect(call(auth, headers)).toMatchObject({ kind: "oauth" });
    clock.ms += 1;
    expect(call(auth, headers)).toBe("401 E0000011 invalid_token");
    const second = { authorization: `Bearer ${ask({ client_assertion: assertion() }).access_token}` };
    auth.revokeClient("0oaBearer");
    expect(call(auth, second)).toBe("401 E0000011 invalid_token");
  });

  test("an assertion that is wrong in any one way is invalid_client", () => {
    const { clock, assertion, ask } = world();
    const seconds = Math.floor(clock.ms / 1000);
    const refused: Record<string, string> = {
      audience: assertion({ aud: URL_BASE }),
      issuer: assertion({ iss: "0oaOther" }),
      unknown: assertion({ iss: "0oaOther", sub: "0oaOther" }),
      expired: assertion({ exp: seconds }),
      endless: assertion({ exp: undefined }),
      "too long": assertion({ exp: seconds + 3601 }),
      future: assertion({ iat: seconds + 3000 }),
      "another key": assertion({}, {}, strange),
      "another key id": assertion({}, { kid: "p256" }),
      "no algorithm": assertion({}, { alg: "none" }),
      "a shared secret": assertion({}, { alg: "HS256" }),
      "another curve": assertion({}, { alg: "ES256", kid: "p384" }, p384),
      "no JWT": "abc",
    };
    for (const [name, text] of Object.entries(refused)) {
      expect({ name, ...ask({ client_assertion: text }) }).toMatchObject({
        name,
        status: 401,
        error: "invalid_client",
      });
    }
    expect(ask({ client_id: "0oaBearer", client_secret: "x" })).toMatchObject({ error: "invalid_client" });
    const once = assertion();
    expect(ask({ client_assertion: once }).status).toBe(200);
    expect(ask({ client_assertion: once })).toMatchObject({ status: 401, error: "invalid_client" });
    expect(ask({ client_assertion: assertion({ exp: seconds + 3600 }) }).status).toBe(200);
  });

  test("a scope that was not granted is invalid_scope, another grant unsupported", () => {
    const { assertion, ask } = world();
    expect(ask({ client_assertion: assertion(), scope: "okta.users.read okta.apps.read" })).toMatchObject({
      status: 400,
      error: "invalid_scope",
    });
    expect(ask({ client_assertion: assertion(), scope: "" })).toMatchObject({ error: "invalid_scope" });
    expect(ask({ client_assertion: assertion(), grant_type: "password" })).toMatchObject({
      error: "unsupported_grant_type",
    });
    expect(ask({ client_assertion: assertion() }, { "content-type": "application/json" })).toMatchObject({
      error: "invalid_request",
    });
  });
});

describe("DPoP", () => {
  const who = { iss: "0oaDpop", sub: "0oaDpop" };

  function token(setting: ReturnType<typeof world>): string {
    const first = setting.ask({ client_assertion: setting.assertion(who) }, { dpop: setting.proof() });
    expect(first).toMatchObject({ status: 400, error: "use_dpop_nonce" });
    const nonce = first.headers["dpop-nonce"];
    const second = setting.ask({ client_assertion: setting.assertion(who) }, { dpop: setting.proof({ nonce }) });
    expect(second).toMatchObject({ status: 200, token_type: "DPoP" });
    return second.access_token ?? "";
  }

  test("the token endpoint wants a proof, then a nonce, and gives a token bound to the key", () => {
    const setting = world();
    const { ask, assertion, proof, clock } = setting;
    expect(ask({ client_assertion: assertion(who) })).toMatchObject({ status: 400, error: "invalid_dpop_proof" });
    expect(ask({ client_assertion: assertion(who) }, { dpop: proof({ nonce: "made up" }) }).error).toBe(
      "use_dpop_nonce",
    );
    const nonce = ask({ client_assertion: assertion(who) }, { dpop: proof() }).headers["dpop-nonce"];
    clock.ms += 25 * 3_600_000;
    expect(ask({ client_assertion: assertion(who) }, { dpop: proof({ nonce }) }).status).toBe(200);
    clock.ms += 48 * 3_600_000;
    const stale = ask({ client_assertion: assertion(who) }, { dpop: proof({ nonce }) });
    expect(stale.error).toBe("use_dpop_nonce");
    expect(stale.headers["dpop-nonce"]).not.toBe(nonce);
  });

  test("every call needs a proof of its own", () => {
    const setting = world();
    const { auth, proof, clock } = setting;
    const value = token(setting);
    const ath = createHash("sha256").update(value).digest("base64url");
    const right = { htm: "GET", htu: `${URL_BASE}/api/v1/users`, ath };
    const seconds = Math.floor(clock.ms / 1000);
    const ask = (dpop: string | undefined, scheme = "DPoP"): Principal | string =>
      call(auth, { authorization: `${scheme} ${value}`, ...(dpop === undefined ? {} : { dpop }) });
    const used = proof(right);
    expect(ask(used)).toMatchObject({ kind: "oauth", id: "0oaDpop" });
    const refused: Record<string, string | undefined> = {
      missing: undefined,
      "used before": used,
      "method in lower case": proof({ ...right, htm: "get" }),
      "URL with the query": proof({ ...right, htu: `${URL_BASE}/api/v1/users?limit=200` }),
      "another URL": proof({ ...right, htu: `${URL_BASE}/api/v1/groups` }),
      "without the token's hash": proof({ ...right, ath: undefined }),
      "too old": proof({ ...right, iat: seconds - 600 }),
      "from the future": proof({ ...right, iat: seconds + 600 }),
      "no jti": proof({ ...right, jti: undefined }),
      "another type": proof(right, rsa, { typ: "JWT" }),
      "another key": proof(right, strange),
      "a private key": proof(right, rsa, { jwk: rsa.privateKey.export({ format: "jwk" }) }),
      "no signature": proof(right).replace(/\.[^.]*$/, "."),
    };
    for (const [name, dpop] of Object.entries(refused)) {
      expect({ name, answer: ask(dpop) }).toEqual({ name, answer: "401 E0000011 invalid_dpop_proof" });
    }
    expect(ask(proof(right), "Bearer")).toBe("401 E0000011 invalid_token");
    expect(ask(proof(right))).toMatchObject({ kind: "oauth" });
  });
});
