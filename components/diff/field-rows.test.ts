import { expect, it } from 'vitest'
import { fieldRows } from './field-rows.ts'

it('names fields and durations as people read them', () => {
  const rows = fieldRows([
    { name: 'os', before: 'linux', after: 'linux', state: 'same' },
    { name: 'healthcheckInterval', before: 30e9, after: 90e9, state: 'changed' },
    { name: 'workingDir', after: '/app', state: 'added' },
    { name: 'cmd', before: ['node', 'server.js'], state: 'removed' },
  ])
  expect(rows.map(({ name, before, after }) => [name, before, after])).toEqual([
    ['OS', 'linux', 'linux'],
    ['Health check interval', '30 s', '1 min 30 s'],
    ['Working dir', undefined, '/app'],
    ['Command', 'node\nserver.js', undefined],
  ])
})
