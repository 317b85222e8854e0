import { expect, it } from 'vitest'
import { noProxy } from './no-proxy.ts'

it.each([
  ['', 'r.example.com', '443', false],
  ['*', 'r.example.com', '443', true],
  ['r.example.com', 'r.example.com', '443', true],
  ['R.Example.com', 'r.example.COM', '443', true],
  ['example.com', 'r.example.com', '443', true],
  ['.example.com', 'r.example.com', '443', true],
  ['*.example.com', 'r.example.com', '443', true],
  ['example.com', 'notexample.com', '443', false],
  ['example.com.evil.test', 'example.com', '443', false],
  ['other.test, example.com other.org', 'r.example.com', '443', true],
  ['example.com:5000', 'r.example.com', '5000', true],
  ['example.com:5000', 'r.example.com', '443', false],
  ['10.0.0.0/8', '10.1.2.3', '443', true],
  ['10.0.0.0/8', '11.1.2.3', '443', false],
  ['10.0.0.0/99,10.0.0.1', '10.0.0.1', '443', true],
  ['10.0.0.1:5000', '10.0.0.1', '443', false],
  ['fd00::/8', '[fd00::1]', '443', true],
  ['fd00::1', '[fd00::1]', '443', true],
  ['[fd00::1]:5000', '[fd00::1]', '5000', true],
  ['0.0.1', '10.0.0.1', '443', false],
])('NO_PROXY=%j, for %s:%s: %j', (list, host, port, exempt) => {
  expect(noProxy(list)(host, port)).toBe(exempt)
})
