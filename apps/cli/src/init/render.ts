import { checkConnectionName } from "@tidemark/config";
import { stringify } from "yaml";

/** Name of the JSON Schema that `init` writes beside the configuration. */
export const SCHEMA_FILE = "tidemark.schema.json";

/** Databases that a pipeline can fill: their name, and the URL that DATABASE_URL holds. */
export const WAREHOUSES = {
  postgres: { name: "PostgreSQL", url: "postgres://user:password@host:5432/database" },
  mysql: { name: "MySQL or MariaDB", url: "mysql://user:password@host:3306" },
  sqlserver: { name: "SQL Server or Azure SQL", url: "sqlserver://user:password@host:1433/database" },
} as const;
export type WarehouseType = keyof typeof WAREHOUSES;

/** What a first configuration needs to know. */
export interface Answers {
  readonly orgUrl: string;
  readonly name: string;
  readonly auth: "token" | "key";
  readonly warehouse: WarehouseType;
  readonly schema: string;
  readonly pipeline: string;
  readonly objects: readonly string[];
}

/** Scopes that read the core preset; see `tidemark objects --json`. */
const CORE_SCOPES = [
  "okta.users.read",
  "okta.userTypes.read",
  "okta.schemas.read",
  "okta.groups.read",
  "okta.apps.read",
  "okta.logs.read",
  "okta.roles.read",
];

/** A configuration file with references where secrets belong. */
export function renderConfig(answers: Answers): string {
  const okta =
    answers.auth === "token"
      ? { type: "okta", orgUrl: answers.orgUrl, token: "${env:OKTA_CLIENT_TOKEN}" }
      : {
          type: "okta",
          orgUrl: answers.orgUrl,
          clientId: "${env:OKTA_CLIENT_CLIENTID}",
          privateKey: "${file:okta-private-key.pem}",
          scopes: CORE_SCOPES,
        };
  const document = {
    connections: {
      [answers.name]: okta,
      warehouse: { type: answers.warehouse, url: "${env:DATABASE_URL}", schema: answers.schema },
    },
    pipelines: {
      [answers.pipeline]: {
        source: answers.name,
        destination: "warehouse",
        objects: answers.objects.length === 1 ? answers.objects[0] : [...answers.objects],
      },
    },
  };
  return `# yaml-language-server: $schema=./${SCHEMA_FILE}\n${stringify(document, { lineWidth: 0 })}`;
}

/** `https://acme-prod.okta.com` → `acme-prod`. */
export function suggestedName(orgUrl: string): string {
  const host = new URL(orgUrl).hostname;
  const first = /^[\d.]+$/.test(host) ? "" : (host.split(".")[0] ?? "");
  return checkConnectionName(first) === null ? first : "okta";
}
