import { expect, test } from 'vitest'
import { parseImageConfig, schema1Config } from './config.ts'
import { digestOf } from './digester.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

test('reads what a builder writes', () => {
  const view = parseImageConfig(
    bytes({
      created: '2026-01-02T03:04:05Z',
      author: 'someone',
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      config: {
        User: '1000:1000',
        Env: ['PATH=/bin', 'EMPTY='],
        Entrypoint: ['/init'],
        Cmd: ['serve', '--all'],
        WorkingDir: '/srv',
        ExposedPorts: { '8080/tcp': {}, '53/udp': {} },
        Volumes: { '/data': {} },
        StopSignal: 'SIGINT',
        Healthcheck: { Test: ['CMD', 'true'], Interval: 30e9, Timeout: 5e9, StartPeriod: 1e9, Retries: 3 },
        OnBuild: ['RUN true'],
        Shell: ['/bin/bash', '-c'],
        Labels: { a: '1', b: '' },
      },
      rootfs: { type: 'layers', diff_ids: [digestOf('1')] },
      history: [{ created: '2026-01-01T00:00:00Z', created_by: 'ADD', comment: 'c' }, { empty_layer: true }],
    }),
  )
  expect(view).toEqual({
    created: '2026-01-02T03:04:05Z',
    author: 'someone',
    os: 'linux',
    architecture: 'arm64',
    variant: 'v8',
    user: '1000:1000',
    env: ['PATH=/bin', 'EMPTY='],
    entrypoint: ['/init'],
    cmd: ['serve', '--all'],
    workingDir: '/srv',
    exposedPorts: ['8080/tcp', '53/udp'],
    volumes: ['/data'],
    stopSignal: 'SIGINT',
    healthcheck: { test: ['CMD', 'true'], interval: 30e9, timeout: 5e9, startPeriod: 1e9, retries: 3 },
    onBuild: ['RUN true'],
    shell: ['/bin/bash', '-c'],
    labels: new Map([
      ['a', '1'],
      ['b', ''],
    ]),
    diffIds: [digestOf('1')],
    history: [
      { created: '2026-01-01T00:00:00Z', createdBy: 'ADD', comment: 'c', emptyLayer: false },
      { emptyLayer: true },
    ],
  })
})

test.each([
  {},
  { config: null, rootfs: null, history: null },
  {
    os: 1,
    architecture: [],
    config: { Env: null, Labels: [], Cmd: null, Entrypoint: 3, Healthcheck: 'x', Volumes: null },
  },
  { config: [], rootfs: { diff_ids: null }, history: [null, 'x'] },
])('shows an image with a sloppy config: %j', (document) => {
  const view = parseImageConfig(bytes(document))
  expect(view).toMatchObject({ os: 'unknown', architecture: 'unknown', env: [], diffIds: [], history: [] })
  expect(view.labels.size).toBe(0)
})

test('a label called __proto__ keeps its value', () => {
  const raw = new TextEncoder().encode('{"config":{"Labels":{"__proto__":"p","x":"y"}}}')
  expect([...parseImageConfig(raw).labels]).toEqual([
    ['__proto__', 'p'],
    ['x', 'y'],
  ])
})

test('refuses a config that isn’t an object', () => {
  expect(() => parseImageConfig(bytes([]))).toThrow(expect.objectContaining({ code: 'config' }))
})

test('schema 1 gives the same view: the leaf configures, every layer is a step', () => {
  const base = { id: '1', created: '2015-01-01T00:00:00Z', container_config: { Cmd: ['/bin/sh', '-c', 'ADD x'] } }
  const leaf = {
    id: '2',
    parent: '1',
    os: 'linux',
    created: '2015-01-02T00:00:00Z',
    throwaway: true,
    config: { Env: ['A=1'], Labels: { maintainer: 'me' }, Cmd: ['sh'] },
  }
  const layers = [base, leaf].map((v1) => ({ digest: digestOf(v1.id), v1Compatibility: JSON.stringify(v1) }))
  const view = schema1Config({ name: 'a', tag: 'b', architecture: 'amd64', layers, signatures: 0 })
  expect(view).toMatchObject({ os: 'linux', architecture: 'amd64', env: ['A=1'], cmd: ['sh'], created: leaf.created })
  expect(view.labels.get('maintainer')).toBe('me')
  expect(view.history).toEqual([
    { created: base.created, createdBy: '/bin/sh -c ADD x', emptyLayer: false },
    { created: leaf.created, emptyLayer: true },
  ])
})

test.each([
  ['beside the right one', { os: 'linux', config: { Labels: { a: '1' }, labels: { a: '2' } } }],
  ['alone', { os: 'linux', config: { ENV: ['A=1'] } }],
  ['at the top', { os: 'linux', Config: { Labels: { a: '2' } } }],
])('refuses a field in other letters %s, as Docker would read it', (_, document) => {
  expect(() => parseImageConfig(bytes(document))).toThrow(expect.objectContaining({ code: 'config' }))
})

test('unread fields may have any name', () => {
  expect(parseImageConfig(bytes({ os: 'linux', Size: 3, config: { ArgsEscaped: true } })).os).toBe('linux')
})
