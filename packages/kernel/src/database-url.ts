import { isLoopback } from "./loopback.js";

/** `verify`: TLS with a certificate that is checked; `no-verify`: TLS with any certificate; `off`: no TLS. */
export type TlsMode = "verify" | "no-verify" | "off";

/** A database's URL in its parts, percent-encoding undone. */
export interface DatabaseUrl {
  /** Without colon: `postgres`. */
  readonly scheme: string;
  /** Host name or address, IPv6 without brackets; null: a Unix socket. */
  readonly host: string | null;
  /** Path of the Unix socket (PostgreSQL: of its folder); null: a host. */
  readonly socket: string | null;
  readonly port: number | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly database: string | null;
  /** What stands behind `?`. */
  readonly params: URLSearchParams;
  /**
   * What the URL says of TLS: value of `sslmode` (or `ssl`), or what SQL Server's `encrypt` and `trustServerCertificate`
   * mean in its words; null when it says nothing.
   */
  readonly sslmode: string | null;
  /** The same as it stands in the URL, e.g. `encrypt=false`. */
  readonly tlsWords: string | null;
}

/**
 * Reads a database's URL; null when it is none. A URL without host means localhost; `?host=/folder` (libpq's form) and
 * `?socket=/path` mean a Unix socket, also without a host before them.
 */
export function readDatabaseUrl(text: string): DatabaseUrl | null {
  // libpq and the cloud proxies' manuals write user:password@/database?host=/folder, which the URL standard does not know.
  const whole = text.replace(/^([^/?#]*:\/\/[^/?#]*)@(?=[/?#]|$)/, "$1@localhost");
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  const params = url.searchParams;
  // A password with @, /, # or ? that was not encoded ends the host's part early, and would be taken for what follows it.
  const early = /[@/]/.test(url.pathname.slice(1)) || (url.username === "" && url.search.includes("@"));
  if (early || url.hash !== "") return null;
  try {
    const part = (encoded: string): string | null => (encoded === "" ? null : decodeURIComponent(encoded));
    const given = params.get("host") ?? part(url.hostname) ?? "localhost";
    const socket = params.get("socket") ?? (given.startsWith("/") ? given : null);
    return {
      scheme: url.protocol.slice(0, -1),
      host: socket === null ? given.replace(/^\[(.*)\]$/, "$1") : null,
      socket,
      port: url.port === "" ? null : Number(url.port),
      user: part(url.username),
      password: part(url.password),
      database: part(url.pathname.replace(/^\//, "")),
      params,
      ...tlsIn(url.protocol.slice(0, -1), params),
    };
  } catch {
    return null;
  }
}

type TlsWords = Pick<DatabaseUrl, "sslmode" | "tlsWords">;

function tlsIn(scheme: string, params: URLSearchParams): TlsWords {
  for (const name of ["sslmode", "ssl"]) {
    const sslmode = params.get(name);
    if (sslmode !== null) return { sslmode, tlsWords: `${name}=${sslmode}` };
  }
  return SQLSERVER_SCHEMES.has(scheme) ? encryptIn(params) : { sslmode: null, tlsWords: null };
}

const SQLSERVER_SCHEMES: ReadonlySet<string> = new Set(["sqlserver", "mssql"]);

/** Values of `Encrypt` (Microsoft Learn, "SqlConnection.ConnectionString property"); `strict` looks at the certificate always. */
const ENCRYPT: Readonly<Record<string, "disable" | "require" | "verify-full">> = {
  false: "disable",
  no: "disable",
  optional: "disable",
  true: "require",
  yes: "require",
  mandatory: "require",
  strict: "verify-full",
};

function encryptIn(params: URLSearchParams): TlsWords {
  const values = new Map([...params].map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]));
  const encrypt = values.get("encrypt");
  const trusts = ["true", "yes"].includes(values.get("trustservercertificate") ?? "");
  if (encrypt === undefined && !trusts) return { sslmode: null, tlsWords: null };
  const asked = encrypt === undefined ? "require" : (ENCRYPT[encrypt] ?? encrypt);
  const words = encrypt === undefined ? [] : [`encrypt=${encrypt}`];
  if (trusts) words.push("trustServerCertificate=true");
  return { sslmode: asked === "require" && trusts ? "no-verify" : asked, tlsWords: words.join("&") };
}

/** What a connection says about TLS. */
export interface TlsWishes extends Pick<DatabaseUrl, "host" | "sslmode" | "tlsWords"> {
  readonly tls?: TlsMode | undefined;
  /** A certificate authority is named, which is of use to `verify` alone. */
  readonly hasCa: boolean;
}

/** A wish that cannot be had: which key of the connection is at fault, and what is allowed. */
export interface TlsFault {
  readonly key: "tls" | "caFile" | "url";
  readonly fault: string;
}

const SSLMODES: Readonly<Record<string, { readonly mode: TlsMode; readonly fits: readonly TlsMode[] } | null>> = {
  disable: { mode: "off", fits: ["off"] },
  false: { mode: "off", fits: ["off"] },
  "0": { mode: "off", fits: ["off"] },
  "no-verify": { mode: "no-verify", fits: ["no-verify"] },
  // libpq asks no more than TLS here; what is verified by default is stricter, and the `tls` key may say so.
  require: { mode: "verify", fits: ["verify", "no-verify"] },
  true: { mode: "verify", fits: ["verify", "no-verify"] },
  "1": { mode: "verify", fits: ["verify", "no-verify"] },
  "verify-ca": { mode: "verify", fits: ["verify"] },
  "verify-full": { mode: "verify", fits: ["verify"] },
  // They go on without TLS where the server, or somebody on the way, offers none: a person has to decide that.
  prefer: null,
  allow: null,
};

/**
 * How a connection is encrypted. The `tls` key decides, then the URL's `sslmode`, then a caFile (`verify`); without any
 * of them a connection to another machine is verified, and one to a loopback address or a Unix socket has no TLS.
 */
export function chooseTls(wishes: TlsWishes): { readonly mode: TlsMode } | TlsFault {
  const { tls, sslmode, tlsWords, host } = wishes;
  const asked = sslmode === null ? undefined : SSLMODES[sslmode];
  if (sslmode !== null && asked === undefined) {
    const isEncrypt = tlsWords?.startsWith("encrypt=") === true;
    const known = isEncrypt ? "true, false or strict" : "disable, no-verify, require, verify-ca or verify-full";
    return { key: "url", fault: `url has an ${isEncrypt ? "encrypt" : "sslmode"} that is none of ${known}` };
  }
  if (asked === null && tls === undefined) {
    return {
      key: "url",
      fault: `url has ${tlsWords}, which would go on without TLS in silence. Write tls: verify, or tls: off on a network that you trust`,
    };
  }
  if (tls !== undefined && asked && !asked.fits.includes(tls)) {
    return { key: "tls", fault: `tls: ${tls} contradicts ${tlsWords} in url. Leave one of them out` };
  }
  const secure = wishes.hasCa || (host !== null && !isLoopback(host));
  const mode = tls ?? asked?.mode ?? (secure ? "verify" : "off");
  if (wishes.hasCa && mode !== "verify") {
    const cause = tls === undefined ? `${tlsWords} in url` : `tls: ${tls}`;
    return {
      key: "caFile",
      fault: `caFile is of use only with tls: verify, and ${cause} checks no certificate. Leave one of them out`,
    };
  }
  return { mode };
}
