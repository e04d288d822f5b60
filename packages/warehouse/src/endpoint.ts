import { chooseTls, type DatabaseUrl, readDatabaseUrl, TerminalError, type TlsMode } from "@tidemark/kernel";

import type { WarehouseConfig } from "./config.js";

/** Where a connection leads, and how it is encrypted. */
export interface Endpoint extends DatabaseUrl {
  readonly tls: TlsMode;
}

/** URLs that a dialect takes: their schemes, the first of which is the usual one, and an example. */
export interface UrlForm {
  readonly schemes: readonly string[];
  readonly example: string;
}

/**
 * Reads the connection's URL and decides on TLS.
 * @throws TerminalError CONFIG_INVALID, without a part of the URL: it may hold a password.
 */
export function endpointOf(config: WarehouseConfig, form: UrlForm): Endpoint {
  const url = readDatabaseUrl(config.url);
  if (url === null) {
    throw new TerminalError("CONFIG_INVALID", "The warehouse's url is not a URL", {
      remedy: `Write ${form.example}; characters like @ and / in a password as %40 and %2F.`,
    });
  }
  if (!form.schemes.includes(url.scheme)) {
    throw new TerminalError("CONFIG_INVALID", `The warehouse's url begins with ${url.scheme}://`, {
      remedy: `A warehouse of type ${config.type} has a url that begins with ${form.schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
    });
  }
  const choice = chooseTls({ ...url, tls: config.tls, hasCa: config.caFile !== undefined });
  if (!("mode" in choice)) throw new TerminalError("CONFIG_INVALID", choice.fault, { where: choice.key });
  return { ...url, tls: choice.mode };
}

/** What a server's certificate may be refused for (Node's documentation, TLS, X509 certificate error codes). */
export const CERTIFICATE_ERRORS = [
  "CERT_CHAIN_TOO_LONG",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
] as const;

/** What to say of them, in every dialect. */
export const TLS_REFUSED = {
  code: "WAREHOUSE_UNREACHABLE",
  says: "The database server's TLS certificate is not accepted",
  remedy:
    "Name the authority's certificate with caFile, or use the host name that the certificate is made for. tls: no-verify connects without checking it, for a network that you trust.",
} as const;

/** The server, or whoever answers in its place, has no TLS. */
export const NO_TLS = {
  code: "WAREHOUSE_UNREACHABLE",
  says: "The database server does not offer TLS",
  remedy: "Turn TLS on at the server. On a network that you trust, write tls: off into the connection.",
} as const;
