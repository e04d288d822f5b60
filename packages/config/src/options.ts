import { PRESETS } from "@tidemark/catalog";
import { z } from "zod";

import { DURATION_FORM, DURATION_PATTERN, parseDuration } from "./duration.js";

/** One connection for a dry run's transaction, one for everything that must not wait for it. */
const SMALLEST_POOL = 2;

/*
 * The option table. Each key of tidemark.yaml stands here once, with its type, what it means and what a wrong value is
 * told; the parser, the JSON Schema and the reference text are made from it.
 */

const text = (): z.ZodString => z.string({ error: "must be text" }).min(1, { error: "must not be empty" });

const duration = (): z.ZodType<string> =>
  z
    .string({ error: `must be ${DURATION_FORM}` })
    .regex(new RegExp(DURATION_PATTERN), { error: `must be ${DURATION_FORM}`, abort: true })
    .refine((value) => parseDuration(value) !== null, { error: "must be longer than nothing" });

const yesOrNo = (): z.ZodBoolean => z.boolean({ error: "must be true or false" });

const names = (what: string): z.ZodType<string[]> =>
  z.array(text(), { error: `must be a list of ${what}, e.g. [a, b]` });

const rateLimit = z.strictObject(
  {
    share: z
      .number({ error: "must be a number above 0 and at most 1" })
      .gt(0, { error: "must be above 0 (and at most 1)" })
      .lte(1, { error: "must be at most 1 (and above 0)" })
      .optional()
      .describe(
        "Part of Okta's limit that Tidemark's own requests may use in any minute, whatever others use. Default 0.5.",
      ),
  },
  { error: "must be a map, e.g. { share: 0.5 }" },
);

/** `type: okta` */
export const oktaOptions = z.strictObject({
  type: z.literal("okta"),
  orgUrl: text().optional().describe("Address of the org, https://acme.okta.com. An -admin host is corrected."),
  subdomain: text()
    .regex(/^[A-Za-z0-9-]+$/, { error: "must be the first part of the org's address alone, e.g. acme" })
    .optional()
    .describe("Instead of orgUrl: acme stands for https://acme.okta.com."),
  token: text().optional().describe("API token (SSWS). Or clientId and privateKey."),
  clientId: text().optional().describe("Client id of an API service app (OAuth 2.0, private key JWT)."),
  privateKey: z
    .union([text(), z.record(z.string(), z.unknown())], { error: "must be a PEM text or a JWK" })
    .optional()
    .describe("The app's private key: PEM or JWK, RSA or EC."),
  keyId: text().optional().describe("Key id (kid), when the app has several keys."),
  scopes: z
    .union([text(), names("scopes")], { error: "must be a list of scopes, e.g. [okta.users.read, okta.groups.read]" })
    .optional()
    .describe("OAuth scopes to ask for."),
  proxy: text().optional().describe("Proxy URL. Left out, HTTPS_PROXY and NO_PROXY count."),
  caFile: text().optional().describe("PEM file of certificate authorities to trust besides the public ones."),
  rateLimit: rateLimit.optional().describe("How much of Okta's rate limits Tidemark may use."),
});

/** Timers of Node and of the databases count milliseconds in 31 bits. */
const LONGEST_TIMEOUT_MS = 24 * 86_400_000;

const timeout = (): z.ZodType<string> =>
  duration().refine((value) => (parseDuration(value) ?? 0) <= LONGEST_TIMEOUT_MS, { error: "must be at most 24d" });

/** Keys that every database connection has beside `type`, `url` and `schema`. */
const databaseOptions = {
  grantSelect: names("roles").optional().describe("Roles that may read the tables, also those made later."),
  tls: z
    .enum(["verify", "no-verify", "off"], { error: "must be verify, no-verify or off" })
    .optional()
    .describe(
      "verify: TLS with a checked certificate. no-verify: TLS with any certificate. off: none, only for a network that you trust. Default verify; off for loopback addresses and Unix sockets.",
    ),
  caFile: text()
    .optional()
    .describe("PEM file of the authority that signed the server's certificate, instead of the public ones."),
  poolSize: z
    .int({ error: `must be a whole number of at least ${SMALLEST_POOL}` })
    .gte(SMALLEST_POOL, {
      error: `must be at least ${SMALLEST_POOL}: a dry run holds one connection to its end, and leases are renewed through another`,
    })
    .optional()
    .describe(`Connections at most, ${SMALLEST_POOL} or more. Default 10.`),
  statementTimeout: timeout()
    .optional()
    .describe("A statement that takes longer is cancelled and its batch rolled back, e.g. 10m. Default none."),
  connectTimeout: timeout().optional().describe("How long to wait for the server to answer. Default 10s."),
};

const createDatabase = yesOrNo()
  .optional()
  .describe("true: the database of the url is made when it is missing and the user may make it. Default false.");

/** `type: postgres` */
export const postgresOptions = z.strictObject({
  type: z.literal("postgres"),
  url: text().describe("postgres://user:password@host:5432/database; ?host=/var/run/postgresql for a Unix socket."),
  schema: text().optional().describe("Schema that holds the tables; one schema belongs to one org. Default okta."),
  createDatabase,
  ...databaseOptions,
});

