import type { JsonObject, Simulator } from "@tidemark/okta-simulator";
import fc from "fast-check";

import { actOnResource, changeResource, createResource, type Pick, removeResource } from "./resource-happenings.js";

/** One thing that happens to the org: `pick` chooses among what is there, so that every history can be played. */
export interface Happening {
  readonly kind: keyof typeof HAPPENINGS | keyof typeof RESOURCE_HAPPENINGS;
  readonly pick: readonly [number, number];
}

/** A step of a history: something happens, time passes, or a run takes place (with Okta in some trouble). */
export type Step =
  | { readonly step: "happen"; readonly happening: Happening }
  | { readonly step: "wait"; readonly ms: number }
  | { readonly step: "run"; readonly trouble: Trouble };

/** What is wrong with Okta during a run. */
export type Trouble =
  | "none"
  | "throttled"
  | "errors"
  | "dropped"
  | "truncated"
  | "empty-pages"
  | "stopped"
  | "denied"
  | "expired";

type Play = (sim: Simulator, pick: Pick) => void;

const ids = (
  sim: Simulator,
  object: "users" | "groups" | "applications" | "group_rules",
  where: (item: JsonObject) => boolean = () => true,
): string[] => [...sim.org.truth(object)].filter(where).map((item) => String(item["id"]));

const okta = (item: JsonObject): boolean => item["type"] === "OKTA_GROUP";
/** The token's owner stays: without it there is no token. */
const mortal = (sim: Simulator) => (item: JsonObject) => item["id"] !== sim.org.userId(0);
const live = (sim: Simulator) => (item: JsonObject) => mortal(sim)(item) && item["status"] !== "DEPROVISIONED";

let counter = 0;

