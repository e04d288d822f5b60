import { isIP } from "node:net";

import { TerminalError } from "@tidemark/kernel";
import type { ConnectionConfiguration } from "tedious";

import type { WarehouseConfig } from "../../config.js";
import { readCa } from "../../driver.js";

/** How to connect, as tedious wants it. */
export interface Settings {
  readonly configuration: ConnectionConfiguration;
  /** A server without TLS gets no password. */
  readonly requireTls: boolean;
}

const EXAMPLE = "sqlserver://user:password@host:1433/database";

function parseUrl(config: WarehouseConfig): URL {
  const invalid = (message: string, remedy: string): TerminalError =>
    new TerminalError("CONFIG_INVALID", message, { remedy });
  let url: URL;
  try {
    url = new URL(config.url);
  } catch {
    throw invalid(
      "The warehouse's url is not a URL",
      `Write ${EXAMPLE}; characters like @ and / in a password as %40 and %2F. An instance's name goes into instance.`,
    );
  }
  if (url.protocol !== "sqlserver:" && url.protocol !== "mssql:") {
    throw invalid(
      `The warehouse's url begins with ${url.protocol}//`,
      "A warehouse of type sqlserver has a url that begins with sqlserver:// or mssql://",
    );
  }
  if (url.hostname === "") throw invalid("The warehouse's url names no host", `Write ${EXAMPLE}`);
  if (url.pathname.length < 2) {
    throw invalid(
      "The warehouse's url names no database",
      `Write ${EXAMPLE}; the tables go into a schema of that database.`,
    );
  }
  return url;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** `prefer`: TLS where the server has it. `strict`: TLS before anything else, as TDS 8 has it. */
type Tls = "verify" | "no-verify" | "off" | "prefer" | "strict";

/** What `encrypt` and `trustServerCertificate` ask for, as people write them for other drivers; undefined: nothing. */
function tlsOfUrl(url: URL): Tls | undefined {
  const parameters = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]));
  const encrypt = parameters.get("encrypt");
  const trust = ["true", "yes"].includes(parameters.get("trustservercertificate") ?? "");
  if (encrypt === "strict") return "strict";
  if (encrypt !== undefined && ["false", "no", "off", "optional", "disable"].includes(encrypt)) return "off";
  if (trust) return "no-verify";
  return encrypt === undefined ? undefined : "verify";
}

/** On the way to another machine certificates are verified unless somebody says otherwise; on this one nobody listens in. */
function tlsOf(config: WarehouseConfig, url: URL, host: string): Tls {
  const asked = config.tls ?? tlsOfUrl(url) ?? (config.caFile === undefined ? undefined : "verify");
  return asked ?? (isLoopback(host) ? "prefer" : "verify");
}

function authenticationOf(config: WarehouseConfig, url: URL): NonNullable<ConnectionConfiguration["authentication"]> {
  if (config.accessToken !== undefined) {
    return { type: "azure-active-directory-access-token", options: { token: config.accessToken } };
  }
  const userName = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  return config.domain === undefined
    ? { type: "default", options: { userName, password } }
    : { type: "ntlm", options: { userName, password, domain: config.domain } };
}

/**
 * The driver's settings from a configuration.
 * @throws TerminalError CONFIG_INVALID when the URL is none, is another database's or names no database.
 */
export async function settingsOf(config: WarehouseConfig): Promise<Settings> {
  const url = parseUrl(config);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const tls = tlsOf(config, url, host);
  const instance = config.instance ?? url.searchParams.get("instance") ?? url.searchParams.get("instanceName");
  const ca = config.caFile === undefined ? undefined : await readCa(config.caFile);
  const verifies = tls === "verify" || tls === "strict";
  return {
    requireTls: tls !== "off" && tls !== "prefer",
    configuration: {
      server: host,
      authentication: authenticationOf(config, url),
      options: {
        database: decodeURIComponent(url.pathname.slice(1)),
        // With a port nobody asks the browser service.
        ...(instance !== null && url.port === "" ? { instanceName: instance } : { port: Number(url.port || 1433) }),
        encrypt: tls === "strict" ? "strict" : tls !== "off",
        trustServerCertificate: !verifies,
        ...(ca === undefined ? {} : { cryptoCredentialsDetails: { ca } }),
        // Node warns of addresses as server names; where nothing is verified any name does.
        ...(isIP(host) !== 0 && !verifies ? { serverName: "unverified" } : {}),
        connectTimeout: config.connectTimeoutMs ?? 10_000,
        requestTimeout: Math.trunc(config.statementTimeoutMs ?? 0),
        // An error ends the whole transaction, as the documentation advises for clients that may give up on a statement.
        abortTransactionOnError: true,
        useUTC: true,
        appName: "tidemark",
      },
    },
  };
}
