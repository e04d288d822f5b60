import { resolve } from "node:path";

import { readDatabaseUrl, TerminalError } from "@tidemark/kernel";
import type { z } from "zod";

import { databaseFaults } from "./databases.js";
import { parseDuration } from "./duration.js";
import { expandTree } from "./expand.js";
import { CONNECTION_OPTIONS, type csvOptions, type oktaOptions, type sqlserverOptions } from "./options.js";
import { normalizeOrgUrl } from "./org-url.js";
import { ConfigError } from "./problems.js";
import { holdsReference } from "./references.js";
import { Secret } from "./secret.js";
import { didYouMean } from "./suggest.js";
import type {
  Config,
  Connection,
  ConnectionDeclaration,
  CsvConnection,
  OktaConnection,
  WarehouseConnection,
} from "./types.js";
import { findProblems, isRecord, schemaAt } from "./validate.js";

const DEFAULT_SHARE = 0.5;
const DEFAULT_SCHEMA = "okta";

/** The connection of that name, unresolved. Throws USAGE with the names there are. */
export function declaredConnection(config: Config, name: string): ConnectionDeclaration {
  const declaration = config.connections.get(name);
  if (declaration !== undefined) return declaration;
  const names = [...config.connections.keys()];
  throw new TerminalError("USAGE", `There is no connection "${name}" in ${config.file}.${didYouMean(name, names)}`, {
    where: config.file,
    remedy: `Connections there: ${names.join(", ")}.`,
  });
}

/**
 * The connection with its references looked up; nothing else in the file is. Throws CONFIG_SECRET when a reference leads
 * nowhere, CONFIG_INVALID when what it gave is not allowed, both with file, line and key and without the value.
 */
export async function resolveConnection(config: Config, name: string): Promise<Connection> {
  const declaration = declaredConnection(config, name);
  const schema: z.ZodType = CONNECTION_OPTIONS[declaration.type];
  const at = ["connections", name];
  const { source, env, folder } = config;
  const expanded = await expandTree(declaration.raw, {
    at,
    source,
    env,
    folder,
    schemaFor: (key) => schemaAt(schema, [key]),
  });
  if (expanded.problems.length > 0) throw new ConfigError("CONFIG_SECRET", expanded.problems);
  const problems = findProblems({ schema, value: unquoted(expanded.value), at, source });
  if (problems.length > 0) throw new ConfigError("CONFIG_INVALID", problems);
  const origins = originsOf(declaration, config);
  const invalid = (key: string, message: string): ConfigError =>
    new ConfigError("CONFIG_INVALID", [{ where: source.whereValue([...at, key]), message }]);
  const base = { name, origins };
  switch (declaration.type) {
    case "okta":
      return oktaConnection(expanded.value as z.infer<typeof oktaOptions>, { ...base, folder, invalid });
    case "csv": {
      const value = expanded.value as z.infer<typeof csvOptions>;
      return {
        ...base,
        type: "csv",
        dir: resolve(folder, value.dir),
        layout: value.layout ?? "tidemark",
      } satisfies CsvConnection;
    }
    default: {
      const value = expanded.value as DatabaseValue;
      const faults = databaseFaults(declaration.type, unquoted(expanded.value) as Record<string, unknown>);
      if (faults.length > 0) {
        const found = faults.map(({ key, message }) => ({ where: source.whereValue([...at, key]), message }));
        throw new ConfigError("CONFIG_INVALID", found);
      }
      return { ...base, type: declaration.type, ...databaseConnection(value, { type: declaration.type, folder }) };
    }
  }
}

/** Options of any database connection; each type allows some of them. */
type DatabaseValue = Omit<Partial<z.infer<typeof sqlserverOptions>>, "type"> & { readonly url: string };

