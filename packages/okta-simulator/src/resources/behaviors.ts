import { instantText } from "../json.js";
import { defineResource, seedId } from "./definition.js";
import { lifecycle, lifecycleLink, link } from "./lifecycle.js";

/** `2025-08-25 08:25:43.0` (recorded traffic). */
function javaInstant(ms: number): string {
  return `${instantText(ms).slice(0, 19).replace("T", " ")}.0`;
}

/** Behaviour detection rules. Which event an activation writes is not documented: here, the update's. */
export const behaviors = defineResource({
  name: "behaviors",
  kind: "Behavior",
  path: "/api/v1/behaviors",
  prefix: "bhv",
  scope: "okta.behaviors",
  feature: "behavior-detection",
  list: {},
  stamps: { text: javaInstant },
  create: {
    status: 200,
    required: ["name", "type"],
    // Whatever the body says (Okta's own integration tests).
    make: (body) => ({ ...body, status: "ACTIVE" }),
    event: "security.behavior.settings.create",
  },
  replace: { status: 200, required: ["name", "type"], event: "security.behavior.settings.update" },
  // Also while it is active (Okta's own integration tests).
  remove: { status: 204, event: "security.behavior.settings.delete" },
  actions: lifecycle({
    activate: "security.behavior.settings.update",
    deactivate: "security.behavior.settings.update",
  }),
  shown: (item, { base }) => {
    const href = `${base}/api/v1/behaviors/${String(item["id"])}`;
    return { ...item, _links: { self: link(href, "GET", "PUT", "DELETE"), ...lifecycleLink(item, href) } };
  },
  seed: (context) => {
    const at = javaInstant(context.org.newest - 50 * 86_400_000);
    const counts = { minEventsNeededForEvaluation: 0, maxEventsUsedForEvaluation: 20 };
    return [
      { name: "New City", type: "ANOMALOUS_LOCATION", settings: { ...counts, granularity: "CITY" } },
      {
        name: "New Geo-Location",
        type: "ANOMALOUS_LOCATION",
        settings: { ...counts, granularity: "LAT_LONG", radiusKilometers: 20.5 },
      },
      { name: "New Device", type: "ANOMALOUS_DEVICE", settings: counts },
      { name: "New IP", type: "ANOMALOUS_IP", settings: { ...counts, maxEventsUsedForEvaluation: 50 } },
      { name: "Velocity", type: "VELOCITY", settings: { velocityKph: 805 } },
    ].map((rule, n) => ({ id: seedId(context, "bhv", n), status: "ACTIVE", ...rule, created: at, lastUpdated: at }));
  },
});
