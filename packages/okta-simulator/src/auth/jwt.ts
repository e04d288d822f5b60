import { createHash, createPublicKey, type JsonWebKey, verify } from "node:crypto";

import { isObject, type JsonObject } from "../json.js";

/** A public key as it stands in a JWK set. */
export interface PublicJwk extends JsonWebKey {
  readonly kid?: string;
}

/** A signed JWT taken apart; nothing of it is verified yet. */
export interface Jwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** The algorithms that Okta takes for client assertions (Okta docs); HMAC needs a shared secret and is refused. */
const ALGORITHMS: Readonly<Record<string, { readonly hash: string; readonly kty: string; readonly crv?: string }>> = {
  RS256: { hash: "sha256", kty: "RSA" },
  RS384: { hash: "sha384", kty: "RSA" },
  RS512: { hash: "sha512", kty: "RSA" },
  ES256: { hash: "sha256", kty: "EC", crv: "P-256" },
  ES384: { hash: "sha384", kty: "EC", crv: "P-384" },
  ES512: { hash: "sha512", kty: "EC", crv: "P-521" },
};

/** The names of {@link ALGORITHMS}, for headers and metadata. */
export const SIGNING_ALGORITHMS: readonly string[] = Object.keys(ALGORITHMS);

/** Takes a compact JWT apart; undefined when it is none. */
export function decodeJwt(compact: string): Jwt | undefined {
  const [head, payload, signature, ...rest] = compact.split(".");
  if (head === undefined || payload === undefined || signature === undefined || rest.length > 0) return undefined;
  const header = decodePart(head);
  const claims = decodePart(payload);
  if (header === undefined || claims === undefined) return undefined;
  return {
    header,
    claims,
    signed: Buffer.from(`${head}.${payload}`),
    signature: Buffer.from(signature, "base64url"),
  };
}

function decodePart(text: string): JsonObject | undefined {
  try {
    const part: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return isObject(part) ? part : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `key` made the signature, with an algorithm that is accepted and fits the key. */
export function verifyJwt(jwt: Jwt, key: JsonWebKey): boolean {
  const { alg } = jwt.header;
  const algorithm = typeof alg === "string" ? ALGORITHMS[alg] : undefined;
  if (algorithm === undefined || key.kty !== algorithm.kty) return false;
  if (algorithm.crv !== undefined && key.crv !== algorithm.crv) return false;
  try {
    const publicKey = createPublicKey({ key, format: "jwk" });
    return verify(algorithm.hash, jwt.signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, jwt.signature);
  } catch {
    return false;
  }
}

/** The key's SHA-256 thumbprint (RFC 7638), or undefined for another kind of key. */
export function thumbprint(key: JsonWebKey): string | undefined {
  const required =
    key.kty === "RSA"
      ? { e: key.e, kty: key.kty, n: key.n }
      : key.kty === "EC"
        ? { crv: key.crv, kty: key.kty, x: key.x, y: key.y }
        : undefined;
  return required && createHash("sha256").update(JSON.stringify(required)).digest("base64url");
}

/** Remembers one-time values (`jti`) until they would be refused for their age anyway. */
export class OneTimeValues {
  readonly #until = new Map<string, number>();

  /** True the first time; false for a value that was used before and is still remembered. */
  use(value: string, now: number, untilMs: number): boolean {
    const known = this.#until.get(value);
    if (known !== undefined && known > now) return false;
    this.#until.delete(value);
    this.#until.set(value, untilMs);
    for (const [old, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(old);
    }
    return true;
  }
}
