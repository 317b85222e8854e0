import { expect, test } from 'vitest'
import { runDefaults } from './run-defaults.ts'

test('what an image runs as without saying so depends on its operating system', () => {
  expect(runDefaults('linux/arm64')).toEqual({ user: 'root', directory: '/', stopSignal: 'SIGTERM' })
  expect(runDefaults('windows(10.0.20348.2655)/amd64')).toEqual({ user: 'ContainerAdministrator', directory: 'C:\\' })
  expect(runDefaults('wasip1/wasm')).toEqual({})
  expect(runDefaults(undefined)).toEqual({})
})
