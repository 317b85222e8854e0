import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** What failed and why, each in a line or a few: logs are read from their end, and long ones are cut. */
  readonly failures: readonly string[]
}

export const NOTHING_RUN: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] }

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
  }
}

/** A stage without tests of its own is one check. */
export async function checkCounts(exitCode: number): Promise<Counts> {
  return exitCode === 0 ? { ...NOTHING_RUN, passed: 1 } : { ...NOTHING_RUN, failed: 1 }
}

const VITEST = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
})

export async function vitestCounts(path: string, exitCode: number): Promise<Counts> {
  const report = await readReport(path, VITEST)
  if (!report) return checkCounts(exitCode === 0 ? 1 : exitCode)
  // A file that does not even load has no tests that could fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const failed = report.numFailedTests + broken.length
  const failures = [
    ...broken.map(({ name, message }) => failure(name, '', message)),
    ...report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => failure(name, fullName, failureMessages?.join('\n') ?? '')),
    ),
  ]
  const counts = { passed: report.numPassedTests, failed, skipped: report.numPendingTests, failures }
  return atLeastOneFailed(counts, exitCode)
}

const PLAYWRIGHT_ERROR = z.object({ message: z.string().optional() })
const PLAYWRIGHT_SPEC = z.object({
  title: z.string(),
  ok: z.boolean(),
  file: z.string(),
  tests: z.array(z.object({ results: z.array(z.object({ errors: z.array(PLAYWRIGHT_ERROR) })) })),
})
const PLAYWRIGHT_SUITE = z.object({
  specs: z.array(PLAYWRIGHT_SPEC),
  get suites() {
    return z.array(PLAYWRIGHT_SUITE).optional()
  },
})
type PlaywrightSuite = z.infer<typeof PLAYWRIGHT_SUITE>

const PLAYWRIGHT = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  suites: z.array(PLAYWRIGHT_SUITE),
  errors: z.array(PLAYWRIGHT_ERROR),
})

export async function playwrightCounts(path: string, exitCode: number): Promise<Counts> {
  const report = await readReport(path, PLAYWRIGHT)
  if (!report) return checkCounts(exitCode === 0 ? 1 : exitCode)
  const { expected, unexpected, flaky, skipped } = report.stats
  const failures = [
    ...report.errors.map(({ message = '' }) => failure('browser tests', '', message)),
    ...report.suites
      .flatMap(specsOf)
      .filter(({ ok }) => !ok)
      .map(({ file, title, tests }) => {
        const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors))
        return failure(file, title, errors.map(({ message = '' }) => message).join('\n'))
      }),
  ]
  const failed = unexpected + flaky + report.errors.length
  return atLeastOneFailed({ passed: expected, failed, skipped, failures }, exitCode)
}

function specsOf({ specs, suites = [] }: PlaywrightSuite): PlaywrightSuite['specs'] {
  return [...specs, ...suites.flatMap(specsOf)]
}

const SHOWN_LINES = 12

function failure(file: string, title: string, message: string): string {
  const what = [relative(process.cwd(), resolve(file)), title].filter(Boolean).join(' › ')
  const lines = stripVTControlCharacters(message).trim().split('\n')
  const own = lines.filter((line) => !line.includes('/node_modules/')).slice(0, SHOWN_LINES)
  return [what, ...own.map((line) => `    ${line}`)].join('\n')
}

/** A runner that ends badly without naming a test has still failed. */
function atLeastOneFailed(counts: Counts, exitCode: number): Counts {
  const silent = (exitCode !== 0 || counts.passed === 0) && counts.failed === 0
  return silent ? { ...counts, failed: 1 } : counts
}

async function readReport<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    console.error(`no report of the tests: ${error}`)
    return undefined
  }
}
