import { oktaError } from "../errors.js";
import { type JsonObject, objectAt } from "../json.js";
import { defineResource, type ResourceAction, seedId } from "./definition.js";

function switchTo(enabled: boolean): ResourceAction {
  return { status: 200, make: (_, __, before) => ({ ...before, enabled }), event: null };
}

/** Accounts with telephony providers (OpenAPI spec). The event catalogue has no event for them. */
export const telephonyProviders = defineResource({
  name: "telephony_providers",
  kind: "CustomTelephonyProviderCredential",
  path: "/api/v1/telephony-providers",
  // What their ids begin with is not documented.
  prefix: "ctp",
  scope: "okta.customTelephonyProvider",
  stamps: null,
  hidden: ["providerAuthToken"],
  create: {
    status: 201,
    required: ["providerName", "providerSid", "providerAuthToken"],
    check: ({ providerName }) => {
      if (!["TWILIO", "TELESIGN"].includes(String(providerName))) throw oktaError("E0000001", { arg: "providerName" });
    },
    // "You must activate a provider before it can be used" (Okta docs).
    make: ({ providerName, providerSid, providerAuthToken, providerSettings }, { resources }) => ({
      providerName,
      providerCapability: "ALL",
      providerSid,
      providerAuthToken,
      providerSettings: providerSettings ?? {},
      enabled: false,
      isPrimaryProvider: resources.list(telephonyProviders, {}).length === 0,
    }),
    event: null,
  },
  update: {
    method: "PATCH",
    status: 200,
    make: ({ providerSid, providerAuthToken, providerSettings }, _, before = {}): JsonObject => ({
      ...before,
      ...(providerSid === undefined ? {} : { providerSid }),
      ...(providerAuthToken === undefined ? {} : { providerAuthToken }),
      providerSettings: { ...objectAt(before, "providerSettings"), ...(providerSettings as JsonObject | undefined) },
    }),
    event: null,
  },
  remove: { status: 204, event: null },
  actions: {
    activate: switchTo(true),
    deactivate: switchTo(false),
    setAsPrimary: {
      path: "setAsPrimary",
      status: 200,
      make: (_, __, before) => ({ ...before, isPrimaryProvider: true }),
      // There is one (its name says so): it takes the place of the other.
      follow: (item, { resources }) => {
        for (const other of resources.list(telephonyProviders, {}))
          if (other["id"] !== item["id"])
            resources.put({ definition: telephonyProviders, ancestors: {} }, { ...other, isPrimaryProvider: false });
      },
      event: null,
    },
  },
  seed: (context) => [
    {
      enabled: true,
      id: seedId(context, "ctp", 0),
      isPrimaryProvider: true,
      providerCapability: "ALL",
      providerName: "TWILIO",
      providerSid: "AC5f0c1e7a9b2d4836",
      providerAuthToken: "simulated-telephony-token",
      providerSettings: {
        sms: { twilioMessageSid: "MG5f0c1e7a9b2d4836" },
        call: { twilioPhoneNumber: "+41445550100" },
      },
    },
  ],
});
