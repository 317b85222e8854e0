import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { startChild } from './child-process.ts'
import { freePort } from './free-port.ts'

/** Debian's Firefox, led through WebDriver BiDi, which it speaks itself: https://w3c.github.io/webdriver-bidi/ */
export interface Firefox extends AsyncDisposable {
  readonly version: string
  /** Resolves once the page and what it loads are there. */
  open(url: string): Promise<void>
  /** Clicks the one element of this role and accessible name, as a pointer does. Waits for it. */
  click(role: string, name: string): Promise<void>
  type(text: string): Promise<void>
  /** Resolves once the expression is true on the page. @throws Error with the page's text when it doesn't in time */
  until(expression: string): Promise<void>
  /** Of the whole page, as text. */
  text(): Promise<string>
}

/** Milliseconds that anything is waited for. */
const PATIENCE = 60_000
const LOOK_EVERY = 100

const PREFERENCES = {
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
}

export async function startFirefox(): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), 'lading-firefox-'))
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`)
  await writeFile(join(profile, 'user.js'), lines.join(''))
  const port = await freePort()
  const child = startChild(
    '/usr/bin/firefox-esr',
    ['--headless', '--no-remote', '--profile', profile, `--remote-debugging-port=${port}`, 'about:blank'],
    { HOME: profile, MOZ_HEADLESS: '1' },
  )
  const close = async () => {
    await child.stop()
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  try {
    const bidi = await connect(`ws://127.0.0.1:${port}/session`, () => child.output())
    return { ...(await firefoxOn(bidi)), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

type Send = (method: string, params: Record<string, unknown>) => Promise<unknown>

async function connect(url: string, output: () => string): Promise<Send> {
  const until = Date.now() + PATIENCE
  for (;;) {
    const socket = new WebSocket(url)
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.addEventListener('open', () => resolve(true), { once: true })
      socket.addEventListener('error', () => resolve(false), { once: true })
    })
    if (isOpen) return commandsOf(socket)
    if (Date.now() > until) throw new Error(`Firefox does not listen: ${output()}`)
    await delay(LOOK_EVERY)
  }
}

const answer = z.object({
  id: z.number().nullish(),
  type: z.string(),
  result: z.unknown().optional(),
  message: z.string().optional(),
})

function commandsOf(socket: WebSocket): Send {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    const { id, type, result, message } = answer.parse(JSON.parse(String(data)))
    const one = waiting.get(id ?? 0)
    if (!one) return
    waiting.delete(id ?? 0)
    if (type === 'success') one.resolve(result)
    else one.reject(new Error(message ?? type))
  })
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox went away'))
  })
  return (method, params) => {
    const one = Promise.withResolvers<unknown>()
    waiting.set(++last, one)
    socket.send(JSON.stringify({ id: last, method, params }))
    return one.promise
  }
}

const session = z.object({ capabilities: z.object({ browserVersion: z.string() }) })
const tree = z.object({ contexts: z.array(z.object({ context: z.string() })).min(1) })
const nodes = z.object({ nodes: z.array(z.object({ sharedId: z.string() })) })
const evaluation = z.object({
  type: z.string(),
  result: z.object({ value: z.unknown().optional() }).optional(),
  exceptionDetails: z.object({ text: z.string() }).optional(),
})

async function firefoxOn(send: Send): Promise<Omit<Firefox, keyof AsyncDisposable>> {
  const { capabilities } = session.parse(await send('session.new', { capabilities: {} }))
  const [{ context } = { context: '' }] = tree.parse(await send('browsingContext.getTree', {})).contexts
  await send('browsingContext.setViewport', { context, viewport: { width: 1280, height: 800 } })
  const evaluate = async (expression: string) => {
    const params = { expression, target: { context }, awaitPromise: true }
    const { result, exceptionDetails } = evaluation.parse(await send('script.evaluate', params))
    if (exceptionDetails) throw new Error(exceptionDetails.text)
    return result?.value
  }
  const text = async () => String(await evaluate('document.body.innerText'))
  const wait = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    const until = Date.now() + PATIENCE
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      if (Date.now() > until) throw new Error(`No ${what} in Firefox on a page that says: ${await text()}`)
      await delay(LOOK_EVERY)
    }
  }
  return {
    version: capabilities.browserVersion,
    text,
    open: async (url) => {
      await send('browsingContext.navigate', { context, url, wait: 'complete' })
    },
    until: async (expression) => {
      await wait(expression, async () => ((await evaluate(expression)) === true ? true : undefined))
    },
    click: async (role, name) => {
      const locator = { type: 'accessibility', value: { role, name } }
      const sharedId = await wait(`${role} named ${name}`, async () => {
        const found = nodes.parse(await send('browsingContext.locateNodes', { context, locator })).nodes
        return found.length === 1 ? found[0]?.sharedId : undefined
      })
      const origin = { type: 'element', element: { sharedId } }
      const actions = [
        { type: 'pointerMove', x: 0, y: 0, origin },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ]
      await evaluateOn(send, context, sharedId, '(element) => element.scrollIntoView({ block: "center" })')
      await send('input.performActions', { context, actions: [{ type: 'pointer', id: 'mouse', actions }] })
    },
    type: async (typed) => {
      const actions = [...typed].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ])
      await send('input.performActions', { context, actions: [{ type: 'key', id: 'keyboard', actions }] })
    },
  }
}

async function evaluateOn(send: Send, context: string, sharedId: string, functionDeclaration: string): Promise<void> {
  const params = { functionDeclaration, arguments: [{ sharedId }], target: { context }, awaitPromise: false }
  await send('script.callFunction', params)
}
