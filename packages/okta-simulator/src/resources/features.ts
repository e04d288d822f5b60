import { type JsonObject } from "../json.js";
import { defineResource, type ResourceAction, type ResourceContext, seedId } from "./definition.js";
import { shown } from "./items.js";

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

/** Places among the seeds: who depends on whom. */
const DEPENDENCIES: readonly (readonly [feature: number, needed: number])[] = [
  [2, 1],
  [4, 0],
  [4, 3],
];

/** The features at the other ends, whole; which ones a feature depends on is Okta's to say, and never changes here. */
function related(context: ResourceContext, ends: (pair: readonly [number, number]) => readonly [number, number]) {
  const { resources, ancestors } = context;
  const list = resources.list(features, {});
  const place = list.findIndex(({ id }) => id === ancestors["featureId"]);
  const places = DEPENDENCIES.map(ends).filter(([from]) => from === place);
  return places.map(([, to]) => list[to]).filter((item) => item !== undefined);
}

/** Features that must be on for this one (OpenAPI spec). */
export const featureDependencies = defineResource({
  name: "feature_dependencies",
  kind: "Feature",
  path: "/api/v1/features/{featureId}/dependencies",
  ancestors: { featureId: "features" },
  scope: "okta.features",
  readable: false,
  derived: (context) => related(context, (pair) => pair),
  shown: (item, context) => shown(features, item, { ...context, ancestors: {} }),
});

/** The same from the other end. */
export const featureDependents = defineResource({
  name: "feature_dependents",
  kind: "Feature",
  path: "/api/v1/features/{featureId}/dependents",
  ancestors: { featureId: "features" },
  scope: "okta.features",
  readable: false,
  derived: (context) => related(context, ([feature, needed]) => [needed, feature]),
  shown: (item, context) => shown(features, item, { ...context, ancestors: {} }),
});