/** Everything that can happen; a happening without anybody to happen to does nothing. */
export const HAPPENINGS = {
  createUser: (sim, pick) => {
    const group = pick(ids(sim, "groups", okta), 0);
    counter += 1;
    sim.org.createUser({ firstName: `Zoë ${counter}` }, group === undefined ? {} : { groupIds: [group] });
  },
  updateUser: (sim, pick) => {
    const user = pick(ids(sim, "users", live(sim)), 0);
    counter += 1;
    if (user) sim.org.updateUser(user, { title: `Title ${counter}`, nickName: null });
  },
  deactivateUser: (sim, pick) => {
    const user = pick(ids(sim, "users", live(sim)), 0);
    if (user) sim.org.deactivateUser(user);
  },
  suspendUser: (sim, pick) => {
    const user = pick(
      ids(sim, "users", (item) => mortal(sim)(item) && item["status"] === "ACTIVE"),
      0,
    );
    if (user) sim.org.suspendUser(user);
  },
  deleteUser: (sim, pick) => {
    const user = pick(ids(sim, "users", mortal(sim)), 0);
    if (user) sim.org.deleteUser(user);
  },
  signIn: (sim, pick) => {
    const user = pick(
      ids(sim, "users", (item) => item["status"] === "ACTIVE"),
      0,
    );
    if (user) sim.org.signIn(user);
  },
  createGroup: (sim) => {
    counter += 1;
    sim.org.createGroup({ name: `Group ${counter}`, description: "" });
  },
  updateGroup: (sim, pick) => {
    const group = pick(ids(sim, "groups", okta), 0);
    counter += 1;
    if (group) sim.org.updateGroup(group, { name: `Renamed ${counter}`, description: "changed" });
  },
  deleteGroup: (sim, pick) => {
    const group = pick(ids(sim, "groups", okta), 0);
    if (group) sim.org.deleteGroup(group);
  },
  addMember: (sim, pick) => {
    const [group, user] = [pick(ids(sim, "groups", okta), 0), pick(ids(sim, "users", live(sim)), 1)];
    if (group && user) sim.org.addMember(group, user);
  },
  removeMember: (sim, pick) => {
    const pairs = [...sim.org.truth("group_members")].map(
      (pair) => `${String(pair["groupId"])} ${String(pair["userId"])}`,
    );
    const oktaGroups = new Set(ids(sim, "groups", okta));
    const [group, user] = (
      pick(
        pairs.filter((pair) => oktaGroups.has(pair.split(" ")[0] ?? "")),
        0,
      ) ?? ""
    ).split(" ");
    if (group && user) sim.org.removeMember(group, user);
  },
  createApp: (sim) => {
    counter += 1;
    sim.org.createApp({ label: `App ${counter}` });
  },
  updateApp: (sim, pick) => {
    const app = pick(ids(sim, "applications"), 0);
    counter += 1;
    if (app) sim.org.updateApp(app, { label: `Label ${counter}` });
  },
  deactivateApp: (sim, pick) => {
    const app = pick(
      ids(sim, "applications", (item) => item["status"] === "ACTIVE"),
      0,
    );
    if (app) sim.org.deactivateApp(app);
  },
  activateApp: (sim, pick) => {
    const app = pick(
      ids(sim, "applications", (item) => item["status"] === "INACTIVE"),
      0,
    );
    if (app) sim.org.activateApp(app);
  },
  deleteApp: (sim, pick) => {
    const app = pick(ids(sim, "applications"), 0);
    if (app) sim.org.deleteApp(app);
  },
  assignUser: (sim, pick) => {
    const [app, user] = [pick(ids(sim, "applications"), 0), pick(ids(sim, "users", live(sim)), 1)];
    if (app && user) sim.org.assignUser(app, user);
  },
  unassignUser: (sim, pick) => {
    const pairs = [...sim.org.truth("application_users")].filter((pair) => pair["scope"] === "USER");
    const [app, user] = (
      pick(
        pairs.map((pair) => `${String(pair["applicationId"])} ${String(pair["id"])}`),
        0,
      ) ?? ""
    ).split(" ");
    if (app && user) sim.org.unassignUser(app, user);
  },
  assignGroup: (sim, pick) => {
    const [app, group] = [pick(ids(sim, "applications"), 0), pick(ids(sim, "groups", okta), 1)];
    if (app && group) sim.org.assignGroup(app, group);
  },
  unassignGroup: (sim, pick) => {
    const pairs = [...sim.org.truth("application_groups")];
    const [app, group] = (
      pick(
        pairs.map((pair) => `${String(pair["applicationId"])} ${String(pair["id"])}`),
        0,
      ) ?? ""
    ).split(" ");
    if (app && group) sim.org.unassignGroup(app, group);
  },
  addUserAttribute: (sim, pick) => {
    counter += 1;
    const name = `extra${counter}`;
    sim.org.addUserAttribute("default", name, { title: name, type: "string" });
    const user = pick(ids(sim, "users", live(sim)), 0);
    if (user) sim.org.updateUser(user, { [name]: `value ${counter}` });
  },
  createRule: (sim, pick) => {
    const group = pick(ids(sim, "groups", okta), 0);
    counter += 1;
    if (!group) return;
    const rule = sim.org.createGroupRule({
      name: `Rule ${counter}`,
      expression: 'user.title=="Title 1"',
      groupIds: [group],
    });
    sim.org.activateGroupRule(String(rule["id"]));
  },
  deactivateRule: (sim, pick) => {
    const rule = pick(
      ids(sim, "group_rules", (item) => item["status"] === "ACTIVE"),
      0,
    );
    if (rule) sim.org.deactivateGroupRule(rule);
  },
  grantRole: (sim, pick) => {
    const user = pick(ids(sim, "users", live(sim)), 0);
    if (user) sim.org.grantRole(user, pick(["APP_ADMIN", "HELP_DESK_ADMIN", "READ_ONLY_ADMIN"], 1) ?? "");
  },
  revokeRole: (sim, pick) => {
    const role = pick(
      [...sim.org.truthOf("user_roles")].filter((one) => one["userId"] !== sim.org.userId(0)),
      0,
    );
    if (role) sim.org.revokeRole(String(role["userId"]), String(role["type"]));
  },
  grantGroupRole: (sim, pick) => {
    const group = pick(ids(sim, "groups", okta), 0);
    if (group) sim.org.grantRole(group, pick(["APP_ADMIN", "HELP_DESK_ADMIN"], 1) ?? "");
  },
  createClient: (sim) => {
    counter += 1;
    const settings = { oauthClient: { application_type: "service", grant_types: ["client_credentials"] } };
    sim.org.createApp({ label: `Client ${counter}`, signOnMode: "OPENID_CONNECT", settings });
  },
} as const satisfies Readonly<Record<string, Play>>;

