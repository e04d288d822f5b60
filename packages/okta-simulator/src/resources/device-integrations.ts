import type { JsonObject } from "../json.js";
import { defineResource, seedId } from "./definition.js";
import { lifecycleLink, selfLink, setStatus } from "./lifecycle.js";

const SEEDS: readonly JsonObject[] = [
  {
    name: "com.google.dtc",
    displayName: "Chrome Device Trust",
    platform: "CHROMEOS",
    status: "ACTIVE",
    metadata: {
      type: "CHROME",
      serviceAccountName: "simulated-org",
      serviceAccountEmail: "simulated-org@devices.example.com",
    },
  },
  {
    name: "com.okta.windowssecuritycenter",
    displayName: "Windows Security Center",
    platform: "WINDOWS",
    status: "DEACTIVATED",
  },
  { name: "com.okta.device.osquery", displayName: "osquery", platform: "MACOS", status: "ACTIVE" },
];

/** What tells Okta about the state of devices; an org has what Okta offers, and switches it on (OpenAPI spec). */
export const deviceIntegrations = defineResource({
  name: "device_integrations",
  kind: "DeviceIntegrations",
  path: "/api/v1/device-integrations",
  scope: "okta.deviceIntegrations",
  feature: "devices",
  stamps: null,
  actions: {
    activate: { status: 200, make: setStatus("ACTIVE"), event: "device.integration.endpoint_security.activate" },
    deactivate: {
      status: 200,
      make: setStatus("DEACTIVATED"),
      event: "device.integration.endpoint_security.deactivate",
    },
  },
  shown: (item, context) => {
    const path = `/api/v1/device-integrations/${String(item["id"])}`;
    return {
      ...item,
      _links: { ...selfLink(context, path, ["GET"]), ...lifecycleLink(item, `${context.base}${path}`) },
    };
  },
  // What their ids begin with is not documented.
  seed: (context) => SEEDS.map((item, n) => ({ id: seedId(context, "din", n), ...item })),
});
