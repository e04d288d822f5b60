import { text } from "../columns.js";
import { defineObject } from "../definition.js";

/** Which feature needs which other one. Okta lists the whole other feature; only the pair belongs here. */
export const featureDependencies = defineObject({
  name: "feature_dependencies",
  aliases: ["FeatureDependencies"],
  preset: "config",
  summary: "Which self-service feature depends on which other one",
  list: { path: "/api/v1/features/{feature_id}/dependencies", pageSize: 0 },
  parent: { object: "features", columns: { feature_id: "id" } },
  key: ["feature_id", "depends_on_feature_id"],
  columns: [text("id", { name: "depends_on_feature_id" })],
  onlyDeclared: true,
  // Okta decides them, with its releases and without an event: the reconcile finds what changed.
  incremental: { how: "reconcile" },
  events: [],
  // Whether the other one is always in the list of features is not documented.
  references: { feature_id: "features" },
  scopes: ["okta.features.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: false, update: false, delete: false, twoWay: false },
});
