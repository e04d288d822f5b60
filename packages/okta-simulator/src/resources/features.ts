import { type JsonObject } from "../json.js";
import { defineResource, type ResourceAction, seedId } from "./definition.js";

const SEEDS: readonly (readonly [name: string, stage: JsonObject])[] = [
  ["Tide tables for administrators", { value: "EA" }],
  ["Sign-in with a lighthouse", { value: "BETA", state: "OPEN" }],
  ["Berth based access", { value: "BETA", state: "CLOSED" }],
  ["Longer log retention", { value: "EA" }],
  ["Custom roles for hooks", { value: "EA" }],
];

/** Recorded calls write the verb in capitals, the links in small letters. */
function switches(verb: string, status: string): Readonly<Record<string, ResourceAction>> {
  const action: ResourceAction = {
    path: verb,
    status: 200,
    make: (_, __, before) => ({ ...before, status }),
    event: `system.feature.${verb}`,
  };
  return { [verb]: action, [verb.toUpperCase()]: { ...action, path: verb.toUpperCase() } };
}

/** Self-service features (OpenAPI spec, recorded traffic). */
export const features = defineResource({
  name: "features",
  kind: "Feature",
  path: "/api/v1/features",
  scope: "okta.features",
  stamps: null,
  actions: { ...switches("enable", "ENABLED"), ...switches("disable", "DISABLED") },
  shown: (item, { base }) => {
    const self = `${base}/api/v1/features/${String(item["id"])}`;
    const other = item["status"] === "ENABLED" ? "disable" : "enable";
    return {
      ...item,
      _links: {
        [other]: { href: `${self}/${other}`, hints: { allow: ["POST"] } },
        self: { href: self },
        dependents: { href: `${self}/dependents` },
        dependencies: { href: `${self}/dependencies` },
      },
    };
  },
  seed: (context) =>
    SEEDS.map(([name, stage], n) => ({
      id: seedId(context, "ftr", n),
      type: "self-service",
      status: n % 2 === 0 ? "DISABLED" : "ENABLED",
      name,
      description: `${name}, as early as can be.`,
      stage,
    })),
});
