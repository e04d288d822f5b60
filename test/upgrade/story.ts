import type { World } from "../support/world.js";

/** The pipeline that the fixtures are of. */
export const PIPELINE = "objects: [users, groups, group_members]";
export const SIZE = { users: 12, groups: 3, apps: 0 } as const;

/** What happened in the org between the two runs of which the fixtures are. The same in every simulator. */
export function changeOrg({ sim, clock }: World): void {
  const { org } = sim;
  clock.advance(3_600_000);
  org.settle();
  const user = [...org.truth("users")].find(({ status }) => status === "ACTIVE");
  const group = [...org.truth("groups")].find(({ type }) => type === "OKTA_GROUP");
  org.updateUser(String(user?.["id"]), { lastName: "O'Brien \\ Zoë 🤖" });
  const created = org.createUser({ firstName: "Fresh", lastName: "Person", login: "fresh@example.com" });
  org.addMember(String(group?.["id"]), String(created["id"]));
  clock.advance(60_000);
}
