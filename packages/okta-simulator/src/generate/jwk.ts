import { createHash } from "node:crypto";

import type { JsonObject } from "../json.js";

/** Text of `bytes` bytes that looks random and is the same for the same name. */
export function noise(name: string, bytes: number, encoding: "base64" | "base64url" = "base64url"): string {
  return createHash("shake256", { outputLength: bytes }).update(name).digest(encoding);
}

/** The public part of an RSA key of 2048 bits; no private key belongs to it. */
export function rsaPart(name: string): JsonObject & { readonly n: string } {
  const modulus = Buffer.from(noise(`${name} modulus`, 256), "base64url");
  // Of a modulus of 2048 bits the first one is set.
  modulus[0] = (modulus[0] ?? 0) | 0x80;
  return { kty: "RSA", e: "AQAB", n: modulus.toString("base64url") };
}
