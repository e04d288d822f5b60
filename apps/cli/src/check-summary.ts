import type { CheckReport, ConnectionCheck, Cost, LoadEstimate, OktaCheck, WarehouseCheck } from "@tidemark/pipeline";

import { type Io, type Paint, paintFor, print } from "./io.js";
import { formatCount, formatMs, formatTable, plural } from "./text.js";

/** Prints a check for people: each connection with its facts, then what is wrong with it. */
export function printCheck(io: Io, report: CheckReport): void {
  const paint = paintFor(io.stdout, io.env);
  report.connections.forEach((connection, index) => {
    const mark = connection.ok ? paint.green("ok") : paint.red("not usable");
    print(io.stdout, ...(index > 0 ? [""] : []), `${paint.bold(connection.connection)} (${connection.type}): ${mark}`);
    print(io.stdout, ...settingsOf(connection), ...factsOf(connection, paint), ...faultsOf(connection, paint));
  });
}

function settingsOf(connection: ConnectionCheck): string[] {
  return Object.entries(connection.settings).map(([key, from]) => `  ${key} from ${from}`);
}

function factsOf(connection: ConnectionCheck, paint: Paint): string[] {
  switch (connection.kind) {
    case "okta":
      return oktaFacts(connection, paint);
    case "warehouse":
      return warehouseFacts(connection);
    case "csv":
      return connection.dir === null
        ? []
        : [`  folder ${connection.dir}${connection.writable ? "" : " (cannot be written to)"}`];
  }
}

function faultsOf(connection: ConnectionCheck, paint: Paint): string[] {
  return [
    ...connection.problems.flatMap((problem) => [
      `  ${paint.red("error:")} ${problem.message} (${problem.code})`,
      ...(problem.remedy === undefined ? [] : [`    remedy: ${problem.remedy}`]),
    ]),
    ...connection.warnings.map((warning) => `  ${paint.yellow("warning:")} ${warning}`),
  ];
}

function warehouseFacts({ server, schema, boundOrg }: WarehouseCheck): string[] {
  if (server === null) return [];
  const state = server.schemaExists
    ? "is there"
    : server.mayCreateSchema
      ? "will be made"
      : "is missing and may not be made";
  return [
    `  ${server.version}, database ${server.database}, user ${server.user}${tlsFact(server.tls)}`,
    `  schema ${schema ?? ""} ${state}; it ${boundOrg === null ? "belongs to no org yet" : `belongs to ${boundOrg.url} (${boundOrg.id})`}`,
  ];
}

function tlsFact(tls: NonNullable<WarehouseCheck["server"]>["tls"]): string {
  switch (tls) {
    case "verify":
      return ", TLS: verified";
    case "no-verify":
      return ", TLS: not verified";
    case "off":
      return ", no TLS";
    default:
      return "";
  }
}

function oktaFacts(check: OktaCheck, paint: Paint): string[] {
  const { org, credentials, log, objects, buckets, loads } = check;
  const lines: string[] = [];
  if (org !== null)
    lines.push(
      `  org ${org.id} at ${org.url}${check.latencyMs === null ? "" : `, ${Math.round(check.latencyMs)} ms a request`}`,
    );
  if (credentials !== null) {
    const who = credentials.kind === "token" ? "API token of user" : "service app";
    const roles = credentials.roles === "unknown" ? "unknown (it may not ask)" : credentials.roles.join(", ") || "none";
    lines.push(`  ${who} ${credentials.ownerId}, admin roles: ${roles}`);
    if (Array.isArray(credentials.scopes)) lines.push(`  scopes: ${credentials.scopes.join(" ")}`);
  }
  if (log !== null && !log.readable) {
    lines.push(
      `  ${paint.yellow("System Log cannot be read")}${log.reason === null ? "" : ` (${log.reason})`}: changes are found by listing, deletions at the next reconcile only`,
    );
  }
  if (objects.length > 0) lines.push("", ...indent(objectTable(check)), "", `  ${TABLE_NOTE}`);
  if (buckets.length > 0) lines.push("", ...indent(bucketTable(check)));
  for (const load of loads) lines.push("", ...indent(loadLines(load)));
  return lines;
}

/** What each object answers, and what it costs in the first pipeline that has it. */
function objectTable({ objects, loads }: OktaCheck): string[] {
  const costs = new Map(loads.toReversed().flatMap((load) => load.objects.map((cost) => [cost.object, cost] as const)));
  return formatTable(
    [
      { title: "OBJECT" },
      { title: "ANSWER" },
      { title: "ROWS", right: true },
      { title: "FIRST LOAD", right: true },
      { title: "IDLE", right: true },
      { title: "" },
    ],
    objects.map(({ object, status, message, remedy }) => {
      const cost = costs.get(object);
      return [
        object,
        status === "unchecked" && cost?.rows === 0 ? "nothing there" : status,
        cost === undefined || cost.rows === null ? "?" : `${cost.exact ? "" : "~"}${formatCount(cost.rows)}`,
        ...[cost?.first, cost?.idle].map((one) => (one === undefined ? "?" : formatCount(one.requests))),
        [message, remedy].filter((text) => text !== null && text !== "").join(" "),
      ];
    }),
  );
}

function bucketTable({ buckets }: OktaCheck): string[] {
  const count = (value: number | null): string => (value === null ? "?" : formatCount(Math.floor(value)));
  return formatTable(
    [
      { title: "RATE LIMIT" },
      { title: "A MINUTE", right: true },
      { title: "LEFT", right: true },
      { title: "OURS", right: true },
    ],
    buckets.map(({ bucket, limit, remaining, ours }) => [bucket, count(limit), count(remaining), count(ours)]),
  );
}

function loadLines({ pipeline, first, idle }: LoadEstimate): string[] {
  const name = pipeline === null ? "The core preset" : `Pipeline ${pipeline}`;
  return [`${name}: first load ${costText(first)}; a run after which nothing changed ${costText(idle)}`];
}

function costText({ requests, seconds }: Cost): string {
  return `about ${plural(Math.round(requests), "request")}, ${formatMs(seconds * 1000)}`;
}

const TABLE_NOTE = "First load and idle (nothing changed since) are requests; rows with ~ are estimated from samples";

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
