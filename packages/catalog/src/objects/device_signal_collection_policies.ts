import { definePolicies, POLICY_WRITES } from "../policies.js";

/** What Okta collects from devices, and through whom. How many an org may have is not documented. */
export const deviceSignalCollectionPolicies = definePolicies({
  name: "device_signal_collection_policies",
  aliases: ["DeviceSignalCollectionPolicies"],
  summary: "Device signal collection policies, whose rules carry the content (Identity Engine)",
  type: "DEVICE_SIGNAL_COLLECTION",
  identityEngine: true,
  writes: POLICY_WRITES,
});
