import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'
import { routeName } from './route-name.ts'
import { hideInLogs, safeText } from './safe-text.ts'

describe('the log', () => {
  const lines = (isTerminal: boolean) => {
    const written: string[] = []
    return { written, log: createLog('info', (line) => written.push(line), isTerminal) }
  }

  it('writes one JSON object a line, whatever a registry sent', () => {
    const { written, log } = lines(false)
    log.warn({ label: 'x\n{"level":"error"}\u001b[31m\u0085\u202e' }, 'bad\r\nlabel')
    log.debug('not written at this level')
    expect(written).toHaveLength(1)
    expect(written[0]).toMatch(/^[\x20-\x7e]+\n$/)
    expect(JSON.parse(written[0] ?? '')).toMatchObject({
      level: 'warn',
      msg: 'bad\r\nlabel',
      label: 'x\n{"level":"error"}\u001b[31m\u0085\u202e',
    })
  })

  it('lets nothing control a terminal', () => {
    const { written, log } = lines(true)
    log.error({ host: 'a\u001b]0;title\u0007' }, 'line\nforged \u202e')
    expect(written.join('')).toMatch(/^[\x20-\x7e]+\n$/)
    expect(written.join('')).toContain('ERROR line\\u000aforged \\u202e host=a\\u001b]0;title\\u0007')
  })

  it('hides secrets, by their value or by the word before them', () => {
    hideInLogs('canary/se"cret', 'abc', undefined)
    const { written, log } = lines(false)
    log.info(
      { url: 'https://robot:pass-word@hub.example/v2/?token=t0ps3cret&n=1', header: 'Basic cm9ib3Q6eHh4eHg=' },
      'canary/se"cret',
    )
    log.info('Bearer eyJhbGciOiJub25lIn0.e30. and canary%2Fse%22cret and abc')
    const text = written.join('')
    for (const secret of ['pass-word', 't0ps3cret', 'cm9ib3Q6', 'eyJhbGci', 'se\\"cret', 'canary%2F'])
      expect(text).not.toContain(secret)
    expect(text).toContain('hub.example')
    expect(text).toContain('abc')
    for (const line of written) expect(() => JSON.parse(line)).not.toThrow()
  })

  it('keeps only the lines of a stack', () => expect(safeText('at a\nat b\u001b', true)).toBe('at a\nat b\\u001b'))
})

describe('routeName', () => {
  it.each([
    ['/', '/'],
    ['/r/hub/team/app:1?tab=layers', '/r'],
    ['/lading/r/hub', '/r', '/lading'],
    ['/api/blob/hub/a@sha256:1', '/api/blob'],
    ['/api/anything', 'other'],
    ['/_next/static/x.js', '/_next'],
    ['/wp-login.php', 'other'],
  ])('of %s is %s', (path, name, basePath = '') => expect(routeName(path, basePath)).toBe(name))
})