/** `type: mysql`, MariaDB included */
export const mysqlOptions = z.strictObject({
  type: z.literal("mysql"),
  url: text().describe("mysql://user:password@host:3306/database; ?socket=/run/mysqld/mysqld.sock for a Unix socket."),
  schema: text()
    .optional()
    .describe("Database that holds the tables; one database belongs to one org. Default the url's, else okta."),
  ...databaseOptions,
});

/** `type: sqlserver`, Azure SQL included */
export const sqlserverOptions = z.strictObject({
  type: z.literal("sqlserver"),
  url: text().describe(
    "sqlserver://user:password@host:1433/database; without a port beside instance, without user and password beside accessToken.",
  ),
  schema: text().optional().describe("Schema that holds the tables; one schema belongs to one org. Default okta."),
  createDatabase,
  instance: text()
    .regex(/^[^\\/\s]+$/, { error: "must be the instance's name alone, e.g. SQLEXPRESS" })
    .optional()
    .describe("Name of the instance; the SQL Server Browser (UDP 1434) tells its port."),
  domain: text().optional().describe("Windows domain of the url's user, for an NTLM login."),
  accessToken: text()
    .optional()
    .describe("Microsoft Entra ID (Azure AD) access token for https://database.windows.net, instead of a user."),
  ...databaseOptions,
});

/** `type: csv` */
export const csvOptions = z.strictObject({
  type: z.literal("csv"),
  dir: text().describe("Folder for the files; made when it is not there."),
  layout: z
    .enum(["tidemark", "netwrix"], { error: "must be tidemark or netwrix" })
    .optional()
    .describe("tidemark (default) writes every column; netwrix only the mapped ones, in that product's spelling."),
});

/** Options of a connection by its type. */
export const CONNECTION_OPTIONS = {
  okta: oktaOptions,
  postgres: postgresOptions,
  mysql: mysqlOptions,
  sqlserver: sqlserverOptions,
  csv: csvOptions,
} as const;

/** Options of one object inside `objects:`. */
export const objectOptions = z.strictObject({
  filter: z
    .record(text(), z.union([text(), names("values")], { error: "must be a value or a list of values" }), {
      error: "must be a map, e.g. { status: [ACTIVE] }",
    })
    .optional()
    .describe("Only rows whose attribute has one of these values, e.g. { status: [ACTIVE, SUSPENDED] }."),
  columns: z
    .strictObject(
      {
        exclude: names("source paths")
          .optional()
          .describe("Source paths that are not replicated, e.g. [profile.secondEmail]."),
        rename: z
          .record(
            text(),
            text().regex(/^[A-Za-z][A-Za-z0-9_]*$/, { error: "must be a plain column name: letters, digits and _" }),
            {
              error: "must be a map, e.g. { profile.login: login }",
            },
          )
          .optional()
          .describe("Source path → column name, e.g. { profile.login: login }."),
      },
      { error: "must be a map with exclude or rename" },
    )
    .optional()
    .describe("Columns left out or named otherwise."),
  since: duration()
    .optional()
    .describe("Log objects: how far back the first load reaches. Default: all that Okta keeps."),
  retain: duration().optional().describe("Log objects: rows older than this are dropped. Default: never."),
});

const schedule = z.strictObject(
  {
    cron: text().optional().describe('Five fields, e.g. "0 2 * * *".'),
    every: duration().optional().describe("Instead of cron: a fixed distance, e.g. 15m."),
    startAt: text()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day, e.g. "02:00"' })
      .optional()
      .describe('With every: the time of day at which the series starts, e.g. "02:00".'),
    timezone: text().optional().describe("IANA time zone, e.g. Europe/Berlin. Default UTC."),
    active: yesOrNo().optional().describe("false pauses the schedule. Default true."),
  },
  { error: 'must be a map, e.g. { cron: "0 2 * * *" } or { every: 15m }' },
);

/** Options of a pipeline. `objects` is read by its own rules, see objects.ts. */
export const pipelineOptions = z.strictObject({
  source: text().describe("Name of an Okta connection."),
  destination: text().describe("Name of a database or csv connection."),
  objects: z
    .unknown()
    .optional()
    .describe(
      `Preset (${[...PRESETS, "all"].join(", ")}), a list of presets and objects, or a map with options. Default core.`,
    ),
  deletes: z
    .enum(["hard", "soft", "ignore"], { error: "must be hard, soft or ignore" })
    .optional()
    .describe(
      "hard (default): the table is what Okta is now. soft: rows stay and are marked. ignore: rows stay as they are.",
    ),
  history: names("objects").optional().describe("Objects whose versions are kept beside the table."),
  reconcile: z
    .strictObject(
      { every: duration().optional().describe("Default 24h.") },
      { error: "must be a map, e.g. { every: 24h }" },
    )
    .optional()
    .describe("How often everything is listed again, as the backstop."),
  schedule: schedule.optional().describe("When the pipeline runs by itself."),
});
