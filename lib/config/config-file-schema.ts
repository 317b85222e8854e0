import { z } from 'zod'
import { ROLES, SEPARATE_RIGHTS } from './grant.ts'

const HASH = /^\$2[aby]\$(?:0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/

/** Messages say what is expected and never quote what was found: a secret may have been pasted into the wrong place. */
const text = (expected: string, pattern = /\S/) =>
  z.string(`expected ${expected}`).regex(pattern, `expected ${expected}`)

const secretFromEnvironment = text(
  `the name of an environment variable that holds it, as \${HUB_PASSWORD}; or use the setting that ends in "File". Secrets don’t belong in this file`,
  /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/,
)
const path = text('the path of a file, for example /etc/lading/ca.pem')

const names = (expected: string) => z.array(text(expected), `expected a list of ${expected}`)

const registry = object({
  name: text('a name, for example hub'),
  url: text('http:// or https://, host and port, for example https://registry.example.com').optional(),
  layout: text('the path of a folder that holds OCI image layouts, for example /srv/images').optional(),
  samples: z.boolean('expected true or false').optional(),
  publicHost: text('a host with an optional port, for example registry.example.com:5000').optional(),
  username: text('a user name, for example robot').optional(),
  password: secretFromEnvironment.optional(),
  passwordFile: path.optional(),
  identityToken: secretFromEnvironment.optional(),
  identityTokenFile: path.optional(),
  dockerConfig: path.optional(),
  caFile: path.optional(),
  repositories: names('repository names, for example team/app').optional(),
  tokenHosts: names('hosts, for example auth.example.com').optional(),
  storageHosts: names('hosts, for example storage.example.com').optional(),
  signIn: z.boolean('expected true or false').optional(),
})

export type RegistryEntry = z.infer<typeof registry>

const role = z.enum(ROLES, `expected one of ${ROLES.join(', ')}`)

export const userSchema = object({
  username: text('letters, digits and . _ @ -, for example anna', /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/),
  passwordHash: text('a bcrypt hash in quotes with a cost of 4 to 15, made by: htpasswd -nBC 10 anna', HASH),
  groups: names('group names, for example platform').default([]),
  role: role.optional(),
})

export const grantSchema = object({
  user: text('a user name').optional(),
  group: text('a group name').optional(),
  role,
  registry: text('the name of a registry, or a pattern such as hub-*').default('*'),
  repository: text('a repository, or a pattern such as team-a/**').default('**'),
  allow: z
    .array(
      z.enum(SEPARATE_RIGHTS, `expected one of ${SEPARATE_RIGHTS.join(', ')}`),
      'expected a list, for example [overwrite, delete]',
    )
    .default([]),
})

export const oidcSchema = object({
  issuer: text('the https address of the provider, for example https://id.example.com/realms/main').optional(),
  clientId: text('the client ID that the provider gave Lading, for example lading').optional(),
  clientSecret: secretFromEnvironment.optional(),
  clientSecretFile: path.optional(),
  name: text('a name for the sign-in page, for example Keycloak').optional(),
  usernameClaim: text('the name of a claim, for example preferred_username').optional(),
  groupsClaim: text('the name of a claim, for example groups').optional(),
  scopes: text('scopes with openid among them, for example openid profile email').optional(),
})

export const configFileSchema = object({
  registries: z.array(registry, 'expected a list of registries').min(1, 'expected at least one registry').optional(),
  users: z.array(userSchema, 'expected a list of users').min(1, 'expected at least one user').optional(),
  oidc: oidcSchema.optional(),
  grants: z.array(grantSchema, 'expected a list of grants').optional(),
})

function object<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown setting ${issue.keys?.map((key) => JSON.stringify(key)).join(', ')}; known are ${known}`
        : `expected settings as "name: value", known are ${known}`,
  })
}
