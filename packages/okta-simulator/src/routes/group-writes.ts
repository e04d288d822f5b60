import { bodyOf, type Context, NO_CONTENT, ok, type Reply } from "../http.js";
import { groupJson } from "../org/groups.js";
import { createGroup, deleteGroup, updateGroup } from "../org/group-changes.js";
import { addMember, removeMember } from "../org/membership-changes.js";
import type { Router } from "../router.js";
import { groupOf } from "./groups.js";
import { userOf } from "./users.js";

function member(apply: typeof addMember) {
  return (context: Context): Reply => {
    const group = groupOf(context);
    apply(context.org, group.id, context.org.users.id(userOf(context)));
    return NO_CONTENT;
  };
}

/** Changing groups and their members. */
export function groupWrites(router: Router): void {
  const path = "/api/v1/groups/{groupId}";
  router.add("POST", "/api/v1/groups", (context) =>
    ok(groupJson(createGroup(context.org, bodyOf(context)), context.base)),
  );
  router.add("PUT", path, (context) =>
    ok(groupJson(updateGroup(context.org, groupOf(context), bodyOf(context)), context.base)),
  );
  router.add("DELETE", path, (context) => {
    deleteGroup(context.org, groupOf(context));
    return NO_CONTENT;
  });
  router.add("PUT", `${path}/users/{userId}`, member(addMember));
  router.add("DELETE", `${path}/users/{userId}`, member(removeMember));
}
