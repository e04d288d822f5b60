import { oktaError } from "../errors.js";
import type { JsonObject } from "../json.js";
import { defineResource, type ResourceContext, type ResourceDefinition, seedId } from "./definition.js";

/** The brand's id among the org's own. */
export function brandId(context: ResourceContext, n: number): string {
  return context.org.ids.encode("bnd", n);
}

/** Items of a resource that say this brand is theirs. */
function ownedBy({ resources }: ResourceContext, name: string, brand: string): readonly JsonObject[] {
  return resources
    .list(resources.named(name), {})
    .filter((item) => item["brandId"] === brand && item["validationStatus"] !== "DELETED");
}

function brandOf(body: JsonObject, before: JsonObject): JsonObject {
  return {
    name: body["name"],
    removePoweredByOkta: false,
    customPrivacyPolicyUrl: null,
    agreeToCustomPrivacyPolicy: false,
    ...body,
    isDefault: before["isDefault"] ?? false,
    defaultApp: body["defaultApp"] ?? { appInstanceId: null, appLinkName: null, classicApplicationUri: null },
  };
}

/** A brand as it is made. */
export function newBrand(body: JsonObject): JsonObject {
  return brandOf(body, {});
}

const brands = defineResource({
  name: "brands",
  kind: "Brand",
  path: "/api/v1/brands",
  prefix: "bnd",
  scope: "okta.brands",
  stamps: null,
  list: {
    page: { fallback: 20, max: 200 },
    matches: (item, query) =>
      String(item["name"])
        .toLowerCase()
        .includes(query.get("q")?.toLowerCase() ?? ""),
  },
  create: { status: 201, required: ["name"], make: newBrand, event: "system.brand.create" },
  replace: {
    status: 200,
    required: ["name"],
    make: (body, _, before = {}) => brandOf(body, before),
    event: "system.brand.update",
  },
  remove: {
    status: 204,
    check: (_, context, item = {}) => {
      if (item["isDefault"] === true) throw oktaError("E0000200");
      const id = String(item["id"]);
      const bound = ["domains", "email_domains"].some((name) => ownedBy(context, name, id).length > 0);
      if (bound) throw oktaError("E0000201");
    },
    event: "system.brand.delete",
  },
  shown: (item, context) => {
    const id = String(item["id"]);
    const self = `${context.base}/api/v1/brands/${id}`;
    const [mail] = ownedBy(context, "email_domains", id);
    const emailDomain = mail && String(mail["id"]);
    return {
      ...item,
      ...(emailDomain === undefined ? {} : { emailDomainId: emailDomain }),
      _links: {
        themes: { href: `${self}/themes`, hints: { allow: ["GET"] } },
        self: { href: self, hints: { allow: ["GET", "PUT", "DELETE"] } },
        ...(emailDomain === undefined
          ? {}
          : { emailDomain: { href: `${context.base}/api/v1/email-domains/${emailDomain}` } }),
      },
    };
  },
  seed: (context) =>
    ["Simulated Ltd", "Harbour shop"].map((name, n) => ({
      id: brandId(context, n),
      ...brandOf({ name, ...(n === 0 ? {} : { locale: "en" }) }, { isDefault: n === 0 }),
    })),
});

const THEME = {
  logo: "https://static.example.com/logo.png",
  favicon: "https://static.example.com/favicon.ico",
  backgroundImage: null,
  primaryColorHex: "#1662dd",
  primaryColorContrastHex: "#ffffff",
  secondaryColorHex: "#ebebed",
  secondaryColorContrastHex: "#000000",
  signInPageTouchPointVariant: "OKTA_DEFAULT",
  endUserDashboardTouchPointVariant: "OKTA_DEFAULT",
  errorPageTouchPointVariant: "OKTA_DEFAULT",
  emailTemplateTouchPointVariant: "OKTA_DEFAULT",
  loadingPageTouchPointVariant: "OKTA_DEFAULT",
};