/** What can happen to everything else that an org has. */
const RESOURCE_HAPPENINGS = { createResource, changeResource, actOnResource, removeResource } as const;

/**
 * Plays a happening. What Okta refuses (a duplicate, a forbidden transition) simply did not happen. Returns the path of
 * the list that shows it, when not a word of it is in the log: no change feed can tell of that.
 */
export function play(sim: Simulator, { kind, pick }: Happening): string | undefined {
  const choose: Pick = (among, which) => among[pick[which] % Math.max(1, among.length)];
  counter += 1;
  const events = eventsOf(sim);
  try {
    if (!isResourceHappening(kind)) {
      const happen: Play = HAPPENINGS[kind];
      happen(sim, choose);
      return undefined;
    }
    const touched = RESOURCE_HAPPENINGS[kind]({ sim, pick: choose, n: counter });
    return eventsOf(sim) === events ? touched : undefined;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "OktaError") throw error;
    return undefined;
  }
}

function isResourceHappening(kind: Happening["kind"]): kind is keyof typeof RESOURCE_HAPPENINGS {
  return Object.hasOwn(RESOURCE_HAPPENINGS, kind);
}

function eventsOf(sim: Simulator): number {
  return [...sim.org.truth("log_events")].length;
}

const picked = fc.tuple(fc.nat(10_000), fc.nat(10_000));
const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom(...(Object.keys(HAPPENINGS) as (keyof typeof HAPPENINGS)[])),
  pick: picked,
});
const resourceHappening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom(
    "createResource",
    "createResource",
    "changeResource",
    "actOnResource",
    "removeResource",
  ) satisfies fc.Arbitrary<keyof typeof RESOURCE_HAPPENINGS>,
  pick: picked,
});

const TROUBLES = ["none", "none", "throttled", "errors", "dropped", "truncated", "empty-pages", "stopped"] as const;

function historyOf(
  happenings: fc.Arbitrary<Happening>,
  how: { troubles: readonly Trouble[]; minLength: number; maxLength: number; happens: number },
): fc.Arbitrary<Step[]> {
  return fc.array(
    fc.oneof(
      { weight: how.happens, arbitrary: happenings.map((value): Step => ({ step: "happen", happening: value })) },
      { weight: 2, arbitrary: fc.integer({ min: 100, max: 400_000 }).map((ms): Step => ({ step: "wait", ms })) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(...how.troubles).map((value): Step => ({ step: "run", trouble: value })),
      },
    ),
    { minLength: how.minLength, maxLength: how.maxLength },
  );
}

/** Histories of people, groups and applications with runs in between. */
export const history: fc.Arbitrary<Step[]> = historyOf(happening, {
  troubles: TROUBLES,
  minLength: 5,
  maxLength: 40,
  happens: 8,
});

/** Histories of everything that an org has. */
export const historyOfEverything: fc.Arbitrary<Step[]> = historyOf(
  fc.oneof({ weight: 2, arbitrary: resourceHappening }, { weight: 1, arbitrary: happening }),
  // A run of so many objects takes its time: more happens between two of them.
  { troubles: [...TROUBLES, "denied", "expired", "stopped"], minLength: 25, maxLength: 50, happens: 20 },
);
