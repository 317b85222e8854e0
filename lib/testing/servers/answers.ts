import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child-process.ts'

/** Resolves once `url` answers with any status; fails with the program's output when it ends or takes too long. */
export async function untilAnswers(url: string, child: Child, timeout = 120_000): Promise<void> {
  const deadline = Date.now() + timeout
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`the server of ${url} ended: ${child.output()}`)
    if (Date.now() > deadline) throw new Error(`${url} did not answer within ${timeout} ms: ${child.output()}`)
    await sleep(15)
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { agent: false, timeout: 10_000, rejectUnauthorized: false }
    const request = (url.startsWith('https:') ? getHttps : getHttp)(url, options, (response) => {
      response.resume()
      resolve(true)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
  })
}