/** A brand has one theme from the start and keeps it. */
const themes = defineResource({
  name: "themes",
  kind: "Theme",
  path: "/api/v1/brands/{brandId}/themes",
  ancestors: { brandId: "brands" },
  scope: "okta.brands",
  stamps: null,
  replace: {
    status: 200,
    required: ["primaryColorHex", "secondaryColorHex"],
    make: (body, _, before = {}) => ({
      ...before,
      ...body,
      logo: before["logo"],
      favicon: before["favicon"],
      backgroundImage: before["backgroundImage"],
    }),
    event: "system.theme.update",
  },
  shown: (item, { base, ancestors }) => {
    const self = `${base}/api/v1/brands/${ancestors["brandId"] ?? ""}/themes/${String(item["id"])}`;
    return {
      ...item,
      _links: {
        favicon: { href: `${self}/favicon`, hints: { allow: ["POST", "DELETE"] } },
        self: { href: self, hints: { allow: ["GET", "PUT"] } },
        logo: { href: `${self}/logo`, hints: { allow: ["POST", "DELETE"] } },
        "background-image": { href: `${self}/background-image`, hints: { allow: ["POST", "DELETE"] } },
      },
    };
  },
  seed: (context) => [{ id: seedId(context, "the", 0), ...THEME }],
});

/** A page that only a brand beside the default one may change (error code E0000213 of the Okta docs). */
function page(name: string, path: string, event: string): ResourceDefinition {
  return defineResource({
    name,
    kind: "CustomizedPage",
    path: `/api/v1/brands/{brandId}/pages/${path}/customized`,
    ancestors: { brandId: "brands" },
    single: true,
    upsert: true,
    scope: "okta.brands",
    stamps: null,
    replace: {
      status: 200,
      check: (_, { resources, ancestors }) => {
        const brand = resources.find(resources.named("brands"), {}, ancestors["brandId"] ?? "");
        if (brand?.["isDefault"] === true) throw oktaError("E0000213");
      },
      make: (body) => body,
      event: `${event}.update`,
    },
    remove: { status: 204, event: `${event}.delete` },
    targets: (_, { ancestors }) => [{ id: ancestors["brandId"] ?? "", type: "Brand" }],
  });
}

const signOutPages = defineResource({
  name: "sign_out_pages",
  kind: "HostedPage",
  path: "/api/v1/brands/{brandId}/pages/sign-out/customized",
  ancestors: { brandId: "brands" },
  single: true,
  scope: "okta.brands",
  stamps: null,
  replace: { status: 200, required: ["type"], make: (body) => body, event: "system.custom_signout.update" },
  targets: (_, { ancestors }) => [{ id: ancestors["brandId"] ?? "", type: "Brand" }],
  seed: () => [{ type: "OKTA_DEFAULT" }],
});

const URIS = ["apple-app-site-association", "assetlinks.json", "webauthn"];

/** Documents below `/.well-known`; shown with `expand` only (OpenAPI spec). */
const wellKnownUris = defineResource({
  name: "well_known_uris",
  kind: "WellKnownURI",
  path: "/api/v1/brands/{brandId}/well-known-uris",
  ancestors: { brandId: "brands" },
  single: true,
  scope: "okta.brands",
  stamps: null,
  list: {
    row: ({ _embedded: embedded, ...item }, query) => (query.has("expand") ? { ...item, _embedded: embedded } : item),
  },
  actions: Object.fromEntries(
    URIS.map((uri) => [
      uri,
      {
        path: `${uri}/customized`,
        method: "PUT",
        status: 200,
        make: (body, _, before) => ({ ...before, [uri]: body }),
        event: "system.well_known_uri.update",
      },
    ]),
  ),
  targets: (_, { ancestors }) => [{ id: ancestors["brandId"] ?? "", type: "Brand" }],
  shown: (item, { base, ancestors }) => ({
    _embedded: item,
    _links: { self: { href: `${base}/api/v1/brands/${ancestors["brandId"] ?? ""}/well-known-uris` } },
  }),
  seed: () => [{ "assetlinks.json": { representation: [] } }],
});

/** Brands and what each of them looks like (OpenAPI spec, Okta docs, recorded traffic). */
export const BRANDS: readonly ResourceDefinition[] = [
  brands,
  themes,
  page("sign_in_pages", "sign-in", "system.custom_signin"),
  page("error_pages", "error", "system.custom_error"),
  signOutPages,
  wellKnownUris,
];
