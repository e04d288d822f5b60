import { integer, json, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/**
 * Receivers that Okta sends security signals to (Shared Signals Framework). By the specification OAuth alone reads them,
 * with a scope outside of `okta.`: to an API token they are denied.
 */
export const ssfStreams = defineObject({
  name: "ssf_streams",
  aliases: ["SSFStreams", "SsfStreams", "StreamConfigurations"],
  preset: "config",
  summary: "Receivers that Okta sends security signals to (OAuth only, no API token)",
  openApi: "StreamConfiguration",
  // A single one is read by a parameter of the list (`stream_id`), in a shape that is not documented.
  list: { path: "/api/v1/ssf/stream", pageSize: 0 },
  key: ["stream_id"],
  columns: [
    text("stream_id"),
    text("iss"),
    // One audience, or a list of them.
    json("aud"),
    text("format"),
    text("delivery.method"),
    text("delivery.endpoint_url"),
    json("events_requested"),
    json("events_delivered"),
    json("events_supported"),
    integer("min_verification_interval"),
  ],
  // What Okta shows to the receiver to prove itself.
  secrets: paths("delivery.authorization_header"),
  sets: paths("events_requested", "events_delivered", "events_supported"),
  incremental: { how: "log" },
  // The type of these events' targets is not documented; the list is one request.
  events: [
    {
      types: [
        "security.events.transmitter.create",
        "security.events.transmitter.update",
        "security.events.transmitter.delete",
      ],
      effect: "whole",
      key: {},
    },
  ],
  scopes: ["ssf.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: true, delete: true, twoWay: false },
});
