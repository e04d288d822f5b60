import { databaseFaults } from "./databases.js";
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
    const schema = CONNECTION_OPTIONS[type];
    problems.push(...findProblems({ schema, value: raw, at: here, source, elsewhere: elsewhere(type) }));
    connections.set(name, { name, type, where: source.place(here), raw });
  }
  for (const connection of connections.values()) {
    if (connection.type === "okta") problems.push(...oktaProblems(connection, { source, connections, notes }));
    else problems.push(...databaseProblems(connection, source));
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

/** Where else a key may stand, for a message about one that may not stand here. */
function elsewhere(type: ConnectionType): (key: string) => string | null {
  return (key) => {
    const types = TYPES.filter((candidate) => candidate !== type && key in CONNECTION_OPTIONS[candidate].shape);
    return types.length === 0 ? null : `${key} is a key of ${orList(types)} connections, not of ${type} ones.`;
  };
}

function databaseProblems(connection: ConnectionDeclaration, source: SourceMap): ConfigProblem[] {
  const { type, name, raw } = connection;
  if (type === "okta" || type === "csv") return [];
  return databaseFaults(type, raw).map(({ key, message }) => ({
    where: source.whereValue(["connections", name, key]),
    message,
  }));
}
