import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { loadConfig } from './config.ts'

// What ships Lading is only run where an engine is. Here it's read as data, and its settings by Lading itself.
const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** The names in the README's table of settings. */
const documented = new Set(
  [...read('README.md').matchAll(/^\| (`[A-Z_`, ]+`) +\|/gm)].flatMap(
    ([, names = '']) => names.match(/[A-Z_]{4,}/g) ?? [],
  ),
)
/** Of Node, and of the image; not settings of Lading. */
const FOREIGN = ['NODE_ENV', 'NODE_OPTIONS']

const compose = z
  .object({
    services: z.object({
      registry: z.object({ environment: z.record(z.string(), z.string()), ports: z.array(z.string()) }),
      lading: z.object({
        build: z.literal('.'),
        environment: z.record(z.string(), z.string()),
        ports: z.array(z.string()),
        volumes: z.array(z.string()),
        read_only: z.literal(true),
        depends_on: z.tuple([z.literal('registry')]),
      }),
    }),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read('compose.yaml')))

test('the README names exactly the settings that are read', () => {
  expect(documented.size).toBeGreaterThan(30)
  const source = sourcesIn(join(ROOT, 'lib')).join('\n') + read('next.config.mjs')
  expect([...documented].filter((name) => !source.includes(name.replace(/_FILE$/, '')))).toEqual([])
  const settings = [...source.matchAll(/\b(?:text|secret|flag|oneOf|port|wholeNumber)\(\s*env,\s*'([A-Z_]+)'/g)]
  expect([...new Set(settings.map(([, name = '']) => name))].filter((name) => !documented.has(name))).toEqual([])
})

test('compose starts Lading on a registry that allows deleting, with valid settings', () => {
  const { registry, lading } = compose.services
  expect(registry.environment).toEqual({ REGISTRY_STORAGE_DELETE_ENABLED: 'true' })
  expect(Object.keys(lading.environment).filter((name) => !documented.has(name))).toEqual([])
  const config = loadConfig({ ...lading.environment, DATA_DIR: '/tmp/unused' })
  expect(config.registries).toMatchObject([{ kind: 'http', url: 'http://registry:5000', publicHost: 'localhost:5000' }])
  // Only this machine reaches it, and what must last is in a volume.
  for (const port of [...registry.ports, ...lading.ports]) expect(port).toMatch(/^127\.0\.0\.1:/)
  expect(lading.volumes).toEqual(['lading:/data'])
  expect(Object.keys(compose.volumes)).toEqual(['registry', 'lading'])
})

test('the Kubernetes manifest is consistent, and uses Lading’s settings', () => {
  const documents = parseAllDocuments(read('deploy/kubernetes/lading.yaml')).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS() as Record<string, never>
  })
  const of = (kind: string) =>
    z.looseObject({ spec: z.looseObject({}) }).parse(documents.find((one) => one.kind === kind))
  const { template, selector, replicas } = z
    .looseObject({
      replicas: z.number(),
      selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
      template: z.looseObject({ metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }), spec: pod }),
    })
    .parse(of('Deployment').spec)
  expect(replicas).toBe(1)
  expect(template.metadata.labels).toEqual(selector.matchLabels)
  expect(of('Service').spec).toMatchObject({ selector: selector.matchLabels, ports: [{ targetPort: 'http' }] })
  const [container] = template.spec.containers
  expect(container?.env.map(({ name }) => name).filter((name) => !documented.has(name))).toEqual([])
  const mounted = container?.volumeMounts.map(({ name }) => name)
  expect(template.spec.volumes.map(({ name }) => name).sort()).toEqual(mounted?.sort())
  // The probes ask what the process serves, at the port that it listens on.
  expect(container?.ports).toEqual([{ name: 'http', containerPort: 3000 }])
  for (const probe of [container?.readinessProbe, container?.livenessProbe])
    expect(existsSync(join(ROOT, 'app', probe?.httpGet.path ?? 'none', 'route.ts'))).toBe(true)
  // A pod gets its whole time before it's killed.
  const seconds = Number(container?.env.find(({ name }) => name === 'DRAIN_SECONDS')?.value)
  const untilKilled = template.spec.terminationGracePeriodSeconds
  expect(untilKilled).toBeGreaterThan(seconds + (container?.lifecycle.preStop.sleep.seconds ?? 0))
  expect(read('Dockerfile')).toContain(`USER ${template.spec.securityContext.runAsUser}:`)
  const passwordFile = container?.env.find(({ name }) => name === 'REGISTRY_PASSWORD_FILE')?.value ?? ''
  const secret = documents.find((one) => one.kind === 'Secret')
  expect(Object.keys(secret?.stringData ?? {}).map((key) => `/etc/lading/${key}`)).toContain(passwordFile)
})

test('the patch for several replicas fits the Kubernetes manifest, and shares what replicas need', () => {
  const { resources, patches } = parse(read('deploy/kubernetes/kustomization.yaml'))
  expect([resources, patches]).toEqual([['lading.yaml'], [{ path: 'replicas.yaml' }]])
  const patch = z
    .object({
      apiVersion: z.literal('apps/v1'),
      kind: z.literal('Deployment'),
      metadata: z.object({ name: z.literal('lading') }),
      spec: z.object({ replicas: z.number(), strategy: z.unknown(), template: z.object({ spec: patchedPod }) }),
    })
    .parse(parse(read('deploy/kubernetes/replicas.yaml'))).spec
  expect(patch.replicas).toBe(3)
  const [container] = patch.template.spec.containers
  const names = container?.env.map(({ name }) => name) ?? []
  expect(names.filter((name) => !documented.has(name))).toEqual([])
  expect(names).toEqual(['DATABASE_URL_FILE', 'AUTH_SECRET_FILE', 'LADING_CONFIG'])
  const manifest = read('deploy/kubernetes/lading.yaml')
  expect(manifest).toContain(`- name: ${container?.name}\n`)
  expect(manifest).toContain('        - name: data\n          persistentVolumeClaim:')
  const added = patch.template.spec.volumes.map(({ name }) => name).filter((name) => name !== 'data')
  expect(container?.volumeMounts.map(({ name }) => name)).toEqual(added)
  for (const { value } of container?.env ?? [])
    expect(
      container?.volumeMounts.some(({ mountPath }) => value.startsWith(`${mountPath}/`)),
      value,
    ).toBe(true)
})

test('the systemd unit and the image use settings that exist', () => {
  const unit = read('deploy/systemd/lading.service')
  const names = [...unit.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line = '']) =>
    line.split(' ').map((one) => one.split('=')[0] ?? ''),
  )
  const [, env = ''] = /^ENV (NODE_ENV[\s\S]*?[^\\])\n/m.exec(read('Dockerfile')) ?? []
  names.push(...[...env.matchAll(/([A-Z_]+)=/g)].map(([, name = '']) => name))
  expect(names.length).toBeGreaterThan(5)
  expect(names.filter((name) => !documented.has(name) && !FOREIGN.includes(name))).toEqual([])
  expect(unit).toContain('StateDirectory=lading\n')
  // Or systemd counts each stop as a failure.
  expect(unit).toContain('SuccessExitStatus=143\n')
  const stops = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])
  expect(stops * 1000).toBeGreaterThan(loadConfig({ DATA_DIR: '/tmp/unused' }).drain)
})

const patchedPod = z.object({
  containers: z.array(
    z.object({
      name: z.string(),
      env: z.array(z.object({ name: z.string(), value: z.string() })),
      volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
    }),
  ),
  volumes: z.array(z.looseObject({ name: z.string() })),
})

const pod = z.looseObject({
  terminationGracePeriodSeconds: z.number(),
  securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.number() }),
  containers: z
    .array(
      z.looseObject({
        env: z.array(z.object({ name: z.string(), value: z.string() })),
        ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
        readinessProbe: z.looseObject({ httpGet: z.object({ path: z.string(), port: z.string() }) }),
        livenessProbe: z.looseObject({ httpGet: z.object({ path: z.string(), port: z.string() }) }),
        lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }),
        securityContext: z.looseObject({ readOnlyRootFilesystem: z.literal(true) }),
        volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
      }),
    )
    .length(1),
  volumes: z.array(z.looseObject({ name: z.string() })),
})

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}
