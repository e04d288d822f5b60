import { instant, json, linkedId, paths, text } from "../columns.js";
import { defineObject } from "../definition.js";

/** YubiKeys whose seeds were uploaded, with the user of each. A deleted user's key stays, blocked (Okta support). */
export const yubikeyTokens = defineObject({
  name: "yubikey_tokens",
  aliases: ["YubikeyTokens", "YubikeyOtpTokens", "YubiKeys"],
  preset: "config",
  summary: "YubiKey OTP tokens of the org, assigned or not",
  openApi: "UserFactorYubikeyOtpToken",
  list: { path: "/api/v1/org/factors/yubikey_token/tokens", query: { limit: "200" }, pageSize: 200 },
  get: { path: "/api/v1/org/factors/yubikey_token/tokens/{id}" },
  key: ["id"],
  indexes: [["user_id"]],
  columns: [
    text("id"),
    // A deleted token may stay in the list with a status that says so (the specification has DELETED and REVOKED).
    text("status"),
    instant("created"),
    // In the specification's examples alone.
    instant("activated"),
    instant("lastUpdated"),
    instant("lastVerified"),
    text("profile.serial"),
    json("profile"),
    // Only the link tells who has it.
    linkedId("_links.user.href", "user_id"),
  ],
  // The seed is written, and not documented as read.
  secrets: paths("privateId", "aesKey", "profile.privateId", "profile.aesKey"),
  // No event tells of an upload or a removal (event catalogue), and every use moves lastVerified; a page holds 200.
  incremental: { how: "compare" },
  events: [],
  scopes: ["okta.users.read"],
  adminRoles: ["READ_ONLY_ADMIN", "ORG_ADMIN", "SUPER_ADMIN"],
  writes: { insert: true, update: false, delete: true, twoWay: false },
});