function databaseConnection(
  value: DatabaseValue,
  context: { readonly type: WarehouseConnection["type"]; readonly folder: string },
): Omit<WarehouseConnection, "name" | "type" | "origins"> {
  const {
    url,
    tls,
    caFile,
    poolSize,
    statementTimeout,
    connectTimeout,
    createDatabase,
    instance,
    domain,
    accessToken,
  } = value;
  const ms = (text: string): number => parseDuration(text) ?? 0;
  const database = context.type === "mysql" ? (readDatabaseUrl(url)?.database ?? null) : null;
  return {
    url: new Secret(url),
    schema: value.schema ?? database ?? DEFAULT_SCHEMA,
    grantSelect: value.grantSelect ?? [],
    ...(tls === undefined ? {} : { tls }),
    ...(caFile === undefined ? {} : { caFile: resolve(context.folder, caFile) }),
    ...(poolSize === undefined ? {} : { poolSize }),
    ...(statementTimeout === undefined ? {} : { statementTimeoutMs: ms(statementTimeout) }),
    ...(connectTimeout === undefined ? {} : { connectTimeoutMs: ms(connectTimeout) }),
    ...(createDatabase === undefined ? {} : { createDatabase }),
    ...(instance === undefined ? {} : { instance }),
    ...(domain === undefined ? {} : { domain }),
    ...(accessToken === undefined ? {} : { accessToken: new Secret(accessToken) }),
  };
}

/** A looked-up value may itself hold `${`; for the type check it must not be taken for a reference again. */
function unquoted(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("${", "$(");
  if (Array.isArray(value)) return value.map(unquoted);
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, unquoted(child)]))
    : value;
}

function oktaConnection(
  value: z.infer<typeof oktaOptions>,
  context: {
    readonly name: string;
    readonly origins: Readonly<Record<string, string>>;
    readonly folder: string;
    readonly invalid: (key: string, message: string) => ConfigError;
  },
): OktaConnection {
  const { privateKey, scopes } = value;
  const orgUrl = value.subdomain === undefined ? value.orgUrl : `https://${value.subdomain}.okta.com`;
  const normal = orgUrl === undefined ? undefined : normalizeOrgUrl(orgUrl);
  if (normal !== undefined && "problem" in normal) throw context.invalid("orgUrl", `orgUrl ${normal.problem}`);
  return {
    name: context.name,
    type: "okta",
    ...(normal === undefined ? {} : { orgUrl: normal.url }),
    ...(value.token === undefined ? {} : { token: new Secret(value.token) }),
    ...(value.clientId === undefined ? {} : { clientId: value.clientId }),
    ...(privateKey === undefined
      ? {}
      : { privateKey: new Secret(typeof privateKey === "string" ? privateKey : JSON.stringify(privateKey)) }),
    ...(value.keyId === undefined ? {} : { keyId: value.keyId }),
    ...(scopes === undefined
      ? {}
      : { scopes: typeof scopes === "string" ? scopes.split(/[\s,]+/).filter((scope) => scope !== "") : scopes }),
    ...(value.proxy === undefined ? {} : { proxy: new Secret(value.proxy) }),
    ...(value.caFile === undefined ? {} : { caFile: resolve(context.folder, value.caFile) }),
    rateLimit: { share: value.rateLimit?.share ?? DEFAULT_SHARE },
    origins: context.origins,
  };
}

function originsOf(declaration: ConnectionDeclaration, config: Config): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(declaration.raw)
      .filter(([key]) => key !== "type")
      .map(([key, value]) => {
        const place = config.source.whereValue(["connections", declaration.name, key]).replace(/ .*$/, "");
        const references = holdsReference(value)
          ? [...value.matchAll(/(?<!\$)\$\{[^}]*\}/g)].map(([reference]) => reference)
          : [];
        return [key, references.length === 0 ? place : `${place} (${references.join(", ")})`];
      }),
  );
}

/** The only Okta connection of the file, which OKTA_CLIENT_* and okta.yaml may fill; null when there are several or none. */
export function soleOktaConnection(config: Config): string | null {
  const names = [...config.connections.values()].filter(({ type }) => type === "okta").map(({ name }) => name);
  return names.length === 1 ? (names[0] ?? null) : null;
}
