import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addCounts, type Counts, checkCounts, NOTHING_RUN, playwrightCounts, vitestCounts } from './runner/counts.ts'
import { ensurePackages } from './runner/ensure-packages.ts'

/** `npm test`: every check there is, in the order in which a failure is cheapest to learn of. */
const ROOT = join(import.meta.dirname, '..')

interface Stage {
  readonly name: string
  readonly commands: readonly (readonly string[])[]
  readonly env?: Readonly<Record<string, string>>
  readonly counts: (exitCode: number) => Promise<Counts>
  /** Stages whose failure leaves nothing to run this one on. */
  readonly needs?: readonly string[]
}

const reports = await mkdtemp(join(tmpdir(), 'lading-reports-'))
const unitReport = join(reports, 'vitest.json')
const browserReport = join(reports, 'playwright.json')
const STAGES: readonly Stage[] = [
  {
    name: 'types',
    commands: [
      ['next', 'typegen'],
      ['tsc', '--noEmit'],
    ],
    counts: checkCounts,
  },
  { name: 'lint', commands: [['biome', 'check', '.']], counts: checkCounts },
  {
    name: 'unit, contract and integration tests',
    commands: [
      [
        ...['vitest', 'run', '--reporter=default', '--reporter=./e2e/runner/skip-reasons.ts', '--reporter=json'],
        `--outputFile.json=${unitReport}`,
      ],
    ],
    counts: (exitCode) => vitestCounts(unitReport, exitCode),
  },
  { name: 'build', commands: [['node', 'lib/start/build.ts']], counts: checkCounts },
  {
    name: 'browser tests',
    commands: [['playwright', 'test', '--config', 'e2e/playwright.config.ts']],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport },
    counts: (exitCode) => playwrightCounts(browserReport, exitCode),
    needs: ['build'],
  },
]

process.exitCode = await main()

async function main(): Promise<number> {
  if (!(await ensurePackages())) return 1
  let total = NOTHING_RUN
  const failedStages: string[] = []
  const lines: string[] = []
  for (const stage of STAGES) {
    const started = performance.now()
    const missing = stage.needs?.find((name) => failedStages.includes(name))
    const counts = missing ? { ...NOTHING_RUN, failed: 1 } : await stage.counts(await runAll(stage))
    total = addCounts(total, counts)
    if (counts.failed > 0) failedStages.push(stage.name)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const told = missing
      ? `not run: ${missing} failed`
      : `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`
    lines.push(`${stage.name}: ${told}, ${seconds} s`)
  }
  await rm(reports, { recursive: true, force: true })
  for (const failure of total.failures) console.log(`\nfailed: ${failure}`)
  console.log(`\n${lines.join('\n')}`)
  if (total.skipped > 0) console.log(`${total.skipped} skipped in all`)
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return total.failed > 0 || total.passed === 0 ? 1 : 0
}

async function runAll({ name, commands, env = {} }: Stage): Promise<number> {
  console.log(`\n=== ${name}`)
  for (const [program = '', ...args] of commands) {
    const exitCode = await run(program, args, env)
    if (exitCode !== 0) return exitCode
  }
  return 0
}

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const bin = join(ROOT, 'node_modules', '.bin')
  const childEnv = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NEXT_TELEMETRY_DISABLED: '1', ...env }
  return new Promise((resolve) => {
    const child = spawn(join(bin, program), args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: childEnv })
    const end = (signal: NodeJS.Signals) => child.kill(signal)
    process.once('SIGINT', end).once('SIGTERM', end)
    const done = (exitCode: number) => {
      process.off('SIGINT', end).off('SIGTERM', end)
      resolve(exitCode)
    }
    child.on('error', (error) => {
      console.error(String(error))
      done(1)
    })
    child.on('close', (code) => done(code ?? 1))
  })
}
