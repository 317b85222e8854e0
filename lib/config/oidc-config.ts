import { ConfigError, quoted } from './config-error.ts'
import { type Environment, secret, text } from './environment.ts'
import { isLoopback } from './is-loopback.ts'

/** An OpenID Connect provider that people sign in through. */
export interface OidcConfig {
  /** As the provider states it, without a slash at the end: `https://id.example.com/realms/main`. */
  readonly issuer: string
  readonly clientId: string
  /** A public client has none: PKCE protects it. */
  readonly clientSecret?: string
  /** On the sign-in page: "Sign in with Keycloak". */
  readonly name: string
  /** The claims that hold the user's name and groups. */
  readonly usernameClaim: string
  readonly groupsClaim: string
  readonly scopes: string
}

/** The settings by their name in the file; the environment calls them OIDC_ISSUER, OIDC_CLIENT_ID, … */
export interface OidcSettings {
  readonly issuer?: string | undefined
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  readonly name?: string | undefined
  readonly usernameClaim?: string | undefined
  readonly groupsClaim?: string | undefined
  readonly scopes?: string | undefined
}

/** How a setting is called where it was set. */
export type SettingName = (setting: keyof OidcSettings) => string

const VARIABLES = {
  issuer: 'OIDC_ISSUER',
  clientId: 'OIDC_CLIENT_ID',
  clientSecret: 'OIDC_CLIENT_SECRET',
  name: 'OIDC_NAME',
  usernameClaim: 'OIDC_USERNAME_CLAIM',
  groupsClaim: 'OIDC_GROUPS_CLAIM',
  scopes: 'OIDC_SCOPES',
} as const satisfies Record<keyof OidcSettings, string>

/** The provider that the environment names, if it names one. @throws ConfigError */
export function oidcFromEnvironment(env: Environment): OidcConfig | undefined {
  const { clientSecret, ...plain } = VARIABLES
  const settings = Object.fromEntries(Object.entries(plain).map(([name, variable]) => [name, text(env, variable)]))
  const all: OidcSettings = { ...settings, clientSecret: secret(env, clientSecret) }
  if (Object.values(all).every((value) => value === undefined)) return undefined
  return parseOidc(all, (setting) => VARIABLES[setting])
}

/** @throws ConfigError that names the setting */
export function parseOidc(settings: OidcSettings, nameOf: SettingName): OidcConfig {
  const { issuer, clientId, clientSecret, name, usernameClaim, groupsClaim, scopes = 'openid profile email' } = settings
  if (clientId === undefined)
    throw new ConfigError(
      nameOf('clientId'),
      'expected the client ID that the provider gave Lading, for example lading',
    )
  if (!scopes.split(/\s+/).includes('openid'))
    throw new ConfigError(
      nameOf('scopes'),
      `expected scopes with openid among them, for example openid profile email; found ${quoted(scopes)}`,
    )
  return {
    issuer: parseIssuer(nameOf('issuer'), issuer),
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    name: name ?? 'single sign-on',
    usernameClaim: usernameClaim ?? 'preferred_username',
    groupsClaim: groupsClaim ?? 'groups',
    scopes,
  }
}

function parseIssuer(setting: string, value: string | undefined): string {
  const example = 'for example https://id.example.com/realms/main'
  const url = URL.parse(value ?? '')
  if (value === undefined || !url || url.search || url.hash || url.username || !/^https?:$/.test(url.protocol))
    throw new ConfigError(
      setting,
      `expected the https address of the provider, ${example}; found ${quoted(value ?? '')}`,
    )
  // Anyone who can change a response in transit could sign in as anyone.
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new ConfigError(setting, `expected https, because the provider decides who signs in, ${example}`)
  return value.replace(/\/\.well-known\/openid-configuration$/, '').replace(/\/$/, '')
}
