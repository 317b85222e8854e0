import { expect, it } from 'vitest'
import { parseEndpoint } from './endpoint.ts'

it('reads a user and a password with escapes', () => {
  const { origin, userinfo } = parseEndpoint('https://us%40er:p%25w%3A@r.example.com/prefix/v2/')
  expect([origin, userinfo]).toEqual(['https://r.example.com', { username: 'us@er', password: 'p%w:' }])
})

it.each(['https://us%er:pw@r.example.com', 'https://user:p%w@r.example.com', 'ftp://r.example.com', 'r.example.com'])(
  'says what is wrong with %s, without its words',
  (url) => {
    const parse = () => parseEndpoint(url)
    expect(parse).toThrow(expect.objectContaining({ name: 'RegistryError', kind: 'invalid' }))
    expect(parse).not.toThrow(/us%er|p%w/)
  },
)
