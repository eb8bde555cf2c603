/**
 * How GitHub words a refusal whose cause is not a permission of the token, as users have reported it in public threads
 * (FACTS.md §2, "Refusals"). The status is the one that they were sent with.
 */
export const REFUSALS = {
  ipAllowList: [
    403,
    "Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
  ],
  saml: [
    403,
    "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
  ],
  suspendedInstallation: [403, "This installation has been suspended"],
  suspendedAccount: [403, "Sorry. Your account was suspended. Please contact GitHub support."],
  archived: [403, "Repository was archived so is read-only."],
  lifetime: [
    403,
    "The 'octo' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days. Please adjust your token's lifetime at the following URL: https://github.com/settings/personal-access-tokens/1",
  ],
  fineGrainedForbidden: [
    403,
    "`octo` forbids access via a fine-grained personal access tokens. Please use a GitHub App, OAuth App, or a personal access token (classic).",
  ],
  classicForbidden: [
    403,
    "`octo` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.",
  ],
  plan: [403, "Upgrade to GitHub Pro or make this repository public to enable this feature."],
  disabled: [403, "Repository access blocked"],
  legal: [451, "Repository unavailable due to DMCA takedown."],
  gone: [410, "This endpoint has been removed."],
  email: [403, "You must verify your email address to perform this action."],
  oauthAppForbidden: [
    403,
    "Although you appear to have the correct authorization credentials, the `octo` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited.",
  ],
  billing: [402, "Payment required"],
  migration: [403, "Repository has been locked for migration."],
} as const satisfies Readonly<Record<string, readonly [status: number, said: string]>>;
