import { checkConnectionName } from "./names.js";
import { CONNECTION_OPTIONS } from "./options.js";
import { normalizeOrgUrl } from "./org-url.js";
import { type ConfigProblem, orList } from "./problems.js";
import { holdsReference } from "./references.js";
import type { KeyPath, SourceMap } from "./source-map.js";
import { didYouMean } from "./suggest.js";
import type { ConnectionDeclaration, ConnectionType } from "./types.js";
import { findProblems, isRecord } from "./validate.js";

const TYPES = Object.keys(CONNECTION_OPTIONS) as ConnectionType[];

/** What `connections:` stands for. */
export interface ParsedConnections {
  readonly connections: ReadonlyMap<string, ConnectionDeclaration>;
  readonly problems: readonly ConfigProblem[];
  readonly notes: readonly string[];
}

/** Reads `connections:`; references stay unresolved. */
export function parseConnections(value: unknown, source: SourceMap): ParsedConnections {
  const at: KeyPath = ["connections"];
  const problems: ConfigProblem[] = [];
  const notes: string[] = [];
  const connections = new Map<string, ConnectionDeclaration>();
  if (!isRecord(value) || Object.keys(value).length === 0) {
    const message =
      value === undefined ? "connections is missing" : "connections must be a map of names to connections";
    return {
      connections,
      notes,
      problems: [
        {
          where: source.whereKey(value === undefined ? [] : at),
          message: `${message}. \`tidemark init\` writes a first file.`,
        },
      ],
    };
  }
  for (const [name, raw] of Object.entries(value)) {
    const here = [...at, name];
    const fault = checkConnectionName(name);
    if (fault !== null) problems.push({ where: source.whereKey(here), message: fault });
    const type = connectionType(raw, here, { source, problems });
    if (type === undefined || !isRecord(raw)) continue;
    problems.push(...findProblems({ schema: CONNECTION_OPTIONS[type], value: raw, at: here, source }));
    connections.set(name, { name, type, where: source.place(here), raw });
  }
  for (const connection of connections.values()) {
    if (connection.type === "okta") problems.push(...oktaProblems(connection, { source, connections, notes }));
    else problems.push(...urlProblems(connection, source));
  }
  return { connections, problems, notes };
}

function connectionType(
  raw: unknown,
  at: KeyPath,
  out: { readonly source: SourceMap; readonly problems: ConfigProblem[] },
): ConnectionType | undefined {
  if (!isRecord(raw)) {
    out.problems.push({
      where: out.source.whereKey(at),
      message: `The connection must be a map that begins with type: ${orList(TYPES)}.`,
    });
    return undefined;
  }
  const type = TYPES.find((candidate) => candidate === raw["type"]);
  if (type !== undefined) return type;
  const given = raw["type"];
  out.problems.push({
    where: given === undefined ? out.source.whereKey(at) : out.source.whereValue([...at, "type"]),
    message:
      given === undefined
        ? `type is missing: ${orList(TYPES)}.`
        : `type must be ${orList(TYPES)}, not "${String(given)}".${didYouMean(String(given), TYPES)}`,
  });
  return undefined;
}

interface OktaContext {
  readonly source: SourceMap;
  readonly connections: ReadonlyMap<string, ConnectionDeclaration>;
  readonly notes: string[];
}

function oktaProblems(connection: ConnectionDeclaration, context: OktaContext): ConfigProblem[] {
  const { raw, name } = connection;
  const at = ["connections", name];
  const problems: ConfigProblem[] = [];
  const report = (key: string, message: string): void => {
    problems.push({ where: context.source.whereKey(key === "" ? at : [...at, key]), message });
  };
  const orgUrl = raw["orgUrl"];
  if (orgUrl !== undefined && raw["subdomain"] !== undefined)
    report("subdomain", "Give orgUrl or subdomain, not both.");
  if (typeof orgUrl === "string" && orgUrl !== "" && !holdsReference(orgUrl)) {
    const normal = normalizeOrgUrl(orgUrl);
    if ("problem" in normal)
      problems.push({ where: context.source.whereValue([...at, "orgUrl"]), message: `orgUrl ${normal.problem}` });
    else if (normal.note !== null)
      context.notes.push(`${context.source.whereValue([...at, "orgUrl"])}: ${normal.note}`);
  }
  if (raw["token"] !== undefined && raw["privateKey"] !== undefined) {
    report("privateKey", "Give token, or clientId with privateKey, not both.");
  }
  // OKTA_CLIENT_* and okta.yaml may fill the gaps, but only when it is clear for which connection they are meant.
  const single = [...context.connections.values()].filter(({ type }) => type === "okta").length === 1;
  if (!single) {
    const aside = "With more than one Okta connection, OKTA_CLIENT_… and okta.yaml fill nothing.";
    if (orgUrl === undefined && raw["subdomain"] === undefined) report("", `orgUrl is missing. ${aside}`);
    if (raw["token"] === undefined && raw["privateKey"] === undefined)
      report("", `token (or clientId and privateKey) is missing. ${aside}`);
    if (raw["privateKey"] !== undefined && raw["clientId"] === undefined)
      report("", `clientId is missing beside privateKey. ${aside}`);
    if (raw["privateKey"] !== undefined && raw["scopes"] === undefined)
      report("", `scopes is missing beside privateKey. ${aside}`);
  }
  return problems;
}

const URL_SCHEMES: Readonly<Record<string, readonly string[]>> = {
  postgres: ["postgres", "postgresql"],
  mysql: ["mysql", "mariadb"],
  sqlserver: ["sqlserver", "mssql"],
};

/** What is wrong with a database's URL (which is not shown: it holds a password); null when nothing is. */
export function urlFault(type: ConnectionType, url: string): string | null {
  const schemes = URL_SCHEMES[type];
  if (schemes === undefined || schemes.some((scheme) => url.toLowerCase().startsWith(`${scheme}://`))) return null;
  return `url must begin with ${orList(schemes.map((scheme) => `${scheme}://`))}, e.g. ${schemes[0] ?? type}://user:password@host/database.`;
}

function urlProblems(connection: ConnectionDeclaration, source: SourceMap): ConfigProblem[] {
  const url = connection.raw["url"];
  if (typeof url !== "string" || url === "" || url.startsWith("${")) return [];
  const fault = urlFault(connection.type, url);
  return fault === null ? [] : [{ where: source.whereValue(["connections", connection.name, "url"]), message: fault }];
}
