import { isIP } from "node:net";

import { TerminalError } from "@tidemark/kernel";
import type { ConnectionConfiguration } from "tedious";

import type { WarehouseConfig } from "../../config.js";
import { connectTimeoutOf, readCa } from "../../driver.js";
import { type Endpoint, endpointOf, type UrlForm } from "../../endpoint.js";

/** How to connect, as tedious wants it. */
export interface Settings {
  readonly endpoint: Endpoint & { readonly host: string; readonly database: string };
  readonly configuration: ConnectionConfiguration;
}

const URLS: UrlForm = { schemes: ["sqlserver", "mssql"], example: "sqlserver://user:password@host:1433/database" };

function placeOf(config: WarehouseConfig): Settings["endpoint"] {
  const endpoint = endpointOf(config, URLS);
  const { host, database } = endpoint;
  const fault = (message: string, remedy: string): TerminalError =>
    new TerminalError("CONFIG_INVALID", message, { where: "url", remedy });
  if (host === null) throw fault("SQL Server has no Unix sockets", `Write ${URLS.example}`);
  if (database === null) {
    const remedy = `Write ${URLS.example}; the tables go into a schema of that database.`;
    throw fault("The warehouse's url names no database", remedy);
  }
  return { ...endpoint, host, database };
}

function authenticationOf(
  config: WarehouseConfig,
  endpoint: Endpoint,
): NonNullable<ConnectionConfiguration["authentication"]> {
  if (config.accessToken !== undefined) {
    return { type: "azure-active-directory-access-token", options: { token: config.accessToken } };
  }
  const userName = endpoint.user ?? "";
  const password = endpoint.password ?? "";
  return config.domain === undefined
    ? { type: "default", options: { userName, password } }
    : { type: "ntlm", options: { userName, password, domain: config.domain } };
}

/** `encrypt=strict` of the URL: TLS before anything else is said, as TDS 8 has it. */
function isStrict({ params }: Endpoint): boolean {
  return [...params].some(([name, value]) => name.toLowerCase() === "encrypt" && value.toLowerCase() === "strict");
}

/**
 * The driver's settings from a configuration.
 * @throws TerminalError CONFIG_INVALID when the URL is none, is another database's or names no database, and when keys
 *   contradict each other or the caFile cannot be read.
 */
export async function settingsOf(config: WarehouseConfig): Promise<Settings> {
  const endpoint = placeOf(config);
  const { host, port, params, tls, database } = endpoint;
  const instance = config.instance ?? params.get("instance") ?? params.get("instanceName");
  const ca = config.caFile === undefined ? undefined : await readCa(config.caFile);
  const verifies = tls === "verify";
  return {
    endpoint,
    configuration: {
      server: host,
      authentication: authenticationOf(config, endpoint),
      options: {
        database,
        // With a port nobody asks the browser service.
        ...(instance !== null && port === null ? { instanceName: instance } : { port: port ?? 1433 }),
        encrypt: verifies && isStrict(endpoint) ? "strict" : tls !== "off",
        trustServerCertificate: !verifies,
        ...(ca === undefined ? {} : { cryptoCredentialsDetails: { ca } }),
        // Node warns of addresses as server names; where nothing is verified any name does.
        ...(isIP(host) !== 0 && !verifies ? { serverName: "unverified" } : {}),
        connectTimeout: connectTimeoutOf(config),
        requestTimeout: Math.trunc(config.statementTimeoutMs ?? 0),
        // An error ends the whole transaction, as the documentation advises for clients that may give up on a statement.
        abortTransactionOnError: true,
        useUTC: true,
        appName: "tidemark",
      },
    },
  };
}
