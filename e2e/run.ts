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
  /** Runs while the stage before it does, much of which is waiting. */
  readonly isBeside?: boolean
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
  { name: 'build', commands: [['node', 'lib/start/build.ts']], counts: checkCounts, isBeside: true },
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
  const runStage = async (stage: Stage) => {
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
  const running: Promise<void>[] = []
  for (const stage of STAGES) {
    if (!stage.isBeside) await Promise.all(running.splice(0))
    running.push(runStage(stage))
  }
  await Promise.all(running)
  await rm(reports, { recursive: true, force: true })
  for (const failure of total.failures) console.log(`\nfailed: ${failure}`)
  console.log(`\n${lines.join('\n')}`)
  if (total.skipped > 0) console.log(`${total.skipped} skipped in all`)
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return total.failed > 0 || total.passed === 0 ? 1 : 0
}

async function runAll({ name, commands, env = {}, isBeside = false }: Stage): Promise<number> {
  if (!isBeside) console.log(`\n=== ${name}`)
  let printed = ''
  let exitCode = 0
  for (const [program = '', ...args] of commands) {
    exitCode = await run(program, args, env, isBeside ? (text) => (printed += text) : undefined)
    if (exitCode !== 0) break
  }
  if (isBeside) console.log(`\n=== ${name}\n${printed}`)
  return exitCode
}

/** @param print for what the program prints, which is printed as it comes without it */
function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  print?: (text: string) => void,
): Promise<number> {
  const bin = join(ROOT, 'node_modules', '.bin')
  const childEnv = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NEXT_TELEMETRY_DISABLED: '1', ...env }
  const output = print ? 'pipe' : 'inherit'
  return new Promise((resolve) => {
    const child = spawn(join(bin, program), args, { cwd: ROOT, stdio: ['ignore', output, output], env: childEnv })
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => print?.(text))
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
