import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  type KeyObject,
} from "node:crypto";
import { TerminalError } from "@tidemark/kernel";

/** A private key with the JWS algorithm it signs with. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: string;
  readonly keyId: string | undefined;
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  rsa: ["RS256", "RS384", "RS512"],
  ES256: ["ES256"],
  ES384: ["ES384"],
  ES512: ["ES512"],
};

/**
 * Reads the private key of a service app: PEM (PKCS#1, PKCS#8, SEC1; `\n` written as two characters is accepted, as
 * environment variables often have it) or JWK JSON; RSA or EC. Throws CONFIG_INVALID, never showing the key.
 */
export function loadPrivateKey(text: string, keyId: string | undefined): SigningKey {
  const source = text.trim();
  const jwk = source.startsWith("{") ? parseJwk(source) : undefined;
  let key: KeyObject;
  try {
    key = jwk
      ? createPrivateKey({ key: jwk, format: "jwk" })
      : createPrivateKey(source.includes("\n") ? source : source.replaceAll("\\n", "\n"));
  } catch {
    throw unusable(
      /ENCRYPTED/.test(source)
        ? "it is encrypted with a passphrase"
        : jwk
          ? "the JWK is not a complete private key (RSA or EC)"
          : "it is neither a PEM private key nor a JWK",
    );
  }
  const family =
    key.asymmetricKeyType === "ec" ? CURVES[key.asymmetricKeyDetails?.namedCurve ?? ""] : key.asymmetricKeyType;
  const allowed = ALGORITHMS[family ?? ""];
  if (!allowed) throw unusable("Okta takes RSA keys and EC keys on P-256, P-384 or P-521");
  const asked = typeof jwk?.["alg"] === "string" ? jwk["alg"] : undefined;
  const kid = typeof jwk?.["kid"] === "string" ? jwk["kid"] : undefined;
  if (asked !== undefined && !allowed.includes(asked))
    throw unusable(`its "alg" does not fit the key, which signs ${allowed.join(", ")}`);
  return { key, algorithm: asked ?? allowed[0] ?? "RS256", keyId: keyId ?? kid };
}

/** A key for DPoP proofs that lives as long as the process; Okta advises one apart from the app's own. */
export function createProofKey(): SigningKey {
  // ES256 is among the algorithms that Okta's authorization servers list for proofs (OpenAPI spec), and signs in 0.05 ms.
  return { key: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, algorithm: "ES256", keyId: undefined };
}

/** A signed JWT. `header` adds to alg and kid. */
export function signJwt(key: SigningKey, header: object, claims: object): string {
  const head = { ...header, alg: key.algorithm, ...(key.keyId === undefined ? {} : { kid: key.keyId }) };
  const input = `${encode(head)}.${encode(claims)}`;
  const digest = `sha${key.algorithm.slice(2)}`;
  const signature = sign(digest, Buffer.from(input), { key: key.key, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

/** What a proof speaks for. */
export interface ProofOptions {
  readonly method: string;
  readonly url: string;
  /** Seconds since the epoch, by the server's clock. */
  readonly issuedAt: number;
  readonly nonce?: string | undefined;
  readonly accessToken?: string | undefined;
}

/** A DPoP proof (RFC 9449) for one try of one request: method in upper case, URL without query, a fresh `jti`. */
export function createProof(key: SigningKey, options: ProofOptions): string {
  const { kty, crv, x, y } = createPublicKey(key.key).export({ format: "jwk" });
  const claims = {
    htm: options.method.toUpperCase(),
    htu: options.url.replace(/[?#].*$/, ""),
    iat: options.issuedAt,
    jti: randomUUID(),
    ...(options.nonce === undefined ? {} : { nonce: options.nonce }),
    ...(options.accessToken === undefined
      ? {}
      : { ath: createHash("sha256").update(options.accessToken).digest("base64url") }),
  };
  return signJwt(key, { typ: "dpop+jwt", jwk: { kty, crv, x, y } }, claims);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function parseJwk(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw unusable("it looks like a JWK but is not JSON");
  }
}

function unusable(reason: string): TerminalError {
  return new TerminalError("CONFIG_INVALID", `the private key cannot be used: ${reason}`, {
    where: "privateKey",
    remedy: "Give the private key that Okta showed once when the service app's key was made, as PEM or as JWK",
  });
}
