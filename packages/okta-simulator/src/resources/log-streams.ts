import { oktaError } from "../errors.js";
import { comparisons, evaluate, lookup, parseExpression } from "../expression.js";
import { defineResource, seedId } from "./definition.js";
import { lifecycle } from "./lifecycle.js";

/** Streams of the System Log. Splunk's token is never shown (recorded traffic). */
export const logStreams = defineResource({
  name: "log_streams",
  kind: "LogStream",
  path: "/api/v1/logStreams",
  prefix: "0oa",
  scope: "okta.logStreams",
  hidden: ["settings.token"],
  list: {
    page: { fallback: 20, max: 200 },
    check: (query) => {
      const filter = query.get("filter");
      if (filter === null) return;
      const known = comparisons(parseExpression(filter, "filter")).every(
        ({ path, op }) => op === "eq" && (path === "status" || path === "type"),
      );
      if (!known) throw oktaError("E0000031");
    },
    matches: (item, query) => {
      const filter = query.get("filter");
      return filter === null || evaluate(parseExpression(filter, "filter"), lookup(item));
    },
  },
  create: {
    status: 200,
    required: ["name", "type", "settings"],
    make: (body) => ({
      type: body["type"] ?? null,
      name: body["name"] ?? null,
      status: "ACTIVE",
      settings: body["settings"] ?? null,
    }),
    event: "system.log_stream.lifecycle.create",
  },
  replace: { status: 200, required: ["name", "type", "settings"], event: "system.log_stream.lifecycle.update" },
  remove: { status: 204, event: "system.log_stream.lifecycle.delete" },
  actions: lifecycle({
    activate: "system.log_stream.lifecycle.activate",
    deactivate: "system.log_stream.lifecycle.deactivate",
    answers: { status: 200, answer: "empty" },
  }),
  shown: (item, { base }) => ({
    ...item,
    _links: { self: { href: `${base}/api/v1/logStreams/${String(item["id"])}`, method: "GET" } },
  }),
  seed: (context) => [
    {
      id: seedId(context, "0oa", 920_000),
      type: "aws_eventbridge",
      name: "Security lake",
      created: "2025-02-13T09:10:39.000Z",
      lastUpdated: "2025-02-13T09:10:39.000Z",
      status: "ACTIVE",
      settings: { accountId: "123456789012", eventSourceName: "security_lake", region: "eu-north-1" },
    },
  ],
});
