import { createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";
import type { PublicJwk } from "./auth/jwt.js";

/** A key of the simulated service app, in the forms a client may want it. */
export interface ServiceKey {
  readonly kid: string;
  readonly pem: string;
  readonly jwk: JsonWebKey;
}

/** The service app's keys, made when somebody first needs them: a pair of 2048-bit RSA keys takes a tenth of a second. */
export class ServiceKeys {
  #rsa: ServiceKey | undefined;
  #ec: ServiceKey | undefined;

  get rsa(): ServiceKey {
    this.#rsa ??= keyOf("sim-rsa", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
    return this.#rsa;
  }

  get ec(): ServiceKey {
    this.#ec ??= keyOf("sim-ec", generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
    return this.#ec;
  }

  /** What is registered with the app; only keys that were handed out can have signed anything. */
  get public(): PublicJwk[] {
    return [this.#rsa, this.#ec].filter((key) => key !== undefined).map(({ kid, jwk }) => publicOf(kid, jwk));
  }
}

function keyOf(kid: string, key: KeyObject): ServiceKey {
  const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
  return { kid, pem, jwk: { ...createPrivateKey(pem).export({ format: "jwk" }), kid } };
}

function publicOf(kid: string, jwk: JsonWebKey): PublicJwk {
  const { kty, n, e, crv, x, y } = jwk;
  return (kty === "RSA" ? { kty, n, e, kid } : { kty, crv, x, y, kid }) as unknown as PublicJwk;
}
