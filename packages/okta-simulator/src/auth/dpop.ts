import { createHash, randomBytes, type JsonWebKey } from "node:crypto";
import type { Clock } from "@tidemark/kernel";

import { isObject } from "../json.js";
import { decodeJwt, OneTimeValues, thumbprint, verifyJwt } from "./jwt.js";

const MINUTE = 60_000;
/** How far a proof's `iat` may lie from the server's clock. Okta documents that it must be right, not by how much. */
const PROOF_AGE_MS = 5 * MINUTE;
/** A nonce is handed out for 24 hours; an old one is taken for three days (Okta docs). */
const NONCE_FRESH_MS = 24 * 60 * MINUTE;
const NONCE_ACCEPTED_MS = 72 * 60 * MINUTE;

/** What a proof has to prove. */
export interface ProofDemand {
  readonly method: string;
  /** The URL without query and fragment. */
  readonly url: string;
  /** The access token whose hash `ath` must be; absent at the token endpoint. */
  readonly accessToken?: string;
}

/** A proof that holds, or why it does not. */
export type ProofVerdict =
  | { readonly ok: true; readonly keyThumbprint: string; readonly nonce: string | undefined }
  | { readonly ok: false; readonly reason: string };

/** Checks DPoP proofs (RFC 9449 as Okta docs tell it) and hands out the token endpoint's nonces. */
export class DpopVerifier {
  readonly #clock: Clock;
  readonly #used = new OneTimeValues();
  #nonces: { readonly value: string; readonly at: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The nonce that clients should use now. */
  currentNonce(): string {
    const now = this.#clock.now();
    const newest = this.#nonces.at(-1);
    if (newest && now - newest.at < NONCE_FRESH_MS) return newest.value;
    const value = randomBytes(24).toString("base64url");
    this.#nonces = [...this.#nonces.filter((nonce) => now - nonce.at < NONCE_ACCEPTED_MS), { value, at: now }];
    return value;
  }

  acceptsNonce(value: string): boolean {
    const now = this.#clock.now();
    return this.#nonces.some((nonce) => nonce.value === value && now - nonce.at < NONCE_ACCEPTED_MS);
  }

  /** Verifies one proof; a `jti` counts as used from then on. */
  verify(proof: string, demand: ProofDemand): ProofVerdict {
    const jwt = decodeJwt(proof);
    if (jwt === undefined) return refuse("The DPoP proof is not a JWT.");
    const { header, claims } = jwt;
    if (header["typ"] !== "dpop+jwt") return refuse("The DPoP proof header 'typ' must be 'dpop+jwt'.");
    const key: unknown = header["jwk"];
    if (!isObject(key) || "d" in key) return refuse("The DPoP proof header 'jwk' must be a public key.");
    const keyThumbprint = thumbprint(key as JsonWebKey);
    if (keyThumbprint === undefined || !verifyJwt(jwt, key as JsonWebKey)) {
      return refuse("The DPoP proof JWT signature is invalid.");
    }
    if (claims["htm"] !== demand.method) return refuse("The DPoP proof 'htm' does not match the request's method.");
    if (!sameUrl(claims["htu"], demand.url)) return refuse("The DPoP proof 'htu' does not match the request's URL.");
    const now = this.#clock.now();
    const issued = claims["iat"];
    if (typeof issued !== "number" || Math.abs(now - issued * 1000) > PROOF_AGE_MS) {
      return refuse("The DPoP proof 'iat' is missing or too far from the current time.");
    }
    if (demand.accessToken !== undefined && claims["ath"] !== sha256(demand.accessToken)) {
      return refuse("The DPoP proof 'ath' is not the hash of the access token.");
    }
    const { jti, nonce } = claims;
    if (typeof jti !== "string" || jti === "") return refuse("The DPoP proof has no 'jti'.");
    if (!this.#used.use(jti, now, now + 2 * PROOF_AGE_MS)) return refuse("The DPoP proof JWT has already been used.");
    return { ok: true, keyThumbprint, nonce: typeof nonce === "string" ? nonce : undefined };
  }
}

function refuse(reason: string): ProofVerdict {
  return { ok: false, reason };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function sameUrl(claimed: unknown, url: string): boolean {
  if (typeof claimed !== "string" || /[?#]/.test(claimed)) return false;
  return URL.canParse(claimed) && new URL(claimed).href === new URL(url).href;
}
