import { readFile } from 'node:fs/promises'
import { z } from 'zod'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

/** A stage without tests of its own is one check. */
export async function checkCounts(exitCode: number): Promise<Counts> {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }
}

const VITEST = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

export async function vitestCounts(path: string, exitCode: number): Promise<Counts> {
  const report = await readReport(path, VITEST)
  if (!report) return checkCounts(exitCode === 0 ? 1 : exitCode)
  // A file that does not even load has no tests that could fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const failed = report.numFailedTests + broken.length
  return atLeastOneFailed({ passed: report.numPassedTests, failed, skipped: report.numPendingTests }, exitCode)
}

const PLAYWRIGHT = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()),
})

export async function playwrightCounts(path: string, exitCode: number): Promise<Counts> {
  const report = await readReport(path, PLAYWRIGHT)
  if (!report) return checkCounts(exitCode === 0 ? 1 : exitCode)
  const { expected, unexpected, flaky, skipped } = report.stats
  return atLeastOneFailed({ passed: expected, failed: unexpected + flaky + report.errors.length, skipped }, exitCode)
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
