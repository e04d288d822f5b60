import { PRESETS } from "@tidemark/catalog";
import { z } from "zod";

import { DURATION_FORM, DURATION_PATTERN, parseDuration } from "./duration.js";

/*
 * The option table. Each key of tidemark.yaml stands here once, with its type, what it means and what a wrong value is
 * told; the parser, the JSON Schema and the reference text are made from it.
 */

const text = (): z.ZodString => z.string({ error: "must be text" }).min(1, { error: "must not be empty" });

const duration = (): z.ZodType<string> =>
  z
    .string({ error: `must be ${DURATION_FORM}` })
    .regex(new RegExp(DURATION_PATTERN), { error: `must be ${DURATION_FORM}` })
    .refine((value) => parseDuration(value) !== null, { error: "must be longer than nothing" });

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

const warehouse = <T extends string>(type: T, url: string, schema: string) =>
  z.strictObject({
    type: z.literal(type),
    url: text().describe(url),
    schema: text().optional().describe(schema),
    grantSelect: names("roles").optional().describe("Roles that may read the tables, also those made later."),
  });

/** `type: postgres` */
export const postgresOptions = warehouse(
  "postgres",
  "postgres://user:password@host:5432/database.",
  "Schema that holds the tables; one schema belongs to one org. Default okta.",
);

/** `type: mysql`, MariaDB included */
const mysqlOptions = warehouse(
  "mysql",
  "mysql://user:password@host:3306/database.",
  "Database that holds the tables; one database belongs to one org. Default the url's, else okta.",
);

/** `type: sqlserver`, Azure SQL included */
const sqlserverOptions = warehouse(
  "sqlserver",
  "sqlserver://user:password@host:1433/database.",
  "Schema that holds the tables; one schema belongs to one org. Default okta.",
);

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
    active: z
      .boolean({ error: "must be true or false" })
      .optional()
      .describe("false pauses the schedule. Default true."),
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
